"""The agreement: pupil and guardians agree to the plan as it is, the mentor locks it at the conversation (S-AGR)."""

from datetime import date

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from access.actions import Action
from aggregates.errors.agreement import (
    AlreadyAgreed,
    ConcernsOpen,
    LockReasonNotNeeded,
    PartyMissing,
    PlanChangedSince,
)
from aggregates.errors.enrolment import DayNotCome
from aggregates.plan import PlanState
from commands.context import Answer
from commands.conversation import agree, lock_plan
from events.plan import LockReason
from events.template import PageKind
from web.forms import Form
from web.free_text import cautions
from web.plan.conversation import asked_again, show_conversation
from web.plan.page import PlanId, PlanPage, StudentId, plan_page
from web.plan.parties import REASON, hindrances
from web.plan.sending import VERSION, saved, unless_typed
from web.rendering import translator
from web.texts.obstacles import REASONS
from web.typed import Fields, version_in
from web.visit import OwnForm, Visitor

router = APIRouter(prefix="/elever/{student}/iup/{plan}", include_in_schema=False)
PLACE = "overenskommelse"
HELD_ON = "samtalsdag"
"""The field with the day of the conversation."""
_MEANWHILE = (PlanChangedSince, PartyMissing, ConcernsOpen, LockReasonNotNeeded)


@router.post("/overenskommelse")
def say_yes(request: Request, student: StudentId, plan: PlanId, form: OwnForm, visit: Visitor) -> Response:
    """Agree to the plan as it stood on the page; asked again where it has changed since (S-AGR-1, G-5)."""
    page = plan_page(visit, student, plan)
    version = version_in(form, VERSION)
    command = page.command(form, Action.AGREE)
    try:
        answer = agree(visit.context, command, student_id=student, plan_id=plan, plan_version=version)
    except PlanChangedSince:
        return asked_again(request, plan_page(visit, student, plan), version)
    except AlreadyAgreed:
        return _to_agreement(page)
    return saved(page, answer, page.conversation_address, done="overens", at=PLACE)


@router.post("/las")
def lock(request: Request, student: StudentId, plan: PlanId, form: OwnForm, visit: Visitor) -> Response:
    """Lock the plan as agreed, with a reason for each thing that hinders it (S-AGR-2); the mentor alone does."""
    page = plan_page(visit, student, plan)
    if page.plan.state is not PlanState.OPEN:
        given = page.plan.lock.reasons if page.plan.lock else ()
        boxes = [name for name, _ in form.texts() if name.startswith(REASON)]
        unless_typed(form, boxes, [one.reason for one in given])
        return _to_agreement(page)
    return _lock(request, page, form, is_last=False)


def _lock(request: Request, page: PlanPage, form: Form, *, is_last: bool) -> Response:
    """Lock what the mentor saw. Where the plan, or what hinders the lock, is another by now the mentor is asked again.

    `is_last`: it has been tried on an older plan already, a moment ago.
    """
    translate = translator(request)
    fields = Fields(form, translate)
    held_on = fields.day(HELD_ON)
    texts = {one.field: fields.prose(one.field) for one in hindrances(page)}
    fields.errors |= {
        one.field: translate(REASONS[one.obstacle]) for one in hindrances(page) if not form.line(one.field)
    }
    warnings = cautions(form, translate, texts)
    version = version_in(form, VERSION)
    if version != page.plan.content_version:
        return asked_again(request, page, version, Fields(form, translate).typed())
    if held_on is None or fields.errors or warnings:
        return show_conversation(request, page, page.tab_for(PageKind.CONVERSATION), typed=fields.typed(warnings))
    try:
        answer = _send(page, form, version, held_on, texts)
    except DayNotCome:
        fields.wrong(HELD_ON, "day-to-come")
        return show_conversation(request, page, page.tab_for(PageKind.CONVERSATION), typed=fields.typed())
    except _MEANWHILE:
        if is_last:
            raise
        return _lock(request, plan_page(page.visit, page.student_id, page.plan.id), form, is_last=True)
    return saved(page, answer, page.conversation_address, form=form, done="last", at=PLACE)


def _send(page: PlanPage, form: Form, version: int, held_on: date, texts: dict[str, str]) -> Answer:
    reasons = [
        LockReason(obstacle=one.obstacle, concern_id=one.reason_about, reason=texts[one.field])
        for one in hindrances(page)
    ]
    return lock_plan(
        page.visit.context,
        page.command(form, Action.LOCK_PLAN),
        student_id=page.student_id,
        plan_id=page.plan.id,
        plan_version=version,
        conversation_on=held_on,
        reasons=reasons,
    )


def _to_agreement(page: PlanPage) -> Response:
    """There is nothing left to do: show how it stands."""
    return RedirectResponse(f"{page.conversation_address}#{PLACE}", status_code=303)
