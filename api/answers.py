"""Answers to the questions of a plan."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from access.actions import Action
from aggregates.errors.answers import (
    AnswerIsEmpty,
    ChoiceNotOnScale,
    ProxyWritingNotAllowed,
    QuestionNotDirectedToRole,
    QuestionNotFound,
)
from api.declare import writes
from api.names import PLAN, PlanId, QuestionKey, StudentId
from api.rules import OPEN_PLAN
from api.writing import Write, WriteBody, Written
from commands import plans
from events.text import Code, Prose

router = APIRouter(tags=["plans"])

_REFUSES = (
    *OPEN_PLAN,
    QuestionNotFound,
    QuestionNotDirectedToRole,
    ProxyWritingNotAllowed,
    AnswerIsEmpty,
    ChoiceNotOnScale,
)


class AnswerToSave(WriteBody):
    """An answer: a text, a step of the question's scale, or both."""

    text: Prose | None = None
    choice: Code | None = None
    on_behalf_of: UUID | None = Field(
        default=None, description="The pupil (person) for whom you write, where the template allows it."
    )


@router.put(
    PLAN + "/answers/{question:path}",
    response_model=Written,
    **writes(Action.ANSWER_QUESTION, Action.WRITE_FOR_PUPIL, refuses=_REFUSES),
)
def save_answer(asked: Write, student: StudentId, plan: PlanId, question: QuestionKey, body: AnswerToSave) -> Response:
    """Save an answer; until the lock a later one is a new version, and the earlier is kept."""
    answer = plans.save_answer(
        asked.context,
        asked.command(body.acting_as),
        student_id=student,
        plan_id=plan,
        question=question,
        text=body.text,
        choice=body.choice,
        on_behalf_of=body.on_behalf_of,
    )
    return asked.answer(answer)
