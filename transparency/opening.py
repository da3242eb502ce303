"""Whether an event was sealed by this ledger: an insider who writes a row of his own has not the key of its subject."""

from collections.abc import Iterable
from contextlib import suppress
from struct import error
from uuid import UUID

from store.errors import KeyMissing, NotAuthentic, SubjectErased
from store.keys import KeyRing
from store.sealing import ROW, binding_prefix, commitment, unframe, unseal
from transparency.alarms import NotALeaf
from transparency.leaves import columns


class Opener:
    """Opens events, looks whether each fits its commitment, and forgets what it saw."""

    def __init__(self, keys: KeyRing, tenant: str) -> None:
        self._keys = keys
        self._prefix = binding_prefix("event", tenant)

    def know(self, envelopes: Iterable[bytes]) -> None:
        """Fetch the keys of these events' subjects at once."""
        subjects = set()
        for envelope in envelopes:
            with suppress(NotALeaf):
                subjects.add(UUID(bytes=columns(envelope).subject))
        self._keys.load(subjects)

    def is_ours(self, envelope: bytes, sealed: bytes) -> bool:
        """Whether the event opens in its place and is what was committed to.

        One whose key is destroyed counts as ours: a purge destroys the key just before the rows.
        """
        row = columns(envelope)
        try:
            key = self._keys.key(UUID(bytes=row.subject))
            place = ROW.pack(row.stream, row.version, row.subject, row.command, row.at)
            payload = unframe(unseal(key, sealed, self._prefix + place + row.kind))
            return commitment(payload) == row.commitment
        except SubjectErased:
            return True
        except (KeyMissing, NotAuthentic, error):
            return False
