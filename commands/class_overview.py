"""The plans of a class (klassvyn): the overview of each pupil whom the reader teaches, or assesses in a subject."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from pydantic_core import from_json

from access.acquaintance import TEACHING
from access.actions import Action
from access.decide import Standing, grants, permit
from access.errors import AssuranceTooLow, SchoolNotFound
from aggregates.swedish import swedish_order
from commands.context import Caller, Context
from commands.own_pupils import OwnPupil, own_pupils
from commands.reads import Part, look_of
from projections.directory import GroupEntry, StudentEntry
from projections.overview import Overviews
from store.access_record import Look


@dataclass(frozen=True, slots=True)
class PupilInClass:
    """A pupil of the class, what the reader is to the pupil at work, and the newest plan's overview.

    `document` is None where no plan was ever started.
    """

    student: StudentEntry
    standing: Standing
    document: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class ClassOverview:
    """A class as one reader may see it, in Swedish order.

    `needed_level`: the lowest level at which there would be more of it; None where this is all.
    """

    group: GroupEntry
    pupils: tuple[PupilInClass, ...]
    needed_level: int | None


def look_at_class(context: Context, overviews: Overviews, caller: Caller, group_id: UUID, *, on: date) -> ClassOverview:
    """The plans of those of the class whom the reader teaches or is mentor of; others are not named at all (S-GEN-8).

    Each of them is a look on record, in one statement. Raises SchoolNotFound where there is nobody, and AssuranceTooLow
    where there would be somebody for a stronger sign-in.
    """
    found = _class(context, overviews, caller, group_id, on=on)
    record_class(context, caller, found.pupils, Part.OVERVIEW, on=on)
    return found


def assessed_in_class(
    context: Context, overviews: Overviews, caller: Caller, group_id: UUID, subject: str, *, on: date
) -> ClassOverview:
    """The plans of those of the class whom the caller assesses in the subject (S-OMD-1). Raises as `look_at_class`.

    Whoever shows anything of them calls `record_class` before.
    """
    return _class(context, overviews, caller, group_id, on=on, subject=subject)


def record_class(context: Context, caller: Caller, pupils: Sequence[PupilInClass], part: Part, *, on: date) -> None:
    """Put on record that the caller looks at a part of the files of pupils of a class, in one statement.

    Durable at once where a pupil's identity is protected. Raises StoreUnavailable, and then nothing may be shown.
    """
    looks = [_look(context, caller, one, part, on) for one in pupils]
    context.record.add_many(looks, is_durable=any(one.student.is_protected for one in pupils))


def _class(
    context: Context, overviews: Overviews, caller: Caller, group_id: UUID, *, on: date, subject: str | None = None
) -> ClassOverview:
    """With a subject: those whom the caller assesses in it."""
    group = context.directory.group(group_id)
    if group is None:
        raise SchoolNotFound
    members = context.directory.group_members(group_id, protected_for=caller.person_id)
    own = own_pupils(context, caller, on=on, among={one.student_id for one in members})
    at_work = {one.student.student_id: _at_work(caller, one, on, subject) for one in own.shown}
    shown = [(one, at_work[one.student_id]) for one in members if one.student_id in at_work]
    shown = [(student, standing) for student, standing in shown if standing.relations]
    if not shown and own.needed_level is not None:
        raise AssuranceTooLow(own.needed_level)
    if not shown:
        raise SchoolNotFound
    found = overviews.newest_of([student.student_id for student, _ in shown], caller.eyes(on))
    documents = {student_id: from_json(overview.json) for student_id, overview in found.items()}
    pupils = [PupilInClass(student, standing, documents.get(student.student_id)) for student, standing in shown]
    return ClassOverview(
        group, tuple(sorted(pupils, key=lambda one: swedish_order(one.student.name))), own.needed_level
    )


def _at_work(caller: Caller, one: OwnPupil, on: date, subject: str | None) -> Standing:
    """The relations in which the reader teaches the pupil, or assesses in the subject; none where there are none.

    A guardian who also teaches the class looks at it as its teacher.
    """
    relations = tuple(relation for relation in one.relations if relation.role in TEACHING)
    standing = Standing(relations, is_protected=one.student.is_protected, is_named=True)
    if subject is None:
        return standing
    assessing = grants(Action.ASSESS_SUBJECT, standing, on=on, at=caller.at, subject=subject)
    those = {grant.relation_id for grant in assessing}
    return replace(standing, relations=tuple(relation for relation in relations if relation.id in those))


def _look(context: Context, caller: Caller, one: PupilInClass, part: Part, on: date) -> Look:
    grant = permit(Action.READ_FILE, one.standing, on=on, level=caller.level, levels=context.levels, at=caller.at)
    return look_of(caller, grant, one.student.student_id, part)
