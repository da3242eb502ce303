"""What a goal says: proposing one, and wording it anew before the lock (S-GOA-1, S-TPL-5)."""

from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from access.actions import Action
from aggregates import goals as rules
from aggregates.errors import VersionMismatch
from aggregates.goal import Goal
from aggregates.plan_parts import Written
from aggregates.plans import open_plan
from commands.goals import propose_goal, revise_goal
from events.goals import GoalContent, GoalRevised
from events.template import PageKind
from web.forms import Form
from web.free_text import cautions
from web.plan.conflict import Conflict, conflict_page
from web.plan.frame import plan_place, show
from web.plan.goal_boxes import GoalBoxes, boxes_for, boxes_for_new
from web.plan.goals import goals_address, place_of, show_goals
from web.plan.offers import offered
from web.plan.page import ACTING_AS, PlanId, PlanPage, StudentId, Translate, plan_page
from web.plan.sending import VERSION, Acting, saved
from web.plan.targets import goal_anchor
from web.rendering import translator
from web.typed import NOTHING, Fields, Typed, uuid_or_none, version_in
from web.visit import OwnForm, Visitor

router = APIRouter(prefix="/elever/{student}/iup/{plan}/mal", include_in_schema=False)
GOAL = "mal"
"""The field, and the part of the address, that names the goal; empty for a goal that is not there yet."""
SEEK = "sokning"
"""The button that shows the syllabus of the subjects that are ticked, and saves nothing."""


@router.get("")
def ask(request: Request, student: StudentId, plan: PlanId, visit: Visitor) -> Response:
    """The goal's fields; its place in the plan where it cannot be changed, or not by the reader."""
    page = plan_page(visit, student, plan)
    goal = goal_named(page, request.query_params.get(GOAL, ""))
    if not _may_revise(page, goal, translator(request)):
        return to_goal(page, goal)
    return _page(request, page, goal, boxes_for(page, str(goal.id), goal.content))


@router.post("")
def save(request: Request, student: StudentId, plan: PlanId, form: OwnForm, visit: Visitor) -> Response:
    """Propose the goal, or save its new wording; what cannot be saved stays on the page."""
    page = plan_page(visit, student, plan)
    if not form.text(GOAL):
        return _propose(request, page, form)
    return _revise(request, page, form, goal_named(page, form.text(GOAL)))


def goal_named(page: PlanPage, name: str) -> Goal:
    """The goal of the plan that a form or an address names. Raises GoalNotFound."""
    return rules.goal_of(page.plan, uuid_or_none(name) or UUID(int=0))


def to_goal(page: PlanPage, goal: Goal) -> Response:
    """There is nothing to do: show how the goal stands."""
    return RedirectResponse(place_of(page, goal.id), status_code=303)


def _propose(request: Request, page: PlanPage, form: Form) -> Response:
    """Propose it. Where the plan is open no more the page has no box to give a text back in: it is refused first."""
    open_plan(page.file, page.plan.id)
    boxes, translate = boxes_for_new(page), translator(request)
    fields = Fields(form, translate)
    texts = boxes.texts(fields)
    warnings = cautions(form, translate, texts)
    if fields.errors or warnings:
        return show_goals(request, page, page.tab_for(PageKind.GOALS), typed=fields.typed(warnings))
    answer = propose_goal(
        page.visit.context,
        page.command(form, Action.PROPOSE_GOAL),
        student_id=page.student_id,
        plan_id=page.plan.id,
        content=boxes.content_of(form, texts),
    )
    return saved(page, answer, goals_address(page), form=form, done="foreslaget", at=goal_anchor(answer.resource_id))


def _revise(request: Request, page: PlanPage, form: Form, goal: Goal) -> Response:
    boxes, translate = boxes_for(page, str(goal.id), goal.content, form), translator(request)
    if form.has(SEEK):
        return _page(request, page, goal, boxes, typed=Fields(form, translate).typed())
    fields = Fields(form, translate)
    texts = boxes.texts(fields)
    warnings = cautions(form, translate, texts)
    if fields.errors or warnings:
        return _page(request, page, goal, boxes, typed=fields.typed(warnings))
    command = page.command(form, Action.PROPOSE_GOAL, if_match=version_in(form, VERSION))
    try:
        answer = revise_goal(
            page.visit.context,
            command,
            student_id=page.student_id,
            plan_id=page.plan.id,
            goal_id=goal.id,
            content=boxes.content_of(form, texts),
        )
    except VersionMismatch:
        return _conflict(request, plan_page(page.visit, page.student_id, page.plan.id), form, goal.id)
    return saved(page, answer, goals_address(page), form=form, at=goal_anchor(goal.id))


def _may_revise(page: PlanPage, goal: Goal, translate: Translate) -> list[Acting]:
    ids = {"plan_id": page.plan.id, "goal_id": goal.id}
    another = GoalContent(text="-")
    return offered(
        page,
        Action.PROPOSE_GOAL,
        translate,
        lambda by: rules.revise_goal(page.file, **ids, content=another, by=by),
    )


def _page(request: Request, page: PlanPage, goal: Goal, boxes: GoalBoxes, *, typed: Typed = NOTHING) -> Response:
    translate = translator(request)
    return show(
        request,
        page,
        "plan/goal.html",
        plan_place(page, translate("Change the goal"), translate, key=page.tab_for(PageKind.GOALS).key),
        status=422 if typed.errors else 200,
        goal=goal,
        boxes=boxes,
        relations=_may_revise(page, goal, translate),
        back=place_of(page, goal.id),
        typed=typed,
    )


def _conflict(request: Request, now: PlanPage, form: Form, goal_id: UUID) -> Response:
    """Somebody else changed the goal meanwhile: both wordings of each part that differs, as the goal stands now."""
    goal, translate = rules.goal_of(now.plan, goal_id), translator(request)
    boxes = boxes_for(now, str(goal_id), goal.content, form)
    parts = {
        boxes.text: (translate("The goal"), goal.content.text),
        boxes.activities: (translate("Activities"), goal.content.activities),
        boxes.responsibility: (translate("Responsibility"), goal.content.responsibility),
    }
    differ = [name for name, (_, text) in parts.items() if form.text(name).strip() != (text or "")] or [boxes.text]
    hidden = {GOAL: str(goal_id), VERSION: str(goal.version), ACTING_AS: form.text(ACTING_AS)}
    hidden |= {name: form.text(name) for name in parts if name not in differ}
    hidden |= dict.fromkeys(boxes.ticked(form), "ja")
    conflicts = [
        Conflict(name, parts[name][0], form.text(name), _standing(goal, parts[name][1]), {} if place else hidden)
        for place, name in enumerate(differ)
    ]
    return conflict_page(
        request,
        now,
        conflicts,
        action=f"{now.plan_address}/mal",
        back=place_of(now, goal_id),
        key=now.tab_for(PageKind.GOALS).key,
    )


def _standing(goal: Goal, text: str | None) -> Written:
    """A part of the goal as it stands, by whoever worded the goal last."""
    worded = next((turn for turn in reversed(goal.turns) if isinstance(turn.event, GoalRevised)), None)
    by, at = (worded.by, worded.at) if worded else (goal.proposed_by, goal.proposed_at)
    return Written(text, by, at, goal.version)
