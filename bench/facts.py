"""Believable facts to append and load: one pupil's file, with a plan, answers, goals, assessments and notes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import combinations, count
from random import Random
from typing import Any
from uuid import UUID, uuid4

from aggregates.student_file import own_relation_id, student_file_id
from events.assessments import AssessmentPublished, DevelopmentAreaNoted, Forecast
from events.base import Actor, Event, Recorded, Role
from events.enrolment import GuardianLinked, MentorAssigned, StudentEnrolled, TeacherAssigned
from events.goals import (
    GoalAccepted,
    GoalAchieved,
    GoalContent,
    GoalProposed,
    GoalReportedDone,
    GoalStarted,
    LearningNotePosted,
)
from events.plan import AnswerRevised, PlanStarted, QuestionAnswered
from events.syllabus import SyllabusItem, SyllabusKind
from events.template import Page, PageKind, Question, SubjectHeading, TemplateContent
from store.appends import Append, CommandReceipt

_SENTENCES = (
    "Jag tycker att det går bäst när vi arbetar två och två och får tid att tänka efter.",
    "I matematik vill jag bli säkrare på bråk och på att förklara hur jag har räknat.",
    "Läsläxan tar ungefär en kvart varje kväll, och helst läser vi den högt tillsammans.",
    "Det är roligt med slöjd, men jag behöver hjälp att komma i gång med nya uppgifter.",
    "På rasterna spelar jag fotboll, och jag har alltid någon att vara med.",
    "Under våren övar vi på att skriva längre texter med inledning, handling och avslut.",
    "Hen visar god förståelse för de fyra räknesätten och prövar gärna flera metoder.",
    "Nästa steg är att dra slutsatser av försöken och beskriva dem med ämnets begrepp.",
)
_SUBJECTS = ("MA", "SV", "EN", "NO", "SO", "IDH", "SL", "BL")
_ROLES = (Role.PUPIL, Role.GUARDIAN, Role.TEACHER, Role.MENTOR)
_QUESTIONS = tuple(f"fraga-{number}" for number in range(1, 13))


_TEXTS = [" ".join(some) for length in (2, 3) for some in combinations(_SENTENCES, length)]


def prose(chance: Random) -> str:
    """Two or three sentences, 150 to 260 characters."""
    return chance.choice(_TEXTS)


@dataclass
class Pupil:
    """One pupil and the people around, by ids made up for it; `version` is where the file stands."""

    person_id: UUID = field(default_factory=uuid4)
    school_id: UUID = field(default_factory=uuid4)
    plan_id: UUID = field(default_factory=uuid4)
    people: dict[Role, UUID] = field(default_factory=lambda: {role: uuid4() for role in _ROLES})
    relations: dict[Role, UUID] = field(default_factory=lambda: {role: uuid4() for role in _ROLES})
    version: int = 0

    def __post_init__(self) -> None:
        self.people[Role.PUPIL] = self.person_id
        self.relations[Role.PUPIL] = own_relation_id(self.person_id)
        self.file_id = student_file_id(self.person_id)
        self.actors = {
            role: Actor(
                person_id=self.people[role],
                role=role,
                name="Alva Ö. Lindqvist",
                relation_id=self.relations[role],
                level=2,
            )
            for role in _ROLES
        }

    def record(self, events: list[tuple[Role, Event]], command_id: UUID) -> list[Recorded[Any]]:
        """The events in their envelopes, following the version the file has."""
        at = datetime.now(UTC)
        return [
            Recorded(self.file_id, version, self.file_id, event, self.actors[role], at, command_id, command_id)
            for version, (role, event) in enumerate(events, self.version + 1)
        ]

    def answer(self) -> bytes:
        """What a command's receipt says."""
        return f'["{self.file_id}", {self.version}]'.encode()

    def append(self, *events: tuple[Role, Event], keyed: bool = False) -> Append:
        """What a command would append; a command that its client gave a key leaves a receipt. The version moves on."""
        command_id = uuid4()
        recorded = self.record(list(events), command_id)
        receipt = CommandReceipt(command_id, self.person_id, command_id.bytes * 2, self.answer()) if keyed else None
        append = Append("student_file", "student_file", self.file_id, self.file_id, self.version, recorded, receipt)
        self.version += len(events)
        return append

    def wording(self, chance: Random) -> tuple[Role, str, str]:
        """In which role which question is answered how."""
        return chance.choice(_ROLES), chance.choice(_QUESTIONS), prose(chance)

    def revised(self, chance: Random) -> tuple[Role, Event]:
        """One more version of an answer: the most common event of all."""
        role, question, text = self.wording(chance)
        return role, AnswerRevised(
            plan_id=self.plan_id, question=question, role=role, person_id=self.people[role], text=text
        )


def opening(pupil: Pupil) -> list[tuple[Role, Event]]:
    """The first events of a file: enrolled, three relations, a plan started."""
    day = date(2024, 8, 19)
    names = {"name": "Alva Ö. Lindqvist", "since": day}

    def ids(role: Role) -> dict[str, Any]:
        return {"relation_id": pupil.relations[role], "person_id": pupil.people[role], **names}

    enrolled = StudentEnrolled(
        person_id=pupil.person_id, name="Alva Ö. Lindqvist", school_id=pupil.school_id, grade=5, enrolled_on=day
    )
    started = PlanStarted(
        plan_id=pupil.plan_id,
        template_id=pupil.school_id,
        template_version=1,
        template=TEMPLATE,
        school_year="2024/2025",
        term="HT",
    )
    return [
        (Role.MENTOR, enrolled),
        (Role.MENTOR, GuardianLinked(**ids(Role.GUARDIAN))),
        (Role.MENTOR, MentorAssigned(**ids(Role.MENTOR))),
        (Role.MENTOR, TeacherAssigned(subjects=_SUBJECTS, **ids(Role.TEACHER))),
        (Role.MENTOR, started),
    ]


def written(pupil: Pupil, chance: Random) -> Iterator[tuple[Role, Event]]:
    """What follows in a plan, without end: mostly answers and their revisions, then goals, assessments, notes."""
    plan_id = pupil.plan_id
    answered: set[tuple[str, Role]] = set()
    for turn in count():
        for _ in range(10):
            question, role = chance.choice(_QUESTIONS), chance.choice(_ROLES)
            kind = AnswerRevised if (question, role) in answered else QuestionAnswered
            answered.add((question, role))
            yield (
                role,
                kind(plan_id=plan_id, question=question, role=role, person_id=pupil.people[role], text=prose(chance)),
            )
        subject = _SUBJECTS[turn % len(_SUBJECTS)]
        goal_id = UUID(int=chance.getrandbits(128))
        content = GoalContent(
            text=prose(chance), activities=prose(chance), subjects=(subject,), syllabus=(_item(subject, chance),)
        )
        yield Role.PUPIL, GoalProposed(plan_id=plan_id, goal_id=goal_id, content=content)
        yield Role.MENTOR, GoalAccepted(plan_id=plan_id, goal_id=goal_id)
        yield Role.PUPIL, GoalStarted(plan_id=plan_id, goal_id=goal_id)
        yield Role.PUPIL, GoalReportedDone(plan_id=plan_id, goal_id=goal_id)
        yield Role.MENTOR, GoalAchieved(plan_id=plan_id, goal_id=goal_id)
        yield (
            Role.TEACHER,
            AssessmentPublished(plan_id=plan_id, subject=subject, forecast=Forecast.EXPECTED, text=prose(chance)),
        )
        yield (
            Role.TEACHER,
            DevelopmentAreaNoted(
                plan_id=plan_id, area_id=goal_id, subject=subject, text=prose(chance), support=prose(chance)
            ),
        )
        yield Role.PUPIL, LearningNotePosted(note_id=goal_id, text=prose(chance), goal_ids=(goal_id,))


def whole_file(pupil: Pupil, events: int, chance: Random) -> list[tuple[Role, Event]]:
    """A file of this many events."""
    following = written(pupil, chance)
    first = opening(pupil)[:events]
    return first + [next(following) for _ in range(events - len(first))]


def _item(subject: str, chance: Random) -> SyllabusItem:
    version = f"{chance.getrandbits(256):064x}"
    return SyllabusItem(
        subject=subject, years="4-6", kind=SyllabusKind.CONTENT, ordinal=chance.randint(1, 9), version=version
    )


def _template() -> TemplateContent:
    questions = tuple(
        Question(key=key, text="Hur går det för dig i skolan, och vad vill du lära dig mer?", directed_to=_ROLES)
        for key in _QUESTIONS
    )
    pages = (
        Page(key="om-mig", title="Om mig", kind=PageKind.PREPARATION, questions=questions),
        Page(key="omdomen", title="Omdömen", kind=PageKind.ASSESSMENTS),
        Page(key="min-iup", title="Min IUP", kind=PageKind.GOALS),
    )
    subjects = tuple(SubjectHeading(code=code, name=code) for code in _SUBJECTS)
    return TemplateContent(name="IUP årskurs 4 till 6", grades=(4, 5, 6), pages=pages, subjects=subjects)


TEMPLATE = _template()
