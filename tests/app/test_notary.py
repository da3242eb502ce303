"""What is promised about the notary of the worker, and of the operator's `ledger` commands, on a real installation."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import UUID, uuid4, uuid5

import psycopg
import pytest
from structlog.testing import capture_logs

from app import notary as subject
from app.cli import main
from app.notary import NotaryAtWork
from app.postgres_roles import Urls
from app.settings import Settings, read_settings
from retention.register import Register
from store.database import open_pool
from store.ledger import Ledger
from tests.app.test_worker import a_worker, until
from tests.store.making import append
from transparency.checkpoints import open_checkpoint
from transparency.encoding import from_base64
from transparency.notes import SigningKey
from transparency.tree import EMPTY_ROOT, verify_consistency

PUPIL = UUID(int=7)
FILE = uuid5(PUPIL, "student_file")
WITNESS = SigningKey("witness.example/w1", bytes(range(32)))


@dataclass
class Place:
    """An installation whose settings this process has, its ledger, and a notary that looks when it is told to."""

    settings: Settings
    ledger: Ledger
    work: NotaryAtWork
    owner: psycopg.Connection[Any]

    def look(self) -> None:
        """Once."""
        self.work.look(Event())

    def value(self, query: str) -> Any:  # noqa: ANN401 - whatever the query selects
        """The one value of a query."""
        row = self.owner.execute(query.encode()).fetchone()
        return row[0] if row else None


@pytest.fixture
def place(databases: Urls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """On databases and in a folder of its own."""
    given = databases.environment() | {"LIGGARE_HOME": str(tmp_path), "LIGGARE_BASE_URL": "https://iup.example.se"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("app.cli.configure_logs", lambda *_: None)  # it is for a whole process, and this one goes on
    settings = read_settings()
    Register.begin(settings.register)
    with (
        Ledger(settings.store(databases)) as ledger,
        open_pool(databases.app, schema="liggare", size=1, name="notary") as pool,
        psycopg.connect(databases.owner, autocommit=True, options="-c search_path=liggare") as owner,
    ):
        yield Place(settings, ledger, NotaryAtWork(settings, pool), owner)


def signed(place: Place) -> int:
    """The size that is published; 0 for nothing."""
    note = place.settings.folder.note()
    key = place.settings.folder.key()
    return open_checkpoint(note, key).checkpoint.size if note is not None and key is not None else 0


def test_a_worker_numbers_signs_and_publishes(place: Place, tmp_path: Path) -> None:
    """The first checkpoint comes with the first event, others while it runs; the key is made once, for us alone."""
    place.ledger.append(append(PUPIL))
    with a_worker(tmp_path) as process:
        until(lambda: signed(place) == 1)
        place.ledger.append(append(PUPIL, after=1, count=3))
        until(lambda: place.value("select size from tree_head") == 4)
        process.terminate()
        assert process.wait(20) == 0
    key = place.settings.folder.key()
    assert key is not None
    assert key.name == "iup.example.se/ledger"
    assert place.settings.notary_key.stat().st_mode & 0o777 == 0o600
    with a_worker(tmp_path):
        until(lambda: signed(place) == 4)
    assert place.settings.folder.key() == key


def test_what_is_new_is_signed_within_a_minute_and_not_at_each_look(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look each second; half a minute between signatures, however much is written."""
    clock = [100.0]
    monkeypatch.setattr(subject, "monotonic", lambda: clock[0])
    sizes = []
    for second in range(90):
        clock[0] = 100.0 + second
        place.ledger.append(append(PUPIL, after=second))
        place.look()
        sizes.append(signed(place))
    assert sorted(set(sizes)) == [1, 31, 61]
    assert place.value("select size from tree_head") == 90
    assert place.value("select count(*) from checkpoints") == 3


def alarms(place: Place) -> list[Any]:
    """What a look logs, other than progress."""
    with capture_logs() as lines:
        place.look()
    return [(line["event"], line["because"]) for line in lines]


def test_alarms_are_logged_by_name_and_nothing_is_signed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lost folder, a lost key, a hole in a feed; each is over when it is put right."""
    clock = [100.0]
    monkeypatch.setattr(subject, "monotonic", lambda: clock[0])
    place.ledger.append(append(PUPIL))
    place.look()
    folder, key = place.settings.folder.path, place.settings.notary_key
    for path, because in ((folder, "CheckpointsMissing"), (key, "KeyRingMissing")):
        clock[0] += 100
        path.rename(path.with_name("away"))
        place.ledger.append(append(uuid4()))
        assert alarms(place) == [("tree_not_signed", because)]
        assert not path.exists()
        path.with_name("away").rename(path)
        assert alarms(place) == []  # it rests for a minute
        clock[0] += 100
        assert alarms(place) == []
        assert signed(place) == place.value("select count(*) from events")
    appended = place.ledger.append(append(uuid4()))
    place.owner.execute("update events set position = 77 where stream_id = %s", (appended.stream_id,))
    clock[0] += 100
    with capture_logs() as lines:
        place.look()
    (line,) = lines
    assert (line["event"], line["because"]) == ("tree_not_extended", "FeedHasGap")
    assert (line["feed"], line["position"]) == (appended.feed, appended.position)


def test_a_database_that_is_away_is_no_alarm(place: Place, databases: Urls) -> None:
    """It is looked for again."""
    pool = open_pool(databases.app, schema="liggare", size=1, name="closed")
    pool.close()
    with capture_logs() as lines:
        NotaryAtWork(place.settings, pool).look(Event())
    assert [line["event"] for line in lines] == ["notary_without_database"]


class Seer(BaseHTTPRequestHandler):
    """A witness on this machine, that forgets nothing but what its test lets it forget."""

    seen = (0, EMPTY_ROOT)
    status = 200

    def do_POST(self) -> None:
        """Cosign what follows from what was seen."""
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        head, _, note = body.partition("\n\n")
        first, *lines = head.split("\n")
        name, size, root = note.split("\n")[:3]
        assert name == "iup.example.se/ledger"
        if int(first.removeprefix("old ")) != Seer.seen[0]:
            self._answer(409, "text/x.tlog.size", f"{Seer.seen[0]}\n")
            return
        new = int(size), from_base64(root)
        verify_consistency(*Seer.seen, *new, [from_base64(line) for line in lines])
        if Seer.status == 200:
            Seer.seen = new
        text = f"{name}\n{size}\n{root}\n"
        self._answer(Seer.status, "text/plain", WITNESS.cosignature(text, datetime.now(UTC)))

    def _answer(self, status: int, media_type: str, body: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def a_witness() -> Iterator[str]:
    """Its address, for as long as it is there."""
    Seer.seen, Seer.status = (0, EMPTY_ROOT), 200
    with ThreadingHTTPServer(("127.0.0.1", 0), Seer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/w1"
        server.shutdown()


def test_witnesses_cosign_what_is_published(place: Place, databases: Urls, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their lines stand under the checkpoint; one that is away is asked again, and keeps nobody from signing."""
    clock = [100.0]
    monkeypatch.setattr(subject, "monotonic", lambda: clock[0])
    gone = f"{SigningKey.generate('gone.example').cosigner} http://127.0.0.1:9/w2"
    with a_witness() as address, open_pool(databases.app, schema="liggare", size=1, name="witnessed") as pool:
        settings = place.settings.model_copy(update={"witnesses": f"{WITNESS.cosigner} {address}; {gone}"})
        work = NotaryAtWork(settings, pool)
        for after, status in ((0, 200), (1, 500), (2, 200)):
            Seer.status = status
            clock[0] += 40
            place.ledger.append(append(PUPIL, after=after))
            work.look(Event())
            note, key = settings.folder.note(), settings.folder.key()
            assert note is not None
            assert key is not None
            opened = open_checkpoint(note, key, [WITNESS.cosigner])
            assert opened.checkpoint.size == after + 1
            assert [signed.key for signed in opened.witnesses] == ([WITNESS.cosigner] if status == 200 else [])
        Seer.seen = (1, EMPTY_ROOT)
    assert place.value("select count(*) from cosignatures") == 2


@pytest.fixture
def whole(place: Place) -> Place:
    """Fifty events, signed, and a purse of two checkpoints."""
    for after in (0, 25):
        place.ledger.append(append(PUPIL, after=after, count=25))
        place.work._sign_at = 0.0
        place.look()
        shutil.copy(place.settings.folder.path / "checkpoint", place.settings.home / f"kept-{after + 25}")
    assert signed(place) == 50
    return place


def said(capsys: pytest.CaptureFixture[str]) -> Any:  # noqa: ANN401 - JSON
    """What a command printed."""
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_verify_says_that_all_is_whole_or_names_the_first_bad_position(
    whole: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit codes 0 and 1, for people and for programs."""
    kept = str(whole.settings.home / "kept-25")
    assert main(["ledger", "verify", "--from", kept]) == 0
    assert "The ledger is whole." in capsys.readouterr().out
    assert main(["ledger", "verify", "--from", kept, "--json"]) == 0
    shown = said(capsys)
    assert (shown["whole"], shown["events"], shown["outside"], shown["first"]) == (True, 50, 50, None)
    assert main(["ledger", "verify", "--open"]) == 0
    assert "The ledger is whole." in capsys.readouterr().out
    whole.owner.execute("update events set kind = 'goal_withdrawn.v1' where version = 30")
    assert main(["ledger", "verify", "--json"]) == 1
    first = said(capsys)["first"]
    assert (first["kind"], first["leaf"], first["position"]) == ("altered", 29, 30)
    assert main(["ledger", "verify"]) == 1
    assert "THE LEDGER IS NOT WHOLE. First: event 30 of feed" in capsys.readouterr().out


def test_verify_is_unable_without_anything_from_outside(whole: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 3: an empty folder proves nothing; a kept checkpoint and the key do. A missing file is wrong usage."""
    key = str(whole.settings.folder.key())
    shutil.rmtree(whole.settings.folder.path)
    assert main(["ledger", "verify"]) == 3
    assert "--from" in capsys.readouterr().err
    assert main(["ledger", "verify", "--from", str(whole.settings.home / "kept-25"), "--key", key]) == 0
    assert main(["ledger", "verify", "--from", str(whole.settings.home / "nothing")]) == 2
    assert main(["ledger", "verify", "--key", "x"]) == 2


def test_a_swapped_key_file_is_found(whole: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """The file holds another key than the one that is published."""
    path = whole.settings.notary_key
    held = json.loads(path.read_text())
    path.write_text(json.dumps(held | {"seed": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}))
    assert main(["ledger", "verify", "--json"]) == 1
    assert said(capsys)["first"]["kind"] == "another_key"


def test_an_event_is_proven_and_the_proof_checked_offline(
    whole: Place, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the ledger; then, without a database, by the key alone. Altered or by another key it does not hold."""
    file = tmp_path / "event.tlog-proof"
    assert main(["ledger", "prove", f"{FILE}/30", "--output", str(file), "--json"]) == 0
    assert said(capsys) == {"file": str(file), "leaf": 29}
    key = str(whole.settings.folder.key())
    for name in ("OWNER", "APP", "PURGE", "READ", "KEYS"):
        monkeypatch.setenv(f"LIGGARE_{name}_URL", "host=127.0.0.1 port=9")
    assert main(["ledger", "check", str(file), "--key", key, "--json"]) == 0
    shown = said(capsys)
    assert (shown["stream"], shown["version"], shown["leaf"], shown["of"]) == (str(FILE), "30", "29", "50")
    assert main(["ledger", "check", str(file)]) == 0
    assert f"stream: {FILE}" in capsys.readouterr().out
    other = str(SigningKey.generate("iup.example.se/ledger").verifier)
    assert main(["ledger", "check", str(file), "--key", other]) == 1
    file.write_bytes(file.read_bytes().replace(b"index 29", b"index 28"))
    assert main(["ledger", "check", str(file)]) == 1
    assert "does not hold" in capsys.readouterr().err


def test_what_cannot_be_proven_is_refused(whole: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """1: there is no such event; 3: it is in no checkpoint yet; 2: that is no event's name."""
    assert main(["ledger", "prove", f"{FILE}/51"]) == 1
    whole.ledger.append(append(PUPIL, after=50))
    assert main(["ledger", "prove", f"{FILE}/51"]) == 3
    assert "checkpoint" in capsys.readouterr().err
    for wrong in (str(FILE), f"{FILE}/0", f"{FILE}/x", "x/1"):
        assert main(["ledger", "prove", wrong]) == 2


def test_an_empty_folder_is_filled_again_on_purpose(whole: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """With what was signed last, and only an empty one."""
    assert main(["ledger", "publish"]) == 1
    note = whole.settings.folder.note()
    shutil.rmtree(whole.settings.folder.path)
    assert main(["ledger", "publish", "--json"]) == 0
    assert said(capsys) == {"size": 50}
    assert whole.settings.folder.note() == note
    assert main(["ledger", "key"]) == 0
    assert capsys.readouterr().out.strip() == str(whole.settings.folder.key())
    assert main(["ledger", "verify"]) == 0


def test_without_anything_signed_there_is_no_key(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 3."""
    assert place.value("select size from tree_head") == 0
    assert main(["ledger", "key"]) == 3
    assert "nothing was signed" in capsys.readouterr().err


def test_a_day_is_kept(whole: Place) -> None:
    """The published folder has the last checkpoint of today."""
    ((day, note),) = whole.settings.folder.days()
    assert abs(datetime.fromisoformat(day).replace(tzinfo=UTC) - datetime.now(UTC)) < timedelta(days=2)
    assert note == whole.settings.folder.note()
