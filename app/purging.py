"""What destroying needs: the purge's own roles at both databases, the notary, and the register outside them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from app.notary import notary_key
from app.postgres_roles import Urls
from app.settings import Settings
from retention.purge import Keeping, Purger
from retention.register import Register
from store.database import Pool, open_pool
from store.ledger import Ledger
from transparency.notary import Notary
from transparency.notes import sign


@contextmanager
def open_purger(settings: Settings, urls: Urls, ledger: Ledger, pool: Pool) -> Iterator[Purger]:
    """What destroys; `pool` is of the application's role. Raises RegisterError, KeyRingError, StoreUnavailable."""
    key = notary_key(settings, pool)
    with (
        open_pool(urls.purge, schema=settings.tenant, size=2, name="purge") as purge,
        open_pool(urls.keys_purge, schema=settings.tenant, size=1, name="purge keys") as keys,
    ):
        purger = Purger(
            ledger,
            purge,
            keys,
            Notary(pool, settings.tenant),
            Register(settings.register).read(),
            lambda text: sign(text, key),
            Keeping(settings.key_rotation_days, settings.key_copies_days),
        )
        purger.sweep_marks(datetime.now(UTC).date())
        yield purger
