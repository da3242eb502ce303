"""What is due for disposal on a day, by which schedule, and what keeps it from being destroyed.

What can go wrong is that a list is older than what it lists: the read model may lag, a hold may come, a day may move.
So a list only proposes. Under the fence, when nothing more can be appended, `due_file` is asked again of the file.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from aggregates.retention_policy import RetentionPolicy, Schedule
from aggregates.student_file import StudentFile
from events.enrolment import SchoolingEndCause
from events.retention import DisposalAction, DocumentClass, ReviewOutcome
from retention.schedules import due_on, latest_beginning, next_month
from store.database import Pool, fetch
from store.readers import SYSTEM, as_seen_by

_FIRST = UUID(int=0)
_FILES = """
select student_id, ended_on, ended_cause, holds, reviewed_schedule, reviewed_outcome, reviewed_until
from file_retention
where ended_on <= %b and student_id > %b
order by student_id
limit %b
"""
_HELD = "select student_id from file_retention where holds > 0 and student_id > %b order by student_id limit %b"
_HELD_AMONG = "select student_id from file_retention where holds > 0 and student_id = any(%b)"
_MONTHS = """
select to_date(right(c.relname, 7), 'YYYY_MM')
from pg_inherits as i inner join pg_class as c on c.oid = i.inhrelid
where i.inhparent = 'access_record'::regclass and c.relname ~ '^access_record_\\d{4}_\\d{2}$'
order by 1
"""
_RUNS = """
select run_id, state, as_of, lapses_on, items, planned_at
from disposal_runs
where planned_at < coalesce(%b, 'infinity'::timestamptz)
order by planned_at desc, run_id
limit %b
"""
_STARTED = "select run_id from disposal_runs where state = 'started' order by planned_at, run_id"
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class EndedFile:
    """A pupil's file whose schooling has ended: why it may be due, and what keeps it."""

    student_id: UUID
    ended_on: date
    cause: SchoolingEndCause
    holds: int = 0
    reviewed_schedule: UUID | None = None
    reviewed_outcome: ReviewOutcome | None = None
    keep_until: date | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is due: nothing in it says whom it is about but an id.

    `subject_id` is the pupil's file or the person of the account; a month of the access record has none but its first
    day. `counted_from` is the day from which the period ran.
    """

    document_class: DocumentClass
    subject_id: UUID | None
    counted_from: date
    due_on: date
    schedule_id: UUID
    action: DisposalAction
    month: date | None = None
    is_held: bool = False

    @property
    def is_on_a_list(self) -> bool:
        """Whether a plan lists it: what is held is listed, and left; what is for review waits for a decision."""
        return self.action is not DisposalAction.REVIEW


def ended(file: StudentFile) -> EndedFile | None:
    """What retention asks of a file, from the file itself; None where schooling has not ended."""
    end, review = file.schooling_ended, file.retention.review
    if end is None:
        return None
    return EndedFile(
        student_id=file.id,
        ended_on=end.ended_on,
        cause=end.cause,
        holds=len(file.retention.holds),
        reviewed_schedule=review.schedule_id if review else None,
        reviewed_outcome=review.outcome if review else None,
        keep_until=review.keep_until if review else None,
    )


def due_file(file: EndedFile, policy: RetentionPolicy, today: date) -> Due | None:
    """The file as it is due today, held or not; None where it is not due, or no schedule counts for it (S-RET-1)."""
    schedule = policy.of(DocumentClass.STUDENT_FILE, file.cause, on=today)
    if schedule is None:
        return None
    due, action = due_on(file.ended_on, years=schedule.years, months=schedule.months), schedule.action
    if action is DisposalAction.REVIEW and file.reviewed_schedule == schedule.id:
        if file.keep_until is not None:
            due = max(due, file.keep_until)
        else:
            action = DisposalAction.PURGE
    if due > today:
        return None
    return Due(
        DocumentClass.STUDENT_FILE,
        file.student_id,
        file.ended_on,
        due,
        schedule.id,
        action,
        is_held=file.holds > 0,
    )


def due_account(person_id: UUID, counted_from: date, policy: RetentionPolicy, today: date) -> Due | None:
    """The account of somebody who has nothing to do with any school since a day, as it is due today (G-19)."""
    schedule = policy.of(DocumentClass.ACCOUNT, None, on=today)
    if schedule is None:
        return None
    due = due_on(counted_from, years=schedule.years, months=schedule.months)
    if due > today:
        return None
    return Due(DocumentClass.ACCOUNT, person_id, counted_from, due, schedule.id, schedule.action)


def due_month(month: date, policy: RetentionPolicy, today: date) -> Due | None:
    """A month of the access record as it is due today, counted from the day after its last."""
    schedule = policy.of(DocumentClass.ACCESS_RECORD, None, on=today)
    if schedule is None:
        return None
    over = next_month(month)
    due = due_on(over, years=schedule.years, months=schedule.months)
    if due > today:
        return None
    return Due(DocumentClass.ACCESS_RECORD, None, over, due, schedule.id, schedule.action, month=month)


@dataclass(frozen=True, slots=True)
class ListedRun:
    """A disposal run in the list of all."""

    run_id: UUID
    state: str
    as_of: date
    lapses_on: date
    items: int
    planned_at: datetime


class RetentionRows:
    """Reads what retention asks of all files at once. Every query raises StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def due_files(self, policy: RetentionPolicy, today: date, *, after: UUID | None = None, limit: int) -> list[Due]:
        """Files that are due today, held and reviewed ones too, in order of id; at most so many after an id."""
        until = _ended_before(policy, today)
        found: list[Due] = []
        while until is not None and len(found) < limit:
            page = self._ended(until, after, _PAGE)
            found += [due for file in page if (due := due_file(file, policy, today)) is not None]
            if len(page) < _PAGE:
                break
            after = page[-1].student_id
        return found[:limit]

    def all_due_files(self, policy: RetentionPolicy, today: date) -> Iterator[Due]:
        """Every file that is due today."""
        after: UUID | None = None
        while page := self.due_files(policy, today, after=after, limit=_PAGE):
            yield from page
            after = page[-1].subject_id

    def due_months(self, policy: RetentionPolicy, today: date) -> list[Due]:
        """Months of the access record that are due today, the oldest first."""
        months = [row[0] for row in fetch(self._pool, _MONTHS, ())]
        return [due for month in months if (due := due_month(month, policy, today)) is not None]

    def held(self, *, after: UUID | None = None, limit: int) -> list[UUID]:
        """Pupils' files that are held, in order of id; those after an id."""
        return [row[0] for row in self._fetch(_HELD, after or _FIRST, limit)]

    def held_among(self, student_ids: Sequence[UUID]) -> set[UUID]:
        """Those of these pupils' files that are held now."""
        return {row[0] for row in self._fetch(_HELD_AMONG, list(student_ids))}

    def runs(self, *, before: datetime | None = None, limit: int) -> list[ListedRun]:
        """Disposal runs, the latest first; those planned before a moment."""
        return [ListedRun(*row) for row in self._fetch(_RUNS, before, limit)]

    def started_runs(self) -> list[UUID]:
        """Runs that are being carried out, or were when somebody stopped; the oldest first."""
        return [row[0] for row in self._fetch(_STARTED)]

    def _ended(self, until: date, after: UUID | None, limit: int) -> list[EndedFile]:
        return [
            EndedFile(
                student_id,
                ended_on,
                SchoolingEndCause(cause),
                held,
                schedule,
                ReviewOutcome(outcome) if outcome else None,
                keep_until,
            )
            for student_id, ended_on, cause, held, schedule, outcome, keep_until in self._fetch(
                _FILES, until, after or _FIRST, limit
            )
        ]

    def _fetch(self, query: str, *parameters: object) -> list[Any]:
        return fetch(self._pool, as_seen_by(query.encode()).decode(), (*parameters, *SYSTEM.settings))


def _ended_before(policy: RetentionPolicy, today: date) -> date | None:
    """The latest day on which schooling can have ended of a file that is due today; None where none can be."""
    counting = [schedule for schedule in policy.schedules.values() if _counts(schedule, today)]
    return max((latest_beginning(today, years=s.years, months=s.months) for s in counting), default=None)


def _counts(schedule: Schedule, today: date) -> bool:
    return schedule.document_class is DocumentClass.STUDENT_FILE and schedule.holds(today)
