"""Carrying out begun disposal runs: by command, or by the worker, which goes on with those that were interrupted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Thread
from time import monotonic
from uuid import UUID

import psycopg
import structlog

from aggregates.disposal_run import DisposalRun
from aggregates.errors import Refusal
from app.archiving import transfers
from app.databases import Reached
from app.postgres_roles import Urls
from app.purging import open_purger
from app.settings import Settings
from app.wiring import Parts, open_parts
from commands import disposal
from retention.register import RegisterBusy
from store.errors import StoreError, StoreUnavailable
from transparency.errors import TransparencyError

LOOK_SECONDS = 2.0
"""How often it is looked for runs that are begun."""
RATE = 10.0
"""How many items a second the worker destroys at the most, so that people who read and write notice nothing."""
RETRY_SECONDS = 60.0
"""How long a run that could not be carried out is left alone, with its alarm."""

log = structlog.get_logger()
Tell = Callable[[int, int], None]


def carry_out(
    settings: Settings,
    urls: Urls,
    parts: Parts,
    run_id: UUID,
    *,
    rate: float | None = None,
    tell: Tell = lambda *_: None,
) -> DisposalRun:
    """Carry out a begun run to its end, or go on with one that was interrupted. Raises as `commands.disposal.run`."""
    with open_purger(settings, urls, parts.ledger, parts.pool) as purger:
        return disposal.run(
            parts.context,
            purger,
            run_id,
            now=lambda: datetime.now(UTC),
            rate=rate,
            tell=tell,
            transfer=transfers(settings, parts),
        )


class Stopped(Exception):
    """The worker is told to stop; the run goes on with the next one."""


class DisposalAtWork:
    """Carries out runs that officers have begun, one after the other. Any number of workers may look."""

    def __init__(self, settings: Settings, urls: Urls, parts: Parts) -> None:
        self._settings = settings
        self._urls = urls
        self._parts = parts
        self._rest_until = 0.0

    def work(self, stop: Event) -> None:
        """Look until told to stop."""
        while not stop.is_set():
            self.look(stop)
            stop.wait(LOOK_SECONDS)

    def look(self, stop: Event) -> None:
        """Carry out what is begun. Whatever is wrong is logged and looked into again later."""
        if monotonic() < self._rest_until:
            return
        try:
            for run_id in self._parts.context.retention.started_runs():
                self._try(run_id, stop)
        except (Stopped, RegisterBusy):
            return
        except StoreUnavailable:
            log.warning("disposal_without_database")

    def _try(self, run_id: UUID, stop: Event) -> None:
        """Carry out a run; one that cannot go on is named, and keeps no other back."""
        try:
            self._carry_out(run_id, stop)
        except (RegisterBusy, StoreUnavailable):
            raise
        except (StoreError, OSError, Refusal, TransparencyError, psycopg.Error) as failure:
            because = type(failure).__name__
            log.error("disposal_stopped", run=str(run_id), because=because)  # noqa: TRY400 - its text may hold a path
            self._rest_until = monotonic() + RETRY_SECONDS

    def _carry_out(self, run_id: UUID, stop: Event) -> None:
        def tell(done: int, items: int) -> None:
            if stop.is_set() and done < items:
                raise Stopped

        log.info("disposal_run_carried_out", run=str(run_id))
        ended = carry_out(self._settings, self._urls, self._parts, run_id, rate=RATE, tell=tell)
        log.info("disposal_run_finished", run=str(run_id), purged=len(ended.purged), skipped=len(ended.skipped))


@contextmanager
def disposal_at_work(settings: Settings, reached: Reached) -> Iterator[None]:
    """What carries out begun runs, in a thread of its own, so that read models are kept up meanwhile."""
    with open_parts(settings, reached.urls, reached.run) as parts:
        stop = Event()
        at_work = DisposalAtWork(settings, reached.urls, parts)
        thread = Thread(target=at_work.work, args=(stop,), name="disposal", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
