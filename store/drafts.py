"""Drafts: what an author has typed and not saved, sealed, outside the ledger, and seen by nobody else (G-11)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from pydantic_core import from_json, to_json

from events.text import LONGEST_PROSE
from store.database import Pool, connection, fetch, held
from store.ledger import Ledger
from store.readers import SYSTEM, SeenBy, as_seen_by

LIFE: Final = timedelta(hours=24)
"""How long a draft is kept after its last change (G-11)."""
LONGEST: Final = 5 * LONGEST_PROSE
"""Characters of a draft: more than any field takes, so that a text that is too long waits until it is shortened."""
MOST: Final = 200
"""Drafts of one author in one plan."""

_SELECT = as_seen_by(
    b"select subject_id, saved_at, sealed from drafts where person_id = %b and plan_id = %b and useless_at > %b"
).decode()
_PLANS = as_seen_by(
    b"select plan_id from drafts where person_id = %b and field_hash = %b and plan_id = any(%b) and useless_at > %b"
).decode()
_KEEP = """
insert into drafts (person_id, plan_id, field_hash, subject_id, saved_at, useless_at, sealed)
select %b, %b, %b, %b, %b, %b, %b
where
    (select count(*) from drafts where person_id = %b and plan_id = %b) < %b
    or exists (select 1 from drafts where person_id = %b and plan_id = %b and field_hash = %b)
on conflict (person_id, plan_id, field_hash)
do update set sealed = excluded.sealed, saved_at = excluded.saved_at, useless_at = excluded.useless_at
"""
_DISCARD = "delete from drafts where person_id = %b and plan_id = %b and field_hash = any(%b)"
_SWEEP = "delete from drafts where useless_at <= %b"


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed in a field, and when it was last kept (UTC)."""

    text: str
    saved_at: datetime


class Drafts:
    """The drafts of one tenant, each in a plan; beside the plans the id of the pupil's file stands for one.

    Every method raises StoreUnavailable, and SubjectErased of an erased subject.
    """

    def __init__(self, pool: Pool, ledger: Ledger) -> None:
        self._pool = pool
        self._ledger = ledger

    def of(self, author: SeenBy, plan_id: UUID, *, now: datetime) -> dict[str, Draft]:
        """The author's drafts in a plan, by field."""
        rows = fetch(self._pool, _SELECT, (author.person_id, plan_id, now, *author.settings))
        found = {}
        for subject_id, saved_at, sealed in rows:
            field, text = from_json(self._ledger.open(subject_id, sealed, _place(author.person_id, plan_id)))
            found[field] = Draft(text, saved_at)
        return found

    def plans_with(self, author: SeenBy, field: str, plan_ids: Collection[UUID], *, now: datetime) -> set[UUID]:
        """Those of the plans in which the author has a draft of a field."""
        row = (author.person_id, self._hash(field), list(plan_ids), now, *author.settings)
        return {plan_id for (plan_id,) in fetch(self._pool, _PLANS, row)}

    def keep(
        self,
        author: SeenBy,
        plan_id: UUID,
        subject_id: UUID,
        field: str,
        text: str,
        *,
        now: datetime,
        life: timedelta = LIFE,
    ) -> bool:
        """Keep what is typed in a field now; False where the author has as many drafts in the plan as one may have."""
        hashed = self._hash(field)
        sealed = self._ledger.seal(subject_id, to_json([field, text]), _place(author.person_id, plan_id))
        whose = author.person_id, plan_id
        row = *whose, hashed, subject_id, now, now + life, sealed
        with held(subject_id):
            return bool(self._change(author.settings, _KEEP, *row, *whose, MOST, *whose, hashed))

    def discard(self, author: SeenBy, plan_id: UUID, fields: Collection[str]) -> None:
        """Forget drafts: what they held is saved, or not wanted."""
        hashed = [self._hash(field) for field in fields]
        if hashed:
            self._change(author.settings, _DISCARD, author.person_id, plan_id, hashed)

    def sweep(self, now: datetime) -> int:
        """Remove the drafts whose time is over; how many."""
        return self._change(SYSTEM.settings, _SWEEP, now)

    def _hash(self, field: str) -> bytes:
        return self._ledger.keys.lookup_hash("draft", field)

    def _change(self, settings: tuple[str, ...], statement: str, *parameters: object) -> int:
        with connection(self._pool) as conn, conn.transaction():
            conn.execute(as_seen_by(b"select 1"), settings)
            return conn.execute(statement.encode(), parameters).rowcount


def _place(person_id: UUID, plan_id: UUID) -> bytes:
    return b"draft" + person_id.bytes + plan_id.bytes
