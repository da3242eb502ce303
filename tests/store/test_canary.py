"""No text about a pupil is ever in the clear on disk: a canary in every field, and a search of every byte."""

import os
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg

from app.postgres import EmbeddedPostgres
from app.postgres_roles import Urls
from store.ledger import Ledger
from tests.store import canary
from tests.store.conftest import PATH

CHUNK = 1 << 22


def found(folder: Path, needles: Sequence[bytes]) -> Iterator[Path]:
    """The files below a folder that hold one of these."""
    longest = max(map(len, needles))
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        try:
            with path.open("rb") as file:
                kept = b""
                while chunk := file.read(CHUNK):
                    kept += chunk
                    if any(needle in kept for needle in needles):
                        yield path
                        break
                    kept = kept[-longest:]
        except FileNotFoundError:  # the server removed it meanwhile
            continue


def places(server: EmbeddedPostgres) -> list[Path]:
    """Where the server writes: tables, indexes, WAL, temporary files, and its log."""
    return [server.place.data, server.place.log.parent]


def test_the_search_finds_what_is_in_the_clear(cluster: EmbeddedPostgres, databases: Urls) -> None:
    """A text that is written in the clear is found in the table's file, in the WAL and in the log."""
    word = f"Kontroll{secrets.token_hex(12)}"
    with psycopg.connect(databases.owner, autocommit=True, options=PATH) as connection:
        connection.execute("create table in_the_clear (id int primary key, words text)")
        connection.execute("insert into in_the_clear values (1, %s)", (word,))
    with cluster.connect() as connection:
        connection.execute(f"do $$ begin raise log '{word}'; end $$")
        connection.execute("checkpoint")
    files = [path for place in places(cluster) for path in found(place, canary.disguises(word))]
    names = {path.parent.name for path in files}
    assert "pg_wal" in names
    assert any(path.parent.parent.name == "base" for path in files)
    assert cluster.place.log in files


def test_no_text_is_in_the_clear_on_disk(cluster: EmbeddedPostgres, databases: Urls, ledger: Ledger) -> None:
    """A canary in every text and name field of every event is nowhere in the raw data directory, WAL, log or key file.

    The fields are found from the event models, in two ways that must agree: a new field cannot be forgotten.
    """
    word = f"Kanarie{secrets.token_hex(12)}"
    made = canary.appends(word)
    assert len(made) > 40
    for thing in canary.THINGS:
        thing(ledger, databases, made)
    with cluster.connect() as connection:
        connection.execute("checkpoint")
    searched = [*places(cluster), ledger.settings.key_file.parent]
    assert [path for place in searched for path in found(place, canary.disguises(word))] == []
    assert all(os.access(place, os.R_OK | os.X_OK) for place in searched)
