"""Holds on pupils' files, and what a review of one came to: for officers, who see of a file nothing else."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.responses import Response

from access.actions import Action
from aggregates.errors.retention import HoldNotFound, ReviewNotSound, ReviewNotWanted
from api.declare import reads, writes
from api.errors import CursorNotValid
from api.names import API, STUDENT, StudentId
from api.paging import Cursor, Limit, cursor_id, id_cursor
from api.rules import FILE
from api.shapes import Shape, answer_with
from api.signed_in import Signed
from api.writing import Write, WriteBody, Written
from commands import holds
from events.retention import HoldGround, RetentionHeld, ReviewOutcome
from events.text import Line, Prose

router = APIRouter(tags=["retention"])

HoldId = Annotated[UUID, Path(alias="hold", description="A hold that stands on the file.")]


class HoldToPlace(WriteBody):
    """Why the file must not be destroyed, who says so, and in which case."""

    ground: HoldGround
    authority: Line
    reference: Line
    reason: Prose


class HoldRelease(WriteBody):
    """Who says that the hold is needed no more, and in which case."""

    authority: Line
    reference: Line
    reason: Prose


class Review(WriteBody):
    """What was decided: destroyed, or kept until a day."""

    outcome: ReviewOutcome
    keep_until: date | None = None
    decision_reference: Line
    reason: Prose


class HoldShape(Shape):
    """A hold that stands."""

    id: UUID
    ground: HoldGround
    authority: str
    reference: str
    reason: str

    @classmethod
    def of(cls, held: RetentionHeld) -> "HoldShape":
        """A hold as it was placed."""
        return cls(
            id=held.hold_id, ground=held.ground, authority=held.authority, reference=held.reference, reason=held.reason
        )


class Holds(Shape):
    """The holds that stand on a file, in the order in which they were placed."""

    items: list[HoldShape]


class HeldFiles(Shape):
    """Pupils' files that are held, by id."""

    items: list[UUID]
    next: str | None


@router.get("/held-files", response_model=HeldFiles, **reads(Action.HOLD_FILE, refuses=(CursorNotValid,)))
def list_held_files(asked: Signed, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """The pupils' files that are held, by id alone."""
    found = holds.read_held(asked.context, asked.caller, on=asked.on, after=cursor_id(cursor), limit=limit + 1)
    items = found[:limit]
    return answer_with(HeldFiles(items=items, next=id_cursor(items[-1]) if len(found) > limit else None))


@router.get(STUDENT + "/holds", response_model=Holds, **reads(Action.HOLD_FILE, refuses=FILE))
def list_holds(asked: Signed, student: StudentId) -> Response:
    """The holds that stand on a pupil's file."""
    found = holds.read_holds(asked.context, asked.caller, student, on=asked.on)
    return answer_with(Holds(items=[HoldShape.of(one) for one in found]))


@router.post(STUDENT + "/holds", response_model=Written, **writes(Action.HOLD_FILE, refuses=FILE, created=True))
def hold_file(asked: Write, student: StudentId, body: HoldToPlace) -> Response:
    """Keep a pupil's file from being destroyed until the hold is released."""
    answer = holds.hold_file(
        asked.context,
        asked.command(body.acting_as),
        student_id=student,
        ground=body.ground,
        authority=body.authority,
        reference=body.reference,
        reason=body.reason,
    )
    return asked.answer(answer, created=f"{API}/students/{student}/holds/{{id}}")


@router.post(
    STUDENT + "/holds/{hold}/release",
    response_model=Written,
    **writes(Action.HOLD_FILE, refuses=(*FILE, HoldNotFound)),
)
def release_file(asked: Write, student: StudentId, hold: HoldId, body: HoldRelease) -> Response:
    """Let a hold go; the file is due again on the day that its schedule says."""
    answer = holds.release_file(
        asked.context,
        asked.command(body.acting_as),
        student_id=student,
        hold_id=hold,
        authority=body.authority,
        reference=body.reference,
        reason=body.reason,
    )
    return asked.answer(answer)


@router.post(
    STUDENT + "/disposal-review",
    response_model=Written,
    **writes(Action.REVIEW_FILE, refuses=(*FILE, ReviewNotWanted, ReviewNotSound)),
)
def review_file(asked: Write, student: StudentId, body: Review) -> Response:
    """Record what was decided of a file that its schedule lists for review."""
    answer = holds.review_file(
        asked.context,
        asked.command(body.acting_as),
        student_id=student,
        outcome=body.outcome,
        keep_until=body.keep_until,
        decision_reference=body.decision_reference,
        reason=body.reason,
    )
    return asked.answer(answer)
