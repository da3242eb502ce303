"""When a period ends, in calendar time where the schools are, and the profile that a municipality may begin with.

What can go wrong is that something is destroyed a day too early: so days are counted by the calendar (Europe/Stockholm)
and never in hours, and nothing is due without a schedule that somebody decided on, with a reference to the decision.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from events.retention import DisposalAction, DocumentClass

_MONTHS = 12


def due_on(counted_from: date, *, years: int, months: int = 0) -> date:
    """The first day on which something may be destroyed whose period began on a day.

    Where the month it ends in has no such day it is the last of that month: 29 February plus five years is 28 February
    (G-21).
    """
    passed = counted_from.month - 1 + months
    year, month = counted_from.year + years + passed // _MONTHS, passed % _MONTHS + 1
    return date(year, month, min(counted_from.day, monthrange(year, month)[1]))


def latest_beginning(today: date, *, years: int, months: int = 0) -> date:
    """No period that began after this day can be over today: what a query asks for before each day is counted."""
    passed = today.month - 1 - months
    year, month = today.year - years + passed // _MONTHS, passed % _MONTHS + 1
    last = monthrange(year, month)[1]
    is_end = today.day == monthrange(today.year, today.month)[1]
    return date(year, month, last if is_end else min(today.day, last))


def next_month(month: date) -> date:
    """The first day of the month after this one."""
    return due_on(month.replace(day=1), years=0, months=1)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A schedule as the default profile has it; it holds nothing before somebody adopts it by a decision."""

    document_class: DocumentClass
    years: int
    months: int
    action: DisposalAction
    legal_ground: str


DEFAULT_PROFILE: tuple[Proposal, ...] = (
    Proposal(
        DocumentClass.STUDENT_FILE,
        years=5,
        months=0,
        action=DisposalAction.PURGE,
        legal_ground="Arkivlagen (1990:782) 10 §: fem år efter avslutad grundskola",
    ),
    Proposal(
        DocumentClass.ACCOUNT,
        years=1,
        months=0,
        action=DisposalAction.PURGE,
        legal_ground="Dataskyddsförordningen artikel 5.1 e: ett år efter sista relationen",
    ),
    Proposal(
        DocumentClass.ACCESS_RECORD,
        years=5,
        months=0,
        action=DisposalAction.PURGE,
        legal_ground="Dataskyddsförordningen artikel 5.1 e: fem år efter månadens slut",
    ),
)
"""What a municipality may begin with (G-8): five years after finished compulsory school, whatever the cause."""
