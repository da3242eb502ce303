"""The page of the conversation: who has read, what to talk about, concerns, the agreement, how it went (S-SAM)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Protocol
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from access.actions import Action
from aggregates.errors import VersionMismatch
from aggregates.errors.agreement import AlreadyAgreed, PlanChangedSince
from aggregates.plan import Plan, PlanState
from aggregates.plan_parts import Correction, Written
from commands.context import Answer, Command, Context
from commands.conversation import confirm_reading, evaluate_conversation, give_viewpoint
from events.plan import Target, TargetKind
from events.template import Page, PageKind
from web.errors import PageNotFound
from web.forms import Form
from web.free_text import cautions
from web.plan.conflict import Conflict, conflict_page
from web.plan.corrections import correcting, corrections_of
from web.plan.frame import (
    ACTING_AS,
    VERSION,
    Acting,
    PlanPage,
    Translate,
    acting,
    again,
    form_page,
    plan_page,
    plan_place,
    saved,
    show,
)
from web.plan.parties import Party, agreements, changed_since, hindrances, is_open, readings, undecided, watched
from web.plan.targets import TextThere
from web.rendering import translator
from web.texts.obstacles import OBSTACLES
from web.texts.roles import ROLES
from web.texts.targets import TARGETS
from web.typed import NOTHING, Fields, Typed, version_in
from web.visit import OwnForm, Visitor, new_key

router = APIRouter(prefix="/elever/{student}/iup/{plan}", include_in_schema=False)

StudentId = Annotated[UUID, Path(alias="student")]
PlanId = Annotated[UUID, Path(alias="plan")]


@dataclass(frozen=True, slots=True)
class Said:
    """What one guardian has written on the page, what of it was corrected since, and whether the reader may."""

    person_id: UUID
    text: Written
    corrections: tuple[Correction, ...]
    may_correct: bool


class _Write(Protocol):
    def __call__(self, context: Context, command: Command, *, student_id: UUID, plan_id: UUID, text: str) -> Answer:
        """Save one's own text."""


@dataclass(frozen=True, slots=True)
class _Box:
    """A text that each guardian writes on the page: its field, its place, what is saved in it and by what command."""

    field: str
    place: str
    action: Action
    texts: Callable[[Plan], Mapping[UUID, Written]]
    write: _Write


_VIEWPOINT = _Box("synpunkt", "synpunkter", Action.GIVE_VIEWPOINT, lambda plan: plan.viewpoints, give_viewpoint)
_EVALUATION = _Box(
    "samtalets-utvardering",
    "utvardering",
    Action.EVALUATE_CONVERSATION,
    lambda plan: plan.evaluations,
    evaluate_conversation,
)


def show_conversation(
    request: Request, page: PlanPage, tab: Page, *, typed: Typed = NOTHING, changed: Sequence[TextThere] | None = None
) -> Response:
    """The page, with what was typed where it could not be saved.

    `changed`: the reader agreed to, confirmed or locked what the plan said before these texts changed, and is asked
    again.
    """
    translate = translator(request)
    plan = page.plan
    return show(
        request,
        page,
        "plan/conversation.html",
        plan_place(page, tab.title, translate, key=tab.key),
        status=422 if typed.errors else 200 if changed is None else 409,
        tab=tab,
        typed=typed,
        changed=changed,
        readings=readings(page),
        agreements=agreements(page),
        hindrances=hindrances(page),
        undecided=undecided(plan),
        watched=watched(plan),
        viewpoints=_said(page, TargetKind.VIEWPOINT, plan.viewpoints, translate),
        evaluations=_said(page, TargetKind.CONVERSATION_EVALUATION, plan.evaluations, translate),
        offered=_offered(page, translate),
        is_open=is_open(page),
        today=page.visit.on.isoformat(),
        command_key=new_key(),
        roles=ROLES,
        kinds=TARGETS,
        obstacles=OBSTACLES,
    )


def _said(page: PlanPage, kind: TargetKind, texts: Mapping[UUID, Written], translate: Translate) -> list[Said]:
    targets = {person_id: Target(kind=kind, person_id=person_id) for person_id in texts}
    return [
        Said(person_id, texts[person_id], corrections_of(page.plan, target), bool(correcting(page, target, translate)))
        for person_id, target in targets.items()
    ]


def _offered(page: PlanPage, translate: Translate) -> dict[str, list[Acting]]:
    """Each form of the page, with the relations that the reader can send it in; none where it is not for the reader."""
    now, held = is_open(page), page.plan.state is PlanState.LOCKED
    forms = {
        "confirm": now and not _stands(readings(page)) and Action.CONFIRM_READING,
        "viewpoint": now and Action.GIVE_VIEWPOINT,
        "agree": now and not _stands(agreements(page)) and Action.AGREE,
        "lock": now and Action.LOCK_PLAN,
        "evaluation": held and Action.EVALUATE_CONVERSATION,
        "close": Action.CLOSE_CONCERN,
    }
    return {name: acting(page, action, translate) if action else [] for name, action in forms.items()}


def _stands(parties: Iterable[Party]) -> bool:
    """Whether the reader has said yes already, to what the plan says now."""
    return any(one.is_reader and one.stands for one in parties)


@router.post("/bekraftelse")
def confirm(request: Request, student: StudentId, plan: PlanId, form: OwnForm, visit: Visitor) -> Response:
    """Confirm having read the plan as it stood on the page; asked again where it has changed since (S-SAM-1)."""
    page = form_page(visit, student, plan)
    version = version_in(form, VERSION)
    try:
        answer = confirm_reading(
            visit.context,
            page.command(form, Action.CONFIRM_READING),
            student_id=student,
            plan_id=plan,
            plan_version=version,
        )
    except PlanChangedSince:
        return asked_again(request, plan_page(visit, student, plan), version)
    except AlreadyAgreed:
        return RedirectResponse(f"{page.conversation_address}#bekraftelse", status_code=303)
    return saved(page, answer, page.conversation_address, done="last-igenom", at="bekraftelse")


def asked_again(request: Request, page: PlanPage, version: int, typed: Typed = NOTHING) -> Response:
    """The page as the plan is now, and what has changed since the version that the reader meant."""
    return show_conversation(request, page, tab_of(page), typed=typed, changed=changed_since(page.plan, version))


def tab_of(page: PlanPage) -> Page:
    """The page of the plan's template for the conversation. Raises PageNotFound where it has none."""
    tab = page.page_of(PageKind.CONVERSATION)
    if tab is None:
        raise PageNotFound
    return tab


@router.post("/synpunkter")
def save_viewpoint(request: Request, student: StudentId, plan: PlanId, form: OwnForm, visit: Visitor) -> Response:
    """Note what to raise at the conversation (S-SAM-2)."""
    page = form_page(visit, student, plan)
    return _save(request, page, form, _VIEWPOINT)


@router.post("/utvardering")
def save_evaluation(request: Request, student: StudentId, plan: PlanId, form: OwnForm, visit: Visitor) -> Response:
    """Say how the conversation went (S-SAM-3)."""
    page = form_page(visit, student, plan)
    return _save(request, page, form, _EVALUATION)


def _save(request: Request, page: PlanPage, form: Form, box: _Box) -> Response:
    """Save the reader's own text, once it can be saved and the author is sure of it."""
    visit, translate = page.visit, translator(request)
    fields = Fields(form, translate)
    text = fields.prose(box.field)
    warnings = cautions(form, translate, {box.field: text})
    if fields.errors or warnings:
        return show_conversation(request, again(page), tab_of(page), typed=fields.typed(warnings))
    command = page.command(form, box.action, if_match=version_in(form, VERSION))
    try:
        answer = box.write(visit.context, command, student_id=page.student_id, plan_id=page.plan.id, text=text)
    except VersionMismatch:
        return _conflict(request, page, form, box)
    return saved(page, answer, page.conversation_address, form=form, at=box.place)


def _conflict(request: Request, page: PlanPage, form: Form, box: _Box) -> Response:
    """The reader saved the same text in another window: both stand beside each other."""
    now = form_page(page.visit, page.student_id, page.plan.id)
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
        key=tab_of(page).key,
    )
