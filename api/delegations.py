"""Who else reads a pupil's file for a time: another adult by a guardian's consent, a principal in an emergency."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from access.actions import Action
from access.errors import PersonNotFound
from aggregates.errors.enrolment import (
    DelegationTooLong,
    ReasonTooShort,
    RelationAlreadyExists,
    RelationEndsBeforeItStarts,
    RelationNotFound,
    RelationToOneself,
)
from api.declare import writes
from api.names import API, STUDENT, ActingAs, RelationId, StudentId
from api.rules import FILE
from api.writing import Write, WriteBody, Written
from commands import protection
from events.text import Prose

router = APIRouter(tags=["students"])


class ReadingToDelegate(WriteBody):
    """Another registered adult, and the last day on which the adult reads. The adult's id stands on GET /me."""

    person_id: UUID
    until: date


class EmergencyReason(WriteBody):
    """What has happened, and why the file must be read now: at least 20 characters."""

    reason: Prose


@router.post(
    STUDENT + "/delegations",
    response_model=Written,
    **writes(
        Action.DELEGATE_READING,
        refuses=(
            *FILE, PersonNotFound, RelationToOneself, RelationAlreadyExists, RelationEndsBeforeItStarts,
            DelegationTooLong, RelationNotFound,
        ),
        created=True,
    ),
)  # fmt: skip
def delegate_reading(asked: Write, student: StudentId, body: ReadingToDelegate) -> Response:
    """Let another adult read one's child's file until a day, at most a year ahead; guardians and mentor are told."""
    answer = protection.delegate_reading(
        asked.context, asked.command(body.acting_as), student_id=student, person_id=body.person_id, until=body.until
    )
    return asked.answer(answer, created=f"{API}/students/{student}/delegations/{{id}}")


@router.delete(
    STUDENT + "/delegations/{relation}",
    response_model=Written,
    **writes(Action.END_DELEGATION, refuses=(*FILE, RelationNotFound)),
)
def end_delegation(asked: Write, student: StudentId, relation: RelationId, acting_as: ActingAs = None) -> Response:
    """End it from today: a guardian any of the child's, the other adult the own."""
    answer = protection.end_delegation(
        asked.context, asked.command(acting_as), student_id=student, relation_id=relation
    )
    return asked.answer(answer)


@router.post(
    STUDENT + "/emergency-access",
    response_model=Written,
    **writes(Action.OPEN_IN_EMERGENCY, refuses=(*FILE, ReasonTooShort, RelationAlreadyExists), created=True),
)
def open_in_emergency(asked: Write, student: StudentId, body: EmergencyReason) -> Response:
    """Open a pupil's file for 24 hours, to read: for a principal of any school; guardians and mentor are told why."""
    answer = protection.open_in_emergency(
        asked.context, asked.command(body.acting_as), student_id=student, reason=body.reason
    )
    return asked.answer(answer, created=f"{API}/students/{student}/relations/{{id}}")
