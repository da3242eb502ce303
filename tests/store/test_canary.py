"""No text about a pupil is ever in the clear on disk: a canary in every field, and a search of every byte."""

import os
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg
import pytest

from app.postgres import EmbeddedPostgres
from store.ledger import Ledger
from store.migrate import migrate
from store.settings import StoreSettings
from tests.memory import folder_of_folders
from tests.store import canary
from tests.store.conftest import PATH

CHUNK = 1 << 22


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    """A server for this search alone: its files hold nothing else, and nobody else writes over its WAL."""
    server = EmbeddedPostgres(Path(tempfile.mkdtemp(prefix="liggare-canary-", dir=folder_of_folders())), durable=False)
    try:
        with server:
            urls = server.urls()
            migrate(urls.owner, urls.keys_owner)
            yield server
    finally:
        server.discard()


def found(folders: Sequence[Path], words: Sequence[bytes]) -> list[Path]:
    """The files below these folders that hold one of these words."""
    return [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file() and holds(path, words)]


def holds(path: Path, words: Sequence[bytes]) -> bool:
    """Whether one of the words is in the file, across the borders of what is read at once too."""
    longest = max(map(len, words))
    kept = b""
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                kept = kept[-longest:] + chunk
                if any(word in kept for word in words):
                    return True
    except FileNotFoundError:  # the server removed it meanwhile
        pass
    return False


def places(server: EmbeddedPostgres) -> list[Path]:
    """Where the server writes: tables, indexes, WAL, temporary files, and its log."""
    return [server.place.data, server.place.log.parent]


def checkpoint(server: EmbeddedPostgres) -> None:
    """Have everything written to the files."""
    with server.connect() as connection:
        connection.execute("checkpoint")


def test_the_search_finds_what_is_in_the_clear(server: EmbeddedPostgres) -> None:
    """A text that is written in the clear is found in the table's file, in the WAL and in the log."""
    word = f"Kontroll{secrets.token_hex(12)}"
    with psycopg.connect(server.urls().owner, autocommit=True, options=PATH) as connection:
        connection.execute("create table in_the_clear (id int primary key, words text)")
        connection.execute("insert into in_the_clear values (1, %s)", (word,))
    with server.connect() as connection:
        connection.execute(f"do $$ begin raise log '{word}'; end $$")
    checkpoint(server)
    files = found(places(server), canary.disguises(word))
    assert any(path.parent.name == "pg_wal" for path in files)
    assert any(path.parent.parent.name == "base" for path in files)
    assert server.place.log in files


def test_no_text_is_in_the_clear_on_disk(server: EmbeddedPostgres, tmp_path: Path) -> None:
    """A canary in every text and name field of every event is nowhere in the data directory, WAL, log or key file.

    The fields are found from the event models, in two ways that must agree: a new field cannot be forgotten.
    """
    word = f"Kanarie{secrets.token_hex(12)}"
    made = canary.appends(word)
    assert len(made) > 40
    urls, key_file = server.urls(), tmp_path / "keys" / "ring.json"
    with Ledger(StoreSettings(urls.app, urls.keys, key_file)) as ledger:
        for thing in canary.THINGS:
            thing(ledger, urls, made)
    checkpoint(server)
    searched = [*places(server), key_file.parent]
    assert found(searched, canary.disguises(word)) == []
    assert all(os.access(place, os.R_OK | os.X_OK) for place in searched)
