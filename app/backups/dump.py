"""Takes a backup: a dump of each of the two databases, to two folders that are kept apart.

What can go wrong is that half a backup is taken for a whole one, that the two halves do not fit, or that they lie
together with the key that opens them. So a folder gets its name when all is in it and on the disk; the ledger is
dumped first, as every subject has its key before it has anything else; and folders that are not apart are refused.
"""

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from app.backups.manifest import (
    DUMPS,
    KEYS,
    LEDGER,
    MANIFEST,
    Manifest,
    digest_of,
    new_id,
    remove_unfinished,
    unfinished,
)
from app.backups.tools import Tools, find_tools
from app.databases import Reached
from app.errors import NotAble, RefusedByRule
from app.settings import Settings

_LOCK = ".backup.lock"
_MIGRATIONS = "select name from schema_migrations order by name"
_LEDGER_ROWS = "select (select sum(last) from feeds), (select count(*) from events), (select count(*) from subjects)"
_KEYS_ROWS = "select (select count(*) from wrapped_keys), (select count(*) from destroyed_keys)"
_REGISTER = "select lines, encode(last_line, 'hex') from register_state"
_TREE = """
select h.size, encode(h.root, 'hex'), convert_from(c.note, 'UTF8')
from tree_head as h left join (select note from checkpoints order by size desc limit 1) as c on true
"""
_RING = "select ring_key_id from ring_keys order by ring_key_id"


@dataclass(frozen=True)
class Taken:
    """A backup that was taken: where each part is, and what its manifest says."""

    ledger: Path
    keys: Path
    manifests: tuple[Manifest, Manifest]


def back_up(settings: Settings, reached: Reached, ledger: Path, keys: Path) -> Taken:
    """Dump both databases, each as it is at one moment, while everybody goes on working.

    Raises RefusedByRule where the folders are not apart, and NotAble where a dump fails or another is being taken.
    """
    ledger, keys = ledger.absolute(), keys.absolute()
    refuse_together(ledger, keys)
    tools, at = find_tools(reached), datetime.now(UTC)
    name = new_id(at)
    try:
        with _alone(ledger), _alone(keys), unfinished(ledger, name) as first:
            of_ledger = _dump(settings, tools, reached.urls.owner, first, _Wanted(name, LEDGER, at))
            with unfinished(keys, name) as second:
                of_keys = _dump(settings, tools, reached.urls.keys_owner, second, _Wanted(name, KEYS, at))
    except OSError as problem:
        msg = f"The backup could not be written ({problem.strerror}). Nothing of it is left; what was there before is."
        raise NotAble(msg) from None
    return Taken(ledger / name, keys / name, (of_ledger, of_keys))


def refuse_together(ledger: Path, keys: Path) -> None:
    """See that the two folders are apart: who finds one has not found the other. Raises RefusedByRule."""
    one, other = ledger.resolve(), keys.resolve()
    if one == other or one in other.parents or other in one.parents:
        msg = "The keys are backed up apart from the ledger: give a folder that is not in the other's, best elsewhere."
        raise RefusedByRule(msg)


def inside(settings: Settings, folders: Sequence[Path]) -> list[Path]:
    """Those folders that lie in the data folder, and so are lost with it."""
    home = settings.home.resolve()
    return [folder for folder in folders if home == folder.resolve() or home in folder.resolve().parents]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Be the only one who takes a backup to this folder; what somebody left who was killed is removed."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            msg = f"A backup is being taken to {folder} just now."
            raise NotAble(msg) from None
        remove_unfinished(folder)
        yield


@dataclass(frozen=True)
class _Wanted:
    """Which part of which backup."""

    id: str
    part: str
    at: datetime


def _dump(settings: Settings, tools: Tools, url: str, folder: Path, wanted: _Wanted) -> Manifest:
    """Dump one database as it is at one moment, and say in the manifest what it held then."""
    options = f"-c search_path={settings.tenant},pg_temp -c statement_timeout=0"
    path = folder / DUMPS[wanted.part]
    with _connected(url, options) as conn, conn.transaction():
        conn.execute("set transaction isolation level repeatable read, read only")
        snapshot = _row(conn, "select pg_export_snapshot()")[0]
        facts = _facts(conn, wanted.part)
        what = (f"--schema={settings.tenant}", f"--snapshot={snapshot}", f"--file={path}")
        tools.run("pg_dump", "--format=custom", "--compress=1", "--no-password", *what, url=url)
        server = f"{conn.info.server_version // 10_000}.{conn.info.server_version % 10_000}"
    manifest = Manifest(
        id=wanted.id,
        part=wanted.part,
        tenant=settings.tenant,
        taken_at=wanted.at,
        bytes=path.stat().st_size,
        sha256=digest_of(path),
        versions={"postgresql": server, "pg_dump": tools.version},
        **facts,
    )
    (folder / MANIFEST).write_text(manifest.text, "utf-8")
    (folder / MANIFEST).chmod(0o600)
    return manifest


@contextmanager
def _connected(url: str, options: str) -> Iterator[Connection[TupleRow]]:
    try:
        with psycopg.connect(url, options=options, connect_timeout=20, application_name="liggare backup") as conn:
            yield conn
    except psycopg.Error as error:
        msg = f"The database cannot be backed up ({type(error).__name__})."
        raise NotAble(msg) from None


def _facts(conn: Connection[TupleRow], part: str) -> dict[str, Any]:
    """What the database holds, as the snapshot of the dump has it."""
    migrations = [row[0] for row in conn.execute(_MIGRATIONS).fetchall()]
    if part == KEYS:
        keys, destroyed = _row(conn, _KEYS_ROWS)
        rows = {"keys": keys, "destroyed": destroyed}
        ring = [row[0] for row in conn.execute(_RING).fetchall()]
        return {"migrations": migrations, "rows": rows, "register": {}, "tree": {}, "ring_keys": ring}
    positions, events, subjects = _row(conn, _LEDGER_ROWS)
    lines, last_line = _row(conn, _REGISTER)
    size, root, note = _row(conn, _TREE)
    return {
        "migrations": migrations,
        "rows": {"positions": int(positions), "events": events, "subjects": subjects},
        "register": {"lines": lines, "last_line": last_line},
        "tree": {"size": size, "root": root, "checkpoint": note},
        "ring_keys": [],
    }


def _row(conn: Connection[TupleRow], query: str) -> TupleRow:
    row = conn.execute(query.encode()).fetchone()
    if row is None:
        msg = "The database does not hold a ledger."
        raise NotAble(msg)
    return row
