"""Takes each projection forward through the feeds, a batch at a time: rows and checkpoint in one transaction."""

import gc
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from enum import StrEnum
from threading import Lock
from uuid import UUID

import psycopg
import structlog

from projections.checkpoints import CHECKPOINTS
from projections.projection import Memory, Projection, Target
from projections.reading import Batch, FeedReader, Unreadable, reason_of
from projections.statements import LIVE
from store.database import Pool, connection
from store.errors import StoreUnavailable, SubjectErased
from store.ledger import FEEDS, Ledger

BATCH = 4000
"""The most events of one feed that one transaction folds: what is written then is written once for many events."""
REMEMBERED = 2500
"""How many pupils' states are kept in memory between batches, over all projections and feeds."""

log = structlog.get_logger()
_Place = tuple[int, UUID, UUID]
"""Where a checkpoint stands, in which generation, and after which purge."""


class Went(StrEnum):
    """How a step went."""

    ON = "on"
    NOWHERE = "nowhere"
    """There was nothing new."""
    BUSY = "busy"
    """Another worker has this feed now."""
    STOPPED = "stopped"
    """The projection stopped at an event that it cannot read."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one step did: how it went, where the checkpoint is now, how many events were folded, and what stopped it.

    `is_all`: there was nothing more in the feed.
    """

    went: Went
    position: int = 0
    events: int = 0
    unreadable: Unreadable | None = None
    is_all: bool = True


class NotFoldable(Exception):
    """The projection's own code failed on a batch; nothing of it was written."""


class Runner:
    """Runs projections into one generation of their tables. Any number of runners, in any processes, may work at once.

    `pool` is a pool of the application's role. A batch is at most `batch` events of one feed. With a `token` the runner
    works on that generation alone, and finds every feed busy once another took its place.
    """

    def __init__(
        self, pool: Pool, ledger: Ledger, *, generation: str = LIVE, token: UUID | None = None, batch: int = BATCH
    ) -> None:
        self._pool = pool
        self._ledger = ledger
        self._reader = FeedReader(ledger)
        self._generation = generation
        self._token = token
        self._batch = batch
        self._alone = Lock()
        """What is remembered and read belongs to one step at a time; more runners, not threads, work at once."""
        self._memories: OrderedDict[tuple[str, int], tuple[_Place, Memory]] = OrderedDict()

    def step(self, projection: Projection, feed: int, *, retry: bool = False) -> Step:
        """Take one projection one batch forward in one feed.

        Stays where it is when the projection has stopped there, unless `retry`. A batch on which the projection's own
        code fails is halved until the event is found. Raises StoreUnavailable.
        """
        limit = self._batch
        while True:
            try:
                with self._alone, _undisturbed():
                    step = self._step(projection, feed, limit, retry=retry)
            except NotFoldable:
                limit = max(limit // 2, 1)
            except (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected):
                continue
            except SubjectErased as error:  # purged between reading and writing: read again, now without that subject
                self._ledger.forget(error.subject_id)
                self._reader.forget()
            else:
                if step.unreadable:
                    log.error("projection_stopped", projection=projection.name, feed=feed, **asdict(step.unreadable))
                return step

    def catch_up(self, projections: Iterable[Projection], feeds: Iterable[int] = range(FEEDS)) -> int:
        """Take the projections forward until nothing is new; the number of events folded. What serves takes steps."""
        folded = 0
        for projection in projections:
            for feed in feeds:
                step = self.step(projection, feed)
                folded += step.events
                while step.went is Went.ON and not step.is_all:
                    step = self.step(projection, feed)
                    folded += step.events
        return folded

    def position(self, projection: Projection, feed: int) -> int:
        """How far the projection has read this feed."""
        name = projection.name + self._generation
        with connection(self._pool) as conn, conn.cursor(binary=True) as cursor:
            rows = cursor.execute(CHECKPOINTS.named("positions"), (name,), prepare=True).fetchall()
        return next((position for at, position, _ in rows if at == feed), 0)

    def is_ours(self, projection: Projection, feed: int) -> bool:
        """Whether the generation that the runner works on is still there."""
        name = projection.name + self._generation
        with connection(self._pool) as conn, conn.cursor(binary=True) as cursor:
            row = cursor.execute(CHECKPOINTS.named("generation"), (name, feed), prepare=True).fetchone()
        return row is not None and self._token in {None, row[0]}

    def forget(self) -> None:
        """Drop every pupil's state from memory; a purge asks for it."""
        self._memories.clear()
        self._reader.forget()

    def _step(self, projection: Projection, feed: int, limit: int, *, retry: bool) -> Step:
        """One transaction. What is remembered is put back only after the commit."""
        name = projection.name + self._generation
        left_at, memory = self._memories.pop((projection.name, feed), (None, Memory()))
        with connection(self._pool) as conn, conn.transaction(), conn.cursor(binary=True) as cursor:
            locked = cursor.execute(CHECKPOINTS.named("lock"), (name, feed), prepare=True).fetchone()
            if locked is None:
                return Step(Went.BUSY)
            position, generation, purged, is_stopped, _ = locked
            if self._token not in {None, generation}:
                return Step(Went.BUSY)
            if is_stopped and not retry:
                return Step(Went.STOPPED, position)
            batch = self._reader.read(feed, position, limit, projection.kinds, purged)
            if left_at != (position, generation, purged):
                memory = Memory()
            if batch.streams:
                target = Target(cursor, self._generation, self._ledger)
                self._fold(projection, target, memory, batch, alone=limit == 1)
            if batch.position > position:
                cursor.execute(CHECKPOINTS.named("advance"), (batch.position, name, feed), prepare=True)
            elif batch.unreadable:
                self._reader.forget()  # it may be whole again the next time
                at = batch.unreadable
                cursor.execute(CHECKPOINTS.named("stop"), (at.position, at.kind, at.reason, name, feed), prepare=True)
                return Step(Went.STOPPED, position, unreadable=at)
        self._remember((projection.name, feed), (batch.position, generation, purged), memory)
        went = Went.ON if batch.position > position else Went.NOWHERE
        return Step(went, batch.position, batch.count, is_all=not batch.is_full)

    def _fold(self, projection: Projection, target: Target, memory: Memory, batch: Batch, *, alone: bool) -> None:
        """Fold the batch; where its one event cannot be folded, the batch ends before it and nothing is written."""
        try:
            with target.cursor.connection.transaction() if alone else nullcontext():
                projection.fold(target, memory, batch)
        except (psycopg.OperationalError, psycopg.InterfaceError, StoreUnavailable, SubjectErased):
            raise
        except Exception as error:
            if not alone:
                raise NotFoldable from error
            memory.states.clear()
            batch.count = 0
            batch.ends_before(Unreadable(batch.position, batch.kinds[0], reason_of(error)))

    def _remember(self, key: tuple[str, int], left_at: _Place, memory: Memory) -> None:
        """Keep the memory of this feed, and of others used before it as far as there is room."""
        self._memories[key] = (left_at, memory)
        count = sum(len(kept.states) for _, kept in self._memories.values())
        while count > REMEMBERED and len(self._memories) > 1:
            count -= len(self._memories.popitem(last=False)[1][1].states)
        memory.keep(REMEMBERED)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Without the collector of cyclic garbage: a batch makes none, and looking for it takes half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
