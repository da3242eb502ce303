"""What the law and the school's settings still ask for in a pupil's file on a given day."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from aggregates.student_file import StudentFile
from events.school import Interval, SchoolSettings

FIRST_MONTH_OF_SCHOOL_YEAR = 7


class DutyKind(StrEnum):
    """A plan each interval (skollagen 10:13), a conversation each term (10:12), a programme after a risk (3:9)."""

    PLAN = "plan"
    CONVERSATION = "conversation"
    ACTION_PROGRAMME = "action_programme"


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that is still to be done. `plan_id` and `subject` only where a risk was signalled (S-OMD-10)."""

    kind: DutyKind
    plan_id: UUID | None = None
    subject: str | None = None


def school_year_of(day: date) -> str:
    """The school year of a day, "2026/2027"; it turns on the first of July."""
    first = day.year if day.month >= FIRST_MONTH_OF_SCHOOL_YEAR else day.year - 1
    return f"{first}/{first + 1}"


def term_of(day: date) -> str:
    """HT from July to December, VT from January to June."""
    return "HT" if day.month >= FIRST_MONTH_OF_SCHOOL_YEAR else "VT"


def open_duties(file: StudentFile, settings: SchoolSettings, *, on: date) -> list[Duty]:
    """What is still to be done for the pupil on this day; nothing for one whose schooling has ended.

    A plan and a conversation count when the plan was locked: the lock says on which day the conversation was held.
    """
    if file.schooling_ended is not None:
        return []
    held = [plan.lock.conversation_on for plan in file.plans.values() if plan.lock is not None]
    this_year = [day for day in held if school_year_of(day) == school_year_of(on)]
    this_term = [day for day in this_year if term_of(day) == term_of(on)]
    duties: list[Duty] = []
    if file.grade in settings.iup_years and not (this_term if settings.iup_interval is Interval.TERM else this_year):
        duties.append(Duty(DutyKind.PLAN))
    if file.grade in settings.conversation_years and not (
        this_term if settings.conversation_interval is Interval.TERM else this_year
    ):
        duties.append(Duty(DutyKind.CONVERSATION))
    return duties + [
        Duty(DutyKind.ACTION_PROGRAMME, plan.id, subject)
        for plan in file.plans.values()
        for subject, programme_id in plan.obligations.items()
        if programme_id is None
    ]
