"""What a disposal run is to destroy: a frozen list, and a hash over it that says nothing of whom it is about.

What can go wrong is that the list which is carried out is not the one that was approved. So each item carries a
commitment to whom it is about, the plan's hash covers all of them in order with why they are due, and it is counted
anew, from the ids themselves, when it is approved, begun, and each time it is carried out.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from secrets import token_bytes
from typing import Any
from uuid import UUID

from events.retention import DisposalAction, DocumentClass
from retention.due import Due
from store.database import Pool, connection, fetch
from store.errors import StoreError
from store.readers import SYSTEM, as_seen_by

FORMAT = "liggare-disposal-plan/1"
NONCE_BYTES = 32
SUBJECT_KINDS = {
    DocumentClass.STUDENT_FILE: "student_file",
    DocumentClass.ACCOUNT: "person",
    DocumentClass.ACCESS_RECORD: "access_record",
}
_COLUMNS = (
    "run_id, item, document_class, subject_id, subject_kind, month, commitment, nonce, due_on, schedule_id, action"
)
_FREEZE = f"""
insert into disposal_items ({_COLUMNS})
select * from unnest(
    %b::uuid[], %b::bigint[], %b::text[], %b::uuid[], %b::text[], %b::date[], %b::bytea[], %b::bytea[], %b::date[],
    %b::uuid[], %b::text[]
)
"""  # noqa: S608 - our own columns
_OF = f"""
select {_COLUMNS}, state, reason
from disposal_items
where run_id = %b and item > %b
order by item
limit %b
"""  # noqa: S608 - our own columns
_CERTIFICATE = "select note from purge_certificates where run_id = %b and item = %b"
_AS_SYSTEM = "select set_config('liggare.part', 'system', true)"
_ALL = 2**31 - 1


class ListAltered(StoreError):
    """The list of a run is another than the one that was approved: somebody changed it, and nothing is destroyed."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a run. `subject_id` and `nonce` are gone when it is destroyed; `commitment` stays."""

    run_id: UUID
    item: int
    document_class: DocumentClass
    subject_id: UUID | None
    subject_kind: str
    month: date | None
    commitment: bytes
    nonce: bytes | None
    due_on: date
    schedule_id: UUID
    action: DisposalAction
    state: str = "planned"
    reason: str | None = None
    is_held: bool = False
    """Whether the file is held now, where that was asked; it will be left, unless the hold is released before."""

    @property
    def is_forgotten(self) -> bool:
        """Whether it says no more whom it was about, so that only the commitment is left of that."""
        month_is_past = self.month is None or self.state == "purged"
        return self.nonce is None and self.subject_id is None and month_is_past


def commitment(nonce: bytes, subject_id: UUID | None, document_class: DocumentClass, month: date | None) -> bytes:
    """What an item says of whom it is about: nobody who lacks the nonce can try an id against it."""
    about = subject_id.bytes if subject_id is not None else str(month).encode()
    return sha256(nonce + about + document_class.value.encode()).digest()


def items_from(run_id: UUID, due: Sequence[Due]) -> list[Item]:
    """The items of a plan, numbered from 1, in the order given."""
    made = []
    for number, one in enumerate(due, 1):
        nonce = token_bytes(NONCE_BYTES)
        made.append(
            Item(
                run_id,
                number,
                one.document_class,
                one.subject_id,
                SUBJECT_KINDS[one.document_class],
                one.month,
                commitment(nonce, one.subject_id, one.document_class, one.month),
                nonce,
                one.due_on,
                one.schedule_id,
                one.action,
            )
        )
    return made


def plan_hash(run_id: UUID, as_of: date, items: Sequence[Item]) -> str:
    """SHA-256 over the plan, in hexadecimal. An item that names another than it is committed to makes another hash."""
    lines = [json.dumps({"format": FORMAT, "run": str(run_id), "as_of": str(as_of), "items": len(items)})]
    for one in items:
        committed = commitment(one.nonce or b"", one.subject_id, one.document_class, one.month)
        says: dict[str, Any] = {
            "item": one.item,
            "class": one.document_class,
            "due_on": str(one.due_on),
            "schedule": str(one.schedule_id),
            "action": one.action,
            "commitment": (one.commitment if one.is_forgotten else committed).hex(),
        }
        lines.append(json.dumps(says))
    return sha256("\n".join(lines).encode()).hexdigest()


class Items:
    """The frozen lists. Every method raises StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def freeze(self, run_id: UUID, as_of: date, due: Sequence[Due]) -> str:
        """Write down what a run is to destroy; the plan's hash."""
        items = items_from(run_id, due)
        rows = [
            (
                one.run_id, one.item, one.document_class.value, one.subject_id, one.subject_kind, one.month,
                one.commitment, one.nonce, one.due_on, one.schedule_id, one.action.value,
            )
            for one in items
        ]  # fmt: skip
        with connection(self._pool) as conn, conn.transaction():
            conn.execute(_AS_SYSTEM)
            if rows:
                conn.execute(_FREEZE, [list(column) for column in zip(*rows, strict=True)])
        return plan_hash(run_id, as_of, items)

    def of(self, run_id: UUID, *, after: int = 0, limit: int = _ALL) -> list[Item]:
        """The items of a run in order; those after a number."""
        query = as_seen_by(_OF.encode()).decode()
        rows = fetch(self._pool, query, (run_id, after, limit, *SYSTEM.settings))
        return [
            Item(*row[:2], DocumentClass(row[2]), *row[3:10], DisposalAction(row[10]), *row[11:])  # type: ignore[call-arg]
            for row in rows
        ]

    def certificate(self, run_id: UUID, item: int) -> bytes | None:
        """The signed certificate of an item; None where the item is not destroyed."""
        rows = fetch(self._pool, _CERTIFICATE, (run_id, item))
        return bytes(rows[0][0]) if rows else None

    def plan_hash(self, run_id: UUID, as_of: date) -> str:
        """The hash of a run's items as they stand now."""
        return plan_hash(run_id, as_of, self.of(run_id))
