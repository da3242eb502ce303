"""The page of the conversation: who has read, what is to be raised, concerns, the agreement, and how it went (S-SAM)."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from access.actions import Action
from aggregates.agreement import AlreadyAgreed
from aggregates.errors import VersionMismatch
from aggregates.errors.agreement import PlanChangedSince
from aggregates.plan import PlanState
from aggregates.plan_parts import Concern, Written
from commands.context import Answer
from commands.conversation import close_concern, confirm_reading, evaluate_conversation, give_viewpoint
from events.template import Page, PageKind
from web.errors import PageNotFound
from web.forms import Form
from web.free_text import cautions
from web.plan.conflict import Conflict, conflict_page
from web.plan.frame import ACTING_AS, VERSION, PlanPage, acting, again, form_page, plan_page, plan_place, saved, show
from web.plan.parties import agreements, changed_since, hindrances, is_open, readings, undecided
from web.plan.targets import TextThere, text_there
from web.rendering import translator
from web.texts.roles import ROLES
from web.texts.targets import TARGETS
from web.typed import NOTHING, Fields, Typed, uuid_or_none
from web.visit import COMMAND_KEY, OwnForm, Visitor, new_key

router = APIRouter(prefix="/elever/{student}/iup/{plan}", include_in_schema=False)

Student = Annotated[UUID, Path(alias="student")]
Plan = Annotated[UUID, Path(alias="plan")]
VIEWPOINT, EVALUATION = "synpunkt", "samtalets-utvardering"
CONFIRMED, VIEWPOINTS, AGREED, EVALUATED = "bekraftelse", "synpunkter", "overenskommelse", "utvardering"
"""The places on the page."""


def show_conversation(
    request: Request,
    page: PlanPage,
    tab: Page,
    *,
    typed: Typed = NOTHING,
    changed: Sequence[TextThere] | None = None,
) -> Response:
    """The page, with what was typed where it could not be saved.

    `changed`: somebody agreed to, or locked, what the plan said before these texts changed, and is asked again.
    """
    translate = translator(request)
    plan, may_write = page.plan, is_open(page)
    grave = Action.EVALUATE_CONVERSATION if plan.state is PlanState.LOCKED else Action.GIVE_VIEWPOINT
    return show(
        request,
        page,
        "plan/conversation.html",
        plan_place(page, tab.title, translate, key=tab.key),
        status=422 if typed.errors else 409 if changed is not None else 200,
        tab=tab,
        typed=typed,
        changed=changed,
        roles=ROLES,
        kinds=TARGETS,
        readings=readings(page),
        agreements=agreements(page),
        hindrances=hindrances(page) if may_write else [],
        undecided=undecided(plan) if may_write else [],
        concerns=concerns_of(page),
        is_open=may_write,
        confirming=acting(page, Action.CONFIRM_READING, translate) if may_write else [],
        viewing=acting(page, Action.GIVE_VIEWPOINT, translate) if may_write else [],
        agreeing=acting(page, Action.AGREE, translate) if may_write else [],
        locking=acting(page, Action.LOCK_PLAN, translate) if may_write else [],
        closing=acting(page, Action.CLOSE_CONCERN, translate),
        evaluating=acting(page, grave, translate) if plan.state is PlanState.LOCKED else [],
        today=page.visit.on,
        command_key_name=COMMAND_KEY,
        new_key=new_key,
    )
