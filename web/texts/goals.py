"""What the steps of the staircase (trappan) are called."""

from collections.abc import Mapping

from events.goals import GoalStatus

STATUSES: Mapping[GoalStatus, str] = {
    GoalStatus.NEW: "New",
    GoalStatus.STARTED: "Started",
    GoalStatus.DONE: "Done",
    GoalStatus.ACHIEVED: "Achieved",
    GoalStatus.ABANDONED: "Broken off",
}
"""Each step in English; catalogues have the other languages (S-GOA-3 to S-GOA-6)."""

STAIRCASE = (GoalStatus.NEW, GoalStatus.STARTED, GoalStatus.DONE, GoalStatus.ACHIEVED)
"""The four steps, from the first to the last."""
