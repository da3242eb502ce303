"""What the notices projection remembers of a pupil: who is involved, and where in the pupil's plans things stand."""

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from aggregates.student_file import RELATION_ROLE, Relation, own_relation_id
from events.assessments import DevelopmentAreaNoted
from events.base import Role
from events.enrolment import (
    EducatorAssigned,
    EducatorUnassigned,
    GuardianLinked,
    GuardianUnlinked,
    MentorAssigned,
    MentorUnassigned,
    StudentEnrolled,
    TeacherAssigned,
    TeacherUnassigned,
)
from events.goals import GoalContent, GoalProposed, GoalRevised
from events.plan import PlanStarted
from events.template import PageKind

BEGINNING = (GuardianLinked, TeacherAssigned, MentorAssigned, EducatorAssigned)
ENDING = (GuardianUnlinked, TeacherUnassigned, MentorUnassigned, EducatorUnassigned)
REMEMBERED = (StudentEnrolled, *BEGINNING, *ENDING, PlanStarted, GoalProposed, GoalRevised, DevelopmentAreaNoted)
"""The events that change what is remembered."""

_DEFAULT_PAGES = {PageKind.ASSESSMENTS: "omdomen", PageKind.CONVERSATION: "samtalet", PageKind.GOALS: "min-iup"}


@dataclass(slots=True)
class PlanPages:
    """Where things stand in one plan: the page of each question, of each kind of page the key, and its subjects."""

    questions: dict[str, str]
    kinds: dict[PageKind, str]
    subjects: tuple[str, ...]


@dataclass(slots=True)
class NoticeSource:
    """Relations without names, pages of the plans, subjects of the goals and development areas."""

    relations: dict[UUID, Relation] = field(default_factory=dict)
    plans: dict[UUID, PlanPages] = field(default_factory=dict)
    goals: dict[UUID, tuple[str, ...]] = field(default_factory=dict)
    areas: dict[UUID, str] = field(default_factory=dict)

    def remember(self, event: Any) -> None:  # noqa: ANN401 - any of REMEMBERED
        """Take in one event that changes what is remembered."""
        match event:
            case StudentEnrolled():
                own = own_relation_id(event.person_id)
                self.relations[own] = Relation(own, event.person_id, Role.PUPIL, "", event.enrolled_on)
            case GuardianLinked() | TeacherAssigned() | MentorAssigned() | EducatorAssigned():
                subjects = event.subjects if isinstance(event, TeacherAssigned) else ()
                self.relations[event.relation_id] = Relation(
                    event.relation_id, event.person_id, RELATION_ROLE[type(event)], "", event.since, event.until,
                    subjects=subjects,
                )  # fmt: skip
            case GuardianUnlinked() | TeacherUnassigned() | MentorUnassigned() | EducatorUnassigned():
                known = self.relations[event.relation_id]
                self.relations[event.relation_id] = replace(known, ended_on=event.ended_on)
            case PlanStarted():
                self.plans[event.plan_id] = _pages(event)
            case GoalProposed() | GoalRevised():
                self.goals[event.goal_id] = _subjects(event.content)
            case DevelopmentAreaNoted():
                self.areas[event.area_id] = event.subject
            case _:
                raise TypeError(event.code)

    def to_json(self) -> bytes:
        """What is sealed."""
        return _ADAPTER.dump_json(self)

    @staticmethod
    def from_json(text: bytes) -> "NoticeSource":
        """What was sealed."""
        return _ADAPTER.validate_json(text)


def _pages(event: PlanStarted) -> PlanPages:
    pages = event.template.pages
    return PlanPages(
        questions={question.key: page.key for page in pages for question in page.questions},
        kinds=_DEFAULT_PAGES | {page.kind: page.key for page in reversed(pages) if page.kind in _DEFAULT_PAGES},
        subjects=tuple(subject.code for subject in event.template.subjects),
    )


def _subjects(content: GoalContent) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*content.subjects, *(item.subject for item in content.syllabus))))


_ADAPTER = TypeAdapter(NoticeSource)
