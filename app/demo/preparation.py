"""What is written before the conversation: answers, goals, assessments, development areas, viewpoints, concerns."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from aggregates.assessments import taught_subjects
from aggregates.student_file import Relation
from app.demo.calendar import spread
from app.demo.scribe import Scribe
from commands import assessments, conversation, goals, plans
from events.assessments import Forecast
from events.base import Role
from events.plan import Target, TargetKind
from events.template import Question, QuestionKind, SubjectHeading

_WILLING = {Role.PUPIL: 0.95, Role.GUARDIAN: 0.75, Role.TEACHER: 0.8, Role.MENTOR: 0.9}
"""How likely somebody in the role answers a question directed to it: bars are rarely full (S-OVR-4)."""

_BOTH_GUARDIANS = 0.15
_REVISED = 0.04
_FORECASTS = (Forecast.EXPECTED, Forecast.AT_RISK, Forecast.NOT_YET_ASSESSABLE)
_FORECAST_WEIGHTS = (0.91, 0.03, 0.06)
_GOALS = 3
_MORE_GOALS = 0.25
_AREAS = 2
_VIEWPOINT = 0.5
_CONCERN = 0.1


@dataclass(frozen=True, slots=True)
class Window:
    """The days of the preparation, and how much of it gets done."""

    first: date
    last: date
    share: float = 1.0


def prepare(scribe: Scribe, window: Window) -> None:
    """Write everything that is written before the conversation, each on its day."""
    steps = [*_answers(scribe, window), *_goals(scribe, window), *_assessments(scribe, window)]
    scribe.rng.shuffle(steps)
    for day, step in zip(spread(scribe.rng, window.first, window.last, len(steps)), steps, strict=True):
        step(day)
    for relation in scribe.who(Role.GUARDIAN, window.last):
        if scribe.chance(_VIEWPOINT * window.share):
            text = scribe.texts.viewpoint(scribe.file.grade)
            scribe.do(relation, window.last, conversation.give_viewpoint, plan_id=scribe.plan.id, text=text)
    if scribe.chance(_CONCERN):
        _raise_concern(scribe, window.last)


class _Step(ABC):
    """One thing to write, by somebody, on the day that falls to it."""

    def __init__(self, scribe: Scribe) -> None:
        self.scribe = scribe

    @abstractmethod
    def __call__(self, day: date) -> None: ...


class _Answer(_Step):
    def __init__(self, scribe: Scribe, question: Question, relation: Relation) -> None:
        super().__init__(scribe)
        self.question, self.relation = question, relation

    def __call__(self, day: date) -> None:
        self._save(day)
        if self.scribe.chance(_REVISED):
            self._save(day)

    def _save(self, day: date) -> None:
        scribe, question = self.scribe, self.question
        text: str | None = scribe.texts.answer(question, self.relation.role, scribe.file.grade)
        choice = scribe.texts.choice(question) if question.kind is QuestionKind.SCALE else None
        if choice and scribe.chance(0.5):
            text = None
        saving = {"plan_id": scribe.plan.id, "question": question.key, "text": text, "choice": choice}
        scribe.do(self.relation, day, plans.save_answer, **saving)


class _Proposal(_Step):
    def __init__(self, scribe: Scribe, relation: Relation, subject: SubjectHeading | None) -> None:
        super().__init__(scribe)
        self.relation, self.subject = relation, subject

    def __call__(self, day: date) -> None:
        scribe, subject = self.scribe, self.subject
        code, name = (subject.code, subject.name) if subject else ("", "")
        content = scribe.texts.goal(code or "GRGRSVE01", name or "Svenska", scribe.file.grade)
        syllabus = scribe.items(code, scribe.file.grade) if code else ()
        content = content.model_copy(update={"subjects": (code,) if code else (), "syllabus": syllabus})
        scribe.do(self.relation, day, goals.propose_goal, plan_id=scribe.plan.id, content=content)


class _Assessment(_Step):
    def __init__(self, scribe: Scribe, relation: Relation, subject: SubjectHeading, *, with_area: bool) -> None:
        super().__init__(scribe)
        self.relation, self.subject, self.with_area = relation, subject, with_area

    def __call__(self, day: date) -> None:
        scribe, subject, grade = self.scribe, self.subject, self.scribe.file.grade
        forecast = scribe.rng.choices(_FORECASTS, _FORECAST_WEIGHTS)[0]
        documents = scribe.material.documents.get((subject.code, grade), {})
        wanted = ((subject.planning, "planning"), (subject.criteria, "matrix"))
        scribe.do(
            self.relation,
            day,
            assessments.publish_assessment,
            plan_id=scribe.plan.id,
            subject=subject.code,
            forecast=forecast,
            text=scribe.texts.assessment(subject.code, subject.name, forecast, grade),
            documents=[documents[kind] for has, kind in wanted if has and kind in documents],
            syllabus=scribe.items(subject.code, grade),
        )
        if self.with_area:
            area = assessments.Area(*scribe.texts.development_area(subject.code, subject.name, grade))
            about = {"plan_id": scribe.plan.id, "subject": subject.code, "area": area}
            scribe.do(self.relation, day, assessments.note_development_area, **about)


def _answers(scribe: Scribe, window: Window) -> Iterator[_Step]:
    for question in scribe.plan.questions.values():
        for role in question.directed_to:
            for relation in _writers(scribe, role, window.first):
                if scribe.chance(_WILLING[role] * window.share):
                    yield _Answer(scribe, question, relation)


def _writers(scribe: Scribe, role: Role, day: date) -> list[Relation]:
    """One of those in the role; now and then both guardians."""
    relations = scribe.teachers(day) if role is Role.TEACHER else scribe.who(role, day)
    if role is Role.GUARDIAN and scribe.chance(_BOTH_GUARDIANS):
        return relations
    return [scribe.rng.choice(relations)] if relations else []


def taught(scribe: Scribe) -> tuple[SubjectHeading, ...]:
    """The subjects that somebody teaches the pupil."""
    codes = taught_subjects(scribe.file, scribe.plan, since=date.min, until=date.max)
    return tuple(subject for subject in scribe.plan.template.subjects if subject.code in codes)


def _goals(scribe: Scribe, window: Window) -> Iterator[_Step]:
    subjects = list(taught(scribe))
    everybody = [scribe.pupil(window.first), scribe.mentor(window.first), *scribe.who(Role.GUARDIAN, window.first)]
    everybody += scribe.teachers(window.first)[:1]
    count = _GOALS + scribe.chance(_MORE_GOALS)
    chosen = scribe.rng.sample(subjects, min(count, len(subjects)))
    for number in range(count):
        relation = everybody[number % len(everybody)]
        yield _Proposal(scribe, relation, chosen[number] if number < len(chosen) else None)


def _assessments(scribe: Scribe, window: Window) -> Iterator[_Step]:
    teachers = scribe.teachers(window.first)
    with_area = set(scribe.rng.sample(range(10), _AREAS))
    for number, subject in enumerate(taught(scribe)):
        for teacher in teachers:
            if (subject.code in teacher.subjects or teacher.role is Role.EDUCATOR) and scribe.chance(window.share):
                yield _Assessment(scribe, teacher, subject, with_area=number in with_area)
                break


def _raise_concern(scribe: Scribe, day: date) -> None:
    """Somebody at home asks for an answer to be looked at before it is locked."""
    answers = [key for key, versions in scribe.plan.answers.items() if versions[-1].text]
    if not answers:
        return
    question, role, person_id = scribe.rng.choice(answers)
    target = Target(kind=TargetKind.ANSWER, key=question, role=role, person_id=person_id)
    raiser = scribe.rng.choice([scribe.pupil(day), *scribe.who(Role.GUARDIAN, day)])
    text = scribe.texts.concern()
    scribe.do(raiser, day, conversation.raise_concern, plan_id=scribe.plan.id, target=target, text=text)
