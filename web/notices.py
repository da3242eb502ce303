"""Unread notices: what has happened, each a link straight to the place (S-NAV-3, S-NOT-4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from commands.notices import notice_reach
from projections.notices import Notice, Reach
from web.addresses import local, opening
from web.errors import NoticeGone
from web.rendering import render, translator
from web.texts.notices import NOTICES
from web.texts.roles import ROLES
from web.visit import OwnForm, Visit, Visitor

ADDRESS = "/notiser"
MOST = 100
"""Notices of one page; who reads some sees the next."""
router = APIRouter(prefix=ADDRESS, include_in_schema=False)
_AHEAD = "prefetch"
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice as it is read: about whom, who did what, and when."""

    href: str
    pupil: str
    who: str
    role: str
    what: str
    at: datetime


@router.get("")
def show(request: Request, visit: Visitor) -> Response:
    """All unread notices, the latest first."""
    found = unread(visit, notice_reach(visit.context, visit.caller), MOST)
    return render(
        request,
        "notices.html",
        me=visit.me,
        notices=rows(request, found),
        latest=found[0].noticed_at.isoformat() if found else "",
        has_more=len(found) == MOST,
    )


@router.post("/lasta")
def mark_read(form: OwnForm, visit: Visitor) -> Response:
    """Mark those read that the page showed; what came after it stays."""
    reach = notice_reach(visit.context, visit.caller)
    shown = [one.notice_id for one in unread(visit, reach, MOST) if one.noticed_at <= _moment(form.text("till"))]
    visit.services.notices.mark_read(visit.person_id, shown, on=visit.on, reach=reach)
    return RedirectResponse(ADDRESS, status_code=303)


def _moment(text: str) -> datetime:
    """The moment that the form names; one before everything where it names none."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return _NEVER


@router.get("/{notice}")
def follow(request: Request, notice: Annotated[UUID, Path()], visit: Visitor) -> Response:
    """Lead to the exact place; the notice is read then (S-NOT-4).

    A link, for that is what it is to a reader: it opens in a new window, and is there in the history. Nothing but the
    reader's own mark changes, and not where another site's page led here or somebody only looks ahead.
    """
    reach = notice_reach(visit.context, visit.caller)
    is_ahead = request.method == "HEAD" or request.headers.get("sec-purpose") == _AHEAD
    if is_ahead or request.headers.get("sec-fetch-site") == "cross-site":
        return RedirectResponse(ADDRESS, status_code=303)
    place = visit.services.notices.open_notice(visit.person_id, notice, on=visit.on, reach=reach)
    if place is None:
        raise NoticeGone
    return RedirectResponse(opening(local(place)), status_code=303)


def unread(visit: Visit, reach: Reach, most: int) -> list[Notice]:
    """The reader's unread notices, the latest first."""
    return visit.services.notices.unread(visit.person_id, on=visit.on, reach=reach, limit=most)


def rows(request: Request, notices: list[Notice]) -> list[NoticeRow]:
    """Notices in the reader's language."""
    return list(_rows(request, notices))


def _rows(request: Request, notices: list[Notice]) -> Iterator[NoticeRow]:
    translate = translator(request)
    for notice in notices:
        yield NoticeRow(
            f"{ADDRESS}/{notice.notice_id}",
            notice.student_name,
            notice.by_name,
            translate(ROLES[notice.by_role]),
            translate(NOTICES[notice.kind]),
            notice.noticed_at,
        )
