"""The pupil's learning blog (Lärblogg)."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from access.actions import Action
from aggregates.errors.enrolment import SchoolingHasEnded
from aggregates.errors.goals import GoalNotFound
from api.declare import reads, writes
from api.errors import CursorNotValid
from api.names import API, STUDENT, StudentId
from api.paging import Cursor, Limit, page_of
from api.rules import FILE
from api.shapes import Shape, answer_with
from api.signed_in import Signed
from api.writing import Write, WriteBody, Written
from commands import goals
from commands.reads import Part, open_file, record_look
from events.text import Prose

router = APIRouter(tags=["learning notes"])


class NoteToPost(WriteBody):
    """What was done and how one knows, and the goals it belongs to."""

    text: Prose
    goal_ids: tuple[UUID, ...] = ()


class Note(Shape):
    """A note."""

    id: UUID
    text: str
    goal_ids: tuple[UUID, ...]
    at: datetime
    version: int


class Notes(Shape):
    """Notes, the latest first."""

    items: list[Note]
    next: str | None


@router.post(
    STUDENT + "/learning-notes",
    response_model=Written,
    **writes(Action.POST_LEARNING_NOTE, refuses=(*FILE, GoalNotFound, SchoolingHasEnded), created=True),
)
def post_learning_note(asked: Write, student: StudentId, body: NoteToPost) -> Response:
    """Write in the learning blog, linked to goals of any of the pupil's plans."""
    answer = goals.post_learning_note(
        asked.context, asked.command(body.acting_as), student_id=student, text=body.text, goal_ids=body.goal_ids
    )
    return asked.answer(answer, created=f"{API}/students/{student}/learning-notes")


@router.get(
    STUDENT + "/learning-notes", response_model=Notes, **reads(Action.READ_FILE, refuses=(*FILE, CursorNotValid))
)
def list_learning_notes(asked: Signed, student: StudentId, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """The learning blog, the latest first."""
    opened = open_file(asked.context, asked.caller, student, on=asked.on)
    notes = list(reversed(opened.file.notes.values()))
    page = page_of(notes, lambda note: note.event.note_id, cursor=cursor, limit=limit)
    record_look(asked.context, asked.caller, opened, Part.LEARNING_NOTES)
    items = [
        Note(id=n.event.note_id, text=n.event.text, goal_ids=n.event.goal_ids, at=n.at, version=n.version)
        for n in page.items
    ]
    return answer_with(Notes(items=items, next=page.next))
