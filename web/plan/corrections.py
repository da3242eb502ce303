"""Correcting a text or a forecast after the lock, with a reason; what it said before is kept (G-6)."""

from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from access.actions import Action
from aggregates import agreement
from aggregates.plan import Plan
from commands.context import Answer
from commands.conversation import correct
from commands.reads import vocabulary_of
from events.assessments import Forecast
from events.base import Actor
from events.plan import Target, TargetKind
from web.forms import Form
from web.free_text import cautions
from web.plan.frame import plan_place, show
from web.plan.offers import offered
from web.plan.page import PlanId, PlanPage, StudentId, Translate, plan_page
from web.plan.sending import Acting, saved
from web.plan.targets import TextThere, corrections_of, field_for, named_parts, named_target, text_there
from web.rendering import translator
from web.texts.forecasts import FORECASTS
from web.texts.targets import TARGETS
from web.typed import NOTHING, Fields, Typed
from web.visit import OwnForm, Visitor, new_key

router = APIRouter(prefix="/elever/{student}/iup/{plan}", include_in_schema=False)
FORECAST = "prognos"
"""The field of the forecast, and what `WHAT` says in the form that corrects it; the other corrects the text."""
WHAT = "vad"


@router.get("/rattelse")
def ask(request: Request, student: StudentId, plan: PlanId, visit: Visitor) -> Response:
    """The text in a box to put right, and a box for why; the text itself where the reader cannot correct it."""
    page = plan_page(visit, student, plan)
    target = named_target(request.query_params)
    there = text_there(page.plan, target)
    if not correcting(page, target, translator(request)):
        return RedirectResponse(there.href(page), status_code=303)
    return _page(request, page, target, there)


@router.post("/rattelse")
def save(request: Request, student: StudentId, plan: PlanId, form: OwnForm, visit: Visitor) -> Response:
    """Correct the text, or the forecast; lead back to where it stands."""
    page = plan_page(visit, student, plan)
    translate = translator(request)
    target = named_target(dict(form.texts()))
    there, fields = text_there(page.plan, target), Fields(form, translate)
    of_forecast = form.text(WHAT) == FORECAST
    reason_field = field_for(target, "prognosskal" if of_forecast else "skal")
    reason = fields.prose(reason_field)
    text = "" if of_forecast else fields.prose(field_for(target, "ratta"))
    forecast = fields.choice(FORECAST, Forecast) if of_forecast else None
    if not of_forecast and text == _own_text(page.plan, target, there):
        fields.wrong(field_for(target, "ratta"), "as-before")
    warnings = cautions(form, translate, {reason_field: reason, field_for(target, "ratta"): text})
    if fields.errors or warnings:
        return _page(request, page, target, there, typed=fields.typed(warnings))
    answer = _correct(page, form, target, text=text or None, forecast=forecast, reason=reason)
    return saved(page, answer, there.address(page), form=form, done="rattat", at=there.anchor)


def correcting(page: PlanPage, target: Target, translate: Translate) -> list[Acting]:
    """The relations in which the reader can correct a text of the plan; none: the page does not offer it."""

    def decide(by: Actor) -> object:
        return agreement.correct(
            page.file, plan_id=page.plan.id, correction_id=UUID(int=0), target=target, text="-", reason="-", by=by
        )

    return offered(page, Action.CORRECT, translate, decide)


def _correct(
    page: PlanPage, form: Form, target: Target, *, text: str | None, forecast: Forecast | None, reason: str
) -> Answer:
    return correct(
        page.visit.context,
        page.command(form, Action.CORRECT),
        student_id=page.student_id,
        plan_id=page.plan.id,
        target=target,
        text=text,
        forecast=forecast,
        reason=reason,
    )


def _page(request: Request, page: PlanPage, target: Target, there: TextThere, *, typed: Typed = NOTHING) -> Response:
    translate = translator(request)
    return show(
        request,
        page,
        "plan/correction.html",
        plan_place(page, translate("Correct a text"), translate, key=""),
        status=422 if typed.errors else 200,
        there=there,
        kind=TARGETS[target.kind],
        named=named_parts(target),
        fields={what: field_for(target, what) for what in ("ratta", "skal", "prognosskal")},
        text=_own_text(page.plan, target, there),
        forecasts=_forecasts(page, target),
        relations=correcting(page, target, translate),
        command_key=new_key(),
        back=there.href(page),
        typed=typed,
    )


def _own_text(plan: Plan, target: Target, there: TextThere) -> str:
    """What stands in the box to put right: of an answer the text alone, without the step of its scale."""
    if target.kind is not TargetKind.ANSWER:
        return there.text
    if made := corrections_of(plan, target):
        return made[-1].event.text
    assert target.key and target.role and target.person_id  # noqa: S101, PT018 - the plan has the text
    return plan.answers[(target.key, target.role, target.person_id)][-1].text or ""


def _forecasts(page: PlanPage, target: Target) -> dict[Forecast, str]:
    """The other forecasts of an assessment; none for another text."""
    standing = page.plan.standing_forecast(target.key or "") if target.kind is TargetKind.ASSESSMENT else None
    if standing is None:
        return {}
    words = FORECASTS[vocabulary_of(page.visit.context, page.file, page.plan)]
    return {forecast: text for forecast, text in words.items() if forecast is not standing.forecast}
