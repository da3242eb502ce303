"""Keeps what is typed on the pages about a pupil while it is typed, for its author alone (G-11, S-NAV-9)."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from commands.reads import Part
from web.errors import NotKept
from web.forms import Form
from web.plan.kept import forget, keep
from web.plan.page import PlanId, PupilPage, StudentId, plan_page, pupil_page
from web.plan.question_boxes import SCALE
from web.typed import is_field_name, is_written
from web.visit import OwnForm, Visitor, here

router = APIRouter(prefix="/elever/{student}", include_in_schema=False)
DISCARDED = "slang"
"""The field that names the draft which is not wanted."""


@router.post("/utkast")
def keep_beside_plans(student: StudentId, form: OwnForm, visit: Visitor) -> Response:
    """As in a plan, on the pupil's other pages."""
    return _keep(pupil_page(visit, student, Part.PLANS), form)


@router.post("/iup/{plan}/utkast")
def keep_in_plan(student: StudentId, plan: PlanId, form: OwnForm, visit: Visitor) -> Response:
    """What a script sends a moment after somebody stopped typing: 204, or 409 and the fields that are not kept."""
    return _keep(plan_page(visit, student, plan), form)


@router.post("/utkast/slang")
def discard_beside_plans(request: Request, student: StudentId, form: OwnForm, visit: Visitor) -> Response:
    """As in a plan, on the pupil's other pages."""
    return _discard(request, pupil_page(visit, student, Part.PLANS), form)


@router.post("/iup/{plan}/utkast/slang")
def discard_in_plan(request: Request, student: StudentId, plan: PlanId, form: OwnForm, visit: Visitor) -> Response:
    """Forget a draft, and show the page as it is saved; what stood in the other boxes of the form is kept.

    Raises NotKept, where they hold what cannot be.
    """
    return _discard(request, plan_page(visit, student, plan), form)


def _keep(page: PupilPage, form: Form) -> Response:
    lost = keep(page, {name: text for name, text in form.texts() if is_field_name(name)})
    return JSONResponse(lost, status_code=409) if lost else Response(status_code=204)


def _discard(request: Request, page: PupilPage, form: Form) -> Response:
    thrown = form.text(DISCARDED)
    others = {name: text for name, text in form.texts() if name != thrown and _is_typed(name, text)}
    if keep(page, others):
        raise NotKept
    forget(page, [thrown])
    return RedirectResponse(here(request), status_code=303)


def _is_typed(name: str, text: str) -> bool:
    """Whether somebody typed it, or chose it on the scale beside what is typed."""
    return is_field_name(name) and (is_written(name, text) or name.startswith(SCALE))
