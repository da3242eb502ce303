"""The plans of a class (klassvyn): the overview of each pupil whose file the reader reads at work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from pydantic_core import from_json

from access.acquaintance import TEACHING
from access.actions import Action
from access.decide import Standing, permit
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

    Each of them is a look on record, in one statement before anything is read. Raises SchoolNotFound where there is
    nobody, and AssuranceTooLow where there would be somebody for a stronger sign-in.
    """
    group = context.directory.group(group_id)
    if group is None:
        raise SchoolNotFound
    members = context.directory.group_members(group_id, protected_for=caller.person_id)
    own = own_pupils(context, caller, on=on, among={one.student_id for one in members})
    standings = {one.student.student_id: _at_work(one) for one in own.shown if any(map(one.is_known_as, TEACHING))}
    if not standings and own.needed_level is not None:
        raise AssuranceTooLow(own.needed_level)
    if not standings:
        raise SchoolNotFound
    shown = [one for one in members if one.student_id in standings]
    looks = [_look(context, caller, one, standings[one.student_id], on) for one in shown]
    context.record.add_many(looks, is_durable=any(one.is_protected for one in shown))
    found = overviews.newest_of(list(standings), caller.eyes(on))
    documents = {student_id: from_json(overview.json) for student_id, overview in found.items()}
    pupils = [PupilInClass(one, standings[one.student_id], documents.get(one.student_id)) for one in shown]
    return ClassOverview(
        group, tuple(sorted(pupils, key=lambda one: swedish_order(one.student.name))), own.needed_level
    )


def _at_work(one: OwnPupil) -> Standing:
    """A guardian who also teaches the class looks at it as a teacher."""
    relations = tuple(relation for relation in one.relations if relation.role in TEACHING)
    return Standing(relations, is_protected=one.student.is_protected, is_named=True)


def _look(context: Context, caller: Caller, one: StudentEntry, standing: Standing, on: date) -> Look:
    grant = permit(Action.READ_FILE, standing, on=on, level=caller.level, levels=context.levels, at=caller.at)
    return look_of(caller, grant, one.student_id, one.person_id, Part.OVERVIEW)
