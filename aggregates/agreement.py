"""Decisions about the agreement: each party agrees to a version, the mentor locks, and after that only corrections."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from aggregates.assessments import corrected_forecast
from aggregates.conversation import author_of, said_already
from aggregates.errors.agreement import (
    AlreadyAgreed,
    ConcernsOpen,
    CorrectionOfOneThing,
    LockReasonNotNeeded,
    LockReasonRepeated,
    NotOwnText,
    PartyMissing,
    PlanChangedSince,
    ProposalsUndecided,
    TargetNotFound,
)
from aggregates.errors.enrolment import DayNotCome
from aggregates.errors.plans import PlanIsNotLocked
from aggregates.goal import GoalDecision
from aggregates.plan import Plan, PlanState
from aggregates.plan_parts import Consent
from aggregates.plans import open_plan, plan_of
from aggregates.student_file import StudentFile
from events.assessments import Forecast, ForecastCorrected
from events.base import Actor, Role
from events.plan import AgreementGiven, CorrectionMade, LockObstacle, LockReason, PlanLocked, Target, TargetKind

Obstacle = tuple[LockObstacle, UUID | None]


def agree(file: StudentFile, *, plan_id: UUID, plan_version: int, by: Actor) -> AgreementGiven:
    """Agree to the plan as it is now (G-5); the agreement lapses when goals, answers or assessments change."""
    plan = open_plan(file, plan_id)
    if plan_version != plan.content_version:
        raise PlanChangedSince
    if said_already(plan, plan.agreements.get(by.person_id), by):
        raise AlreadyAgreed
    return AgreementGiven(plan_id=plan_id, plan_version=plan_version)


def obstacles(file: StudentFile, plan: Plan, *, on: date) -> list[Obstacle]:
    """What hinders the lock on this day, unless the mentor states a reason for each (G-5)."""
    agreed = {given.by.role for given in plan.agreements.values() if counts(file, plan, given, on=on)}
    found: list[Obstacle] = []
    if Role.PUPIL not in agreed:
        found.append((LockObstacle.PUPIL_MISSING, None))
    if Role.GUARDIAN not in agreed:
        found.append((LockObstacle.GUARDIAN_MISSING, None))
    return found + [(LockObstacle.OPEN_CONCERN, concern.id) for concern in plan.open_concerns]


def counts(file: StudentFile, plan: Plan, given: Consent, *, on: date) -> bool:
    """Whether an agreement names what the plan says, and whoever gave it still is what they were to the pupil."""
    relation = file.relations.get(given.by.relation_id) if given.by.relation_id else None
    return plan.stands(given) and relation is not None and relation.holds(on)


def lock_plan(
    file: StudentFile,
    *,
    plan_id: UUID,
    plan_version: int,
    conversation_on: date,
    today: date,
    reasons: Sequence[LockReason] = (),
) -> PlanLocked:
    """Lock the plan as agreed at the conversation (S-AGR-2). The lock is the mentor's own agreement."""
    plan = open_plan(file, plan_id)
    if conversation_on > today:
        raise DayNotCome
    if plan_version != plan.content_version:
        raise PlanChangedSince
    if any(goal.decision is GoalDecision.PROPOSED for goal in plan.goals.values()):
        raise ProposalsUndecided
    hindering = obstacles(file, plan, on=today)
    reasoned = {(reason.obstacle, reason.concern_id) for reason in reasons}
    if not reasoned.issubset(hindering):
        raise LockReasonNotNeeded
    if len(reasoned) < len(reasons):
        raise LockReasonRepeated
    left = [obstacle for obstacle, concern_id in hindering if (obstacle, concern_id) not in reasoned]
    if LockObstacle.OPEN_CONCERN in left:
        raise ConcernsOpen
    if left:
        raise PartyMissing
    return PlanLocked(
        plan_id=plan_id, plan_version=plan_version, conversation_on=conversation_on, reasons=tuple(reasons)
    )


def correct(
    file: StudentFile,
    *,
    plan_id: UUID,
    correction_id: UUID,
    target: Target,
    text: str | None = None,
    forecast: Forecast | None = None,
    reason: str,
    risk_needs_programme: bool = False,
    by: Actor,
) -> CorrectionMade | ForecastCorrected:
    """Correct a text or a forecast after the lock, with a reason; what it corrects stays in the file (G-6).

    The mentor corrects any text, everybody else only the own; what another wrote in the pupil's field is the pupil's
    too. An archived plan is corrected as well: a right to have a text put right outlives the plan.
    """
    plan = plan_of(file, plan_id)
    if plan.state is PlanState.OPEN:
        raise PlanIsNotLocked
    author = author_of(plan, target)
    if author is None:
        raise TargetNotFound
    own = {author, target.person_id} if target.kind is TargetKind.ANSWER else {author}
    if by.role is not Role.MENTOR and by.person_id not in own:
        raise NotOwnText
    if text is not None and forecast is None:
        return CorrectionMade(plan_id=plan_id, correction_id=correction_id, target=target, text=text, reason=reason)
    if text is not None or forecast is None or target.kind is not TargetKind.ASSESSMENT or target.key is None:
        raise CorrectionOfOneThing
    return corrected_forecast(
        plan,
        correction_id=correction_id,
        subject=target.key,
        forecast=forecast,
        reason=reason,
        risk_needs_programme=risk_needs_programme,
    )
