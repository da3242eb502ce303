"""All the pupil's goals over all plans, the newest plan first (Fokus, the tab IUP-mål: S-GOA-9)."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from aggregates.goal import Goal
from aggregates.plan import Plan, PlanState
from commands.reads import Part
from events.school import Module
from web.plan.frame import Place, Tab, show, to_pupil
from web.plan.modules import module_page
from web.plan.page import PupilPage, StudentId
from web.plan.targets import GoalLink, goal_link
from web.rendering import translator
from web.texts.goals import DECISIONS, STATUSES
from web.visit import Visitor

router = APIRouter(prefix="/elever/{student}/fokus", include_in_schema=False)


@dataclass(frozen=True, slots=True)
class GoalRow:
    """A goal in the list, and the way to it."""

    goal: Goal
    link: GoalLink


@dataclass(frozen=True, slots=True)
class GoalsOfPlan:
    """A plan's goals and proposals."""

    plan: Plan
    rows: Sequence[GoalRow]

    @property
    def is_archived(self) -> bool:
        """Whether a later plan has taken its place."""
        return self.plan.state is PlanState.ARCHIVED


@router.get("")
def show_focus(request: Request, student: StudentId, visit: Visitor) -> Response:
    """Every goal with its step; moved and evaluated where it stands in its plan."""
    page = module_page(visit, student, Module.FOCUS, Part.GOALS)
    translate = translator(request)
    tabs = [Tab(f"{page.address}/fokus", translate("IUP goals"), is_current=True)]
    place = Place(to_pupil(page, translate), translate("Focus"), tabs)
    plans = [GoalsOfPlan(plan, _rows(page, plan)) for plan in reversed(page.file.plans.values())]
    return show(
        request,
        page,
        "plan/focus.html",
        place,
        plans=[one for one in plans if one.rows],
        statuses=STATUSES,
        decisions=DECISIONS,
    )


def _rows(page: PupilPage, plan: Plan) -> list[GoalRow]:
    return [GoalRow(goal, goal_link(page, plan, goal.id)) for goal in plan.goals.values()]
