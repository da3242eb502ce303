"""Reminders to those at home who have not prepared."""

from fastapi import APIRouter
from starlette.responses import Response

from access.actions import Action
from aggregates.errors.plans import NobodyToRemind, RemindedToday
from api.declare import writes
from api.names import API, PLAN, PlanId, StudentId
from api.rules import OPEN_PLAN
from api.writing import Write, WriteBody, Written
from commands import reminders

router = APIRouter(tags=["conversation"])


class ReminderToSend(WriteBody):
    """A reminder says nothing but that there is something to prepare."""


@router.post(
    PLAN + "/reminders",
    response_model=Written,
    **writes(Action.REMIND, refuses=(*OPEN_PLAN, RemindedToday, NobodyToRemind), created=True),
)
def remind(asked: Write, student: StudentId, plan: PlanId, body: ReminderToSend) -> Response:
    """Remind pupil and guardians who have something left to answer; at most once a day for a plan."""
    answer = reminders.remind(asked.context, asked.command(body.acting_as), student_id=student, plan_id=plan)
    return asked.answer(answer, created=f"{API}/students/{student}/plans/{plan}")
