"""How far the read models are: waiting for them, and telling of those that lag or have stopped."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, repeat
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from projections.statements import NEXT, Statements
from store.database import Pool, connection

CHECKPOINTS = Statements(Path(__file__).with_name("checkpoints.sql"))
_PAUSES = (0.002,) * 10 + (0.005,) * 10
_LONGEST_PAUSE = 0.02
SHOWN = ("overview", "directory", "notices", "due")
"""The read models that a caller who asks to wait is shown."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a projection stopped and why; nothing of what the event holds."""

    feed: int
    position: int
    kind: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Status:
    """How one projection is. `behind` counts the events it has not read, `is_rebuilding`: a new one is filled."""

    projection: str
    behind: int
    moved_at: datetime | None
    stops: tuple[Stop, ...]
    is_rebuilding: bool
    positions: dict[int, int]


def wait(pool: Pool, positions: Mapping[int, int], seconds: float, *, projections: Iterable[str] = SHOWN) -> bool:
    """Wait until the read models hold these positions of feeds; whether they do, at the latest after so many seconds.

    Looks each 2 ms at first and more seldom later. Answers False at once when one of them has stopped before that.
    """
    deadline = monotonic() + seconds
    wanted = (list(positions), list(positions.values()), list(projections))
    for pause in chain(_PAUSES, repeat(_LONGEST_PAUSE)):
        missing, stopped = _missing(pool, wanted)
        if not missing:
            return True
        left = deadline - monotonic()
        if stopped or left <= 0:
            return False
        sleep(min(pause, left))
    raise AssertionError  # the pauses never end


def wait_for_all(pool: Pool, seconds: float, *, projection: str, categories: Iterable[str]) -> bool:
    """Wait until a read model holds all that is in the ledger now of these categories; whether it does in that time."""
    with connection(pool) as conn, conn.cursor(binary=True) as cursor:
        heads = dict(cursor.execute(CHECKPOINTS.named("heads"), (list(categories),)).fetchall())
    return wait(pool, heads, seconds, projections=(projection,))


def _missing(pool: Pool, wanted: tuple[Any, ...]) -> tuple[int, int]:
    with connection(pool) as conn, conn.cursor(binary=True) as cursor:
        row = cursor.execute(CHECKPOINTS.named("missing"), wanted, prepare=True).fetchone()
    return row if row is not None else (0, 0)


def statuses(pool: Pool) -> list[Status]:
    """How every projection is, by name."""
    with connection(pool) as conn, conn.cursor(binary=True) as cursor:
        rows = cursor.execute(CHECKPOINTS.named("status")).fetchall()
    by_name: dict[str, list[Any]] = {}
    for row in rows:
        by_name.setdefault(row[0], []).append(row[1:])
    return [
        _status(name, feeds, is_rebuilding=name + NEXT in by_name)
        for name, feeds in by_name.items()
        if not name.endswith(NEXT)
    ]


def _status(name: str, feeds: list[Any], *, is_rebuilding: bool) -> Status:
    moved = [moved_at for _, _, _, moved_at, *_ in feeds if moved_at is not None]
    return Status(
        projection=name,
        behind=sum(last - position for _, position, last, *_ in feeds),
        moved_at=max(moved, default=None),
        stops=tuple(
            Stop(feed, at, kind, reason, stopped_at)
            for feed, _, _, _, stopped_at, at, kind, reason in feeds
            if stopped_at is not None
        ),
        is_rebuilding=is_rebuilding,
        positions={feed: position for feed, position, *_ in feeds},
    )
