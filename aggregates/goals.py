"""Decisions about goals: propose, decide, move on the staircase, evaluate (S-GOA, G-1, G-4, G-14)."""

from collections.abc import Sequence
from uuid import UUID

from aggregates.errors.enrolment import SchoolingHasEnded
from aggregates.errors.goals import (
    GoalNotAgreed,
    GoalNotFound,
    GoalNotOpenForDecision,
    GoalStepNotAllowed,
    NotOwnProposal,
    OnlyMentorConfirmsHere,
    ReasonRequired,
)
from aggregates.errors.plans import PlanIsArchived
from aggregates.goal import Goal, GoalDecision, GoalEvent
from aggregates.plan import Plan, PlanState
from aggregates.plans import living_plan, open_plan, plan_of
from aggregates.student_file import StudentFile
from events.base import Actor, Role
from events.goals import (
    GoalAbandoned,
    GoalAccepted,
    GoalAchieved,
    GoalContent,
    GoalDeclined,
    GoalEvaluated,
    GoalProposed,
    GoalReopened,
    GoalReportedDone,
    GoalRevised,
    GoalStarted,
    GoalStatus,
    GoalWithdrawn,
    LearningNotePosted,
)


def goal_of(plan: Plan, goal_id: UUID) -> Goal:
    """The goal with this id in the plan. Raises GoalNotFound."""
    try:
        return plan.goals[goal_id]
    except KeyError:
        raise GoalNotFound from None


def propose_goal(file: StudentFile, *, plan_id: UUID, goal_id: UUID, content: GoalContent) -> GoalProposed:
    """Propose a goal before the conversation (S-GOA-1)."""
    open_plan(file, plan_id)
    return GoalProposed(plan_id=plan_id, goal_id=goal_id, content=content)


def revise_goal(
    file: StudentFile, *, plan_id: UUID, goal_id: UUID, content: GoalContent, by: Actor
) -> GoalRevised | None:
    """Reword a goal before the lock: the one who proposed it until it is accepted, the mentor always.

    None where nothing is new. What was accepted at the conversation is not reworded by one party alone (G-14).
    """
    goal = _undeclined(open_plan(file, plan_id), goal_id)
    if by.role is not Role.MENTOR:
        if goal.proposed_by.person_id != by.person_id:
            raise NotOwnProposal
        if goal.decision is GoalDecision.ACCEPTED:
            raise GoalNotOpenForDecision
    if goal.content == content:
        return None
    return GoalRevised(plan_id=plan_id, goal_id=goal_id, content=content)


def withdraw_goal(file: StudentFile, *, plan_id: UUID, goal_id: UUID, by: Actor) -> GoalWithdrawn:
    """Take back one's own proposal before it is decided on."""
    goal = _proposed(open_plan(file, plan_id), goal_id)
    if goal.proposed_by.person_id != by.person_id:
        raise NotOwnProposal
    return GoalWithdrawn(plan_id=plan_id, goal_id=goal_id)


def accept_goal(file: StudentFile, *, plan_id: UUID, goal_id: UUID) -> GoalAccepted:
    """Accept a proposal at the conversation (G-14)."""
    _proposed(open_plan(file, plan_id), goal_id)
    return GoalAccepted(plan_id=plan_id, goal_id=goal_id)


def decline_goal(file: StudentFile, *, plan_id: UUID, goal_id: UUID, reason: str | None = None) -> GoalDeclined:
    """Decline a proposal at the conversation (G-14)."""
    _proposed(open_plan(file, plan_id), goal_id)
    return GoalDeclined(plan_id=plan_id, goal_id=goal_id, reason=reason)


def _proposed(plan: Plan, goal_id: UUID) -> Goal:
    goal = goal_of(plan, goal_id)
    if goal.decision is not GoalDecision.PROPOSED:
        raise GoalNotOpenForDecision
    return goal


def _undeclined(plan: Plan, goal_id: UUID) -> Goal:
    goal = goal_of(plan, goal_id)
    if goal.decision not in {GoalDecision.PROPOSED, GoalDecision.ACCEPTED}:
        raise GoalNotOpenForDecision
    return goal


def move_goal(
    file: StudentFile,
    *,
    plan_id: UUID,
    goal_id: UUID,
    to: GoalStatus,
    reason: str | None,
    by: Actor,
    only_mentor_confirms: bool,
) -> GoalEvent:
    """Take a goal one step: forward on the staircase, back to Påbörjat, or out as Avbruten (G-4).

    Reopening and abandoning need a reason, and what has one to go to Påbörjat is a reopening. `only_mentor_confirms` is
    the school's narrowing of G-1.
    """
    plan = plan_of(file, plan_id)
    if plan.state is PlanState.ARCHIVED:
        raise PlanIsArchived
    goal = goal_of(plan, goal_id)
    if plan.state is not PlanState.LOCKED or goal.decision is not GoalDecision.ACCEPTED:
        raise GoalNotAgreed
    if file.schooling_ended is not None:
        raise SchoolingHasEnded
    ids = {"plan_id": plan_id, "goal_id": goal_id}
    match goal.status, to:
        case GoalStatus.NEW, GoalStatus.STARTED if reason is None:
            return GoalStarted(**ids)
        case GoalStatus.STARTED, GoalStatus.DONE:
            return GoalReportedDone(**ids)
        case GoalStatus.DONE, GoalStatus.ACHIEVED:
            if only_mentor_confirms and by.role is not Role.MENTOR:
                raise OnlyMentorConfirmsHere
            return GoalAchieved(**ids)
        case ((GoalStatus.DONE | GoalStatus.ACHIEVED), GoalStatus.STARTED):
            return GoalReopened(**ids, reason=_reason(reason))
        case ((GoalStatus.NEW | GoalStatus.STARTED | GoalStatus.DONE), GoalStatus.ABANDONED):
            return GoalAbandoned(**ids, reason=_reason(reason))
        case _:
            raise GoalStepNotAllowed


def _reason(reason: str | None) -> str:
    if reason is None or not reason.strip():
        raise ReasonRequired
    return reason


def evaluate_goal(file: StudentFile, *, plan_id: UUID, goal_id: UUID, text: str, by: Actor) -> GoalEvaluated | None:
    """Write in the goal's evaluation box before the next conversation (S-GOA-10). None where nothing is new."""
    plan = living_plan(file, plan_id)
    goal = goal_of(plan, goal_id)
    if plan.state is not PlanState.LOCKED or goal.decision is not GoalDecision.ACCEPTED:
        raise GoalNotAgreed
    evaluated = GoalEvaluated(plan_id=plan_id, goal_id=goal_id, text=text)
    before = goal.evaluations.get(by.person_id)
    return None if before and before.text == evaluated.text else evaluated


def post_learning_note(
    file: StudentFile, *, note_id: UUID, text: str, goal_ids: Sequence[UUID] = ()
) -> LearningNotePosted:
    """Write in the learning blog, linked to goals of any of the pupil's plans (S-BLG-3)."""
    if file.schooling_ended is not None:
        raise SchoolingHasEnded
    known = {goal_id for plan in file.plans.values() for goal_id in plan.goals}
    if not known.issuperset(goal_ids):
        raise GoalNotFound
    return LearningNotePosted(note_id=note_id, text=text, goal_ids=tuple(goal_ids))
