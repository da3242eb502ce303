"""A pupil's protected identity: who marks it, whom it is shown to, and when it ends."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from access.actions import Action
from access.errors import PersonNotFound
from aggregates.errors.enrolment import IdentityNotProtected
from api.declare import reads, writes
from api.names import STUDENT, SchoolId, StudentId
from api.rules import FILE, SCHOOL
from api.shapes import Shape, answer_with
from api.signed_in import Signed
from api.writing import Write, WriteBody, Written
from commands import protection
from commands.unreached import protected_without_reader
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


class UnreachedShape(Shape):
    """A protected pupil whom nobody who works there is named for. No name: only what is needed to name new readers."""

    student_id: UUID
    kind: ProtectionKind
    readers: list[UUID]


class UnreachedPupils(Shape):
    """Protected pupils without a reader at the school, by id."""

    items: list[UnreachedShape]


@router.get(
    "/schools/{school}/protected-without-reader",
    response_model=UnreachedPupils,
    **reads(Action.PROTECT_IDENTITY, refuses=SCHOOL),
)
def list_protected_without_reader(asked: Signed, school: SchoolId) -> Response:
    """Pupils with protected identity of whom no named reader works with the pupil or keeps the school any more.

    For the administration of the school, which can then name others beside those who are named; each look is on record.
    """
    found = protected_without_reader(asked.context, asked.caller, school, on=asked.on)
    items = [UnreachedShape(student_id=one.student_id, kind=one.kind, readers=list(one.readers)) for one in found]
    return answer_with(UnreachedPupils(items=items))


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
