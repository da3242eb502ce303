"""What has happened in a plan: who did what, when, the latest first, a page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from aggregates.plan import Plan
from aggregates.plans import plan_of
from commands.context import STOCKHOLM
from commands.reads import Part, open_history
from events.base import Actor, Recorded
from events.plan import Target, TargetKind
from web.plan.frame import plan_place, show
from web.plan.page import PlanId, PlanPage, StudentId, at_day
from web.plan.targets import text_there
from web.rendering import translator
from web.texts.roles import ROLES
from web.texts.timeline import TIMELINE
from web.visit import Visitor

router = APIRouter(prefix="/elever/{student}/iup/{plan}/historik", include_in_schema=False)

PAGE = 50
"""Happenings of one page."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that somebody did in the plan. `about` is the question, goal or subject, in its own words."""

    by: Actor
    is_for_pupil: bool
    what: str
    about: str
    at: datetime


@router.get("")
def look(
    request: Request,
    student: StudentId,
    plan: PlanId,
    visit: Visitor,
    before: Annotated[int, Query(alias="fore", ge=0, le=2**53)] = 2**53,
) -> Response:
    """The latest of what has happened before a version of the file. Raises PlanNotFound."""
    opened, history = open_history(visit.context, visit.caller, student, on=visit.on)
    page = PlanPage(visit, opened, plan_of(opened.file, plan), part=Part.HISTORY)
    of_plan = [one for one in history if getattr(one.event, "plan_id", None) == plan and one.event.code in TIMELINE]
    found = [one for one in reversed(of_plan) if one.originator_version < before]
    translate = translator(request)
    return show(
        request,
        page,
        "plan/timeline.html",
        plan_place(page, translate("What has happened"), translate, key=""),
        days=list(_days(page, found[:PAGE])),
        older=found[PAGE - 1].originator_version if len(found) > PAGE else None,
        is_newest=len(found) == len(of_plan),
        words=TIMELINE,
        roles=ROLES,
    )


def _days(page: PlanPage, found: list[Recorded[Any]]) -> Iterator[tuple[date, str, list[Happening]]]:
    """Each day with what happened on it, and where the plan stands as it was then."""
    by_day: dict[date, list[Happening]] = {}
    for one in found:
        on = one.at.astimezone(STOCKHOLM).date()
        by_day.setdefault(on, []).append(_happening(page.plan, one))
    for on, happenings in by_day.items():
        yield on, at_day(page.plan_address, on), happenings


def _happening(plan: Plan, one: Recorded[Any]) -> Happening:
    return Happening(one.actor, one.actor.on_behalf_of is not None, one.event.code, _about(plan, one.event), one.at)


def _about(plan: Plan, event: Any) -> str:  # noqa: ANN401 - any event of a plan
    """What it is about, as it is called now; a text that was put right is named by what it says since."""
    if question := getattr(event, "question", None):
        return plan.questions[question].text if question in plan.questions else ""
    if goal_id := getattr(event, "goal_id", None):
        return text_there(plan, Target(kind=TargetKind.GOAL, key=str(goal_id))).first
    subjects = getattr(event, "subjects", None) or [subject for subject in [getattr(event, "subject", None)] if subject]
    return ", ".join(plan.subjects[code].name for code in subjects if code in plan.subjects)
