"""The pages (flikar) of a plan's template: each kind is made by its own module (S-TPL-8, S-NAV-11)."""

from collections.abc import Mapping
from typing import Annotated, Protocol
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from events.template import Page, PageKind
from web.errors import PageNotFound
from web.plan.assessments import show_assessments
from web.plan.conversation import show_conversation
from web.plan.goals import show_goals
from web.plan.history import Day, plan_then
from web.plan.page import PlanPage, plan_page
from web.plan.questions import show_questions
from web.visit import Visitor

router = APIRouter(include_in_schema=False)


class _Show(Protocol):
    def __call__(self, request: Request, page: PlanPage, tab: Page) -> Response:
        """The page of a kind."""


_SHOW: Mapping[PageKind, _Show] = {
    PageKind.PREPARATION: show_questions,
    PageKind.ASSESSMENTS: show_assessments,
    PageKind.CONVERSATION: show_conversation,
    PageKind.GOALS: show_goals,
}


def show_tab(request: Request, page: PlanPage, key: str) -> Response:
    """The page of the plan's template that has this key. Raises PageNotFound."""
    tab = next((tab for tab in page.plan.template.pages if tab.key == key), None)
    if tab is None:
        raise PageNotFound
    return _SHOW[tab.kind](request, page, tab)


@router.get("/elever/{student}/iup/{plan}/{key}")
def show(
    request: Request,
    student: Annotated[UUID, Path()],
    plan: Annotated[UUID, Path()],
    key: str,
    visit: Visitor,
    day: Day = None,
) -> Response:
    """A page of a plan, current or archived, as it is now or was at the end of a day."""
    page = plan_page(visit, student, plan) if day is None else plan_then(visit, student, plan, day)
    return show_tab(request, page, key)
