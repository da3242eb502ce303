"""What the table of a class calls the states of a plan."""

from collections.abc import Mapping

from aggregates.plan import PlanState

STATES: Mapping[PlanState, str] = {
    PlanState.OPEN: "being prepared",
    PlanState.LOCKED: "agreed",
    PlanState.ARCHIVED: "archived",
}
"""In English; catalogues have the other languages."""
