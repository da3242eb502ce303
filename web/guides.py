"""The getting-started guides, one for each role: to read on the screen or to print, without signing in."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from web.errors import PageNotFound
from web.rendering import render
from web.texts.guides import GUIDES, steps_for
from web.visit import Guest

router = APIRouter(prefix="/hjalp", include_in_schema=False)


@router.get("")
def choose(request: Request, visit: Guest) -> HTMLResponse:
    """The guides that there are."""
    return render(request, "guides.html", me=visit and visit.me, guides=GUIDES)


@router.get("/{reader}")
def show(request: Request, reader: str, visit: Guest) -> HTMLResponse:
    """The guide for one role. Raises PageNotFound."""
    if reader not in GUIDES:
        raise PageNotFound
    steps = list(steps_for(reader))
    return render(request, "guide.html", me=visit and visit.me, title=GUIDES[reader], steps=steps)
