"""The page of the assessments ("Mina omdömen"): subject by subject or all at once (S-OMD)."""

from starlette.requests import Request
from starlette.responses import Response

from access.actions import Action
from events.assessments import ProgrammeDecision
from events.base import Role
from events.template import Page
from web.addresses import with_query
from web.plan.frame import plan_place, show
from web.plan.page import PlanPage
from web.plan.sending import acting
from web.plan.subjects import Chosen, boxes, not_taught, open_subjects
from web.rendering import translator
from web.texts.forecasts import PROGRAMMES
from web.texts.roles import ROLES
from web.typed import NOTHING, Typed
from web.visit import new_key

OPEN, SHUT = "oppna", "stang"


def show_assessments(request: Request, page: PlanPage, tab: Page, *, typed: Typed = NOTHING) -> Response:
    """The page, with the boxes open that the address asks for, and what was typed of a programme but not linked."""
    translate = translator(request)
    asked = request.query_params.get
    chosen = Chosen(asked("alla", ""), asked("amne", ""), asked("version", ""))
    address = page.tab_address(tab.key)
    subjects = boxes(page, address, chosen, translate)
    linking = page.grants(Action.LINK_PROGRAMME)
    decides = any(grant.role is Role.PRINCIPAL for grant in linking)
    return show(
        request,
        page,
        "plan/assessments.html",
        plan_place(page, tab.title, translate, key=tab.key),
        status=422 if typed.errors else 200,
        tab=tab,
        typed=typed,
        subjects=subjects,
        not_taught=not_taught(page, subjects),
        toggle=with_query(address, alla=SHUT if all(one.is_open for one in subjects) else OPEN, anchor="omdomen"),
        waiting=open_subjects(page),
        linking=acting(page, Action.LINK_PROGRAMME, translate),
        decisions={one: PROGRAMMES[one] for one in ProgrammeDecision if decides or one is ProgrammeDecision.DRAWN_UP},
        decision_words=PROGRAMMES,
        command_key=new_key(),
        roles=ROLES,
    )
