"""Writing the assessments of a whole class in a subject: how far one has come, who is next, whose structure to copy."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from aggregates.plan import PlanState
from commands.class_overview import PupilInClass, assessed_in_class
from commands.context import STOCKHOLM
from events.assessments import Forecast
from projections.directory import GroupEntry
from web.addresses import with_query
from web.plan.subjects import writing_address
from web.visit import Visit

CLASS = "klass"
"""The field and the part of an address that say for which class one writes."""
_LONGEST_HEADING = 60


@dataclass(frozen=True, slots=True)
class Pupil:
    """A pupil of the class, as one writes for all of it in a subject."""

    found: PupilInClass
    subject: str

    @property
    def id(self) -> UUID:
        """Whose file it is."""
        return self.found.student.student_id

    @property
    def name(self) -> str:
        """The pupil's name."""
        return self.found.student.name

    @property
    def plan(self) -> Mapping[str, Any] | None:
        """The overview of the newest plan; None where there is no plan, or none that has the subject."""
        plan = self.found.document
        return plan if plan is not None and self.subject in plan["template"]["subjects"] else None

    @property
    def plan_id(self) -> UUID | None:
        """That plan."""
        return UUID(self.plan["plan_id"]) if self.plan else None

    @property
    def published_at(self) -> datetime | None:
        """When the assessment was published last; None where there is none."""
        return datetime.fromisoformat(self._assessed["at"]) if self._assessed else None

    @property
    def forecast(self) -> Forecast | None:
        """The forecast that stands."""
        return Forecast(self._assessed["forecast"]) if self._assessed else None

    @property
    def started_on(self) -> date | None:
        """The day on which the plan was started (Europe/Stockholm): the forecasts are said in the words of that day."""
        return datetime.fromisoformat(self.plan["started"]["at"]).astimezone(STOCKHOLM).date() if self.plan else None

    @property
    def is_open(self) -> bool:
        """Whether an assessment can be written now."""
        return self.plan is not None and self.plan["state"] == PlanState.OPEN

    @property
    def _assessed(self) -> Mapping[str, str] | None:
        return self.plan["assessments"].get(self.subject) if self.plan else None


@dataclass(frozen=True, slots=True)
class ClassRun:
    """A class and its pupils in order, as one teacher goes through them."""

    group: GroupEntry
    subject: str
    pupils: tuple[Pupil, ...]

    @property
    def done(self) -> int:
        """How many have a published assessment."""
        return sum(one.published_at is not None for one in self.pupils)

    @property
    def total(self) -> int:
        """How many are to have one."""
        return sum(one.plan is not None for one in self.pupils)

    def index(self, student_id: UUID) -> int | None:
        """Where in the class a pupil is; None where not in it."""
        return next((place for place, one in enumerate(self.pupils) if one.id == student_id), None)

    def next_to_write(self, student_id: UUID) -> Pupil | None:
        """The next one after a pupil who has none yet, from the start again after the last."""
        return next((one for one in self._after(student_id) if one.is_open and one.published_at is None), None)

    def copied_from(self, student_id: UUID) -> Pupil | None:
        """The other pupil whose assessment was published last."""
        written = [(at, one) for one in self._after(student_id) if (at := one.published_at) is not None]
        return max(written, key=lambda found: found[0])[1] if written else None

    def _after(self, student_id: UUID) -> Iterator[Pupil]:
        place = self.index(student_id) or 0
        yield from (one for one in (*self.pupils[place + 1 :], *self.pupils[:place]) if one.id != student_id)


def class_run(visit: Visit, group_id: UUID, subject: str) -> ClassRun:
    """The class as it is now; no look is on record yet. Raises SchoolNotFound, AssuranceTooLow."""
    found = assessed_in_class(visit.context, visit.services.overviews, visit.caller, group_id, subject, on=visit.on)
    return ClassRun(found.group, subject, tuple(Pupil(one, subject) for one in found.pupils))


def class_address(group_id: UUID, subject: str) -> str:
    """Where the class's assessments in a subject are seen together."""
    return f"/klasser/{group_id}/omdomen/{quote(subject, safe='')}"


def writing_in_class(run: ClassRun, pupil: Pupil) -> str:
    """Where a pupil's assessment is written, as one of the class; empty where it cannot be."""
    if not pupil.is_open:
        return ""
    address = writing_address(f"/elever/{pupil.id}/iup/{pupil.plan_id}", run.subject)
    return with_query(address, **{CLASS: str(run.group.group_id)})


def headings_of(text: str, name: str) -> str:
    """The structure of a text, for another pupil: short lines that end with a colon and do not name the pupil."""
    names = {part.casefold() for part in name.split()}
    lines = [line.strip() for line in text.splitlines()]
    kept = [
        line
        for line in lines
        if line.endswith(":") and len(line) <= _LONGEST_HEADING and not any(one in line.casefold() for one in names)
    ]
    return "\n\n".join(kept)


def is_only_headings(text: str) -> bool:
    """Whether nothing is written but the structure to begin with."""
    return all(not line.strip() or line.strip().endswith(":") for line in text.splitlines())
