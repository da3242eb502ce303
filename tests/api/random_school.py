"""A made-up municipality of `tests/access/worlds.py`, brought about by the commands that everybody uses."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from aggregates.student_file import own_relation_id, student_file_id
from commands import enrolment, persons, plans, protection, schools
from commands.context import STOCKHOLM, SYSTEM, Caller, Command, Context
from events.base import Role
from events.reading import ProtectionKind
from events.school import GroupKind
from events.template import TemplateContent
from tests.access.worlds import BEFORE, World
from tests.api.client import Person
from tests.api.conftest import PROJECTIONS, Installation, void
from tests.api.template import template

_ROLES = {
    "V": Role.GUARDIAN, "L": Role.TEACHER, "M": Role.MENTOR, "P": Role.EDUCATOR,
    "A": Role.ADMINISTRATOR, "R": Role.PRINCIPAL, "S": Role.STAFF,
}  # fmt: skip
TEXT = "Anteckningen"
"""With a pupil's number after it, what only readers of that pupil's file may meet."""


@dataclass
class Built:
    """The ids of what was made, by the numbers of the world."""

    installation: Installation
    world: World
    people: list[UUID]
    schools: tuple[UUID, UUID]
    classes: dict[tuple[int, int], UUID] = field(default_factory=dict)
    """By school and class."""
    plans: dict[int, UUID] = field(default_factory=dict)
    marks: dict[int, str] = field(default_factory=dict)
    """A family name for each person that nobody else has."""

    def student(self, pupil: int) -> UUID:
        """The pupil's file."""
        return student_file_id(self.people[pupil])

    def caller(self, person: int, level: int) -> Person:
        """The person, signed in at a level."""
        person_id = self.people[person]
        return Person(self.installation.api, str(person_id), self.installation.issue(person_id, level=level))


class Builder:
    """Builds one municipality; read models follow when it is asked for."""

    def __init__(self, installation: Installation, world: World) -> None:
        self.installation, self.world = installation, world
        self.context: Context = replace(installation.services.context, announce=void)
        self.now = installation.clock()
        self.today = self.now.astimezone(STOCKHOLM).date()
        self.relations: dict[int, UUID] = {}
        self.built = Built(installation, world, [uuid4() for _ in range(world.people)], (uuid4(), uuid4()))

    def command(self, at: datetime | None = None, *, by: Caller = SYSTEM, acting_as: UUID | None = None) -> Command:
        """A command of the system, or of a person."""
        return Command(
            caller=by,
            acting_as=acting_as,
            command_id=uuid4(),
            body_hash=b"",
            correlation_id=uuid4(),
            at=at or self.now,
        )

    def day(self, offset: int) -> date:
        """A day of the world."""
        return self.today + timedelta(days=offset)

    def day_or_none(self, offset: int | None) -> date | None:
        """A day of the world, where there is one."""
        return None if offset is None else self.day(offset)

    def build(self) -> Built:
        """Everything, in an order in which it could have happened."""
        self._schools()
        self._pupils()
        self.catch_up()
        self._delegations()
        self._emergencies()
        self._ends_and_moves()
        self.catch_up()
        self._plans()
        self._protections()
        self.catch_up()
        return self.built

    def catch_up(self) -> None:
        """Let the read models follow."""
        self.installation.runner.catch_up(PROJECTIONS)

    def _schools(self) -> None:
        for number, school_id in enumerate(self.built.schools):
            schools.found_school(self.context, self.command(), school_id=school_id, name=f"Skola {number}")
            for kind in range(2):
                made = schools.form_group(
                    self.context, self.command(), school_id=school_id, name=f"Klass {kind}", kind=GroupKind.CLASS
                )
                self.built.classes[number, kind] = UUID(made.resource_id)
        for number, person_id in enumerate(self.built.people):
            mark = self.built.marks[number] = f"Efternamn{person_id.hex[:12]}"
            persons.register_person(
                self.context, self.command(), given_name="Kim", family_name=mark, person_id=person_id
            )
        for part in self.world.parts:
            granted = schools.grant_role(
                self.context,
                self.command(),
                school_id=self.built.schools[part.to],
                person_id=self.built.people[part.person],
                role=_ROLES[part.letter],
                since=self.day(part.since),
                until=self.day_or_none(part.until),
            )
            self.relations[part.number] = UUID(granted.resource_id)

    def _pupils(self) -> None:
        long_ago = self.now - timedelta(days=60)
        for pupil in self.world.pupils:
            first = self.world.came_from.get(pupil, self.world.school_of[pupil])
            enrolment.enrol_student(
                self.context,
                self.command(long_ago),
                person_id=self.built.people[pupil],
                school_id=self.built.schools[first],
                grade=5,
            )
        for tie in self.world.ties:
            if tie.letter != "D":
                begun = enrolment.start_relation(
                    self.context,
                    self.command(),
                    student_id=self.built.student(tie.to),
                    person_id=self.built.people[tie.person],
                    role=_ROLES[tie.letter],
                    subjects=tie.subjects,
                    since=self.day(tie.since),
                    until=self.day_or_none(tie.until),
                )
                self.relations[tie.number] = UUID(begun.resource_id)

    def _caller(self, person: int, level: int) -> Caller:
        return Caller(self.built.people[person], self.built.marks[person], level)

    def _delegations(self) -> None:
        givers = {tie.number: tie.person for tie in self.world.ties}
        for tie in self.world.ties:
            if tie.giver is not None and tie.until is not None:
                given = protection.delegate_reading(
                    self.context,
                    self.command(
                        self.now + timedelta(days=tie.since),
                        by=self._caller(givers[tie.giver], 3),
                        acting_as=self.relations[tie.giver],
                    ),
                    student_id=self.built.student(tie.to),
                    person_id=self.built.people[tie.person],
                    until=self.day(tie.until),
                )
                self.relations[tie.number] = UUID(given.resource_id)

    def _emergencies(self) -> None:
        for emergency in sorted(self.world.emergencies, key=lambda emergency: -emergency.hours_ago):
            day = 0 if emergency.hours_ago < 24 else BEFORE
            part = next(
                p
                for p in self.world.parts
                if (p.person, p.letter) == (emergency.person, "R")
                and p.since <= day
                and (p.until is None or day <= p.until)
                and (p.ended is None or day < p.ended)
            )
            protection.open_in_emergency(
                self.context,
                self.command(
                    self.now - timedelta(hours=emergency.hours_ago),
                    by=self._caller(emergency.person, 3),
                    acting_as=self.relations[part.number],
                ),
                student_id=self.built.student(emergency.pupil),
                reason="Eleven är försvunnen sedan i går kväll.",
            )

    def _ends_and_moves(self) -> None:
        for part in self.world.parts:
            if part.ended is not None:
                schools.revoke_role(
                    self.context,
                    self.command(),
                    school_id=self.built.schools[part.to],
                    relation_id=self.relations[part.number],
                    on=self.day(part.ended),
                )
        for tie in sorted(self.world.ties, key=lambda tie: tie.letter):
            if tie.ended is not None:
                enrolment.end_relation(
                    self.context,
                    self.command(),
                    student_id=self.built.student(tie.to),
                    relation_id=self.relations[tie.number],
                    on=self.day(tie.ended),
                )
        for pupil in self.world.pupils:
            student_id, school = self.built.student(pupil), self.world.school_of[pupil]
            if pupil in self.world.came_from:
                enrolment.transfer_student(
                    self.context, self.command(), student_id=student_id, school_id=self.built.schools[school]
                )
            group = self.built.classes[school, self.world.class_of[pupil]]
            enrolment.join_group(self.context, self.command(), student_id=student_id, group_id=group)

    def _plans(self) -> None:
        templates = []
        for school_id in self.built.schools:
            content = TemplateContent.model_validate(template(), strict=False)
            drafted = schools.draft_template(self.context, self.command(), school_id=school_id, content=content)
            templates.append(UUID(drafted.resource_id))
            schools.approve_template(self.context, self.command(), template_id=templates[-1], template_version=1)
        for pupil in self.world.pupils:
            student_id = self.built.student(pupil)
            started = plans.start_plan(
                self.context,
                self.command(),
                student_id=student_id,
                template_id=templates[self.world.school_of[pupil]],
                template_version=1,
                school_year="2026/2027",
                term="HT",
            )
            plan_id = self.built.plans[pupil] = UUID(started.resource_id)
            own = own_relation_id(self.built.people[pupil])
            plans.save_answer(
                self.context,
                self.command(by=self._caller(pupil, 1), acting_as=own),
                student_id=student_id,
                plan_id=plan_id,
                question="trivs",
                text=f"{TEXT}{student_id.hex}",
                choice=None,
            )

    def _protections(self) -> None:
        for pupil, named in self.world.named.items():
            protection.mark_protection(
                self.context,
                self.command(),
                student_id=self.built.student(pupil),
                kind=ProtectionKind.PROTECTED_REGISTRATION,
                readers=[self.built.people[person] for person in sorted(named)],
            )
