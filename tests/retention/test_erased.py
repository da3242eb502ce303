"""After a purge and a change of key: what is searched for is nowhere, and what is left of it opens nothing."""

import base64
import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from structlog.testing import capture_logs

from app.postgres import EmbeddedPostgres
from events.retention import DocumentClass
from retention.purge import Purger
from store.errors import NotAuthentic
from store.migrate import migrate
from store.rotation import rotate
from store.settings import StoreSettings
from store.wrapping import Wrapping
from tests.memory import folder_of_folders
from tests.retention.purging import World, open_world, tables_of
from tests.store.test_canary import checkpoint, found, holds, places

_A_ROW = "select 1 from {} limit 1"


@pytest.fixture
def server() -> Iterator[EmbeddedPostgres]:
    """A server for this search alone: its files hold nothing else."""
    server = EmbeddedPostgres(Path(tempfile.mkdtemp(prefix="liggare-erased-", dir=folder_of_folders())), durable=False)
    try:
        with server:
            urls = server.urls()
            migrate(urls.owner, urls.keys_owner)
            yield server
    finally:
        server.discard()


@pytest.fixture
def own(server: EmbeddedPostgres, tmp_path: Path) -> Iterator[World]:
    """A ledger on that server, with its key file and register in a folder that is searched too."""
    urls = server.urls()
    settings = StoreSettings(urls.app, urls.keys, tmp_path / "keys" / "ring.json", pool_size=4)
    with open_world(urls, settings, tmp_path) as world:
        yield world


class Remembered:
    """What somebody knows who had copies of everything before: to be searched for, and to be tried."""

    def __init__(self, world: World, subject_id: UUID) -> None:
        self.subject_id = subject_id
        self.world = world
        self.ciphertexts = world.secrets(subject_id)
        row = world.keys_owner.execute(
            "select wrapped, ring_key_id from wrapped_keys where subject_id = %s", (subject_id,)
        ).fetchone()
        assert row is not None
        self.wrapped: bytes = row[0]
        self.ring_key = self.ring_keys()[row[1]]
        self.data_key = Wrapping("liggare").unwrap(AESGCM(self.ring_key), subject_id, self.wrapped)

    def ring_keys(self) -> dict[str, bytes]:
        """The wrapping keys that the key file has now."""
        text = self.world.ledger.settings.key_file.read_text("utf-8")
        return {key_id: base64.b64decode(key) for key_id, key in json.loads(text)["keys"].items()}

    def is_recoverable(self, folders: list[Path]) -> bool:
        """Whether the subject's key, or one that opens a copy of it, is anywhere in these files."""
        for key in (self.data_key, self.ring_key):
            coded = [base64.b64encode(b"\0" * shift + key)[4:-4] for shift in range(3)]
            if found(folders, [key, key.hex().encode(), *coded]):
                return True
        rows = self.world.keys_owner.execute("select wrapped from wrapped_keys").fetchall()
        blobs = [self.wrapped, *(row[0] for row in rows)]
        return any(self._opens(key, blob) for key in self.ring_keys().values() for blob in blobs)

    def _opens(self, key: bytes, blob: bytes) -> bool:
        try:
            return Wrapping("liggare").unwrap(AESGCM(key), self.subject_id, blob) == self.data_key
        except NotAuthentic:
            return False


def change_key(world: World) -> None:
    """What `./liggare keys rotate` does."""
    rotate(world.purger.keys, world.ledger.settings.key_file, "liggare")


def dump(server: EmbeddedPostgres, url: str) -> str:
    """A new dump of a database, as text."""
    program = server.place.binaries / "pg_dump"
    return subprocess.run([program, url], capture_output=True, check=True, text=True).stdout


def test_nothing_that_is_written_anew_has_the_destroyed(own: World, server: EmbeddedPostgres) -> None:
    """Tables, views, logs, the register, certificates and a new dump: no id, no key, no ciphertext, no name."""
    story, stays = own.pupil("Elsa Åkesson"), own.pupil("Noah Berg")
    person = story.state.person_id
    remembered = [Remembered(own, subject) for subject in (story.stream, person)]
    with capture_logs() as logs:
        own.begin_run(story.stream).purge()
        own.begin_run(person, document_class=DocumentClass.ACCOUNT).purge()
    ids = [one.subject_id for one in remembered]
    needles = [needle for one in remembered for needle in (one.wrapped, *one.ciphertexts)]
    assert own.holding(*ids, *needles) == []
    urls = server.urls()
    for url in (urls.owner, urls.keys_owner):
        text = dump(server, url)
        assert str(stays.stream) in text
        assert not [needle for needle in (*map(str, ids), *(one.hex() for one in needles)) if needle in text]
    spelt = [form for one in ids for form in (one.bytes, str(one).encode(), one.hex.encode())]
    assert found([own.home], [*spelt, *needles, b"Elsa"]) == []
    assert not holds(server.place.log, [*spelt, *needles, b"Elsa"])
    assert not [line for line in logs if any(str(one) in str(line) for one in (*ids, "Elsa"))]


def test_what_the_planner_knows_has_nobody_who_is_gone(own: World) -> None:
    """Statistics hold values of columns until they are taken anew: of both databases, when a run is at its end."""
    story = own.pupil("Elsa Åkesson")
    own.pupil("Noah Berg")
    ids = [story.stream, story.state.person_id]
    for conn in (own.owner, own.keys_owner):
        conn.execute("analyze")
    assert known_to_the_planner(own, ids) == ids
    for subject_id, document_class in zip(ids, (DocumentClass.STUDENT_FILE, DocumentClass.ACCOUNT), strict=True):
        own.begin_run(subject_id, document_class=document_class).purge()
    own.purger.retake_statistics()
    assert known_to_the_planner(own, ids) == []


def known_to_the_planner(world: World, ids: list[UUID]) -> list[UUID]:
    """Which of these the statistics of tables that have rows hold, as their owner sees them."""
    shown = ""
    for conn in (world.owner, world.keys_owner):
        names = [table for table in tables_of(conn) if conn.execute(_A_ROW.format(table).encode()).fetchone()]
        query = "select s::text from pg_stats as s where schemaname = 'liggare' and tablename = any(%s)"
        shown += "\n".join(row[0] for row in conn.execute(query, (names,)).fetchall())
    return [one for one in ids if str(one) in shown]


def test_the_key_cannot_be_had_back_once_the_wrapping_key_is_changed(own: World, server: EmbeddedPostgres) -> None:
    """From no file: tables, free space in them, write-ahead log, key file, register; copies of it open no more."""
    story = own.pupil("Elsa Åkesson")
    own.pupil("Noah Berg")
    remembered = Remembered(own, story.stream)
    folders = [*places(server), own.home]
    checkpoint(server)
    assert remembered.is_recoverable(folders)
    own.begin_run(story.stream).purge()
    checkpoint(server)
    assert remembered.is_recoverable(folders), "until the wrapping key is changed a copy of the wrapped key opens"
    change_key(own)
    checkpoint(server)
    assert not remembered.is_recoverable(folders)


def test_the_search_notices_a_key_that_was_not_destroyed(
    own: World, server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the destruction of keys switched off, the search above finds that the key can be had back."""
    story = own.pupil("Elsa Åkesson")
    remembered = Remembered(own, story.stream)
    monkeypatch.setattr(Purger, "_destroy_key", lambda *_: None)
    own.begin_run(story.stream).purge()
    change_key(own)
    checkpoint(server)
    assert own.holding(remembered.subject_id) == ["keys.wrapped_keys"]
    assert remembered.is_recoverable([*places(server), own.home])
