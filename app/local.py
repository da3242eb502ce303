"""What a command of the operator needs: everything open, the directory brought up to the ledger, and a command."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import uuid4

from access.levels import DEFAULT_LEVELS, Levels
from app.databases import Reached
from app.settings import Settings
from app.wiring import Parts, open_parts
from commands.context import SYSTEM, Command
from projections.directory_projection import DirectoryProjection
from projections.projection import Projection
from projections.runner import Runner, Went
from store.ledger import FEEDS

_PAUSE = 0.01


@contextmanager
def open_current(settings: Settings, reached: Reached, *, levels: Levels = DEFAULT_LEVELS) -> Iterator[Parts]:
    """Everything that a command needs, whether or not a worker keeps the directory up.

    Raises KeyRingError, UnsafeSetting, StoreUnavailable.
    """
    with open_parts(settings, reached.urls, reached.run, levels=levels) as parts:
        bring_up_directory(parts)
        yield parts


def bring_up_directory(parts: Parts) -> None:
    """Let the directory hold what the ledger holds now: school roles give rights by it."""
    bring_up(parts, DirectoryProjection())


def bring_up(parts: Parts, projection: Projection) -> None:
    """Let a read model hold what the ledger holds now. Waits for a busy worker."""
    runner = Runner(parts.pool, parts.ledger)
    for feed in range(FEEDS):
        while (went := runner.step(projection, feed).went) in {Went.ON, Went.BUSY}:
            if went is Went.BUSY:
                time.sleep(_PAUSE)


def system_command(at: datetime | None = None) -> Command:
    """A command of whoever runs Liggare on this machine; given now unless another moment (UTC) is named."""
    return Command(
        caller=SYSTEM,
        acting_as=None,
        command_id=uuid4(),
        body_hash=b"",
        correlation_id=uuid4(),
        at=at or datetime.now(UTC),
    )
