"""Concerns: a reader tells the mentor that a text may not belong here, and the mentor looks (S-FRE-6, S-AGR-3)."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from access.actions import Action
from aggregates.plans import living_plan
from commands.conversation import close_concern, raise_concern
from events.plan import Target
from events.template import PageKind
from web.errors import PageNotFound
from web.free_text import cautions
from web.plan.conversation import show_conversation
from web.plan.frame import plan_place, show
from web.plan.page import PlanId, PlanPage, StudentId, plan_page
from web.plan.parties import watched
from web.plan.sending import acting, saved, unless_typed
from web.plan.targets import TextThere, field_for, named_parts, named_target, text_there
from web.rendering import translator
from web.texts.roles import ROLES
from web.texts.targets import TARGETS
from web.typed import NOTHING, Fields, Typed
from web.visit import OwnForm, Visitor, new_key

router = APIRouter(prefix="/elever/{student}/iup/{plan}", include_in_schema=False)
CONCERN = "granskning"
"""The hidden field with the concern that is closed."""


@router.get("/granskning")
def ask(request: Request, student: StudentId, plan: PlanId, visit: Visitor) -> Response:
    """The text, and a box to say what is wrong with it."""
    page = plan_page(visit, student, plan)
    target = named_target(request.query_params)
    return _page(request, page, target, text_there(page.plan, target))


@router.post("/granskning")
def tell(request: Request, student: StudentId, plan: PlanId, form: OwnForm, visit: Visitor) -> Response:
    """Tell the mentor; lead back to the text, which says so from now on."""
    page = plan_page(visit, student, plan)
    target = named_target(dict(form.texts()))
    there, name = text_there(page.plan, target), field_for(target, "granska")
    translate = translator(request)
    fields = Fields(form, translate)
    text = fields.prose(name, required=False)
    warnings = cautions(form, translate, {name: text})
    if fields.errors or warnings:
        return _page(request, page, target, there, typed=fields.typed(warnings))
    answer = raise_concern(
        visit.context,
        page.command(form, Action.RAISE_CONCERN),
        student_id=student,
        plan_id=plan,
        target=target,
        text=text or None,
    )
    return saved(page, answer, there.address(page), form=form, done="granskas", at=there.anchor)


@router.post("/granskat")
def close(request: Request, student: StudentId, plan: PlanId, form: OwnForm, visit: Visitor) -> Response:
    """The mentor has looked at a text, and says why the concern is closed (S-AGR-3).

    Where the plan was archived meanwhile the page has no box to give the text back in: it is refused first.
    """
    page = plan_page(visit, student, plan)
    one = next((one for one in watched(page.plan) if str(one.concern.id) == form.text(CONCERN)), None)
    if one is None:
        raise PageNotFound
    place = f"granskning-{one.concern.id}"
    if one.concern.closed_with is not None:
        unless_typed(form, [one.field], [one.concern.closed_with])
        return RedirectResponse(f"{page.conversation_address}#{place}", status_code=303)
    living_plan(page.file, plan)
    translate = translator(request)
    fields = Fields(form, translate)
    reason = fields.prose(one.field)
    warnings = cautions(form, translate, {one.field: reason})
    if fields.errors or warnings:
        return show_conversation(request, page, page.tab_for(PageKind.CONVERSATION), typed=fields.typed(warnings))
    answer = close_concern(
        visit.context,
        page.command(form, Action.CLOSE_CONCERN),
        student_id=student,
        plan_id=plan,
        concern_id=one.concern.id,
        reason=reason,
    )
    return saved(page, answer, page.conversation_address, form=form, done="granskat", at=place)


def _page(request: Request, page: PlanPage, target: Target, there: TextThere, *, typed: Typed = NOTHING) -> Response:
    translate = translator(request)
    return show(
        request,
        page,
        "plan/concern.html",
        plan_place(page, translate("A text to look at"), translate, key=""),
        status=422 if typed.errors else 200,
        there=there,
        kind=TARGETS[target.kind],
        named=named_parts(target),
        field=field_for(target, "granska"),
        relations=acting(page, Action.RAISE_CONCERN, translate),
        command_key=new_key(),
        roles=ROLES,
        typed=typed,
    )
