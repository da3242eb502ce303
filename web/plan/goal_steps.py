"""What becomes of a goal: the mentor's decision, the steps on the staircase, the evaluation (S-GOA-3 to S-GOA-10)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from access.actions import Action
from aggregates.errors import VersionMismatch
from aggregates.goal import Goal, GoalDecision
from aggregates.plans import living_plan
from commands.context import Answer, Command, Context
from commands.goals import accept_goal, action_of_move, decline_goal, evaluate_goal, move_goal, withdraw_goal
from events.goals import GoalStatus
from events.template import PageKind
from web.addresses import with_query
from web.errors import PageNotFound
from web.forms import Form
from web.free_text import cautions
from web.plan.conflict import Conflict, conflict_page
from web.plan.goal_offers import offers, only_mentor_confirms
from web.plan.goal_text import GOAL, goal_named, to_goal
from web.plan.goals import goals_address, place_of, show_goals
from web.plan.page import ACTING_AS, PlanId, PlanPage, StudentId, Translate, plan_page
from web.plan.sending import VERSION, saved, unless_typed
from web.plan.targets import goal_anchor
from web.rendering import translator
from web.typed import Fields, version_in
from web.visit import DONE_WORD, OwnForm, Visitor

router = APIRouter(prefix="/elever/{student}/iup/{plan}", include_in_schema=False)
TO = "till"
"""The button's field: which step, or which decision."""
_Enum = TypeVar("_Enum", bound=StrEnum)


class _Decide(Protocol):
    def __call__(self, context: Context, command: Command, *, student_id: UUID, plan_id: UUID, goal_id: UUID) -> Answer:
        """Decide on a proposal without more words."""


_DECISIONS: Mapping[GoalDecision, tuple[Action, _Decide, str]] = {
    GoalDecision.ACCEPTED: (Action.DECIDE_PROPOSAL, accept_goal, "godtaget"),
    GoalDecision.WITHDRAWN: (Action.PROPOSE_GOAL, withdraw_goal, "aterkallat"),
}


@router.post("/malsteg")
def move(request: Request, student: StudentId, plan: PlanId, form: OwnForm, visit: Visitor) -> Response:
    """Take the goal one step; back to Påbörjat and out as Avbrutet with a reason (G-4). Sent twice it is one step."""
    page = plan_page(visit, student, plan)
    goal, to = goal_named(page, form.text(GOAL)), _named(form, GoalStatus)
    box = f"mal-{goal.id}-skal-{to.value}"
    if goal.status is to:
        unless_typed(form, [box], _reasons(goal))
        return to_goal(page, goal)
    reason, refused = _reason(request, page, form, goal, box) if form.has(box) else (None, None)
    if refused is not None:
        return refused
    answer = move_goal(
        visit.context,
        page.command(form, action_of_move(to, is_reasoned=reason is not None)),
        student_id=student,
        plan_id=plan,
        goal_id=goal.id,
        to=to,
        reason=reason,
    )
    return saved(page, answer, goals_address(page), form=form, done="steg", at=goal_anchor(goal.id))


@router.post("/malbeslut")
def decide(request: Request, student: StudentId, plan: PlanId, form: OwnForm, visit: Visitor) -> Response:
    """Accept or decline a proposal at the conversation, or take back one's own (G-14).

    What is accepted is what the mentor read: where it says something else by now, it is read again first.
    """
    page = plan_page(visit, student, plan)
    goal, decision = goal_named(page, form.text(GOAL)), _named(form, GoalDecision)
    if goal.decision is decision:
        unless_typed(form, [_why_not(goal)], _reasons(goal))
        return to_goal(page, goal)
    if decision is GoalDecision.DECLINED:
        return _decline(request, page, form, goal)
    if decision not in _DECISIONS:
        raise PageNotFound
    action, carry_out, done = _DECISIONS[decision]
    seen = version_in(form, VERSION) if form.has(VERSION) else None
    command = page.command(form, action, if_match=seen)
    try:
        answer = carry_out(visit.context, command, student_id=student, plan_id=plan, goal_id=goal.id)
    except VersionMismatch:
        again_at = with_query(goals_address(page), anchor=goal_anchor(goal.id), **{DONE_WORD: "andrat-under-tiden"})
        return RedirectResponse(again_at, status_code=303)
    return saved(page, answer, goals_address(page), form=form, done=done, at=goal_anchor(goal.id))


def _why_not(goal: Goal) -> str:
    """The box for why the proposal is declined."""
    return f"mal-{goal.id}-skal-nej"


def _reasons(goal: Goal) -> list[str | None]:
    """Every reason that was given for what became of the goal."""
    return [getattr(turn.event, "reason", None) for turn in goal.turns]


def _decline(request: Request, page: PlanPage, form: Form, goal: Goal) -> Response:
    reason, refused = _reason(request, page, form, goal, _why_not(goal), required=False)
    if refused is not None:
        return refused
    answer = decline_goal(
        page.visit.context,
        page.command(form, Action.DECIDE_PROPOSAL),
        student_id=page.student_id,
        plan_id=page.plan.id,
        goal_id=goal.id,
        reason=reason,
    )
    return saved(page, answer, goals_address(page), form=form, done="avbojt", at=goal_anchor(goal.id))


@router.post("/malutvardering")
def evaluate(request: Request, student: StudentId, plan: PlanId, form: OwnForm, visit: Visitor) -> Response:
    """Save one's own text in the goal's evaluation box (S-GOA-10)."""
    page = plan_page(visit, student, plan)
    goal = goal_named(page, form.text(GOAL))
    box = f"mal-{goal.id}-utvardering"
    text, refused = _reason(request, page, form, goal, box)
    if refused is not None:
        return refused
    seen = version_in(form, VERSION) if visit.person_id in goal.evaluations else 0
    command = page.command(form, Action.EVALUATE_GOAL, if_match=seen)
    try:
        answer = evaluate_goal(
            visit.context, command, student_id=student, plan_id=plan, goal_id=goal.id, text=text or ""
        )
    except VersionMismatch:
        return _conflict(request, plan_page(visit, student, plan), form, goal.id, box)
    return saved(page, answer, goals_address(page), form=form, at=goal_anchor(goal.id))


def _conflict(request: Request, now: PlanPage, form: Form, goal_id: UUID, box: str) -> Response:
    """The reader saved the same text in another window: both stand beside each other."""
    goal = now.plan.goals[goal_id]
    theirs = goal.evaluations[now.visit.person_id]
    hidden = {GOAL: str(goal_id), VERSION: str(theirs.version), ACTING_AS: form.text(ACTING_AS)}
    return conflict_page(
        request,
        now,
        [Conflict(box, goal.content.text, form.text(box), theirs, hidden)],
        action=f"{now.plan_address}/malutvardering",
        back=place_of(now, goal_id),
        key=now.tab_for(PageKind.GOALS).key,
    )


def _reason(
    request: Request, page: PlanPage, form: Form, goal: Goal, box: str, *, required: bool = True
) -> tuple[str | None, Response | None]:
    """What was typed in a box of the page, or the page again where it cannot be saved as it is.

    Where the page has no such box any more to give the text back in, the command says no: first of all where the plan
    was archived meanwhile.
    """
    living_plan(page.file, page.plan.id)
    translate = translator(request)
    fields = Fields(form, translate)
    text = fields.prose(box, required=required)
    warnings = cautions(form, translate, {box: text})
    if (fields.errors or warnings) and _has_box(page, goal, box, translate):
        return None, show_goals(request, page, page.tab_for(PageKind.GOALS), typed=fields.typed(warnings))
    return text or None, None


def _has_box(page: PlanPage, goal: Goal, box: str, translate: Translate) -> bool:
    """Whether the page offers, as the goal stands now, what the box is for."""
    found = offers(page, goal, translate, is_narrow=only_mentor_confirms(page))
    of_box = {"nej": found.decline, "utvardering": found.evaluate, GoalStatus.ABANDONED.value: found.abandon}
    return bool(of_box.get(box.rsplit("-", 1)[1], found.reopen))


def _named(form: Form, kind: type[_Enum]) -> _Enum:
    """What the button names. Raises PageNotFound where it is nothing that a page of ours names."""
    try:
        return kind(form.text(TO))
    except ValueError:
        raise PageNotFound from None
