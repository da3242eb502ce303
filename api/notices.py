"""The caller's notices: what happened in a pupil's IUP, unread until opened."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from access.errors import AssuranceTooLow
from api.declare import ONESELF, reads
from api.errors import CursorNotValid, NoticeNotFound
from api.names import NoticeId
from api.paging import Cursor, Limit, cursor_time, time_cursor
from api.shapes import Shape, answer_with
from api.signed_in import Signed
from commands.notices import notice_reach
from events.base import Role
from projections.notices import Notice

router = APIRouter(tags=["notices"])


class NoticeShape(Shape):
    """An unread notice: the latest event at a place, and who did it."""

    id: UUID
    student_id: UUID
    student_name: str
    place: str
    kind: str
    version: int
    noticed_at: datetime
    by_name: str
    by_role: Role

    @classmethod
    def of(cls, notice: Notice) -> "NoticeShape":
        """A notice of the caller."""
        return cls(id=notice.notice_id, **{n: getattr(notice, n) for n in cls.model_fields if n != "id"})


class NoticeList(Shape):
    """Unread notices, the latest first."""

    items: list[NoticeShape]
    next: str | None


class Opened(Shape):
    """Where the notice leads; it is read now."""

    id: UUID
    place: str


@router.get("/notices", response_model=NoticeList, **reads(ONESELF, refuses=(AssuranceTooLow, CursorNotValid)))
def list_notices(asked: Signed, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """The caller's unread notices, the latest first."""
    reach = notice_reach(asked.context, asked.caller)
    before = cursor_time(cursor)
    found = asked.services.notices.unread(asked.person_id, on=asked.on, reach=reach, before=before, limit=limit + 1)
    page = found[:limit]
    more = len(found) > limit
    following = time_cursor(page[-1].noticed_at, page[-1].notice_id) if more else None
    return answer_with(NoticeList(items=[NoticeShape.of(notice) for notice in page], next=following))


@router.post(
    "/notices/{notice}/open",
    response_model=Opened,
    **reads(ONESELF, refuses=(AssuranceTooLow, NoticeNotFound)),
)
def open_notice(asked: Signed, notice: NoticeId) -> Response:
    """Open a notice: it is read, and the answer says where it leads. The next event there makes it unread again."""
    reach = notice_reach(asked.context, asked.caller)
    place = asked.services.notices.open_notice(asked.person_id, notice, on=asked.on, reach=reach)
    if place is None:
        raise NoticeNotFound
    return answer_with(Opened(id=notice, place=place))
