"""What is still to be done for a pupil, in words."""

from collections.abc import Mapping

from aggregates.duties import DutyKind
from events.school import Interval

DUTIES: Mapping[tuple[DutyKind, Interval], str] = {
    (DutyKind.PLAN, Interval.TERM): "No plan is agreed for the pupil this term yet.",
    (DutyKind.PLAN, Interval.SCHOOL_YEAR): "No plan is agreed for the pupil this school year yet.",
    (DutyKind.CONVERSATION, Interval.TERM): "No conversation has been held and ended with a locked plan this term yet.",
    (
        DutyKind.CONVERSATION,
        Interval.SCHOOL_YEAR,
    ): "No conversation has been held and ended with a locked plan this school year yet.",
}
"""By what it is and how often the school's settings ask for it, in English; catalogues have the other languages."""
