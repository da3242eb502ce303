"""Who has looked at a pupil's file: for the guardians, the principal, and programs that audit."""

from datetime import UTC, datetime
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from access.actions import Action
from access.scopes import Scope
from api.declare import reads
from api.errors import CursorNotValid
from api.names import STUDENT, StudentId
from api.paging import Cursor, Limit, cursor_time, time_cursor
from api.rules import FILE
from api.shapes import Shape, answer_with
from api.signed_in import Signed
from commands.reads import Part, Seen, read_access_record
from events.base import Role

router = APIRouter(tags=["access record"])
_LATEST = (datetime(9999, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1))


class LookShape(Shape):
    """One look at the file. `name` is null where the account is gone; `correlation_id` is that request's id.

    Person, name and relation are null where a protected identity hides from the reader who looked. `purpose` is
    `education`, `emergency`, `archive` where an officer took out the whole file for the archive, or what a program
    states.
    """

    id: UUID
    at: datetime
    part: Part
    person_id: UUID | None
    name: str | None
    role: Role
    relation_id: UUID | None
    level: int
    purpose: str
    correlation_id: UUID

    @classmethod
    def of(cls, seen: Seen) -> "LookShape":
        """A look on record."""
        look = seen.looked.look
        return cls(
            id=seen.looked.record_id,
            at=seen.looked.at,
            part=look.part,
            person_id=None if seen.is_hidden else look.person_id,
            name=seen.name,
            role=Role(look.role),
            relation_id=None if seen.is_hidden else look.relation_id,
            level=look.level,
            purpose=look.purpose,
            correlation_id=look.correlation_id,
        )


class Looks(Shape):
    """Looks at the pupil's file, the latest first."""

    items: list[LookShape]
    next: str | None


@router.get(
    STUDENT + "/access-record",
    response_model=Looks,
    **reads(Action.READ_ACCESS_RECORD, refuses=(*FILE, CursorNotValid), scopes=(Scope.AUDIT,)),
)
def list_looks(asked: Signed, student: StudentId, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """Every look at the pupil's file: who, in which role, at which part, when and why; the latest first."""
    before = cursor_time(cursor) or _LATEST
    found = read_access_record(asked.context, asked.caller, student, on=asked.on, before=before, limit=limit + 1)
    page = found[:limit]
    last = page[-1].looked if len(found) > limit else None
    return answer_with(
        Looks(items=[LookShape.of(seen) for seen in page], next=time_cursor(last.at, last.record_id) if last else None)
    )
