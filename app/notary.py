"""The notary at work: in a thread of the worker it numbers what is new, signs it, and has witnesses sign it too."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Thread
from time import monotonic

import structlog

from app.databases import Reached
from app.settings import Settings
from store.database import Pool, open_pool
from store.errors import KeyRingError, StoreUnavailable
from transparency import keyfile
from transparency.alarms import Alarm
from transparency.errors import TransparencyError
from transparency.notary import BATCH, Notary
from transparency.notes import SigningKey
from transparency.stored import newest_checkpoint, through

LOOK_SECONDS = 1.0
"""How often it is looked for events without a leaf."""
SIGN_SECONDS = 30.0
"""How often what is new is signed; at the latest after a minute it is."""
ALARM_SECONDS = 60.0
"""How long it is waited after an alarm, which is given again if it must."""

log = structlog.get_logger()


class NotaryAtWork:
    """Takes the tree forward and signs it, again and again. Any number of workers may."""

    def __init__(self, settings: Settings, pool: Pool) -> None:
        self._settings = settings
        self._pool = pool
        self._notary = Notary(pool, settings.tenant)
        self._unsigned = True
        self._sign_at = 0.0
        self._ask_at = 0.0
        self._rest_until = 0.0

    def work(self, stop: Event) -> None:
        """Look until told to stop."""
        while not stop.is_set():
            self.look(stop)
            stop.wait(LOOK_SECONDS)

    def look(self, stop: Event) -> None:
        """Number what is new, and sign when it is time. Whatever is wrong is logged and looked into again later."""
        if monotonic() < self._rest_until:
            return
        try:
            while (given := self._notary.step()) and not stop.is_set():
                self._unsigned = True
                if given < BATCH:
                    break
            if self._unsigned or monotonic() >= self._ask_at:
                self._sign()
        except StoreUnavailable:
            log.warning("notary_without_database")
            self._rest_until = monotonic() + LOOK_SECONDS
        except Alarm as alarm:
            log.error(alarm.log_event, because=type(alarm).__name__, **alarm.facts)  # noqa: TRY400 - the facts say it
            self._rest_until = monotonic() + ALARM_SECONDS
        except (TransparencyError, KeyRingError, OSError) as failure:
            log.error("tree_not_signed", because=type(failure).__name__)  # noqa: TRY400 - as above
            self._rest_until = monotonic() + ALARM_SECONDS

    def _sign(self) -> None:
        """Sign what is new, unless something was signed just before. Others number too: it is also asked by itself."""
        now = monotonic()
        if now < self._sign_at:
            return
        key = notary_key(self._settings, self._pool)
        if self._notary.sign(key, datetime.now(UTC), self._settings.folder) is not None:
            self._sign_at = now + SIGN_SECONDS
        self._ask_at = now + SIGN_SECONDS
        self._unsigned = False


def notary_key(settings: Settings, pool: Pool) -> SigningKey:
    """The key that signs, made before the first checkpoint and never again. Raises KeyRingError."""
    path, tenant = settings.notary_key, settings.tenant
    if path.exists() or newest_checkpoint(through(pool)) is not None or settings.folder.note() is not None:
        return keyfile.read(path, tenant=tenant)
    return keyfile.create(path, tenant=tenant, name=f"{settings.address.partition('://')[2]}/ledger")


@contextmanager
def notary_at_work(settings: Settings, reached: Reached) -> Iterator[None]:
    """A notary in a thread of its own, so that neither signing nor witnesses keep anybody waiting."""
    with open_pool(reached.urls.app, schema=settings.tenant, size=1, name="notary") as pool:
        stop = Event()
        thread = Thread(target=NotaryAtWork(settings, pool).work, args=(stop,), name="notary", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
