"""The archive: earlier plans as they stood, by school year, and the way to how a plan was on a day (S-ARC)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from aggregates.plan import Plan, PlanState
from commands.context import STOCKHOLM
from commands.reads import Part
from web.plan.frame import DAY, PupilPage, at_day, pupil_page, pupil_place, show
from web.rendering import translator
from web.texts.class_view import STATES
from web.texts.fields import WRONG_TEXT
from web.typed import NOTHING, Typed
from web.visit import Visitor

router = APIRouter(prefix="/elever/{student}/arkiv", include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Kept:
    """A plan in the archive, or the current one: when it was what."""

    href: str
    term: str
    template: str
    state: PlanState
    started_on: date
    agreed_on: date | None
    archived_on: date | None


@dataclass(frozen=True, slots=True)
class Year:
    """A school year and its plans, the latest first."""

    school_year: str
    plans: tuple[Kept, ...]


@router.get("")
def look(request: Request, student: Annotated[UUID, Path()], visit: Visitor) -> Response:
    """Every plan of the pupil by school year; with a day, the way to the plan of that day as it was then."""
    page = pupil_page(visit, student, Part.PLANS)
    text = request.query_params.get(DAY)
    if text is None:
        return _page(request, page)
    day = _day(text)
    plan = _plan_on(page, day) if day else None
    if plan is None:
        wrong = "not-a-day" if day is None else "day-not-over" if day > visit.on else "no-plan-then"
        return _page(request, page, Typed({DAY: text}, {DAY: translator(request)(WRONG_TEXT[wrong])}))
    return RedirectResponse(at_day(f"{page.address}/iup/{plan.id}", day), status_code=303)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _plan_on(page: PupilPage, day: date) -> Plan | None:
    """The plan that was the newest at the end of a day; None before there was one, and for a day to come."""
    if day > page.visit.on:
        return None
    started = [plan for plan in page.file.plans.values() if _on(plan.started_at) <= day]
    return max(started, key=lambda plan: plan.started_at, default=None)


def _page(request: Request, page: PupilPage, typed: Typed = NOTHING) -> Response:
    translate = translator(request)
    return show(
        request,
        page,
        "plan/archive.html",
        pupil_place(page, translate("Archive"), translate),
        status=422 if typed.errors else 200,
        years=list(_years(page)),
        states=STATES,
        typed=typed,
        today=page.visit.on.isoformat(),
    )


def _years(page: PupilPage) -> Iterator[Year]:
    newest_first = sorted(page.file.plans.values(), key=lambda plan: plan.started_at, reverse=True)
    for school_year, plans in groupby(newest_first, key=lambda plan: plan.school_year):
        yield Year(school_year, tuple(_kept(page, plan) for plan in plans))


def _kept(page: PupilPage, plan: Plan) -> Kept:
    return Kept(
        href=f"{page.address}/iup/{plan.id}",
        term=plan.term,
        template=plan.template.name,
        state=plan.state,
        started_on=_on(plan.started_at),
        agreed_on=plan.lock.conversation_on if plan.lock else None,
        archived_on=_on(plan.archived_at) if plan.archived_at else None,
    )


def _on(at: datetime) -> date:
    """The day where the schools are."""
    return at.astimezone(STOCKHOLM).date()
