"""The plans of a class (klassvyn): the overview of each pupil whom the reader teaches, or keeps the school of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from pydantic_core import from_json

from access.acquaintance import TEACHING
from access.actions import ALLOWED, Action
from access.decide import Grant, Standing, grants, permit, permit_at_school
from access.errors import AssuranceTooLow, SchoolNotFound
from aggregates.errors import Refusal
from aggregates.swedish import swedish_order
from commands.context import Caller, Context
from commands.reads import Part, look_of
from projections.directory import GroupEntry, SchoolPart, StudentEntry, StudentRelation
from projections.overview import Overviews
from store.access_record import Look


@dataclass(frozen=True, slots=True)
class PupilInClass:
    """A pupil of the class, what the reader is to the pupil at work and at the school, and the newest plan's overview.

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
    """The plans of those of the class whom the reader teaches, is mentor of or keeps the school of (S-GEN-8, S-ROL-6).

    Others are not named at all; a class without anybody is empty for the administration of its school. Each of them is
    a look on record, in one statement. Raises SchoolNotFound where there is nobody, and AssuranceTooLow where there
    would be somebody for a stronger sign-in.
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
    relations = context.directory.seen_by(caller.eyes(on)).students_of(caller.person_id)
    teaching = [one for one in relations if one.relation.role in TEACHING]
    parts = context.directory.school_parts(caller.person_id)
    standings = [_at_work(caller, one, teaching, parts, on, subject) for one in members]
    shown, needed_level = _readable(context, caller, zip(members, standings, strict=True), on)
    if not shown and needed_level is not None:
        raise AssuranceTooLow(needed_level)
    if not shown:
        _permit_empty(context, caller, [] if subject else parts, group, on)
    found = overviews.newest_of([student.student_id for student, _ in shown], caller.eyes(on))
    documents = {student_id: from_json(overview.json) for student_id, overview in found.items()}
    pupils = [PupilInClass(student, standing, documents.get(student.student_id)) for student, standing in shown]
    return ClassOverview(group, tuple(sorted(pupils, key=lambda one: swedish_order(one.student.name))), needed_level)


def _at_work(
    caller: Caller,
    student: StudentEntry,
    teaching: Iterable[StudentRelation],
    parts: Iterable[SchoolPart],
    on: date,
    subject: str | None,
) -> Standing:
    """What the reader is to the pupil at work and at the pupil's school; with a subject, only who assesses in it.

    A guardian who also teaches the class looks at it as its teacher.
    """
    relations = tuple(one.relation for one in teaching if one.student.student_id == student.student_id)
    standing = Standing(relations, is_protected=student.is_protected, is_named=True)
    if subject is None:
        return replace(standing, school_roles=tuple(p.role for p in parts if p.school_id == student.school_id))
    assessing = grants(Action.ASSESS_SUBJECT, standing, on=on, at=caller.at, subject=subject)
    those = {grant.relation_id for grant in assessing}
    return replace(standing, relations=tuple(relation for relation in relations if relation.id in those))


def _readable(
    context: Context, caller: Caller, members: Iterable[tuple[StudentEntry, Standing]], on: date
) -> tuple[list[tuple[StudentEntry, Standing]], int | None]:
    """Those whose files the reader may read, and the lowest level at which there would be more of them."""
    shown, needed = [], set[int]()
    for student, standing in members:
        try:
            _permit(context, caller, standing, on)
        except AssuranceTooLow as too_low:
            needed.add(too_low.needed_level)
        except Refusal:
            continue
        else:
            shown.append((student, standing))
    return shown, min(needed, default=None)


def _permit_empty(context: Context, caller: Caller, parts: Iterable[SchoolPart], group: GroupEntry, on: date) -> None:
    """That nobody is in a class is for the administration of its school to see. Raises SchoolNotFound."""
    keeping = [
        part.role for part in parts if part.school_id == group.school_id and part.role.role in ALLOWED[Action.READ_FILE]
    ]
    permit_at_school(Action.READ_FILE, keeping, on=on, level=caller.level, levels=context.levels)


def _permit(context: Context, caller: Caller, standing: Standing, on: date) -> Grant:
    return permit(Action.READ_FILE, standing, on=on, level=caller.level, levels=context.levels, at=caller.at)


def _look(context: Context, caller: Caller, one: PupilInClass, part: Part, on: date) -> Look:
    return look_of(caller, _permit(context, caller, one.standing, on), one.student.student_id, part)
