"""Who has read and who has agreed, what no longer stands and why, and what hinders the lock (S-SAM-1, S-AGR-1, G-5)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from aggregates.agreement import counts, obstacles
from aggregates.errors import Refusal
from aggregates.goal import GoalDecision
from aggregates.plan import Plan
from aggregates.plan_parts import Concern, Consent
from aggregates.plans import open_plan
from commands.context import STOCKHOLM
from events.base import Role
from events.plan import LockObstacle, Target, TargetKind
from web.plan.page import PlanPage, ShownPlan
from web.plan.targets import TextThere, text_there


@dataclass(frozen=True, slots=True)
class Party:
    """One person who reads and agrees, and what the person has said of the plan.

    `stands` says whether it is about what the plan says now, or said when it was locked. Where it does not,
    `changed` is what has changed since. `is_involved` is false for somebody who no longer is what the person was.
    """

    name: str
    role: Role
    is_reader: bool
    is_involved: bool
    given: Consent | None
    stands: bool
    changed: tuple[TextThere, ...] = ()


@dataclass(frozen=True, slots=True)
class Watched:
    """A concern, and the text that it is about."""

    concern: Concern
    there: TextThere

    @property
    def field(self) -> str:
        """The field for the reason with which it is closed."""
        return f"avslut-{self.concern.id}"


REASON = "skal-"
"""With what the name of a field begins in which the mentor says why the plan is locked all the same."""


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Something that hinders the lock until the mentor states a reason, and the field for the reason."""

    obstacle: LockObstacle
    watched: Watched | None

    @property
    def field(self) -> str:
        """The name of the field, unlike any other's in the plan."""
        return f"{REASON}{self.watched.concern.id if self.watched else self.obstacle.value}"

    @property
    def reason_about(self) -> UUID | None:
        """The concern that the reason is about."""
        return self.watched.concern.id if self.watched else None


def is_open(page: PlanPage) -> bool:
    """Whether the plan may still be written in and agreed to."""
    if page.is_kept:
        return False
    try:
        open_plan(page.file, page.plan.id)
    except Refusal:
        return False
    return True


def readings(page: ShownPlan) -> list[Party]:
    """The guardians, and whether they have read the plan as it is (S-SAM-1)."""
    return list(_parties(page, page.plan.readings, frozenset({Role.GUARDIAN})))


def agreements(page: ShownPlan) -> list[Party]:
    """The pupil and the guardians, and whether they have agreed to the plan as it is (S-AGR-1)."""
    return list(_parties(page, page.plan.agreements, frozenset({Role.PUPIL, Role.GUARDIAN})))


def hindrances(page: PlanPage) -> list[Hindrance]:
    """What hinders the lock today (G-5)."""
    open_ones = {one.concern.id: one for one in watched(page.plan)}
    found = obstacles(page.file, page.plan, on=page.visit.on)
    return [Hindrance(obstacle, open_ones[concern_id] if concern_id else None) for obstacle, concern_id in found]


def undecided(plan: Plan) -> list[TextThere]:
    """Proposals that are neither accepted nor declined: the lock waits for each (G-14)."""
    proposed = [goal for goal in plan.goals.values() if goal.decision is GoalDecision.PROPOSED]
    return [text_there(plan, Target(kind=TargetKind.GOAL, key=str(goal.id))) for goal in proposed]


def watched(plan: Plan) -> list[Watched]:
    """Every concern that was raised about a text of the plan, the open ones first."""
    found = sorted(plan.concerns.values(), key=lambda concern: concern.closed_with is not None)
    return [Watched(concern, text_there(plan, concern.target)) for concern in found]


def changed_since(plan: Plan, version: int) -> tuple[TextThere, ...]:
    """The texts of the plan's content that have changed since a version of it, as they stand now (G-5)."""
    return tuple(text_there(plan, target) for target, changed in _contents(plan) if changed > version)


def _parties(page: ShownPlan, given: Mapping[UUID, Consent], roles: frozenset[Role]) -> Iterator[Party]:
    """Those who had the role on the day that counts, the pupil first, and whoever said something and has it no more."""
    on = _day(page)
    involved = {r.person_id: r for r in page.file.relations.values() if r.role in roles and r.holds(on)}
    for person_id, relation in sorted(involved.items(), key=lambda one: one[1].role is not Role.PUPIL):
        yield _party(page, person_id, relation.name, relation.role, given.get(person_id), on)
    for person_id, consent in given.items():
        if person_id not in involved:
            yield _party(page, person_id, consent.by.name, consent.by.role, consent, on, is_involved=False)


def _party(
    page: ShownPlan,
    person_id: UUID,
    name: str,
    role: Role,
    given: Consent | None,
    on: date,
    *,
    is_involved: bool = True,
) -> Party:
    plan = page.plan
    stands = given is not None and counts(page.file, plan, given, on=on)
    lapsed = given is not None and not plan.stands(given)
    changed = changed_since(plan, given.plan_version) if given is not None and lapsed else ()
    return Party(name, role, person_id == page.visit.person_id, is_involved, given, stands, changed)


def _day(page: ShownPlan) -> date:
    """The day on which it counts who is involved: that of the lock, else of the archive, else the day of the page."""
    plan = page.plan
    at = plan.lock.at if plan.lock else plan.archived_at
    return at.astimezone(STOCKHOLM).date() if at else page.as_it_was or page.visit.on


def _contents(plan: Plan) -> Iterator[tuple[Target, int]]:
    """Each text that an agreement is about, with the version at which it last changed."""
    for (key, role, person_id), versions in plan.answers.items():
        yield Target(kind=TargetKind.ANSWER, key=key, role=role, person_id=person_id), versions[-1].version
    for subject, published in plan.assessments.items():
        yield Target(kind=TargetKind.ASSESSMENT, key=subject), published[-1].version
    for area_id, area in plan.areas.items():
        yield Target(kind=TargetKind.DEVELOPMENT_AREA, key=str(area_id)), area.version
    for goal in plan.goals.values():
        yield Target(kind=TargetKind.GOAL, key=str(goal.id)), goal.version
