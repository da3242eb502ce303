"""The worker keeps the read models up with the ledger, told by hints and by looking; beside it notary and disposal."""

import contextlib
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep

import psycopg
import structlog

from app.daily import Daily, KeyAlarm
from app.databases import Reached, open_ledger
from app.disposing import disposal_at_work
from app.notary import notary_at_work
from app.settings import Settings
from app.wiring import HINTS
from projections.erased import sweep_erased
from projections.projection import Projection
from projections.registry import projections
from projections.runner import Runner, Went
from store.access_record import AccessRecord
from store.database import open_pool
from store.drafts import Drafts
from store.errors import StoreError, StoreUnavailable
from store.ledger import FEEDS, Ledger

POLL_SECONDS = 0.03
LONGEST_POLL_SECONDS = 0.2
"""How long hints may keep the worker from looking by itself; not everybody who writes gives hints."""
AWAY_SECONDS = 1.0
SWEEP_SECONDS = 3600
PLACE_SECONDS = 86_400.0
"""How often the access record is given partitions for the coming months."""
RETRY_SECONDS = 60.0
"""How long a projection that stopped or failed is left alone before it is tried again, with its alarm if it must."""
BATCHES_IN_A_ROW = 20
"""How far one projection may go on in one feed before the others have their turn."""

log = structlog.get_logger()


def work(settings: Settings, reached: Reached) -> None:
    """Work until interrupted. Any number of workers may run at once; the last one started is told by the hints."""
    with (
        open_ledger(settings, reached.urls) as ledger,
        open_pool(reached.urls.app, schema=settings.tenant, size=4, name="worker") as pool,
        hints(reached.run / HINTS) as told,
        notary_at_work(settings, reached),
        disposal_at_work(settings, reached),
    ):
        log.info("worker_started")
        worker = Worker(ledger, Runner(pool, ledger), projections(), AccessRecord(pool, ledger), Drafts(pool, ledger))
        daily = Daily(
            KeyAlarm(ledger.keys, timedelta(days=settings.key_rotation_days)).look,
            lambda: sweep_erased(pool, ledger.keys),
        )
        while True:
            worker.look(told)
            daily.look()


class Worker:
    """Takes each projection forward wherever its checkpoint is behind the feed."""

    def __init__(
        self,
        ledger: Ledger,
        runner: Runner,
        following: Sequence[Projection],
        record: AccessRecord | None = None,
        drafts: Drafts | None = None,
    ) -> None:
        self._ledger = ledger
        self._record = record
        self._place_again_at = 0.0
        self._drafts = drafts
        self._sweep_again_at = 0.0
        self._runner = runner
        self._following = following
        self._looked_at = 0.0
        self._positions: dict[tuple[str, int], int] = {}
        self._resting: dict[str, float] = {projection.name: 0.0 for projection in following}
        """Projections that stopped or failed, and when to try them again; at the start each is tried."""

    def look(self, told: "Hints") -> None:
        """Wait for a hint as long as a poll lasts, then take forward what has moved."""
        try:
            self._place_record()
            self._sweep_drafts()
            feeds = told.wait(POLL_SECONDS)
            for feed in feeds:
                self._follow(feed)
            if not feeds or monotonic() - self._looked_at > LONGEST_POLL_SECONDS:
                self._look_everywhere()
        except StoreUnavailable:
            log.warning("worker_without_database")
            self._positions.clear()
            sleep(AWAY_SECONDS)

    def _place_record(self) -> None:
        """At the start and once a day, see that coming looks at files have a place in the access record."""
        if self._record is None or monotonic() < self._place_again_at:
            return
        self._place_again_at = monotonic() + PLACE_SECONDS
        try:
            unplaced = self._record.place(datetime.now(UTC).date())
        except psycopg.Error as error:
            log.error("access_record_not_placed", failure=type(error).__name__)  # noqa: TRY400 - as below
            self._place_again_at = monotonic() + RETRY_SECONDS
            return
        if unplaced:
            log.error("access_record_was_unplaced", looks=unplaced)

    def _sweep_drafts(self) -> None:
        """At the start and once an hour, remove the drafts whose time is over (G-11)."""
        if self._drafts is not None and monotonic() >= self._sweep_again_at:
            self._drafts.sweep(datetime.now(UTC))
            self._sweep_again_at = monotonic() + SWEEP_SECONDS

    def _look_everywhere(self) -> None:
        self._looked_at = monotonic()
        for feed, last in self._ledger.feed_positions().items():
            for projection in self._following:
                if self._positions.get((projection.name, feed), -1) < last:
                    self._take_forward(projection, feed)

    def _follow(self, feed: int) -> None:
        for projection in self._following:
            self._take_forward(projection, feed)

    def _take_forward(self, projection: Projection, feed: int) -> None:
        retry_at = self._resting.get(projection.name)
        if retry_at is not None and monotonic() < retry_at:
            return
        try:
            step = self._runner.step(projection, feed, retry=retry_at is not None)
            for _ in range(BATCHES_IN_A_ROW):
                if step.went is not Went.ON or step.is_all:
                    break
                step = self._runner.step(projection, feed)
        except StoreUnavailable:
            raise
        except (StoreError, psycopg.Error) as error:
            log.error("projection_failed", projection=projection.name, feed=feed, failure=type(error).__name__)  # noqa: TRY400 - the text of an error may quote a row
            self._resting[projection.name] = monotonic() + RETRY_SECONDS
            return
        if step.went is Went.STOPPED:
            self._resting[projection.name] = monotonic() + RETRY_SECONDS
            return
        self._resting.pop(projection.name, None)
        if step.went is not Went.BUSY:
            self._positions[projection.name, feed] = step.position


class Hints:
    """The feeds that other processes say have something new. None is needed: the worker also looks by itself."""

    def __init__(self, receiver: socket.socket | None) -> None:
        self._receiver = receiver

    def wait(self, seconds: float) -> set[int]:
        """The feeds told of, as soon as one is, or none after so many seconds."""
        if self._receiver is None:
            sleep(seconds)
            return set()
        feeds: set[int] = set()
        self._receiver.settimeout(seconds)
        with contextlib.suppress(TimeoutError, BlockingIOError):
            while len(feeds) < FEEDS:
                feeds.update(feed for feed in self._receiver.recv(64) if feed < FEEDS)
                self._receiver.settimeout(0)
        return feeds


@contextmanager
def hints(address: Path) -> Iterator[Hints]:
    """A socket for hints; without one, where it cannot be made, the worker polls."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        try:
            address.unlink(missing_ok=True)
            receiver.bind(str(address))
        except OSError:
            log.warning("worker_without_hints")
            yield Hints(None)
            return
        address.chmod(0o600)
        yield Hints(receiver)
