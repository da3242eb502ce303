"""What became of a plan in the next one: goals, forecasts and subjects, set beside each other (S-ARC-2)."""

from dataclasses import dataclass

from aggregates.goal import Goal, GoalDecision
from aggregates.plan import Plan
from events.assessments import Forecast
from events.goals import GoalStatus


@dataclass(frozen=True, slots=True)
class ForecastTurn:
    """A subject that was assessed in both plans, with another forecast in the later one."""

    subject: str
    name: str
    before: Forecast
    after: Forecast


@dataclass(frozen=True, slots=True)
class Changes:
    """What a plan says otherwise than the one before it. Subjects are named as the plan that has them names them.

    `achieved` and `abandoned` are goals of the plan before; `left` are those that were neither and went no further.
    `carried` are the goals of this plan that come from the one before, `new` the agreed ones that do not.
    """

    achieved: tuple[Goal, ...]
    abandoned: tuple[Goal, ...]
    left: tuple[Goal, ...]
    carried: tuple[Goal, ...]
    new: tuple[Goal, ...]
    forecasts: tuple[ForecastTurn, ...]
    subjects_added: tuple[str, ...]
    subjects_gone: tuple[str, ...]


def changes_between(before: Plan, plan: Plan) -> Changes:
    """What has become of an earlier plan in a later one, as both stand."""
    agreed = before.agreed_goals
    carried = [goal for goal in plan.goals.values() if goal.carried_from and goal.carried_from.plan_id == before.id]
    went_on = {goal.carried_from.goal_id for goal in carried if goal.carried_from}
    return Changes(
        achieved=tuple(goal for goal in agreed if goal.status is GoalStatus.ACHIEVED),
        abandoned=tuple(goal for goal in agreed if goal.status is GoalStatus.ABANDONED),
        left=tuple(goal for goal in agreed if goal.is_unfinished and goal.id not in went_on),
        carried=tuple(goal for goal in carried if _is_live(goal)),
        new=tuple(goal for goal in plan.agreed_goals if goal not in carried),
        forecasts=tuple(_turns(before, plan)),
        subjects_added=tuple(_names(plan, set(plan.subjects) - set(before.subjects))),
        subjects_gone=tuple(_names(before, set(before.subjects) - set(plan.subjects))),
    )


def _is_live(goal: Goal) -> bool:
    return goal.decision in {GoalDecision.PROPOSED, GoalDecision.ACCEPTED}


def _turns(before: Plan, plan: Plan) -> list[ForecastTurn]:
    found = []
    for code, heading in plan.subjects.items():
        then, now = before.standing_forecast(code), plan.standing_forecast(code)
        if then is not None and now is not None and then.forecast is not now.forecast:
            found.append(ForecastTurn(code, heading.name, then.forecast, now.forecast))
    return found


def _names(plan: Plan, codes: set[str]) -> list[str]:
    return [heading.name for code, heading in plan.subjects.items() if code in codes]
