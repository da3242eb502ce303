"""The access record: who looked at which part of whose file, in which role, when and why. Added to, never changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from pydantic_core import from_json, to_json

from store.database import Pool, connection, fetch, held
from store.errors import SubjectErased
from store.ledger import Ledger

EDUCATION = "education"
"""Why a file is read where nothing else is said: the pupil's schooling."""
EMERGENCY = "emergency"
"""Why a file is read that was opened in an emergency; what had happened stands in the file itself."""
ARCHIVE = "archive"
"""Why an officer takes out a whole file as a package for the archive."""

_COLUMNS = "subject_id, record_id, student_id, part, role, level, correlation_id, sealed"
_ADD = f"""
insert into access_record ({_COLUMNS})
select * from unnest(
    %b::uuid[], %b::uuid[], %b::uuid[], %b::text[], %b::text[], %b::smallint[], %b::uuid[], %b::bytea[]
)
where (select set_config('synchronous_commit', %t, true)) is not null
"""  # noqa: S608 - our own columns
_OF = """
select record_id, recorded_at, student_id, part, role, level, correlation_id, sealed
from access_record
where
    subject_id = %b and (recorded_at, record_id) < (%b, %b)
    and (select set_config('liggare.part', 'system', true)) is not null
order by recorded_at desc, record_id desc
limit %b
"""
_PLACE = "select place_access_record(%b, %b)"
_MONTHS_AHEAD = 2


class Part(StrEnum):
    """What of a pupil's file was looked at."""

    FILE = "file"
    OVERVIEW = "overview"
    PLANS = "plans"
    PLAN = "plan"
    GOALS = "goals"
    LEARNING_NOTES = "learning_notes"
    PLANNING_DOCUMENT = "planning_document"
    HISTORY = "history"
    READERS = "readers"
    PROTECTION = "protection"
    CONTACT = "contact"
    PROFILE = "profile"
    PICTURE = "picture"
    ACCESS_RECORD = "access_record"


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a pupil's file. `name` is the program's own; a person's is looked up when the record is shown."""

    student_id: UUID
    part: Part
    person_id: UUID
    role: str
    level: int
    correlation_id: UUID
    relation_id: UUID | None = None
    purpose: str = EDUCATION
    name: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """A look that is on record."""

    record_id: UUID
    at: datetime
    look: Look


def columns(ledger: Ledger, look: Look) -> tuple[object, ...]:
    """The values of a new row, in the order of its columns; who and why is sealed under the pupil's key."""
    record_id = uuid4()
    who = [look.person_id, look.relation_id, look.purpose, look.name]
    sealed = ledger.seal(look.student_id, to_json(who), _place(record_id))
    return (
        look.student_id, record_id, look.student_id, look.part.value, look.role, look.level, look.correlation_id, sealed
    )  # fmt: skip


def _place(record_id: UUID) -> bytes:
    return b"access record" + record_id.bytes


class AccessRecord:
    """Adds looks and tells of them; the application can do no more. Raises StoreUnavailable, SubjectErased."""

    def __init__(self, pool: Pool, ledger: Ledger) -> None:
        self._pool = pool
        self._ledger = ledger

    def add(self, look: Look, *, is_durable: bool = False) -> None:
        """Put a look on record before anything is shown; see `add_many`."""
        self.add_many((look,), is_durable=is_durable)

    def add_many(self, looks: Sequence[Look], *, is_durable: bool = False) -> None:
        """Put looks on record before anything is shown, all of them or none, in one statement.

        The database may take up to a second to bring them to the disk, unless `is_durable`.
        """
        if not looks:
            return
        self._ledger.keys.load({look.student_id for look in looks})
        rows = zip(*(columns(self._ledger, look) for look in looks), strict=True)
        commit = "on" if is_durable else "off"
        with held(looks[0].student_id), connection(self._pool) as conn:
            conn.execute(_ADD.encode(), (*map(list, rows), commit), prepare=True)

    def of(self, subject_id: UUID, *, before: tuple[datetime, UUID], limit: int) -> list[Looked]:
        """The looks at the file of one pupil, the latest first, those before a moment and id."""
        rows = fetch(self._pool, _OF, (subject_id, *before, limit))
        return list(self._opened(subject_id, rows))

    def place(self, on: date, *, months: int = _MONTHS_AHEAD) -> int:
        """See that this month and the next ones have their partitions; how many looks had none, now moved if due."""
        rows = fetch(self._pool, _PLACE, (on, months))
        return int(rows[0][0])

    def _opened(self, subject_id: UUID, rows: Sequence[Any]) -> Iterator[Looked]:
        for record_id, at, student_id, part, role, level, correlation_id, sealed in rows:
            try:
                who = from_json(self._ledger.open(subject_id, sealed, _place(record_id)))
            except SubjectErased:
                return
            person_id, relation_id, purpose, name = who
            look = Look(
                student_id=student_id,
                part=Part(part),
                person_id=UUID(person_id),
                role=role,
                level=level,
                correlation_id=correlation_id,
                relation_id=None if relation_id is None else UUID(relation_id),
                purpose=purpose,
                name=name,
            )
            yield Looked(record_id, at, look)
