"""Reaching the databases: those that the settings name, else the embedded PostgreSQL for as long as it is needed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.postgres import EmbeddedPostgres
from app.postgres_roles import Urls
from app.settings import Settings
from store.ledger import Ledger
from store.migrate import migrate


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
        migrated = migrate(urls.owner, urls.keys_owner, schema=settings.tenant)
        yield Reached(urls, settings.run or server.place.run, server, tuple(migrated))


@contextmanager
def open_ledger(settings: Settings, urls: Urls) -> Iterator[Ledger]:
    """The ledger in these databases. Raises KeyRingError, UnsafeSetting, StoreUnavailable."""
    ledger = Ledger(settings.store(urls))
    try:
        yield ledger
    finally:
        ledger.close()
