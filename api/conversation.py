"""Around the conversation: read receipts, viewpoints, evaluation, concerns."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from access.actions import Action
from aggregates.errors.agreement import AlreadyAgreed, ConcernNotFound, PlanChangedSince, TargetNotFound
from api.declare import writes
from api.goals import TextToSave
from api.names import API, PLAN, ConcernId, PlanId, StudentId
from api.rules import LIVING_PLAN, LOCKED_PLAN, OPEN_PLAN
from api.writing import Write, WriteBody, Written
from commands import conversation
from events.plan import Target
from events.text import Prose

router = APIRouter(tags=["conversation"])


class VersionRead(WriteBody):
    """The version of the plan's content that is meant: `content_version` of the plan as it was read."""

    plan_version: Annotated[int, Field(ge=1, le=2**53)]


class ConcernToRaise(WriteBody):
    """A text that may be privacy-sensitive or secret."""

    target: Target
    text: Prose | None = None


class ConcernToClose(WriteBody):
    """Why the concern is closed."""

    reason: Prose


@router.post(
    PLAN + "/reading-confirmations",
    response_model=Written,
    **writes(Action.CONFIRM_READING, refuses=(*OPEN_PLAN, PlanChangedSince, AlreadyAgreed), created=True),
)
def confirm_reading(asked: Write, student: StudentId, plan: PlanId, body: VersionRead) -> Response:
    """Confirm having read the plan as it is now; lapses when its content changes."""
    answer = conversation.confirm_reading(
        asked.context,
        asked.command(body.acting_as),
        student_id=student,
        plan_id=plan,
        plan_version=body.plan_version,
    )
    return asked.answer(answer, created=f"{API}/students/{student}/plans/{plan}")


@router.put(PLAN + "/viewpoint", response_model=Written, **writes(Action.GIVE_VIEWPOINT, refuses=OPEN_PLAN))
def give_viewpoint(asked: Write, student: StudentId, plan: PlanId, body: TextToSave) -> Response:
    """Note what to raise at the conversation; the latest counts."""
    answer = conversation.give_viewpoint(
        asked.context, asked.command(body.acting_as), student_id=student, plan_id=plan, text=body.text
    )
    return asked.answer(answer)


@router.put(
    PLAN + "/conversation-evaluation",
    response_model=Written,
    **writes(Action.EVALUATE_CONVERSATION, refuses=LOCKED_PLAN),
)
def evaluate_conversation(asked: Write, student: StudentId, plan: PlanId, body: TextToSave) -> Response:
    """Evaluate the conversation after it was held; the latest counts."""
    answer = conversation.evaluate_conversation(
        asked.context, asked.command(body.acting_as), student_id=student, plan_id=plan, text=body.text
    )
    return asked.answer(answer)


@router.post(
    PLAN + "/concerns",
    response_model=Written,
    **writes(Action.RAISE_CONCERN, refuses=(*LIVING_PLAN, TargetNotFound), created=True),
)
def raise_concern(asked: Write, student: StudentId, plan: PlanId, body: ConcernToRaise) -> Response:
    """Say that a text may be privacy-sensitive or secret; it must be closed, or reasoned away, to lock."""
    answer = conversation.raise_concern(
        asked.context,
        asked.command(body.acting_as),
        student_id=student,
        plan_id=plan,
        target=body.target,
        text=body.text,
    )
    return asked.answer(answer, created=f"{API}/students/{student}/plans/{plan}")


@router.post(
    PLAN + "/concerns/{concern}/close",
    response_model=Written,
    **writes(Action.CLOSE_CONCERN, refuses=(*LIVING_PLAN, ConcernNotFound)),
)
def close_concern(asked: Write, student: StudentId, plan: PlanId, concern: ConcernId, body: ConcernToClose) -> Response:
    """Close a concern with a reason."""
    answer = conversation.close_concern(
        asked.context,
        asked.command(body.acting_as),
        student_id=student,
        plan_id=plan,
        concern_id=concern,
        reason=body.reason,
    )
    return asked.answer(answer)
