"""Puts the parts together: the ledger, the read models and what commands work on."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from access.levels import DEFAULT_LEVELS, Levels
from app.databases import open_ledger
from app.postgres_roles import Urls
from app.settings import Settings
from commands.context import Context
from projections.directory import Directory
from retention.due import RetentionRows
from retention.items import Items
from store.access_record import AccessRecord
from store.attachments import Attachments
from store.database import Pool, open_pool
from store.drafts import Drafts
from store.ledger import Ledger
from store.syllabus import Syllabus

HINTS = "worker.sock"
"""The worker's datagram socket in the run folder: told which feed has something new, it need not wait for its poll."""
READ_POOL_SIZE = 16


@dataclass(frozen=True, slots=True)
class Parts:
    """The open ledger, a pool of the application's role for read models, and the context of commands."""

    ledger: Ledger
    pool: Pool
    context: Context


@contextmanager
def open_parts(settings: Settings, urls: Urls, run: Path, *, levels: Levels = DEFAULT_LEVELS) -> Iterator[Parts]:
    """Everything that a command needs, at these levels. Raises KeyRingError, UnsafeSetting, StoreUnavailable."""
    with open_ledger(settings, urls) as ledger:
        pool = open_pool(urls.app, schema=settings.tenant, size=READ_POOL_SIZE, name="reads", by_index=True)
        with pool, hints(run) as announce:
            yield Parts(
                ledger,
                pool,
                Context(
                    ledger,
                    Directory(pool, ledger),
                    Syllabus(pool),
                    announce,
                    Attachments(pool, ledger),
                    AccessRecord(pool, ledger),
                    Drafts(pool, ledger),
                    RetentionRows(pool),
                    Items(pool),
                    levels=levels,
                    longest_delegation=timedelta(days=settings.longest_delegation_days),
                    today=settings.today,
                ),
            )


@contextmanager
def hints(run: Path) -> Iterator[Callable[[int], None]]:
    """What tells the worker that a feed has something new. It never waits and never fails: the worker also polls."""
    address = str(run / HINTS)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)  # noqa: FBT003 - its only argument

        def announce(feed: int) -> None:
            try:
                sender.sendto(bytes((feed,)), address)
            except OSError:
                return

        yield announce
