"""The page of the conversation: who has read, what to talk about, concerns, the agreement, how it went (S-SAM)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from access.actions import Action
from aggregates.errors.agreement import AlreadyAgreed, PlanChangedSince
from aggregates.plan import PlanState
from aggregates.plan_parts import Correction, Written
from commands.conversation import confirm_reading
from events.plan import Target, TargetKind
from events.template import Page, PageKind
from web.plan.corrections import correcting
from web.plan.frame import plan_place, show
from web.plan.page import PlanId, PlanPage, StudentId, Translate, plan_page
from web.plan.parties import Party, agreements, changed_since, hindrances, is_open, readings, undecided, watched
from web.plan.sending import VERSION, Acting, acting, saved
from web.plan.targets import TextThere, corrections_of
from web.rendering import translator
from web.texts.obstacles import OBSTACLES
from web.texts.roles import ROLES
from web.texts.targets import TARGETS
from web.typed import NOTHING, Typed, version_in
from web.visit import OwnForm, Visitor, new_key

router = APIRouter(prefix="/elever/{student}/iup/{plan}", include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Said:
    """What one guardian has written on the page, what of it was corrected since, and whether the reader may."""

    person_id: UUID
    text: Written
    corrections: tuple[Correction, ...]
    may_correct: bool


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
    page = plan_page(visit, student, plan)
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
    return show_conversation(
        request, page, page.tab_for(PageKind.CONVERSATION), typed=typed, changed=changed_since(page.plan, version)
    )
