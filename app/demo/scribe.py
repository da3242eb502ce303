"""Writes in one pupil's file through the commands everybody uses, each time as somebody whom the pupil has."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any
from uuid import UUID

from aggregates.plan import Plan
from aggregates.student_file import Relation, StudentFile
from app.demo.calendar import Clock
from app.demo_texts import DemoTexts
from commands.context import Answer, Caller, Command, Context
from commands.streams import STUDENT_FILE, find
from events.base import Role
from events.syllabus import SyllabusItem
from events.template import TemplateContent

PUPIL_LEVEL, ADULT_LEVEL = 1, 2


@dataclass(frozen=True, slots=True)
class PublishedTemplate:
    """A template that plans can be started from."""

    id: UUID
    version: int
    content: TemplateContent


@dataclass(slots=True)
class Material:
    """What a school's people write with: templates by school year, planning documents and syllabus items by subject."""

    templates: dict[int, PublishedTemplate] = field(default_factory=dict)
    documents: dict[tuple[str, int], dict[str, UUID]] = field(default_factory=dict)
    syllabus: Mapping[str, Sequence[SyllabusItem]] = field(default_factory=dict)


class Scribe:
    """One pupil's file, and chance of its own: the same seed and pupil give the same texts whatever others write."""

    def __init__(self, context: Context, student_id: UUID, material: Material, *, seed: str, now: datetime) -> None:
        self.context, self.student_id, self.material = context, student_id, material
        self.rng = Random(seed)
        self.texts = DemoTexts(self.rng)
        self.commands = 0
        self._clock = Clock(self.rng, now)

    @property
    def file(self) -> StudentFile:
        """The file as it is now."""
        file = find(self.context, STUDENT_FILE, self.student_id)
        if file is None:
            raise LookupError
        return file

    @property
    def plan(self) -> Plan:
        """The current plan."""
        plan = self.file.current_plan
        if plan is None:
            raise LookupError
        return plan

    def who(self, role: Role, day: date) -> list[Relation]:
        """Those who have this part towards the pupil on the day, in a fixed order."""
        held = [r for r in self.file.relations.values() if r.role is role and r.holds(day)]
        return sorted(held, key=lambda relation: relation.id)

    def mentor(self, day: date) -> Relation:
        """The pupil's mentor on the day."""
        return self.who(Role.MENTOR, day)[0]

    def pupil(self, day: date) -> Relation:
        """The pupil's relation to the own file."""
        return self.who(Role.PUPIL, day)[0]

    def teachers(self, day: date) -> list[Relation]:
        """Teachers, and educators where there are such."""
        return self.who(Role.TEACHER, day) or self.who(Role.EDUCATOR, day)

    def chance(self, share: float) -> bool:
        """True in so large a share of cases."""
        return self.rng.random() < share

    def items(self, subject: str, grade: int) -> tuple[SyllabusItem, ...]:
        """One or two syllabus items of the subject for the school year, where the syllabus is imported."""
        fitting = [i for i in self.material.syllabus.get(subject, ()) if _covers(i.years, grade)]
        return tuple(self.rng.sample(fitting, min(len(fitting), self.rng.randint(1, 2))))

    def do(self, relation: Relation, day: date, command: Callable[..., Answer], **what: Any) -> Answer:  # noqa: ANN401 - what the command takes
        """Give one command as the holder of the relation, on the day."""
        self.commands += 1
        level = PUPIL_LEVEL if relation.role is Role.PUPIL else ADULT_LEVEL
        given = Command(
            caller=Caller(relation.person_id, relation.name, level),
            acting_as=relation.id,
            command_id=self.new_id(),
            body_hash=b"",
            correlation_id=self.new_id(),
            at=self._clock.on(day),
        )
        return command(self.context, given, student_id=self.student_id, **what)

    def new_id(self) -> UUID:
        """An id by chance that the seed repeats."""
        return UUID(int=self.rng.getrandbits(128), version=4)


def _covers(years: str, grade: int) -> bool:
    first, _, last = years.partition("-")
    return int(first) <= grade <= int(last or first)
