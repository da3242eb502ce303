"""The agreement: each party agrees to a version, the mentor locks, and after that only corrections."""

from datetime import date

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from access.actions import Action
from aggregates.errors.agreement import (
    AlreadyAgreed,
    ConcernsOpen,
    CorrectionOfOneThing,
    ForecastStands,
    LockReasonNotNeeded,
    LockReasonRepeated,
    NotOwnText,
    PartyMissing,
    PlanChangedSince,
    ProposalsUndecided,
    TargetNotFound,
)
from aggregates.errors.enrolment import DayNotCome
from aggregates.errors.plans import PlanIsNotLocked, PlanNotFound
from api.conversation import VersionRead
from api.declare import writes
from api.names import API, PLAN, PlanId, StudentId
from api.rules import FILE, OPEN_PLAN
from api.writing import Write, WriteBody, Written
from commands import conversation
from events.assessments import Forecast
from events.plan import LockReason, Target
from events.text import Prose

router = APIRouter(tags=["agreement"])


class LockToMake(VersionRead):
    """The lock: which version, when the conversation was held, and a reason for each thing that would hinder it."""

    conversation_on: date | None = None
    reasons: tuple[LockReason, ...] = ()


class CorrectionToMake(WriteBody):
    """A correction of one text, or of the forecast of an assessment, and why. One of text and forecast is given."""

    target: Target
    text: Prose | None = None
    forecast: Forecast | None = Field(default=None, description="Only where the target is an assessment.")
    reason: Prose


@router.post(
    PLAN + "/agreements",
    response_model=Written,
    **writes(Action.AGREE, refuses=(*OPEN_PLAN, PlanChangedSince, AlreadyAgreed), created=True),
)
def agree(asked: Write, student: StudentId, plan: PlanId, body: VersionRead) -> Response:
    """Agree to the plan as it is now; lapses when its content changes."""
    answer = conversation.agree(
        asked.context,
        asked.command(body.acting_as),
        student_id=student,
        plan_id=plan,
        plan_version=body.plan_version,
    )
    return asked.answer(answer, created=f"{API}/students/{student}/plans/{plan}")


@router.post(
    PLAN + "/lock",
    response_model=Written,
    **writes(
        Action.LOCK_PLAN,
        refuses=(
            *OPEN_PLAN,
            DayNotCome,
            PlanChangedSince,
            ProposalsUndecided,
            ConcernsOpen,
            PartyMissing,
            LockReasonNotNeeded,
            LockReasonRepeated,
        ),
    ),
)
def lock_plan(asked: Write, student: StudentId, plan: PlanId, body: LockToMake) -> Response:
    """Lock the plan as agreed at the conversation; the lock is the mentor's own agreement."""
    answer = conversation.lock_plan(
        asked.context,
        asked.command(body.acting_as),
        student_id=student,
        plan_id=plan,
        plan_version=body.plan_version,
        conversation_on=body.conversation_on,
        reasons=body.reasons,
    )
    return asked.answer(answer)


@router.post(
    PLAN + "/corrections",
    response_model=Written,
    **writes(
        Action.CORRECT,
        refuses=(
            *FILE,
            PlanNotFound,
            PlanIsNotLocked,
            TargetNotFound,
            NotOwnText,
            CorrectionOfOneThing,
            ForecastStands,
        ),
        created=True,
    ),
)
def correct(asked: Write, student: StudentId, plan: PlanId, body: CorrectionToMake) -> Response:
    """Correct a text or a forecast after the lock, with a reason; what it corrects stays in the file."""
    answer = conversation.correct(
        asked.context,
        asked.command(body.acting_as),
        student_id=student,
        plan_id=plan,
        target=body.target,
        text=body.text,
        forecast=body.forecast,
        reason=body.reason,
    )
    return asked.answer(answer, created=f"{API}/students/{student}/plans/{plan}")
