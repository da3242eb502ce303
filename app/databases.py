"""Reaching the databases: those that the settings name, else the embedded PostgreSQL for as long as it is needed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.postgres import EmbeddedPostgres
from app.postgres_roles import Urls
from app.settings import Settings
from retention.register import Register, refuse_unless_applied, state_of
from store.database import open_pool
from store.keyless import refuse_fewer_keys
from store.ledger import Ledger
from store.migrate import migrate

_BEGINS_REGISTER = "0015_erasure.sql"
"""The migration with which a ledger has a purge register."""


@dataclass(frozen=True)
class Reached:
    """How to reach the databases, where processes leave their sockets; the server if it is ours, and what it lacked."""

    urls: Urls
    run: Path
    server: EmbeddedPostgres | None = None
    migrated: tuple[str, ...] = ()


@contextmanager
def reach(settings: Settings) -> Iterator[Reached]:
    """Reach the databases. The embedded one is brought to this version's schema; others are migrated on purpose.

    Raises PostgresUnavailable, MigrationError, MigrationChanged.
    """
    urls = settings.urls()
    if urls is not None:
        run = settings.run or settings.home / "run"
        run.mkdir(parents=True, exist_ok=True, mode=0o700)
        yield Reached(urls, run)
        return
    with EmbeddedPostgres(settings.home) as server:
        urls = server.urls()
        migrated = migrate_all(settings, urls)
        yield Reached(urls, settings.run or server.place.run, server, tuple(migrated))


def migrate_all(settings: Settings, urls: Urls) -> list[str]:
    """Bring the databases to this version's schema, and what stands beside them; the names of the files applied."""
    applied = migrate(urls.owner, urls.keys_owner, schema=settings.tenant)
    if _BEGINS_REGISTER in applied:
        Register.begin(settings.register)
    return applied


@contextmanager
def open_ledger(settings: Settings, urls: Urls, *, restored: bool = False) -> Iterator[Ledger]:
    """The ledger in these databases. One that may hold what was destroyed is opened only as `restored`.

    Raises KeyRingError, RegisterError, UnsafeSetting, StoreUnavailable.
    """
    ledger = Ledger(settings.store(urls))
    try:
        if not restored:
            _refuse_restored(settings, urls, ledger)
        yield ledger
    finally:
        ledger.close()


def _refuse_restored(settings: Settings, urls: Urls, ledger: Ledger) -> None:
    """See that nothing that was destroyed is in the databases again, and that the two are of one moment.

    An empty ledger is given its register here.
    """
    path = settings.register
    with open_pool(urls.app, schema=settings.tenant, size=1, name="register") as pool:
        if not path.exists() and not any(ledger.feed_positions().values()) and not state_of(pool).lines:
            Register.begin(path)
        refuse_unless_applied(pool, ledger.keys, path)
        refuse_fewer_keys(pool, ledger.keys)
