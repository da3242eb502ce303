"""Writing the assessments of a whole class in a subject: how far one has come, who is next, whose structure to copy."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from aggregates.plan import Plan, PlanState
from aggregates.plan_parts import Assessment
from commands.class_assessments import assessed_in_class
from commands.reads import Opened
from projections.directory import GroupEntry
from web.addresses import with_query
from web.plan.frame import PlanPage
from web.plan.subjects import writing_address
from web.visit import Visit

CLASS = "klass"
"""The field and the part of an address that say for which class one writes."""
_LONGEST_HEADING = 60


@dataclass(frozen=True, slots=True)
class Pupil:
    """A pupil of the class; `plan` is the newest plan that has the subject, None where there is none."""

    opened: Opened
    plan: Plan | None
    subject: str

    @property
    def id(self) -> UUID:
        """Whose file it is."""
        return self.opened.file.id

    @property
    def name(self) -> str:
        """The pupil's name."""
        return self.opened.file.name

    @property
    def latest(self) -> Assessment | None:
        """What is published in the subject."""
        versions = self.plan.assessments.get(self.subject) if self.plan else None
        return versions[-1] if versions else None

    @property
    def is_open(self) -> bool:
        """Whether an assessment can be written now."""
        return self.plan is not None and self.plan.state is PlanState.OPEN


@dataclass(frozen=True, slots=True)
class ClassRun:
    """A class and its pupils in order, as one teacher goes through them."""

    group: GroupEntry
    subject: str
    pupils: tuple[Pupil, ...]

    @property
    def done(self) -> int:
        """How many have a published assessment."""
        return sum(one.latest is not None for one in self.pupils)

    @property
    def total(self) -> int:
        """How many are to have one."""
        return sum(one.plan is not None for one in self.pupils)

    def index(self, student_id: UUID) -> int | None:
        """Where in the class a pupil is; None where not in it."""
        return next((place for place, one in enumerate(self.pupils) if one.id == student_id), None)

    def next_to_write(self, student_id: UUID) -> Pupil | None:
        """The next one after a pupil who has none yet, from the start again after the last."""
        return next((one for one in self._after(student_id) if one.is_open and one.latest is None), None)

    def copied_from(self, student_id: UUID) -> Pupil | None:
        """The other pupil whose assessment was published last."""
        written = [(one.latest.at, one) for one in self._after(student_id) if one.latest is not None]
        return max(written, key=lambda found: found[0])[1] if written else None

    def _after(self, student_id: UUID) -> Iterator[Pupil]:
        place = self.index(student_id) or 0
        yield from (one for one in (*self.pupils[place + 1 :], *self.pupils[:place]) if one.id != student_id)


def class_run(visit: Visit, group_id: UUID, subject: str) -> ClassRun:
    """The class as it is now; no look is on record yet. Raises SchoolNotFound, AssuranceTooLow."""
    found = assessed_in_class(visit.context, visit.caller, group_id, subject, on=visit.on)
    return ClassRun(found.group, subject, tuple(Pupil(one, _plan(one, subject), subject) for one in found.pupils))


def _plan(opened: Opened, subject: str) -> Plan | None:
    newest = max(opened.file.plans.values(), key=lambda plan: plan.started_at, default=None)
    return newest if newest is not None and subject in newest.subjects else None


def class_address(group_id: UUID, subject: str) -> str:
    """Where the class's assessments in a subject are seen together."""
    return f"/klasser/{group_id}/omdomen/{quote(subject, safe='')}"


def writing_in_class(visit: Visit, run: ClassRun, pupil: Pupil) -> str:
    """Where a pupil's assessment is written, as one of the class; empty where it cannot be."""
    if pupil.plan is None or not pupil.is_open:
        return ""
    page = PlanPage(visit, pupil.opened, pupil.plan)
    return with_query(writing_address(page, run.subject), **{CLASS: str(run.group.group_id)})


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
