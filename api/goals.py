"""Goals: propose, reword, decide, move on the staircase, evaluate."""

from enum import StrEnum
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from access.actions import Action
from aggregates.errors.assessments import SyllabusItemNotFound
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
from aggregates.plan import PlanState
from api.declare import reads, writes
from api.names import API, PLAN, STUDENT, GoalId, PlanId, StudentId
from api.plan_shapes import GoalShape
from api.rules import FILE, LIVING_PLAN, OPEN_PLAN
from api.shapes import Shape, answer_with
from api.signed_in import Signed
from api.writing import Write, WriteBody, Written
from commands import goals
from commands.reads import Part, read_file
from events.goals import GoalContent, GoalStatus
from events.syllabus import SyllabusItem
from events.text import Code, Prose

router = APIRouter(tags=["goals"])

GOAL = PLAN + "/goals/{goal}"


class GoalToWrite(WriteBody):
    """A goal, the activities towards it, who is responsible for what, and what it is linked to."""

    text: Prose
    activities: Prose | None = None
    responsibility: Prose | None = None
    subjects: tuple[Code, ...] = ()
    syllabus: tuple[SyllabusItem, ...] = ()

    def content(self) -> GoalContent:
        """What the event says of the goal."""
        return GoalContent(
            text=self.text,
            activities=self.activities,
            responsibility=self.responsibility,
            subjects=self.subjects,
            syllabus=self.syllabus,
        )


class ProposalDecision(StrEnum):
    """What becomes of a proposal: the mentor's word at the conversation, or the proposer's withdrawal."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class DecisionToMake(WriteBody):
    """A decision on a proposal."""

    decision: ProposalDecision
    reason: Prose | None = None


class StepToTake(WriteBody):
    """A step on the staircase; back to `started` and out to `abandoned` need a reason."""

    to: GoalStatus
    reason: Prose | None = None


class TextToSave(WriteBody):
    """A text."""

    text: Prose


class GoalOfPlan(GoalShape):
    """A goal and the plan that it stands in."""

    plan_id: UUID
    plan_state: PlanState


class GoalList(Shape):
    """Goals, those of the latest plan first."""

    items: list[GoalOfPlan]


@router.get(STUDENT + "/goals", response_model=GoalList, **reads(Action.READ_FILE, refuses=FILE))
def list_goals(asked: Signed, student: StudentId) -> Response:
    """All goals and proposals of the pupil, of every plan."""
    file, _ = read_file(asked.context, asked.caller, student, on=asked.on, part=Part.GOALS)
    items = [
        GoalOfPlan(plan_id=plan.id, plan_state=plan.state, **dict(GoalShape.of(goal)))
        for plan in reversed(file.plans.values())
        for goal in plan.goals.values()
    ]
    return answer_with(GoalList(items=items))


@router.post(
    PLAN + "/goals",
    response_model=Written,
    **writes(Action.PROPOSE_GOAL, refuses=(*OPEN_PLAN, SyllabusItemNotFound), created=True),
)
def propose_goal(asked: Write, student: StudentId, plan: PlanId, body: GoalToWrite) -> Response:
    """Propose a goal before the conversation."""
    answer = goals.propose_goal(
        asked.context, asked.command(body.acting_as), student_id=student, plan_id=plan, content=body.content()
    )
    return asked.answer(answer, created=f"{API}/students/{student}/plans/{plan}/goals/{{id}}")


@router.put(
    GOAL,
    response_model=Written,
    **writes(
        Action.PROPOSE_GOAL,
        refuses=(*OPEN_PLAN, GoalNotFound, GoalNotOpenForDecision, NotOwnProposal, SyllabusItemNotFound),
    ),
)
def revise_goal(asked: Write, student: StudentId, plan: PlanId, goal: GoalId, body: GoalToWrite) -> Response:
    """Reword a proposal before the lock: the one who proposed it, or the mentor."""
    answer = goals.revise_goal(
        asked.context,
        asked.command(body.acting_as),
        student_id=student,
        plan_id=plan,
        goal_id=goal,
        content=body.content(),
    )
    return asked.answer(answer)


@router.post(
    GOAL + "/decision",
    response_model=Written,
    **writes(
        Action.DECIDE_PROPOSAL,
        Action.PROPOSE_GOAL,
        refuses=(*OPEN_PLAN, GoalNotFound, GoalNotOpenForDecision, NotOwnProposal),
    ),
)
def decide_proposal(asked: Write, student: StudentId, plan: PlanId, goal: GoalId, body: DecisionToMake) -> Response:
    """Accept or decline a proposal at the conversation, or withdraw one's own."""
    command = asked.command(body.acting_as)
    if body.decision is ProposalDecision.DECLINED:
        answer = goals.decline_goal(
            asked.context, command, student_id=student, plan_id=plan, goal_id=goal, reason=body.reason
        )
    else:
        decide = goals.accept_goal if body.decision is ProposalDecision.ACCEPTED else goals.withdraw_goal
        answer = decide(asked.context, command, student_id=student, plan_id=plan, goal_id=goal)
    return asked.answer(answer)


@router.post(
    GOAL + "/status",
    response_model=Written,
    **writes(
        Action.ADVANCE_GOAL,
        Action.CONFIRM_GOAL,
        Action.REOPEN_GOAL,
        refuses=(
            *LIVING_PLAN,
            GoalNotFound,
            GoalNotAgreed,
            GoalStepNotAllowed,
            ReasonRequired,
            OnlyMentorConfirmsHere,
            SchoolingHasEnded,
        ),
    ),
)
def move_goal(asked: Write, student: StudentId, plan: PlanId, goal: GoalId, body: StepToTake) -> Response:
    """Take an agreed goal one step: Nytt, Påbörjat, Klart, Uppnått; or reopen or abandon it with a reason."""
    answer = goals.move_goal(
        asked.context,
        asked.command(body.acting_as),
        student_id=student,
        plan_id=plan,
        goal_id=goal,
        to=body.to,
        reason=body.reason,
    )
    return asked.answer(answer)


@router.put(
    GOAL + "/evaluation",
    response_model=Written,
    **writes(Action.EVALUATE_GOAL, refuses=(*LIVING_PLAN, GoalNotFound, GoalNotAgreed)),
)
def evaluate_goal(asked: Write, student: StudentId, plan: PlanId, goal: GoalId, body: TextToSave) -> Response:
    """Write in the goal's evaluation box before the next conversation; one's latest text counts."""
    answer = goals.evaluate_goal(
        asked.context,
        asked.command(body.acting_as),
        student_id=student,
        plan_id=plan,
        goal_id=goal,
        text=body.text,
    )
    return asked.answer(answer)
