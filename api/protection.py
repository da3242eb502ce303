"""A pupil's protected identity: who marks it, whom it is shown to, and when it ends."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from access.actions import Action
from access.errors import PersonNotFound
from aggregates.errors.enrolment import IdentityNotProtected
from api.declare import writes
from api.names import STUDENT, StudentId
from api.rules import FILE
from api.writing import Write, WriteBody, Written
from commands import protection
from events.reading import ProtectionKind
from events.text import Prose

router = APIRouter(tags=["students"])


IncludeProtected = Annotated[
    bool,
    Query(
        description="Also pupils with protected identity who name the caller as reader; needs the highest level. "
        "They are left out otherwise."
    ),
]


class ProtectionToMark(WriteBody):
    """The kind of protection, and who beside the pupil sees the pupil and reads the file: guardians and staff by name.

    Who is not named finds no such pupil, whatever relation there is.
    """

    kind: ProtectionKind
    readers: Annotated[tuple[UUID, ...], Field(max_length=100)]


class ProtectionEnd(WriteBody):
    """Why the identity is no longer protected."""

    reason: Prose


@router.put(
    STUDENT + "/protection",
    response_model=Written,
    **writes(Action.PROTECT_IDENTITY, refuses=(*FILE, PersonNotFound)),
)
def mark_protection(asked: Write, student: StudentId, body: ProtectionToMark) -> Response:
    """Protect the pupil's identity, or name other readers: for the administration of the pupil's school."""
    answer = protection.mark_protection(
        asked.context, asked.command(body.acting_as), student_id=student, kind=body.kind, readers=body.readers
    )
    return asked.answer(answer)


@router.post(
    STUDENT + "/protection-end",
    response_model=Written,
    **writes(Action.PROTECT_IDENTITY, refuses=(*FILE, IdentityNotProtected)),
)
def lift_protection(asked: Write, student: StudentId, body: ProtectionEnd) -> Response:
    """Say that the pupil's identity is no longer protected, and why."""
    answer = protection.lift_protection(
        asked.context, asked.command(body.acting_as), student_id=student, reason=body.reason
    )
    return asked.answer(answer)
