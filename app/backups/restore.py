"""Puts a backup back: what is there is held against its manifest first, and nothing is replaced unasked.

What can go wrong is that a damaged or a wrong backup takes the place of a ledger, that only one of the two databases
is put back, or that somebody who was destroyed is back. So everything that can be refused is refused before anything
is changed; each database changes whole or not at all; the register and the key file are never touched; and nothing
starts afterwards until the register is applied, nor where subjects have no key.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

import store
from app.backups.load import load
from app.backups.manifest import CALLED, KEYS, LEDGER, Backup, find_backup
from app.backups.tools import find_tools
from app.databases import Reached, migrate_all
from app.errors import NotAble, RefusedByRule
from app.settings import Settings
from retention.register import Register
from store import keyfile
from store.migrate import migrations

ENDED = "delete from sessions; delete from sign_in_attempts;"
"""Who has signed out since the backup stays signed out: nobody is signed in after a restore."""
_BUSY = """
select count(*) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and usename like 'liggare%'
"""
_HELD = {
    LEDGER: ("feeds", "select coalesce(sum(last), 0)::bigint from feeds"),
    KEYS: ("wrapped_keys", "select count(*) from wrapped_keys"),
}
_PATIENCE_SECONDS = 3.0
_MIGRATIONS = Path(store.__file__).parent / "migrations"
_FOLDERS = {LEDGER: _MIGRATIONS, KEYS: _MIGRATIONS / "keys"}


@dataclass(frozen=True)
class Restored:
    """What was put back, by the names of the backups, and how many seconds each took."""

    ledger: str | None
    keys: str | None
    seconds: dict[str, float]


def backups_of(ledger: Path | None, keys: Path | None) -> list[Backup]:
    """The backups that the folders hold, each as its manifest says, the ledger's first. Raises RefusedByRule.

    Stopped between the two, an older ledger with newer keys can be gone on with; a newer ledger would lack keys.
    """
    found = [find_backup(folder, part) for folder, part in ((ledger, LEDGER), (keys, KEYS)) if folder is not None]
    for one in found:
        one.verify()
    return found


def refuse_others(settings: Settings, backups: Sequence[Backup]) -> None:
    """See that this installation can use the backups. Raises RefusedByRule, KeyRingError."""
    for one in backups:
        manifest = one.manifest
        if manifest.tenant != settings.tenant:
            msg = f"{one.path} is a backup of another tenant's ledger ({manifest.tenant})."
            raise RefusedByRule(msg)
        unknown = set(manifest.migrations) - {known.name for known in migrations(_FOLDERS[manifest.part])}
        if unknown:
            msg = f"{one.path} was taken by another version of Liggare, with {min(unknown)}. Restore it with that one."
            raise RefusedByRule(msg)
    by_part = {one.manifest.part: one.manifest for one in backups}
    if len(by_part) > 1 and by_part[KEYS].taken_at < by_part[LEDGER].taken_at:
        msg = "The backup of the keys is older than the ledger's: who came between would have no key. Take one as new."
        raise RefusedByRule(msg)
    if KEYS in by_part and settings.key_ring.exists():
        file = keyfile.read(settings.key_ring, tenant=settings.tenant)
        lacking = set(by_part[KEYS].ring_keys) - file.keys.keys()
        if lacking:
            msg = (
                f"The key file lacks the key {min(lacking)} that this backup's keys are wrapped with: it was changed "
                "since. Give a later backup of the keys, or put back the copy of the key file of that time."
            )
            raise RefusedByRule(msg)


def restore(settings: Settings, reached: Reached, backups: Sequence[Backup], *, replace: bool) -> Restored:
    """Put the backups in the place of what the databases hold, and bring them to this version's schema.

    Raises RefusedByRule where a database is in use, or holds something and `replace` is not said, NotAble where a
    program fails: then that database is as it was.
    """
    tools = find_tools(reached)
    urls = {LEDGER: reached.urls.owner, KEYS: reached.urls.keys_owner}
    for one in backups:
        _refuse_in_use(urls[one.manifest.part], one.manifest.part, settings.tenant, replace=replace)
    seconds = {}
    for one in backups:
        began, part = time.monotonic(), one.manifest.part
        load(tools, one.dump, urls[part], schema=settings.tenant, then=ENDED if part == LEDGER else "")
        _hold_against(one, urls[part])
        seconds[part] = round(time.monotonic() - began, 3)
    migrate_all(settings, reached.urls)
    names = {one.manifest.part: one.manifest.id for one in backups}
    return Restored(names.get(LEDGER), names.get(KEYS), seconds)


@contextmanager
def without_new_register(settings: Settings) -> Iterator[None]:
    """Begin no purge register beside a ledger that comes back: one that is lost is missing, and that is a refusal."""
    was_there = settings.register.exists()
    yield
    if not was_there and settings.register.exists() and not Register(settings.register).read().lines:
        settings.register.unlink()


def _refuse_in_use(url: str, part: str, schema: str, *, replace: bool) -> None:
    """See that nobody works in the database, and that it is empty or may be replaced. Raises RefusedByRule."""
    with connected(url, schema) as conn:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while _value(conn, _BUSY):
            if time.monotonic() > deadline:
                msg = f"Somebody works in {CALLED[part]}. Stop server, workers and commands first."
                raise RefusedByRule(msg)
            time.sleep(0.1)
        table, query = _HELD[part]
        if not replace and _value(conn, f"select to_regclass('{table}') is not null") and _value(conn, query):
            msg = f"There is something in {CALLED[part]}. To throw it away, say --replace."
            raise RefusedByRule(msg)


def _hold_against(backup: Backup, url: str) -> None:
    """See that the database holds what the manifest says. Raises NotAble."""
    manifest = backup.manifest
    with connected(url, manifest.tenant) as conn:
        if manifest.part == KEYS:
            whole = _value(conn, _HELD[KEYS][1]) == manifest.rows["keys"]
        else:
            events, size = (_value(conn, f"select {what}") for what in ("count(*) from events", "size from tree_head"))
            whole = (events, size) == (manifest.rows["events"], manifest.tree["size"])
    if not whole:
        msg = f"What was put back of {backup.path} is not what its manifest says. Take another backup."
        raise NotAble(msg)


@contextmanager
def connected(url: str, schema: str) -> Iterator[Connection[TupleRow]]:
    """A connection that finds the schema's tables. Raises NotAble where the database is away."""
    options = f"-c search_path={schema},pg_temp"
    try:
        with psycopg.connect(url, options=options, autocommit=True, connect_timeout=20) as conn:
            yield conn
    except psycopg.Error as error:
        msg = f"The database does not do what is asked ({type(error).__name__})."
        raise NotAble(msg) from None


def _value(conn: Connection[TupleRow], query: str) -> Any:  # noqa: ANN401 - whatever the query selects
    row = conn.execute(query.encode()).fetchone()
    return row[0] if row else None
