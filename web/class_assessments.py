"""A class's assessments in one subject, as its teacher sees them: who has one, who is left, and the way to write it."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from commands.context import STOCKHOLM
from commands.reads import Part, record_looks, vocabulary_of
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
    record_looks(visit.context, visit.caller, [one.opened for one in run.pupils], Part.PLAN)
    drafts = visit.context.drafts.plans_with(
        visit.eyes, f"omdome-{subject}", [one.plan.id for one in run.pupils if one.plan is not None], now=visit.now
    )
    done = DONE.get(request.query_params.get(DONE_WORD, ""))
    return render(
        request,
        "class_assessments.html",
        me=visit.me,
        run=run,
        subject=next((one.plan.subjects[subject].name for one in run.pupils if one.plan is not None), subject),
        rows=[_row(visit, run, one, has_draft=one.plan is not None and one.plan.id in drafts) for one in run.pupils],
        first=_first(visit, run),
        done=translator(request)(done) if done else "",
    )


def _row(visit: Visit, run: ClassRun, pupil: Pupil, *, has_draft: bool) -> Row:
    plan, latest = pupil.plan, pupil.latest
    standing = plan.standing_forecast(run.subject) if plan else None
    words = FORECASTS[vocabulary_of(visit.context, pupil.opened.file, plan)] if plan else {}
    return Row(
        name=pupil.name,
        href=writing_in_class(visit, run, pupil) or f"/elever/{pupil.id}",
        has_plan=plan is not None,
        published_on=latest.at.astimezone(STOCKHOLM).date() if latest else None,
        has_draft=has_draft,
        forecast=words[standing.forecast] if standing else "",
        is_risk=standing is not None and standing.forecast is Forecast.AT_RISK,
    )


def _first(visit: Visit, run: ClassRun) -> str:
    """Where to begin: the first pupil without an assessment; empty where nobody is left."""
    left = [one for one in run.pupils if one.is_open and one.latest is None]
    return writing_in_class(visit, run, left[0]) if left else ""
