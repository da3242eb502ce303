"""Keeps what is typed on a plan's pages while it is typed, for its author alone (G-11, S-NAV-9)."""

import re

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from commands.drafts import keep_drafts
from web.plan.page import PlanId, StudentId, plan_page
from web.typed import is_field_name
from web.visit import OwnForm, Visitor, here

router = APIRouter(prefix="/elever/{student}/iup/{plan}/utkast", include_in_schema=False)
DISCARDED = "slang"
"""The field that names the draft which is not wanted."""
_NO_PROSE = re.compile(r"(ja|\d*|[0-9a-f-]{32,36})")
"""Ticks, versions and ids: what a form carries beside what somebody types."""


@router.post("")
def keep(student: StudentId, plan: PlanId, form: OwnForm, visit: Visitor) -> Response:
    """What a script sends a moment after somebody stopped typing: 204, or 409 where no more is kept."""
    texts = {name: text for name, text in form.texts() if is_field_name(name)}
    kept = keep_drafts(
        visit.context, visit.caller, student_id=student, plan_id=plan, texts=texts, on=visit.on, now=visit.now
    )
    return Response(status_code=204 if kept else 409)


@router.post("/slang")
def discard(request: Request, student: StudentId, plan: PlanId, form: OwnForm, visit: Visitor) -> Response:
    """Forget a draft, and show the page as it is saved; what stood in the other boxes of the form is kept."""
    plan_page(visit, student, plan)
    thrown = form.text(DISCARDED)
    visit.context.drafts.discard(visit.eyes, plan, [thrown])
    others = {name: text for name, text in form.texts() if name != thrown and is_field_name(name) and _is_prose(text)}
    keep_drafts(visit.context, visit.caller, student_id=student, plan_id=plan, texts=others, on=visit.on, now=visit.now)
    return RedirectResponse(here(request), status_code=303)


def _is_prose(text: str) -> bool:
    """Whether it can be something that somebody typed."""
    return _NO_PROSE.fullmatch(text.strip()) is None
