"""The archive: earlier plans as they stood, by school year, and the way to how a plan was on a day (S-ARC)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from aggregates.comparison import ForecastTurn, changes_between
from aggregates.goal import Goal
from aggregates.plan import Plan, PlanState
from commands.context import STOCKHOLM
from commands.reads import Part, vocabulary_of
from events.plan import Target, TargetKind
from web.plan.frame import pupil_place, show
from web.plan.page import DAY, PupilPage, StudentId, Translate, at_day, pupil_page
from web.plan.targets import text_there
from web.rendering import translator
from web.texts.archive import SINCE
from web.texts.class_view import STATES
from web.texts.fields import WRONG_TEXT
from web.texts.forecasts import FORECASTS
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
    since: tuple["Since", ...]
    """What has become of the plan before it; empty for the first, and where nothing has."""

    @property
    def history(self) -> str:
        """Where everything that was done in it stands."""
        return f"{self.href}/historik"


@dataclass(frozen=True, slots=True)
class Since:
    """One kind of change since the plan before, and what it is about."""

    kind: str
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """A school year and its plans, the latest first."""

    school_year: str
    plans: tuple[Kept, ...]


@router.get("")
def look(request: Request, student: StudentId, visit: Visitor) -> Response:
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
        years=list(_years(page, translate)),
        states=STATES,
        typed=typed,
        today=page.visit.on.isoformat(),
    )


def _years(page: PupilPage, translate: Translate) -> Iterator[Year]:
    plans = sorted(page.file.plans.values(), key=lambda plan: plan.started_at)
    pairs = reversed(list(zip([None, *plans], plans, strict=False)))
    for school_year, found in groupby(pairs, key=lambda pair: pair[1].school_year):
        yield Year(school_year, tuple(_kept(page, plan, before, translate) for before, plan in found))


def _kept(page: PupilPage, plan: Plan, before: Plan | None, translate: Translate) -> Kept:
    return Kept(
        href=f"{page.address}/iup/{plan.id}",
        term=plan.term,
        template=plan.template.name,
        state=plan.state,
        started_on=_on(plan.started_at),
        agreed_on=plan.lock.conversation_on if plan.lock else None,
        archived_on=_on(plan.archived_at) if plan.archived_at else None,
        since=tuple(_since(page, before, plan, translate)) if before else (),
    )


def _since(page: PupilPage, before: Plan, plan: Plan, translate: Translate) -> Iterator[Since]:
    """In words, kind by kind, those that there are."""
    changes = changes_between(before, plan)
    said = {
        **{kind: _texts(before, getattr(changes, kind)) for kind in ("achieved", "abandoned", "left")},
        **{kind: _texts(plan, getattr(changes, kind)) for kind in ("carried", "new")},
        "forecasts": tuple(_turn(page, before, plan, turn, translate) for turn in changes.forecasts),
        "subjects_added": changes.subjects_added,
        "subjects_gone": changes.subjects_gone,
    }
    for kind, text in SINCE.items():
        if about := said[kind]:
            yield Since(translate(text), about)


def _texts(plan: Plan, goals: Iterable[Goal]) -> tuple[str, ...]:
    return tuple(text_there(plan, Target(kind=TargetKind.GOAL, key=str(goal.id))).first for goal in goals)


def _turn(page: PupilPage, before: Plan, plan: Plan, turn: ForecastTurn, translate: Translate) -> str:
    """Each forecast in the words of its plan's time."""
    context, file = page.visit.context, page.file
    was = translate(FORECASTS[vocabulary_of(context, file, before)][turn.before])
    became = translate(FORECASTS[vocabulary_of(context, file, plan)][turn.after])
    return f"{turn.name}: {was} → {became}"


def _on(at: datetime) -> date:
    """The day where the schools are."""
    return at.astimezone(STOCKHOLM).date()
