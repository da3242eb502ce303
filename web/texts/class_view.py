"""What the table of a class is called in its parts."""

from collections.abc import Mapping

from aggregates.plan import PlanState

STATES: Mapping[PlanState, str] = {
    PlanState.OPEN: "being prepared",
    PlanState.LOCKED: "agreed",
    PlanState.ARCHIVED: "archived",
}
"""Where a plan stands, in English; catalogues have the other languages."""

COLUMNS: Mapping[str, str] = {
    "namn": "Pupil",
    "lage": "State",
    "svar": "Answers",
    "risk": "Risk without a programme",
    "mal": "Goals",
    "andrad": "Last changed",
}
"""The columns by what an address calls them, in English."""
