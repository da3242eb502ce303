"""Decisions around the conversation (utvecklingssamtalet): read receipts, viewpoints, evaluation, concerns."""

from uuid import UUID

from aggregates.errors.agreement import AlreadyAgreed, ConcernNotFound, PlanChangedSince, TargetNotFound
from aggregates.plan import Plan
from aggregates.plan_parts import Consent
from aggregates.plans import living_plan, locked_plan, open_plan
from aggregates.student_file import StudentFile
from events.base import Actor
from events.plan import (
    ConversationEvaluated,
    ReadingConfirmed,
    SecrecyConcernClosed,
    SecrecyConcernRaised,
    Target,
    TargetKind,
    ViewpointGiven,
)


def confirm_reading(file: StudentFile, *, plan_id: UUID, plan_version: int, by: Actor) -> ReadingConfirmed:
    """Confirm having read the plan as it is now (S-SAM-1); lapses when the plan changes (G-5)."""
    plan = open_plan(file, plan_id)
    if plan_version != plan.content_version:
        raise PlanChangedSince
    if said_already(plan, plan.readings.get(by.person_id), by):
        raise AlreadyAgreed
    return ReadingConfirmed(plan_id=plan_id, plan_version=plan_version)


def said_already(plan: Plan, given: Consent | None, by: Actor) -> bool:
    """Whether somebody has said yes to what the plan says, in the same relation; one that began anew counts anew."""
    return given is not None and plan.stands(given) and given.by.relation_id == by.relation_id


def give_viewpoint(file: StudentFile, *, plan_id: UUID, text: str, by: Actor) -> ViewpointGiven | None:
    """Note what to raise at the conversation (S-SAM-2). None where nothing is new."""
    plan = open_plan(file, plan_id)
    before = plan.viewpoints.get(by.person_id)
    given = ViewpointGiven(plan_id=plan_id, text=text)
    return None if before and before.text == given.text else given


def evaluate_conversation(file: StudentFile, *, plan_id: UUID, text: str, by: Actor) -> ConversationEvaluated | None:
    """Evaluate the conversation after it was held, which the lock records (S-SAM-3). None where nothing is new."""
    plan = locked_plan(file, plan_id)
    before = plan.evaluations.get(by.person_id)
    evaluated = ConversationEvaluated(plan_id=plan_id, text=text)
    return None if before and before.text == evaluated.text else evaluated


def raise_concern(
    file: StudentFile, *, plan_id: UUID, concern_id: UUID, target: Target, text: str | None
) -> SecrecyConcernRaised:
    """Say that a text may be privacy-sensitive or secret (S-FRE-6); it must be closed, or reasoned away, to lock."""
    plan = living_plan(file, plan_id)
    if not target_exists(plan, target):
        raise TargetNotFound
    return SecrecyConcernRaised(plan_id=plan_id, concern_id=concern_id, target=target, text=text)


def close_concern(file: StudentFile, *, plan_id: UUID, concern_id: UUID, reason: str) -> SecrecyConcernClosed:
    """Close a concern with a reason (S-AGR-3)."""
    concern = living_plan(file, plan_id).concerns.get(concern_id)
    if concern is None or concern.closed_with is not None:
        raise ConcernNotFound
    return SecrecyConcernClosed(plan_id=plan_id, concern_id=concern_id, reason=reason)


def target_exists(plan: Plan, target: Target) -> bool:
    """Whether the plan has the text that a concern or correction names."""
    return author_of(plan, target) is not None


def author_of(plan: Plan, target: Target) -> UUID | None:
    """The person who last wrote the text that the target names; None where the plan has no such text."""
    person = target.person_id
    match target.kind:
        case TargetKind.ANSWER if target.key and target.role and person:
            versions = plan.answers.get((target.key, target.role, person))
            return versions[-1].by.person_id if versions else None
        case TargetKind.ASSESSMENT if target.key:
            assessments = plan.assessments.get(target.key)
            return assessments[-1].by.person_id if assessments else None
        case TargetKind.VIEWPOINT if person:
            return person if person in plan.viewpoints else None
        case TargetKind.CONVERSATION_EVALUATION if person:
            return person if person in plan.evaluations else None
        case TargetKind.GOAL | TargetKind.GOAL_EVALUATION | TargetKind.DEVELOPMENT_AREA if target.key:
            return _author_by_id(plan, target, target.key)
        case _:
            return None


def _author_by_id(plan: Plan, target: Target, key: str) -> UUID | None:
    try:
        item = UUID(key)
    except ValueError:
        return None
    if target.kind is TargetKind.DEVELOPMENT_AREA:
        area = plan.areas.get(item)
        return area.by.person_id if area else None
    goal = plan.goals.get(item)
    if goal is None:
        return None
    if target.kind is TargetKind.GOAL:
        return goal.proposed_by.person_id
    return target.person_id if target.person_id in goal.evaluations else None
