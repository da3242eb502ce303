"""Builds a read model anew beside the live one and lets it take its place, while people write and workers go on."""

from collections.abc import Callable
from time import sleep
from uuid import UUID, uuid4

import psycopg
import structlog

from projections.checkpoints import CHECKPOINTS
from projections.erased import forget_erased
from projections.projection import Projection
from projections.runner import Runner, Went
from projections.statements import NEXT
from store.database import Pool, connection
from store.errors import StoreUnavailable
from store.keys import KeyRing
from store.ledger import FEEDS, Ledger

_SWAP_ATTEMPTS = 50
_SWAP_PAUSE = 0.1
_PAUSE = 0.005

_IN_USE = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)

log = structlog.get_logger()
Tell = Callable[[int], None]


class RebuildFailed(Exception):
    """The new generation could not be finished; the live one is untouched. The text says why."""


class RebuildSuperseded(RebuildFailed):
    """Another rebuild of the same read model was begun meanwhile; that one goes on."""


def rebuild(pool: Pool, ledger: Ledger, projection: Projection, *, tell: Tell = lambda _: None) -> int:
    """Build the projection's tables anew and swap them in; the number of events folded.

    May be interrupted at any moment, kill -9 included, and run again: what was unfinished is thrown away. `tell` is
    called with the number of events that each batch read. Raises RebuildFailed, StoreUnavailable.
    """
    generation = uuid4()
    with connection(pool) as conn:
        conn.execute(CHECKPOINTS.named("begin_generation"), (projection.name, generation))
    try:
        runner = Runner(pool, ledger, generation=NEXT, token=generation)
        return _build(pool, ledger.keys, runner, projection, generation, tell)
    except RebuildFailed:
        with connection(pool) as conn:
            conn.execute(CHECKPOINTS.named("abandon_generation"), (projection.name + NEXT, generation))
        raise


def _build(pool: Pool, keys: KeyRing, runner: Runner, projection: Projection, generation: UUID, tell: Tell) -> int:
    folded = _catch_up(runner, projection, tell)
    for _ in range(_SWAP_ATTEMPTS):
        try:
            folded += _swap(pool, keys, runner, projection, generation, tell)
        except (psycopg.errors.DeadlockDetected, StoreUnavailable) as error:
            if not isinstance(error.__cause__ or error, _IN_USE):
                raise
            sleep(_SWAP_PAUSE)  # somebody reads the live tables just now; nobody was made to wait long
        else:
            log.info("projection_rebuilt", projection=projection.name, events=folded)
            return folded
    msg = f"the tables of {projection.name} were in use whenever they were to be swapped; run it again"
    raise RebuildFailed(msg)


def _catch_up(runner: Runner, projection: Projection, tell: Tell) -> int:
    """Fold until nothing is new."""
    folded = 0
    for feed in range(FEEDS):
        position = runner.position(projection, feed)
        while True:
            step = runner.step(projection, feed)
            if step.went is Went.STOPPED:
                msg = f"{projection.name} cannot read an event of feed {feed}; the log says which"
                raise RebuildFailed(msg)
            if step.went is Went.BUSY:
                if not runner.is_ours(projection, feed):
                    msg = f"another rebuild of {projection.name} was begun"
                    raise RebuildSuperseded(msg)
                sleep(_PAUSE)  # a purge has the checkpoint for a moment
                continue
            if step.went is Went.NOWHERE:
                break
            folded += step.events
            tell(step.position - position)
            position = step.position
    return folded


def _swap(pool: Pool, keys: KeyRing, runner: Runner, projection: Projection, generation: UUID, tell: Tell) -> int:
    """Hold the live generation still, fold what came meanwhile, and let the new one take its place."""
    with connection(pool) as conn, conn.transaction():
        conn.execute("set local lock_timeout = '300ms'")
        conn.execute(CHECKPOINTS.named("lock_all"), (projection.name,))
        folded = _catch_up(runner, projection, tell)
        forget_erased(conn, keys, NEXT, projection.name)
        conn.execute(CHECKPOINTS.named("swap_generation"), (projection.name, generation))
    return folded
