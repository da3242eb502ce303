"""The pages (flikar) of a plan's template: each kind is made by its own module (S-TPL-8, S-NAV-11)."""

from collections.abc import Mapping
from typing import Protocol

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from events.template import Page, PageKind
from web.plan.assessments import show_assessments
from web.plan.conversation import show_conversation
from web.plan.goals import show_goals
from web.plan.history import Day, plan_then
from web.plan.page import PlanId, PlanPage, StudentId, plan_page
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


@router.get("/elever/{student}/iup/{plan}/{key}")
def show(
    request: Request,
    student: StudentId,
    plan: PlanId,
    key: str,
    visit: Visitor,
    day: Day = None,
) -> Response:
    """A page of a plan, current or archived, as it is now or was at the end of a day. Raises PageNotFound."""
    page = plan_page(visit, student, plan) if day is None else plan_then(visit, student, plan, day)
    tab = page.tab(key)
    return _SHOW[tab.kind](request, page, tab)
