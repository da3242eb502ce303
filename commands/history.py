"""What a pupil's file said at the end of a day: the events up to then, folded again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Any
from uuid import UUID

from pydantic_core import from_json

from aggregates.student_file import StudentFile, fold
from commands.context import STOCKHOLM, Caller, Context
from commands.reads import Opened, open_history
from events.base import Recorded
from events.plan import PlanStarted
from projections.overview_changes import CHANGING, fold_plan
from projections.overview_document import PlanOverview, started


@dataclass(frozen=True, slots=True)
class Then:
    """The pupil's file now, the events up to the end of a day, and what they said; None before the enrolment."""

    opened: Opened
    events: Sequence[Recorded[Any]]
    file: StudentFile | None


def open_as_it_was(context: Context, caller: Caller, student_id: UUID, day: date, *, on: date) -> Then:
    """The file as it was at the end of a day (Europe/Stockholm), for whoever may read it now.

    Who may read, and what the pupil is called, is what holds now. Whoever shows something of it calls `record_look`
    before. Raises StudentNotFound, AssuranceTooLow.
    """
    opened, history = open_history(context, caller, student_id, on=on)
    events = list(takewhile(lambda recorded: recorded.at.astimezone(STOCKHOLM).date() <= day, history))
    file = fold(None, events)
    if file is not None:
        file.name = opened.file.name
    return Then(opened, events, file)


def overview_of(events: Iterable[Recorded[Any]], plan_id: UUID) -> Mapping[str, Any] | None:
    """A plan's overview as these events of the file made it; None where it was not started yet."""
    plans: dict[UUID, PlanOverview] = {}
    newest: PlanOverview | None = None
    for recorded in events:
        event = recorded.event
        if isinstance(event, PlanStarted):
            newest = plans[event.plan_id] = started(recorded, newest)
        elif type(event) in CHANGING:
            fold_plan(plans[event.plan_id], recorded)
    found = plans.get(plan_id)
    return from_json(found.to_json()) if found else None
