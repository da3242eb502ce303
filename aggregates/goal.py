"""One goal of a plan: its state on the staircase, and how each event changes it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from aggregates.plan_parts import Written
from events.base import Actor, Recorded
from events.goals import (
    GoalAbandoned,
    GoalAccepted,
    GoalAchieved,
    GoalContent,
    GoalDeclined,
    GoalEvaluated,
    GoalOrigin,
    GoalProposed,
    GoalReopened,
    GoalReportedDone,
    GoalRevised,
    GoalStarted,
    GoalStatus,
    GoalWithdrawn,
)

GoalEvent = (
    GoalRevised
    | GoalWithdrawn
    | GoalAccepted
    | GoalDeclined
    | GoalStarted
    | GoalReportedDone
    | GoalAchieved
    | GoalReopened
    | GoalAbandoned
    | GoalEvaluated
)
"""Every event of a goal after its proposal."""


class GoalDecision(StrEnum):
    """What became of a proposal (G-14)."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


CURRENT = frozenset({GoalDecision.PROPOSED, GoalDecision.ACCEPTED})
"""What a goal that was neither declined nor taken back can be."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that became of a goal after its proposal, but for evaluations: by whom, when (UTC)."""

    event: GoalEvent
    by: Actor
    at: datetime


@dataclass(slots=True)
class Goal:
    """A goal, from proposal to Uppnått. `version` is the file's version at which the goal last changed."""

    id: UUID
    content: GoalContent
    proposed_by: Actor
    proposed_at: datetime
    carried_from: GoalOrigin | None
    version: int
    decision: GoalDecision = GoalDecision.PROPOSED
    status: GoalStatus = GoalStatus.NEW
    evaluations: dict[UUID, Written] = field(default_factory=dict)
    """The latest text of each person, by person id."""
    turns: list[Turn] = field(default_factory=list)
    """In the order in which they were taken."""

    @property
    def is_unfinished(self) -> bool:
        """Accepted, and neither achieved nor abandoned."""
        return self.decision is GoalDecision.ACCEPTED and self.status not in {
            GoalStatus.ACHIEVED,
            GoalStatus.ABANDONED,
        }

    @property
    def awaits_evaluation(self) -> bool:
        """Accepted, not abandoned, and nobody has evaluated it yet (S-GOA-10)."""
        return (
            self.decision is GoalDecision.ACCEPTED and self.status is not GoalStatus.ABANDONED and not self.evaluations
        )


def goal_from(recorded: Recorded[GoalProposed]) -> Goal:
    """The goal as its proposal made it."""
    event = recorded.event
    return Goal(
        id=event.goal_id,
        content=event.content,
        proposed_by=recorded.actor,
        proposed_at=recorded.at,
        carried_from=event.carried_from,
        version=recorded.originator_version,
    )


def evolve_goal(goal: Goal, event: GoalEvent, *, by: Actor, at: datetime, version: int) -> None:
    """Change the goal by one event of its own."""
    goal.version = version
    if isinstance(event, GoalEvaluated):
        goal.evaluations[by.person_id] = Written(event.text, by, at, version)
        return
    goal.turns.append(Turn(event, by, at))
    match event:
        case GoalRevised():
            goal.content = event.content
        case GoalWithdrawn():
            goal.decision = GoalDecision.WITHDRAWN
        case GoalAccepted():
            goal.decision = GoalDecision.ACCEPTED
        case GoalDeclined():
            goal.decision = GoalDecision.DECLINED
        case GoalStarted() | GoalReopened():
            goal.status = GoalStatus.STARTED
        case GoalReportedDone():
            goal.status = GoalStatus.DONE
        case GoalAchieved():
            goal.status = GoalStatus.ACHIEVED
        case GoalAbandoned():
            goal.status = GoalStatus.ABANDONED
        case _:
            assert_never(event)
