"""Pictures and files: sealed under their subject's key in a table of their own; an event holds to each by SHA-256."""

from uuid import UUID

from store.database import Pool, connection, fetch, held
from store.ledger import Ledger
from store.readers import SYSTEM, Eyes, as_seen_by

_SELECT = as_seen_by(b"select subject_id, sealed from attachments where attachment_id = %b").decode()
_INSERT = """
insert into attachments (attachment_id, subject_id, size, sealed) values (%b, %b, %b, %b)
on conflict (attachment_id) do nothing
"""
_DELETE = "delete from attachments where attachment_id = %b"
_SWEEP = """
delete from attachments where subject_id = %b and attachment_id <> %b and created_at < now() - interval '1 hour'
"""


class Attachments:
    """The attachments of one tenant. Every method raises StoreUnavailable, and SubjectErased of an erased subject."""

    def __init__(self, pool: Pool, ledger: Ledger) -> None:
        self._pool = pool
        self._ledger = ledger

    def keep(self, attachment_id: UUID, subject_id: UUID, content: bytes) -> None:
        """Keep something, before the event that speaks of it. The subject must be known to the ledger already."""
        sealed = self._ledger.seal(subject_id, content, _place(attachment_id))
        with held(subject_id):
            self._change(_INSERT, attachment_id, subject_id, len(content), sealed)

    def content(self, attachment_id: UUID, eyes: Eyes) -> bytes | None:
        """What was kept; None where nothing is, or nothing that whoever it is asked for may see."""
        rows = fetch(self._pool, _SELECT, (attachment_id, *eyes.settings))
        if not rows:
            return None
        subject_id, sealed = rows[0]
        return self._ledger.open(subject_id, sealed, _place(attachment_id))

    def remove(self, attachment_id: UUID) -> None:
        """Remove what nothing speaks of any more."""
        self._change(_DELETE, attachment_id)

    def sweep(self, subject_id: UUID, *, but: UUID) -> None:
        """Remove what was kept for the subject more than an hour ago, and whose event never came."""
        self._change(_SWEEP, subject_id, but)

    def _change(self, statement: str, *parameters: object) -> None:
        """Carry out what was decided, which no reader does."""
        with connection(self._pool) as conn, conn.transaction():
            conn.execute(as_seen_by(b"select 1"), SYSTEM.settings)
            conn.execute(statement.encode(), parameters)


def _place(attachment_id: UUID) -> bytes:
    return b"attachment" + attachment_id.bytes
