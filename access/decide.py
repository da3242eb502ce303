"""The one decision on access: may this person, in these relations, do this, today, at this assurance level."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from access.actions import ALLOWED, Action
from access.errors import REFUSAL, AssuranceTooLow, NotOwnSubject, RelationNotHeld, SchoolNotFound, StudentNotFound
from access.levels import Levels
from aggregates.school import SchoolRole
from aggregates.student_file import Relation
from events.base import Role


@dataclass(frozen=True, slots=True)
class Standing:
    """What one person is to one pupil: relations to the pupil, and parts at the pupil's present school.

    Ended and future relations may be among them; only those that hold on the day count.
    """

    relations: tuple[Relation, ...] = ()
    school_roles: tuple[SchoolRole, ...] = ()


@dataclass(frozen=True, slots=True)
class Grant:
    """The relation or school role that allows an action; no relation for the system and for what is one's own."""

    role: Role
    relation_id: UUID | None = None


def permit(
    action: Action,
    standing: Standing,
    *,
    on: date,
    level: int,
    levels: Levels,
    acting_as: UUID | None = None,
    subject: str | None = None,
) -> Grant:
    """The relation that allows the action with the pupil, or a refusal.

    `acting_as` narrows to one relation, as every write does (G-13). `subject` is the syllabus subject code of an
    assessment. A person who holds no relation at all learns nothing, not even that the pupil exists: StudentNotFound.
    """
    relations = [r for r in standing.relations if r.holds(on)]
    held: list[Relation | SchoolRole] = [
        *relations,
        *(r for r in standing.school_roles if r.holds(on) and r.role is not Role.STAFF),
    ]
    if not held:
        raise StudentNotFound
    grant = _first_allowed(action, held, level=level, levels=levels, acting_as=acting_as)
    if action is Action.ASSESS_SUBJECT and not _teaches(relations, grant, subject):
        raise NotOwnSubject
    return grant


def permit_at_school(
    action: Action,
    roles: Sequence[SchoolRole],
    *,
    on: date,
    level: int,
    levels: Levels,
    acting_as: UUID | None = None,
) -> Grant:
    """The part at the school that allows the action, or a refusal. Who has no part at it: SchoolNotFound."""
    held = [role for role in roles if role.holds(on)]
    if not held:
        raise SchoolNotFound
    return _first_allowed(action, held, level=level, levels=levels, acting_as=acting_as)


def _first_allowed(
    action: Action, held: Sequence[Relation | SchoolRole], *, level: int, levels: Levels, acting_as: UUID | None
) -> Grant:
    if acting_as is not None:
        held = [r for r in held if r.id == acting_as]
        if not held:
            raise RelationNotHeld
    allowed = [r for r in held if r.role in ALLOWED[action]]
    if not allowed:
        raise REFUSAL[action]
    for candidate in allowed:
        if level >= levels.lowest(action, candidate.role):
            return Grant(candidate.role, candidate.id)
    raise AssuranceTooLow(min(levels.lowest(action, candidate.role) for candidate in allowed))


def _teaches(relations: Sequence[Relation], grant: Grant, subject: str | None) -> bool:
    """Whether the one who acts teaches the pupil the subject (S-ROL-3).

    An educator teaches all of it. A mentor assesses only as a teacher of the subject, that is with a teacher's
    relation beside the mentor's.
    """
    if grant.role is Role.EDUCATOR:
        return True
    acting = next(r for r in relations if r.id == grant.relation_id)
    if grant.role is Role.TEACHER:
        return subject in acting.subjects
    return any(r.role is Role.TEACHER and r.person_id == acting.person_id and subject in r.subjects for r in relations)
