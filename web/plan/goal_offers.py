"""What a reader may do with a goal now: the decisions of the file itself are asked, so that no rule stands twice."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from access.actions import Action
from aggregates import goals
from aggregates.goal import Goal
from commands.goals import action_of_move
from commands.settings import school_settings
from events.base import Actor
from events.goals import GoalContent, GoalStatus
from web.plan.offers import Decide, offered
from web.plan.page import PlanPage, Translate
from web.plan.sending import Acting

_FORWARD = (GoalStatus.STARTED, GoalStatus.DONE, GoalStatus.ACHIEVED)
_SOME = "-"
"""Stands for a text or a reason that the reader has not written yet."""


@dataclass(frozen=True, slots=True)
class GoalOffers:
    """Each thing that can be done with a goal, with the relations in which the reader may; none where it is not so.

    `next` is the step that the reader may take, empty where there is none.
    """

    next: GoalStatus | None
    step: list[Acting]
    reopen: list[Acting]
    abandon: list[Acting]
    revise: list[Acting]
    withdraw: list[Acting]
    accept: list[Acting]
    decline: list[Acting]
    evaluate: list[Acting]


def may_propose(page: PlanPage, translate: Translate) -> list[Acting]:
    """The relations in which the reader may propose a goal."""
    content = GoalContent(text=_SOME)
    ids = {"plan_id": page.plan.id, "goal_id": UUID(int=0)}
    return offered(
        page, Action.PROPOSE_GOAL, translate, lambda _: goals.propose_goal(page.file, **ids, content=content)
    )


def only_mentor_confirms(page: PlanPage) -> bool:
    """Whether the pupil's school has narrowed G-1 to the mentor."""
    return school_settings(page.visit.context, page.file.school_id, on=page.visit.on).only_mentor_confirms


def offers(page: PlanPage, goal: Goal, translate: Translate, *, is_narrow: bool) -> GoalOffers:
    """What the reader may do with the goal; `is_narrow` where only the mentor confirms at the school."""
    file, plan_id, goal_id = page.file, page.plan.id, goal.id
    another = GoalContent(text=_SOME)

    def of(action: Action, decide: Decide) -> list[Acting]:
        return offered(page, action, translate, decide)

    def move(to: GoalStatus, reason: str | None, by: Actor) -> object:
        return goals.move_goal(
            file, plan_id=plan_id, goal_id=goal_id, to=to, reason=reason, by=by, only_mentor_confirms=is_narrow
        )

    def propose(decide: Decide) -> list[Acting]:
        return of(Action.PROPOSE_GOAL, decide)

    steps = {to: of(action_of_move(to, is_reasoned=False), partial(move, to, None)) for to in _FORWARD}
    forward = next((to for to, relations in steps.items() if relations), None)
    return GoalOffers(
        next=forward,
        step=steps[forward] if forward else [],
        reopen=of(Action.REOPEN_GOAL, partial(move, GoalStatus.STARTED, _SOME)),
        abandon=of(Action.REOPEN_GOAL, partial(move, GoalStatus.ABANDONED, _SOME)),
        revise=propose(lambda by: goals.revise_goal(file, plan_id=plan_id, goal_id=goal_id, content=another, by=by)),
        withdraw=propose(lambda by: goals.withdraw_goal(file, plan_id=plan_id, goal_id=goal_id, by=by)),
        accept=of(Action.DECIDE_PROPOSAL, lambda _: goals.accept_goal(file, plan_id=plan_id, goal_id=goal_id)),
        decline=of(Action.DECIDE_PROPOSAL, lambda _: goals.decline_goal(file, plan_id=plan_id, goal_id=goal_id)),
        evaluate=of(
            Action.EVALUATE_GOAL,
            lambda by: goals.evaluate_goal(file, plan_id=plan_id, goal_id=goal_id, text=_SOME, by=by),
        ),
    )
