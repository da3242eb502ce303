"""The one decision on access: may this person, in these relations, do this, now, at this assurance level."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from access.actions import ALLOWED, Action
from access.errors import AssuranceTooLow, NotOwnSubject, RelationNotHeld, SchoolNotFound, StudentNotFound
from access.errors.roles import REFUSAL
from access.levels import Levels
from aggregates.errors import Refusal
from aggregates.municipality import Office
from aggregates.school import SchoolRole
from aggregates.student_file import Relation
from events.base import Role

_WHATEVER_LEVEL = Levels(roles={}, actions={})
_IN_SPITE_OF_PROTECTION = frozenset({Action.PROTECT_IDENTITY, Action.OPEN_IN_EMERGENCY})
"""What a part at a school gives also where a protected identity does not name its holder."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What one person is to one pupil: relations to the pupil, and parts at the pupil's present school.

    Ended and future relations may be among them; only those that hold on the day count. Where the pupil's identity is
    protected, `is_named` says whether the person is one of those who may see it.
    """

    relations: tuple[Relation, ...] = ()
    school_roles: tuple[SchoolRole, ...] = ()
    is_protected: bool = False
    is_named: bool = False


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
    at: datetime | None = None,
) -> Grant:
    """The relation that allows the action with the pupil, or a refusal.

    `acting_as` narrows to one relation, as every write does (G-13). `subject` is the syllabus subject code of an
    assessment. `at` is the moment: without it a file opened in an emergency counts as closed. A person who holds no
    relation at all learns nothing, not even that the pupil exists: StudentNotFound; nor does one whom a protected
    identity does not name.
    """
    held = _held(action, standing, on, at)
    if not held:
        raise StudentNotFound
    grant = _first_allowed(
        action, held, level=level, levels=levels, acting_as=acting_as, is_protected=standing.is_protected
    )
    if action is Action.ASSESS_SUBJECT and not _teaches(standing.relations, grant, subject, on):
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


def permit_officer(
    action: Action,
    offices: Sequence[Office],
    *,
    on: date,
    level: int,
    levels: Levels,
    acting_as: UUID | None = None,
) -> Grant:
    """The office in the municipality that allows the action, or a refusal; who holds none gets the action's own."""
    held = [office for office in offices if office.holds(on)]
    if not held:
        raise REFUSAL[action]
    return _first_allowed(action, held, level=level, levels=levels, acting_as=acting_as)


def office_for(action: Action, offices: Sequence[Office], *, on: date) -> Office:
    """The office that an action is done in, whatever the sign-in: what a page or terminal names for its user.

    Raises the action's refusal where the person holds none such.
    """
    for office in offices:
        if office.holds(on) and office.role in ALLOWED[action]:
            return office
    raise REFUSAL[action]


def _held(action: Action, standing: Standing, on: date, at: datetime | None) -> list[Relation | SchoolRole]:
    """The relations and parts that count now; other staff have nothing to do with a pupil (S-ROL-7)."""
    relations = [r for r in standing.relations if r.holds(on) and _is_open(r, at)]
    roles = [r for r in standing.school_roles if r.holds(on) and r.role is not Role.STAFF]
    if standing.is_protected and not standing.is_named:
        relations = [r for r in relations if r.role is Role.PUPIL or r.expires_at]
        roles = roles if action in _IN_SPITE_OF_PROTECTION else []
    return [*relations, *roles]


def _is_open(relation: Relation, at: datetime | None) -> bool:
    return relation.expires_at is None or (at is not None and at < relation.expires_at)


def _first_allowed(
    action: Action,
    held: Sequence[Relation | SchoolRole | Office],
    *,
    level: int,
    levels: Levels,
    acting_as: UUID | None,
    is_protected: bool = False,
) -> Grant:
    if acting_as is not None:
        held = [r for r in held if r.id == acting_as]
        if not held:
            raise RelationNotHeld
    needed = {
        r.id: (r, _lowest(action, r, levels, is_protected=is_protected))
        for r in held
        if r.role in ALLOWED[action] and (action is Action.READ_FILE or not _is_emergency(r))
    }
    if not needed:
        raise REFUSAL[action]
    for candidate, lowest in needed.values():
        if level >= lowest:
            return Grant(candidate.role, candidate.id)
    raise AssuranceTooLow(min(lowest for _, lowest in needed.values()))


def _is_emergency(held: Relation | SchoolRole | Office) -> bool:
    return isinstance(held, Relation) and held.expires_at is not None


def _lowest(action: Action, held: Relation | SchoolRole | Office, levels: Levels, *, is_protected: bool) -> int:
    """What the action asks for in this role, and what a protected identity or an emergency adds (G-17)."""
    lowest = levels.lowest(action, held.role)
    if is_protected and held.role is not Role.PUPIL:
        lowest = max(lowest, levels.lowest(Action.READ_PROTECTED, held.role))
    if _is_emergency(held):
        lowest = max(lowest, levels.lowest(Action.OPEN_IN_EMERGENCY, held.role))
    return lowest


def _teaches(relations: Sequence[Relation], grant: Grant, subject: str | None, on: date) -> bool:
    """Whether the one who acts teaches the pupil the subject (S-ROL-3).

    An educator teaches all of it. A mentor assesses only as a teacher of the subject, that is with a teacher's
    relation beside the mentor's.
    """
    if grant.role is Role.EDUCATOR:
        return True
    acting = next(r for r in relations if r.id == grant.relation_id)
    if grant.role is Role.TEACHER:
        return subject in acting.subjects
    return any(
        r.role is Role.TEACHER and r.person_id == acting.person_id and subject in r.subjects and r.holds(on)
        for r in relations
    )


def may(
    action: Action, standing: Standing, *, on: date, level: int, levels: Levels, at: datetime | None = None
) -> bool:
    """Whether the action is allowed: what lists ask, which leave out what is not for the reader."""
    try:
        permit(action, standing, on=on, level=level, levels=levels, at=at)
    except Refusal:
        return False
    return True


def grants(
    action: Action, standing: Standing, *, on: date, at: datetime | None = None, subject: str | None = None
) -> tuple[Grant, ...]:
    """Every relation and part that allows the action, whatever the sign-in: what a page asks, to know which to offer.

    A sign-in that is too low for it is asked for more when the form is sent.
    """
    found = []
    for held in _held(action, standing, on, at):
        try:
            found.append(
                permit(
                    action, standing, on=on, level=0, levels=_WHATEVER_LEVEL, acting_as=held.id, subject=subject, at=at
                )
            )
        except Refusal:
            continue
    return tuple(found)


def require_level(action: Action, *, level: int, levels: Levels) -> None:
    """Let through a sign-in that is strong enough for the action, whatever the role. Raises AssuranceTooLow."""
    needed = levels.lowest(action, Role.SELF)
    if level < needed:
        raise AssuranceTooLow(needed)
