"""The notary at work: in a thread of the worker it numbers what is new, signs it, and has witnesses sign it too."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Thread
from time import monotonic

import httpx
import structlog

from app.databases import Reached
from app.settings import Settings
from store.database import Pool, open_pool
from store.errors import KeyRingError, StoreUnavailable
from transparency import keyfile
from transparency.alarms import Alarm
from transparency.checkpoints import Checkpoint
from transparency.errors import TransparencyError
from transparency.notary import BATCH, Notary
from transparency.notes import SigningKey, text_of
from transparency.stored import StoredTiles, cosignatures, cosigned_size, newest_checkpoint, through
from transparency.witnesses import MOST_BYTES, Answered, cosign

LOOK_SECONDS = 1.0
"""How often it is looked for events without a leaf."""
SIGN_SECONDS = 30.0
"""How often what is new is signed; at the latest after a minute it is."""
WITNESS_SECONDS = 10.0
"""How long a witness may take."""
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
                self._ask_witnesses(stop)
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

    def _ask_witnesses(self, stop: Event) -> None:
        """Have those cosign the last checkpoint who have not; one that is away is asked again the next time."""
        ask = through(self._pool)
        row = newest_checkpoint(ask) if self._settings.known_witnesses else None
        if row is None:
            return
        checkpoint, there = Checkpoint.parse(text_of(row.note)), cosignatures(ask, row.size)
        for witness in self._settings.known_witnesses:
            if witness.name in there or stop.is_set():
                continue
            try:
                seen = cosigned_size(ask, witness.name)
                line = cosign(witness, row.note, checkpoint, seen, StoredTiles(ask), _post)
            except (TransparencyError, httpx.HTTPError, httpx.InvalidURL) as failure:
                log.warning("witness_did_not_cosign", witness=witness.name, because=type(failure).__name__)
                continue
            self._notary.keep_cosignature(row.size, witness.name, line, self._settings.folder, now=datetime.now(UTC))


def _post(address: str, body: bytes) -> Answered:
    """Post to a witness; no more of its answer is read than one may be long."""
    with httpx.stream("POST", address, content=body, timeout=WITNESS_SECONDS, follow_redirects=False) as answer:
        read = b""
        for piece in answer.iter_bytes():
            read += piece
            if len(read) > MOST_BYTES:
                break
        return Answered(answer.status_code, answer.headers.get("content-type", ""), read)


def notary_key(settings: Settings, pool: Pool) -> SigningKey:
    """The key that signs, made before the first checkpoint and never again. Raises KeyRingError."""
    path, tenant = settings.notary_key, settings.tenant
    if path.exists() or newest_checkpoint(through(pool)) is not None or settings.folder.note() is not None:
        return keyfile.read(path, tenant=tenant)
    return keyfile.create(path, tenant=tenant, name=f"{settings.address.partition('://')[2]}/ledger")


@contextmanager
def notary_at_work(settings: Settings, reached: Reached) -> Iterator[None]:
    """A notary in a thread of its own, so that neither signing nor witnesses keep anybody waiting."""
    with open_pool(reached.urls.app, schema=settings.tenant, size=1, name="notary", by_index=True) as pool:
        stop = Event()
        thread = Thread(target=NotaryAtWork(settings, pool).work, args=(stop,), name="notary", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
