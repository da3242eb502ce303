"""What is due for disposal: listed for the retention operator, proposed to a plan, and asked once more at the end."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from access.actions import Action
from access.scopes import Scope, require_scope
from aggregates.file_retention import RetentionEvent
from aggregates.retention_policy import RetentionPolicy
from aggregates.student_file import student_file_id
from commands.context import STOCKHOLM, Caller, Context
from commands.officers import find_municipality, permit_office_reading
from commands.schedules import find_policy
from commands.streams import STUDENT_FILE, find
from events.base import Recorded
from events.enrolment import (
    SchoolingEndCorrected,
    SchoolingEnded,
    SchoolingEndWithdrawn,
    StudentEnrolled,
    StudentReenrolled,
)
from events.retention import DisposalAction, DocumentClass, SkipReason
from retention.due import Due, due_account, due_file, due_month, ended
from retention.items import Item
from store.bulk import load_many
from store.errors import StoreUnavailable, StreamNotFound

_PAGE = 1000
_WAIT = 5.0
"""How many seconds an account waits until what the directory says of it is what the ledger says."""
_RETENTION_KINDS = tuple(
    event.code
    for event in (
        StudentEnrolled,
        SchoolingEnded,
        SchoolingEndCorrected,
        SchoolingEndWithdrawn,
        StudentReenrolled,
        *RetentionEvent.__args__,
    )
)
"""The events that tell whether a file is due: a few of the hundreds in it."""


def read_due(
    context: Context,
    caller: Caller,
    document_class: DocumentClass,
    *,
    on: date,
    as_of: date | None = None,
    after: UUID | None = None,
    limit: int,
) -> list[Due]:
    """What of a class is due, held and for review too, by id alone; those after an id. `as_of` looks ahead to a day.

    For the retention operator, and for programs that list it. Months of the access record are answered all at once.
    """
    if caller.client is not None:
        require_scope(caller.client, (Scope.RETENTION,))
    else:
        permit_office_reading(context, caller, Action.READ_DUE, on=on)
    policy, today = find_policy(context), as_of or context.due_day(on)
    match document_class:
        case DocumentClass.STUDENT_FILE:
            return context.retention.due_files(policy, today, after=after, limit=limit)
        case DocumentClass.ACCOUNT:
            return _first(_due_accounts(context, policy, today, after=after), limit)
        case DocumentClass.ACCESS_RECORD:
            return context.retention.due_months(policy, today)[:limit] if after is None else []


def read_schools(context: Context, caller: Caller, student_ids: Iterable[UUID], *, on: date) -> dict[UUID, str]:
    """The name of the school of each pupil's file, for the retention operator, who sees of the pupil nothing else."""
    permit_office_reading(context, caller, Action.READ_DUE, on=on)
    of_file = context.directory.schools_of_students(student_ids)
    names = {
        school_id: school.name for school_id in set(of_file.values()) if (school := context.directory.school(school_id))
    }
    return {student_id: names[school_id] for student_id, school_id in of_file.items() if school_id in names}


def to_be_destroyed(context: Context, on: date, limit: int) -> list[Due]:
    """What a plan of this day lists, files first, each pupil's account after the file, at most so many.

    A file that is held is listed, so that who approves knows of it, and will be left; its pupil's account is not.
    Nothing where nothing else is due.
    """
    policy, today = find_policy(context), context.due_day(on)
    files = _first((due for due in context.retention.all_due_files(policy, today) if due.is_on_a_list), limit)
    found = [*files, *_accounts_of(context, policy, [file for file in files if not file.is_held], today)]
    found += _first(_due_accounts(context, policy, today), max(0, limit - len(found)))
    found += context.retention.due_months(policy, today)
    return found[:limit] if any(not due.is_held for due in found) else []


def why_not(context: Context, item: Item, *, on: date, is_transferred: bool = False) -> SkipReason | None:
    """Why an item of an approved plan must be left as it is, asked when nothing can be appended any more.

    None where it is still due, by the very schedule that was approved. Raises StoreUnavailable, also where the read
    model that knows an account's parts lags.
    """
    policy, today = find_policy(context), context.due_day(on)
    match item.document_class:
        case DocumentClass.STUDENT_FILE:
            return _why_not_file(context, item, policy, today, is_transferred=is_transferred)
        case DocumentClass.ACCOUNT:
            return _why_not_account(context, item, policy, today)
        case DocumentClass.ACCESS_RECORD:
            due = due_month(item.month, policy, today) if item.month is not None else None
            return None if _is_as_approved(due, item) else SkipReason.NOT_DUE


def _why_not_file(
    context: Context, item: Item, policy: RetentionPolicy, today: date, *, is_transferred: bool
) -> SkipReason | None:
    ids = [item.subject_id] if item.subject_id is not None else []
    files = load_many(context.ledger, ids, STUDENT_FILE.fold, kinds=_RETENTION_KINDS)
    if not files:
        return SkipReason.GONE
    end = ended(*files.values())
    if end is None:
        return SkipReason.SCHOOLING_NOT_ENDED
    if end.holds:
        return SkipReason.HELD
    due = due_file(end, policy, today)
    if due is None or due.schedule_id != item.schedule_id:
        return SkipReason.NOT_DUE
    if due.action is DisposalAction.REVIEW:
        return SkipReason.REVIEW_WANTED
    return SkipReason.NOT_TRANSFERRED if due.action is DisposalAction.TRANSFER and not is_transferred else None


def _why_not_account(context: Context, item: Item, policy: RetentionPolicy, today: date) -> SkipReason | None:
    person_id = item.subject_id
    registered_on = _registered_on(context, person_id) if person_id is not None else None
    if person_id is None or registered_on is None:
        return SkipReason.GONE
    if not context.directory.knows_every_relation(_WAIT):
        msg = "the directory is behind the ledger: who has a part where is not known"
        raise StoreUnavailable(msg)
    last_on, is_used = context.directory.account_uses((person_id,), today).get(person_id, (None, False))
    is_pupil = find(context, STUDENT_FILE, student_file_id(person_id)) is not None
    if is_used or is_pupil or person_id in _officers(context, today):
        return SkipReason.IN_USE
    due = due_account(person_id, last_on or registered_on, policy, today)
    return None if _is_as_approved(due, item) else SkipReason.NOT_DUE


def _is_as_approved(due: Due | None, item: Item) -> bool:
    return due is not None and due.schedule_id == item.schedule_id


def _due_accounts(
    context: Context, policy: RetentionPolicy, today: date, *, after: UUID | None = None
) -> Iterator[Due]:
    """Accounts of people who have nothing to do with any school since long enough, in order of id (G-19)."""
    if policy.of(DocumentClass.ACCOUNT, None, on=today) is None:
        return
    officers = _officers(context, today)
    while page := context.directory.accounts_without_relation(today, after=after, limit=_PAGE):
        for person_id, last_on in page:
            began_on = last_on or _registered_on(context, person_id)
            if began_on is None or person_id in officers:
                continue
            due = due_account(person_id, began_on, policy, today)
            if due is not None:
                yield due
        after = page[-1][0]


def _accounts_of(context: Context, policy: RetentionPolicy, files: Sequence[Due], today: date) -> Iterator[Due]:
    """The accounts of pupils whose files go, and who are nothing else: they have nothing left but a way to sign in."""
    pupils = context.directory.pupils(due.subject_id for due in files if due.subject_id is not None)
    uses = context.directory.account_uses(pupils.values(), today)
    officers = _officers(context, today)
    for file in files:
        person_id = pupils.get(file.subject_id) if file.subject_id is not None else None
        if person_id is None or person_id in officers:
            continue
        last_on, is_used = uses.get(person_id, (None, False))
        if is_used:
            continue
        due = due_account(person_id, max(file.counted_from, last_on or file.counted_from), policy, today)
        if due is not None:
            yield due


def _officers(context: Context, on: date) -> set[UUID]:
    """Who holds an office on this day or later."""
    found = find_municipality(context)
    offices = found.offices.values() if found is not None else ()
    return {office.person_id for office in offices if office.holds(max(on, office.since))}


def _registered_on(context: Context, person_id: UUID) -> date | None:
    """The day on which the person became known; None where there is no such person any more."""

    def first(at: datetime | None, events: Iterable[Recorded[Any]]) -> datetime | None:
        return at or next((recorded.at for recorded in events), None)

    try:
        at: datetime = context.ledger.load(person_id, first)
    except StreamNotFound:
        return None
    return at.astimezone(STOCKHOLM).date()


def _first(due: Iterable[Due], limit: int) -> list[Due]:
    return list(islice(due, limit))
