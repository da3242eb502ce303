"""Applying the purge register to databases that were put back: what the operator's `retention replay` does."""

from collections.abc import Callable
from contextlib import suppress

from app.databases import open_ledger
from app.errors import NotAble
from app.postgres_roles import Urls
from app.settings import Settings
from retention.purge import Keeping, Purger
from retention.register import Register
from retention.replay import Replayed, replay
from store.database import open_pool
from store.errors import KeyRingError, KeysBehind
from store.keyless import without_key
from transparency import keyfile
from transparency.alarms import Alarm
from transparency.errors import Malformed
from transparency.notary import Notary
from transparency.notes import VerifierKey, sign


def apply_register(settings: Settings, urls: Urls, tell: Callable[[int, int], None] = lambda *_: None) -> Replayed:
    """Destroy again whom a backup brought back, and see that everybody else has a key.

    Raises RegisterError, KeysBehind and other KeyRingErrors, StoreUnavailable, and NotAble where events are missing.
    """
    register = Register(settings.register).read()  # before anything is opened: a missing one is a refusal
    with (
        open_ledger(settings, urls, restored=True) as ledger,
        open_pool(urls.app, schema=settings.tenant, size=1, name="replay") as pool,
        open_pool(urls.purge, schema=settings.tenant, size=2, name="replay purge") as purge,
        open_pool(urls.keys_purge, schema=settings.tenant, size=1, name="replay keys") as keys,
    ):
        notary = Notary(pool, settings.tenant)
        purger = Purger(ledger, purge, keys, notary, register, lambda text: _signed(settings, text), Keeping())
        try:
            replayed = replay(purger, notary_known(settings), tell)
        except Alarm as alarm:
            msg = f"Events are missing in what was put back: {alarm}. Restore another backup."
            raise NotAble(msg) from None
        lacking = without_key(pool, keys)
    if lacking:
        raise KeysBehind(len(lacking))
    return replayed


def notary_known(settings: Settings) -> VerifierKey | None:
    """The notary's public key: as published, else of its key file; None where neither is there."""
    with suppress(Malformed):
        published = settings.folder.key()
        if published is not None:
            return published
    with suppress(KeyRingError):
        return keyfile.read(settings.notary_key, tenant=settings.tenant).verifier
    return None


def _signed(settings: Settings, text: str) -> bytes:
    """Asked for only where a certificate is about events that the backup lacks. Raises KeyRingError."""
    return sign(text, keyfile.read(settings.notary_key, tenant=settings.tenant))
