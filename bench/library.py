"""The other side: the same facts in the event sourcing library as its documentation shows it, all defaults."""

# ruff: noqa: ARG002 - every argument of a method becomes a field of the library's event, used by the method or not

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from bench.facts import Pupil
from events.assessments import AssessmentPublished, DevelopmentAreaNoted
from events.base import Actor, Event, Role
from events.enrolment import GuardianLinked, MentorAssigned, StudentEnrolled, TeacherAssigned
from events.goals import GoalProposed, LearningNotePosted
from events.plan import AnswerRevised, PlanStarted, QuestionAnswered

Fields = dict[str, Any]
_FEW = 20
"""How many events the library saves at once: its recorder hangs on large values over a unix socket (pipeline mode)."""


class PupilFile(Aggregate):
    """A pupil's file as the library's aggregate, holding the same state as ours."""

    @event("Enrolled")
    def __init__(self, person_id: UUID, name: str, school_id: UUID, grade: int, enrolled_on: str, by: Fields) -> None:
        self.person_id = person_id
        self.name = name
        self.school_id = school_id
        self.grade = grade
        self.enrolled_on = enrolled_on
        self.relations: dict[UUID, Fields] = {}
        self.plans: dict[UUID, Fields] = {}
        self.answers: dict[tuple[str, str, UUID], list[tuple[str, Fields]]] = defaultdict(list)
        self.goals: dict[UUID, Fields] = {}
        self.assessments: dict[str, list[tuple[str, str, Fields]]] = defaultdict(list)
        self.areas: dict[UUID, Fields] = {}
        self.notes: dict[UUID, Fields] = {}

    @event("RelationStarted")
    def start_relation(
        self, relation_id: UUID, person_id: UUID, role: str, name: str, since: str, subjects: list[str], by: Fields
    ) -> None:
        """A person has a part towards the pupil."""
        self.relations[relation_id] = {"person": person_id, "role": role, "name": name, "subjects": subjects}

    @event("PlanStarted")
    def start_plan(
        self,
        plan_id: UUID,
        template_id: UUID,
        template_version: int,
        template: Fields,
        year: str,
        term: str,
        by: Fields,
    ) -> None:
        """A plan begins."""
        self.plans[plan_id] = template

    @event("QuestionAnswered")
    def answer(self, plan_id: UUID, question: str, role: str, person_id: UUID, text: str, by: Fields) -> None:
        """A first answer."""
        self.answers[question, role, person_id].append((text, by))

    @event("AnswerRevised")
    def revise(self, plan_id: UUID, question: str, role: str, person_id: UUID, text: str, by: Fields) -> None:
        """Another version of an answer."""
        self.answers[question, role, person_id].append((text, by))

    @event("GoalProposed")
    def propose(self, plan_id: UUID, goal_id: UUID, content: Fields, by: Fields) -> None:
        """A goal."""
        self.goals[goal_id] = {"content": content, "by": by, "moves": []}

    @event("GoalMoved")
    def move(self, plan_id: UUID, goal_id: UUID, to: str, by: Fields) -> None:
        """A step of a goal."""
        self.goals[goal_id]["moves"].append((to, by))

    @event("AssessmentPublished")
    def assess(self, plan_id: UUID, subject: str, forecast: str, text: str, by: Fields) -> None:
        """An assessment."""
        self.assessments[subject].append((forecast, text, by))

    @event("DevelopmentAreaNoted")
    def note_area(self, plan_id: UUID, area_id: UUID, subject: str, text: str, support: str, by: Fields) -> None:
        """A development area."""
        self.areas[area_id] = {"subject": subject, "text": text, "support": support, "by": by}

    @event("LearningNotePosted")
    def post(self, note_id: UUID, text: str, goal_ids: list[UUID], by: Fields) -> None:
        """A note."""
        self.notes[note_id] = {"text": text, "goals": goal_ids, "by": by}


class Files(Application[UUID]):
    """The library's application with its defaults."""

    name = "files"


def envelope(actor: Actor, command_id: UUID) -> Fields:
    """What our envelope says of an event beside its stream, version and time, which the library has of its own."""
    return actor.model_dump(exclude_none=True) | {"command_id": command_id, "correlation_id": command_id}


def tell(file: PupilFile, pupil: Pupil, role: Role, fact: Event) -> None:
    """Let the library's aggregate tell one of our facts, with the same fields."""
    by = envelope(pupil.actors[role], uuid4())
    fields = fact.model_dump(mode="python", exclude_none=True)
    match fact:
        case GuardianLinked() | MentorAssigned() | TeacherAssigned():
            subjects = list(fields.pop("subjects", ()))
            file.start_relation(**fields | {"since": str(fact.since)}, role=role, subjects=subjects, by=by)
        case PlanStarted():
            year, term = fields.pop("school_year"), fields.pop("term")
            file.start_plan(**fields | {"template": fact.template.model_dump(mode="json")}, year=year, term=term, by=by)
        case QuestionAnswered():
            file.answer(**fields, by=by)
        case AnswerRevised():
            file.revise(**fields, by=by)
        case GoalProposed():
            file.propose(**fields | {"content": fact.content.model_dump(mode="json")}, by=by)
        case AssessmentPublished():
            file.assess(fact.plan_id, fact.subject, fact.forecast, fact.text, by)
        case DevelopmentAreaNoted():
            file.note_area(fact.plan_id, fact.area_id, fact.subject, fact.text, fact.support, by)
        case LearningNotePosted():
            file.post(fact.note_id, fact.text, list(fact.goal_ids), by)
        case _:
            file.move(**fields, to=fact.code, by=by)


def opened(pupil: Pupil, facts: Iterable[tuple[Role, Event]]) -> PupilFile:
    """The library's aggregate after these facts, the first of which is the enrolment; nothing is saved yet."""
    file: PupilFile | None = None
    for role, fact in facts:
        if isinstance(fact, StudentEnrolled):
            by = envelope(pupil.actors[role], uuid4())
            file = PupilFile(fact.person_id, fact.name, fact.school_id, fact.grade, str(fact.enrolled_on), by)
        elif file is not None:
            tell(file, pupil, role, fact)
    if file is None:
        msg = "a file starts with the enrolment"
        raise ValueError(msg)
    return file


def save_in_parts(files: Files, pupil: Pupil, facts: Sequence[tuple[Role, Event]]) -> PupilFile:
    """Let the library's aggregate tell these facts, and save them a few at a time."""
    aggregate = opened(pupil, facts[:_FEW])
    files.save(aggregate)
    for start in range(_FEW, len(facts), _FEW):
        for role, fact in facts[start : start + _FEW]:
            tell(aggregate, pupil, role, fact)
        files.save(aggregate)
    return aggregate
