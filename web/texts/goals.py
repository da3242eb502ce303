"""What the steps of the staircase (trappan) are called, and what has become of a goal."""

from collections.abc import Mapping

from aggregates.goal import GoalDecision
from events.goals import (
    GoalAbandoned,
    GoalAccepted,
    GoalAchieved,
    GoalDeclined,
    GoalReopened,
    GoalReportedDone,
    GoalRevised,
    GoalStarted,
    GoalStatus,
    GoalWithdrawn,
)

STATUSES: Mapping[GoalStatus, str] = {
    GoalStatus.NEW: "New",
    GoalStatus.STARTED: "Started",
    GoalStatus.DONE: "Done",
    GoalStatus.ACHIEVED: "Achieved",
    GoalStatus.ABANDONED: "Broken off",
}
"""Each step in English; catalogues have the other languages (S-GOA-3 to S-GOA-6)."""

DECISIONS: Mapping[GoalDecision, str] = {
    GoalDecision.PROPOSED: "Proposal",
    GoalDecision.ACCEPTED: "Accepted",
    GoalDecision.DECLINED: "Declined",
    GoalDecision.WITHDRAWN: "Taken back",
}
"""What has become of a proposal (G-14)."""

TURNS: Mapping[str, str] = {
    GoalRevised.code: "Changed the goal",
    GoalWithdrawn.code: "Took the proposal back",
    GoalAccepted.code: "Accepted the proposal",
    GoalDeclined.code: "Declined the proposal",
    GoalStarted.code: "To Started: the work has begun",
    GoalReportedDone.code: "To Done: thinks that the goal is reached",
    GoalAchieved.code: "To Achieved: confirms that the goal is reached",
    GoalReopened.code: "Opened the goal again",
    GoalAbandoned.code: "Broke the goal off",
}
"""What somebody did with a goal after it was proposed, by the code of the event."""
