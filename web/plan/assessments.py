"""The page of a plan with its assessments."""

from starlette.requests import Request
from starlette.responses import Response

from events.template import Page
from web.plan.frame import PlanPage, plan_place, show
from web.rendering import translator
from web.typed import NOTHING, Typed


def show_assessments(request: Request, page: PlanPage, tab: Page, *, typed: Typed = NOTHING) -> Response:
    """The page, with what was typed where it could not be saved."""
    place = plan_place(page, tab.title, translator(request), key=tab.key)
    status = 422 if typed.errors else 200
    return show(request, page, "plan/assessments.html", place, status=status, tab=tab, typed=typed)
