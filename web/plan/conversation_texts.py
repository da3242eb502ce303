"""What each guardian writes on the page of the conversation: what to talk about, and how it went (S-SAM-2, S-SAM-3)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from access.actions import Action
from aggregates.errors import VersionMismatch
from aggregates.plan import Plan
from aggregates.plan_parts import Written
from aggregates.plans import locked_plan, open_plan
from aggregates.student_file import StudentFile
from commands.context import Answer, Command, Context
from commands.conversation import evaluate_conversation, give_viewpoint
from events.template import PageKind
from web.forms import Form
from web.free_text import cautions
from web.plan.conflict import Conflict, conflict_page
from web.plan.conversation import show_conversation
from web.plan.page import ACTING_AS, PlanId, PlanPage, StudentId, plan_page
from web.plan.sending import VERSION, saved
from web.rendering import translator
from web.typed import Fields, version_in
from web.visit import OwnForm, Visitor

router = APIRouter(prefix="/elever/{student}/iup/{plan}", include_in_schema=False)


class _Write(Protocol):
    def __call__(self, context: Context, command: Command, *, student_id: UUID, plan_id: UUID, text: str) -> Answer:
        """Save one's own text."""


@dataclass(frozen=True, slots=True)
class _Box:
    """A text that each guardian writes on the page: its field, its place, what is saved in it and by what command.

    `standing`: raises what refuses it in a plan on whose page the box is not there any more.
    """

    field: str
    place: str
    action: Action
    texts: Callable[[Plan], Mapping[UUID, Written]]
    write: _Write
    standing: Callable[[StudentFile, UUID], Plan]


_VIEWPOINT = _Box(
    "synpunkt", "synpunkter", Action.GIVE_VIEWPOINT, lambda plan: plan.viewpoints, give_viewpoint, open_plan
)
_EVALUATION = _Box(
    "samtalets-utvardering",
    "utvardering",
    Action.EVALUATE_CONVERSATION,
    lambda plan: plan.evaluations,
    evaluate_conversation,
    locked_plan,
)


@router.post("/synpunkter")
def save_viewpoint(request: Request, student: StudentId, plan: PlanId, form: OwnForm, visit: Visitor) -> Response:
    """Note what to raise at the conversation (S-SAM-2)."""
    page = plan_page(visit, student, plan)
    return _save(request, page, form, _VIEWPOINT)


@router.post("/utvardering")
def save_evaluation(request: Request, student: StudentId, plan: PlanId, form: OwnForm, visit: Visitor) -> Response:
    """Say how the conversation went (S-SAM-3)."""
    page = plan_page(visit, student, plan)
    return _save(request, page, form, _EVALUATION)


def _save(request: Request, page: PlanPage, form: Form, box: _Box) -> Response:
    """Save the reader's own text, once it can be saved and the author is sure of it."""
    visit, translate = page.visit, translator(request)
    box.standing(page.file, page.plan.id)
    fields = Fields(form, translate)
    text = fields.prose(box.field)
    warnings = cautions(form, translate, {box.field: text})
    if fields.errors or warnings:
        return show_conversation(request, page, page.tab_for(PageKind.CONVERSATION), typed=fields.typed(warnings))
    seen = version_in(form, VERSION) if visit.person_id in box.texts(page.plan) else 0
    command = page.command(form, box.action, if_match=seen)
    try:
        answer = box.write(visit.context, command, student_id=page.student_id, plan_id=page.plan.id, text=text)
    except VersionMismatch:
        return _conflict(request, page, form, box)
    return saved(page, answer, page.conversation_address, form=form, at=box.place)


def _conflict(request: Request, page: PlanPage, form: Form, box: _Box) -> Response:
    """The reader saved the same text in another window: both stand beside each other."""
    now = plan_page(page.visit, page.student_id, page.plan.id)
    theirs = box.texts(now.plan)[page.visit.person_id]
    label = translator(request)("Your text")
    hidden = {VERSION: str(theirs.version), ACTING_AS: form.text(ACTING_AS)}
    conflict = Conflict(box.field, label, form.text(box.field), theirs, hidden)
    return conflict_page(
        request,
        now,
        [conflict],
        action=f"{page.plan_address}/{box.place}",
        back=f"{page.conversation_address}#{box.place}",
        key=page.tab_for(PageKind.CONVERSATION).key,
    )
