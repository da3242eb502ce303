"""A class's assessments in one subject, as its teacher sees them: who has one, who is left, and the way to write it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from commands.class_overview import record_class
from commands.context import STOCKHOLM
from commands.reads import Part
from commands.settings import school_settings
from events.assessments import Forecast
from web.plan.class_run import ClassRun, Pupil, class_run, writing_in_class
from web.rendering import render, translator
from web.texts.done import DONE
from web.texts.forecasts import FORECASTS
from web.visit import DONE_WORD, Visit, Visitor

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Row:
    """A pupil of the class. `href` is where the assessment is written, or the pupil's page where it cannot be."""

    name: str
    href: str
    has_plan: bool
    published_on: date | None
    has_draft: bool
    forecast: str
    is_risk: bool


@router.get("/klasser/{group}/omdomen/{subject:path}")
def show(request: Request, group: Annotated[UUID, Path()], subject: str, visit: Visitor) -> Response:
    """The pupils whom the reader assesses in the subject; every look is on record, in one statement."""
    run = class_run(visit, group, subject)
    plans = [one.plan for one in run.pupils if one.plan is not None]
    record_class(visit.context, visit.caller, [one.found for one in run.pupils], Part.PLAN, on=visit.on)
    done = DONE.get(request.query_params.get(DONE_WORD, ""))
    return render(
        request,
        "class_assessments.html",
        me=visit.me,
        run=run,
        subject=next((plan["template"]["subjects"][subject] for plan in plans), subject),
        rows=_rows(visit, run),
        first=_first(run),
        done=translator(request)(done) if done else "",
    )


def _rows(visit: Visit, run: ClassRun) -> list[Row]:
    """The pupils with what is looked up for all of them at once: drafts, and the words of each day's forecasts."""
    ids = [one.plan_id for one in run.pupils if one.plan_id is not None]
    drafts = visit.context.drafts.plans_with(visit.eyes, f"omdome-{run.subject}", ids, now=visit.now)

    @cache
    def words(school_id: UUID, started_on: date) -> Mapping[Forecast, str]:
        return FORECASTS[school_settings(visit.context, school_id, on=started_on).vocabulary]

    def row(one: Pupil) -> Row:
        at, forecast, started_on = one.published_at, one.forecast, one.started_on
        return Row(
            name=one.name,
            href=writing_in_class(run, one) or f"/elever/{one.id}",
            has_plan=one.plan is not None,
            published_on=at and at.astimezone(STOCKHOLM).date(),
            has_draft=one.plan_id in drafts,
            forecast=words(one.found.student.school_id, started_on)[forecast] if started_on and forecast else "",
            is_risk=forecast is Forecast.AT_RISK,
        )

    return [row(one) for one in run.pupils]


def _first(run: ClassRun) -> str:
    """Where to begin: the first pupil without an assessment; empty where nobody is left."""
    left = [one for one in run.pupils if one.is_open and one.published_at is None]
    return writing_in_class(run, left[0]) if left else ""
