"""Reading a pupil's file: the same access check as for writing, on the same relations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, get_args
from uuid import UUID

from access.actions import Action
from access.decide import Grant, Standing, permit, permit_at_school
from access.errors import StudentNotFound
from access.scopes import Scope, permit_client, permit_client_on_file, require_scope
from aggregates.duties import Duty, open_duties
from aggregates.file_retention import RetentionEvent
from aggregates.plan import Plan
from aggregates.plans import plan_of
from aggregates.student_file import StudentFile
from aggregates.vocabulary import FORECAST_WORDS
from commands.context import STOCKHOLM, Caller, Context
from commands.run import standing_in
from commands.settings import school_settings
from commands.shown import hidden
from commands.streams import STUDENT_FILE, find
from events.assessments import Forecast
from events.base import Recorded, Role
from events.school import ForecastVocabulary
from store.access_record import EDUCATION, EMERGENCY, Look, Looked, Part
from store.errors import StreamNotFound

__all__ = [
    "Opened", "Part", "look_of", "open_file", "open_history", "permit_school_reading", "read_access_record",
    "read_duties", "read_file", "read_history", "read_plan", "record_look", "record_looks", "vocabulary_of",
]  # fmt: skip


_NOTHING = Standing()
OF_OFFICERS = get_args(RetentionEvent)


@dataclass(frozen=True, slots=True)
class Opened:
    """A pupil's file that the caller may read, in which part; nothing of it is shown before the look is on record.

    `standing` is what the caller is to the pupil; nothing for a program.
    """

    file: StudentFile
    grant: Grant
    standing: Standing = _NOTHING


def open_file(context: Context, caller: Caller, student_id: UUID, *, on: date) -> Opened:
    """The pupil's file as it is now, for whoever is involved in the pupil's learning (S-ROL-10, S-SEC-2).

    Whoever shows something of it calls `record_look` before.
    """
    return _opened(context, caller, find(context, STUDENT_FILE, student_id), on=on)


def _opened(context: Context, caller: Caller, file: StudentFile | None, *, on: date) -> Opened:
    if file is None:
        raise StudentNotFound
    if caller.client is not None:
        is_protected = file.protection is not None
        grant = permit_client_on_file(Action.READ_FILE, caller.client, file.school_id, is_protected=is_protected)
        return Opened(file, grant)
    standing = _standing(context, caller, file)
    return Opened(file, _permit(Action.READ_FILE, context, caller, standing, on=on), standing)


def _standing(context: Context, caller: Caller, file: StudentFile) -> Standing:
    return standing_in(file, caller.person_id, context.directory.school_roles(caller.person_id, file.school_id))


def _permit(action: Action, context: Context, caller: Caller, standing: Standing, *, on: date) -> Grant:
    return permit(action, standing, on=on, level=caller.level, levels=context.levels, at=caller.at)


def record_look(context: Context, caller: Caller, opened: Opened, part: Part) -> None:
    """Put on record that the caller looks at a part of the file; the answer is sent afterwards.

    Durable at once where the file was opened in an emergency or the pupil's identity is protected. Raises
    StoreUnavailable, and then nothing may be shown.
    """
    record_looks(context, caller, (opened,), part)


def record_looks(context: Context, caller: Caller, opened: Sequence[Opened], part: Part) -> None:
    """Put on record that the caller looks at a part of several files, in one statement; else as `record_look`."""
    looks = [look_of(caller, one.grant, one.file.id, part, is_emergency=_is_emergency(one)) for one in opened]
    is_durable = any(one.file.protection is not None or _is_emergency(one) for one in opened)
    context.record.add_many(looks, is_durable=is_durable)


def _is_emergency(opened: Opened) -> bool:
    relation_id = opened.grant.relation_id
    relation = opened.file.relations.get(relation_id) if relation_id else None
    return relation is not None and relation.expires_at is not None


def look_of(caller: Caller, grant: Grant, student_id: UUID, part: Part, *, is_emergency: bool = False) -> Look:
    """What is put on record of a look: who, in which role and relation, at what, how surely identified, and why."""
    client = caller.client
    return Look(
        student_id=student_id,
        part=part,
        person_id=caller.person_id,
        role=grant.role.value,
        level=caller.level,
        correlation_id=caller.correlation_id,
        relation_id=grant.relation_id,
        purpose=client.purpose if client else EMERGENCY if is_emergency else EDUCATION,
        name=client.name if client else "",
    )


def read_file(context: Context, caller: Caller, student_id: UUID, *, on: date, part: Part) -> tuple[StudentFile, Grant]:
    """The pupil's file as it is now, and the right to it, for who shows this part of it and refuses nothing more."""
    opened = open_file(context, caller, student_id, on=on)
    record_look(context, caller, opened, part)
    return opened.file, opened.grant


def read_plan(
    context: Context, caller: Caller, student_id: UUID, plan_id: UUID, *, on: date
) -> tuple[Plan, dict[Forecast, str]]:
    """One plan, current or archived, as it is now (S-ARC-2), and its school's words for each forecast (S-OMD-9).

    The words are those of the day on which the plan was started: an old plan keeps the vocabulary of its time.
    """
    opened = open_file(context, caller, student_id, on=on)
    plan = plan_of(opened.file, plan_id)
    record_look(context, caller, opened, Part.PLAN)
    return plan, FORECAST_WORDS[vocabulary_of(context, opened.file, plan)]


def vocabulary_of(context: Context, file: StudentFile, plan: Plan) -> ForecastVocabulary:
    """In whose words the forecasts of a plan are said: those of its school on the day on which it was started."""
    started_on = plan.started_at.astimezone(STOCKHOLM).date()
    return school_settings(context, file.school_id, on=started_on).vocabulary


def read_duties(context: Context, file: StudentFile, *, on: date) -> list[Duty]:
    """What the law and the school's settings still ask for in the file on this day."""
    return open_duties(file, school_settings(context, file.school_id, on=on), on=on)


def open_history(context: Context, caller: Caller, student_id: UUID, *, on: date) -> tuple[Opened, list[Recorded[Any]]]:
    """The pupil's file as it is now, and every event of it in order.

    Whoever shows something of them calls `record_look` before.
    """
    try:
        history = context.ledger.load(student_id, _collect)
    except StreamNotFound:
        raise StudentNotFound from None
    return _opened(context, caller, STUDENT_FILE.fold_own(None, history), on=on), history


def read_history(context: Context, caller: Caller, student_id: UUID, *, on: date) -> list[Recorded[Any]]:
    """Every event of the pupil's file, in order: who, in which relation, for whom, when.

    But what officers record of how long the file is kept is theirs: a hold may come from a case that is secret.
    """
    opened, history = open_history(context, caller, student_id, on=on)
    record_look(context, caller, opened, Part.HISTORY)
    return [recorded for recorded in history if not isinstance(recorded.event, OF_OFFICERS)]


def _collect(earlier: list[Recorded[Any]] | None, events: Iterable[Recorded[Any]]) -> list[Recorded[Any]]:
    return [*(earlier or ()), *events]


@dataclass(frozen=True, slots=True)
class Seen:
    """A look that is on record, with the name that whoever looked has in the file or has now, None where gone.

    `is_hidden`: who looked is not for the reader of the record to know: a pupil whose identity is protected, or a
    guardian of one, who looks as such at what a class shows of others.
    """

    looked: Looked
    name: str | None
    is_hidden: bool = False


def read_access_record(
    context: Context, caller: Caller, student_id: UUID, *, on: date, before: tuple[datetime, UUID], limit: int
) -> list[Seen]:
    """Who has looked at the pupil's file, the latest first, for guardians, the principal, and programs that audit.

    That this is read goes on record too. A protected pupil's record is for persons alone (StudentNotFound).
    """
    file = find(context, STUDENT_FILE, student_id)
    if file is None:
        raise StudentNotFound
    if caller.client is not None:
        require_scope(caller.client, (Scope.AUDIT,))
        if file.protection is not None:
            raise StudentNotFound
        grant = Grant(Role.CLIENT)
    else:
        grant = _permit(Action.READ_ACCESS_RECORD, context, caller, _standing(context, caller, file), on=on)
    found = context.record.of(file.subject_id, before=before, limit=limit)
    unnamed = {looked.look.person_id for looked in found if _name_in(file, looked.look) is None}
    names = {person_id: entry.name for person_id, entry in context.directory.persons(unnamed).items()}
    record_look(context, caller, Opened(file, grant), Part.ACCESS_RECORD)
    not_shown = _unseen(context, caller, file, found)
    return [
        Seen(looked, None, is_hidden=True)
        if looked.record_id in not_shown
        else Seen(looked, _name_in(file, looked.look) or names.get(looked.look.person_id))
        for looked in found
    ]


def _unseen(context: Context, caller: Caller, file: StudentFile, found: Sequence[Looked]) -> set[UUID]:
    """The looks of those whom the reader must not know of; a look in a relation that the file holds is the file's."""
    others = [looked for looked in found if looked.look.relation_id not in file.relations]
    hiding = hidden(context, caller, {looked.look.person_id for looked in others})
    at_home = {looked.look.person_id for looked in others if looked.look.role == Role.GUARDIAN}
    homes = hidden(context, caller, at_home, even_if_known=True)
    return {
        looked.record_id
        for looked in others
        if looked.look.person_id in hiding or (looked.look.role == Role.GUARDIAN and looked.look.person_id in homes)
    }


def _name_in(file: StudentFile, look: Look) -> str | None:
    """A program's own name, or the name of a person in the relation that was read in."""
    relation = file.relations.get(look.relation_id) if look.relation_id else None
    return look.name or (relation.name if relation else None)


def permit_school_reading(context: Context, caller: Caller, school_id: UUID, *, on: date) -> Grant:
    """The right to read a school's groups, templates and settings."""
    if caller.client is not None:
        return permit_client(Action.READ_SCHOOL, caller.client, school_id)
    roles = context.directory.school_roles(caller.person_id, school_id)
    return permit_at_school(Action.READ_SCHOOL, roles, on=on, level=caller.level, levels=context.levels)
