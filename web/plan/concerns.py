"""Telling the mentor that a text should perhaps not stand in the plan, before it is locked (S-FRE-6, S-AGR-3)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from access.actions import Action
from commands.conversation import raise_concern
from events.plan import Target
from web.errors import PageNotFound
from web.free_text import cautions
from web.plan.frame import PlanPage, acting, again, form_page, plan_page, plan_place, saved, show
from web.plan.targets import TextThere, text_there
from web.rendering import translator
from web.texts.roles import ROLES
from web.texts.targets import TARGETS
from web.typed import NOTHING, Fields, Typed
from web.visit import COMMAND_KEY, OwnForm, Visitor, new_key

router = APIRouter(prefix="/elever/{student}/iup/{plan}/granskning", include_in_schema=False)

_PARTS = {"kind": "slag", "key": "nyckel", "role": "roll", "person_id": "person"}
"""What names a text in an address and in the form: the target's field, and what it is called there."""


@router.get("")
def ask(request: Request, student: Annotated[UUID, Path()], plan: Annotated[UUID, Path()], visit: Visitor) -> Response:
    """The text, and a box to say what is wrong with it."""
    page = plan_page(visit, student, plan)
    target = _target({part: request.query_params.get(name, "") for part, name in _PARTS.items()})
    return _page(request, page, target, text_there(page.plan, target))


@router.post("")
def tell(
    request: Request, student: Annotated[UUID, Path()], plan: Annotated[UUID, Path()], form: OwnForm, visit: Visitor
) -> Response:
    """Tell the mentor; lead back to the text, which says so from now on."""
    page = form_page(visit, student, plan)
    target = _target({part: form.text(name) for part, name in _PARTS.items()})
    there, name = text_there(page.plan, target), _field(target)
    translate = translator(request)
    fields = Fields(form, translate)
    text = fields.prose(name, required=False)
    warnings = cautions(form, translate, {name: text})
    if fields.errors or warnings:
        return _page(request, again(page), target, there, typed=fields.typed(warnings))
    answer = raise_concern(
        visit.context,
        page.command(form, Action.RAISE_CONCERN),
        student_id=student,
        plan_id=plan,
        target=target,
        text=text or None,
    )
    return saved(page, answer, there.address(page), form=form, done="granskas", at=there.anchor)


def _target(parts: dict[str, str]) -> Target:
    """The text that an address or a form names. Raises PageNotFound where it is none that a page of ours names."""
    try:
        return Target.model_validate({part: text for part, text in parts.items() if text})
    except ValidationError:
        raise PageNotFound from None


def _field(target: Target) -> str:
    """The name of the box, another for each text: what is typed for one is never shown for another."""
    parts = (target.kind, target.key, target.role, target.person_id)
    return "-".join(["granska", *(str(part) for part in parts if part)])


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
        named={name: str(value) for part, name in _PARTS.items() if (value := getattr(target, part))},
        field=_field(target),
        relations=acting(page, Action.RAISE_CONCERN, translate),
        command_key_name=COMMAND_KEY,
        command_key=new_key(),
        roles=ROLES,
        typed=typed,
    )
