"""What the texts of a plan are called where somebody points at one of them."""

from collections.abc import Mapping

from events.plan import TargetKind

TARGETS: Mapping[TargetKind, str] = {
    TargetKind.ANSWER: "Answer",
    TargetKind.GOAL: "Goal",
    TargetKind.ASSESSMENT: "Assessment",
    TargetKind.DEVELOPMENT_AREA: "Development area",
    TargetKind.VIEWPOINT: "Viewpoint",
    TargetKind.GOAL_EVALUATION: "Evaluation of a goal",
    TargetKind.CONVERSATION_EVALUATION: "Evaluation of the conversation",
}
"""Each kind in English; catalogues have the other languages."""
