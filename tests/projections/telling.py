"""Stories told into a ledger: a pupil's file with everybody around it, appended event by event."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from aggregates import student_file
from events.base import Actor, Event, Recorded, Role
from events.enrolment import (
    EducatorAssigned,
    GuardianLinked,
    MentorAssigned,
    StudentEnrolled,
    TeacherAssigned,
)
from events.plan import AnswerRevised, PlanStarted, QuestionAnswered
from store.ledger import Append, Appended, Ledger
from tests.aggregates import given
from tests.aggregates.given import Story, an_id, day

SINCE = day(8, 17)


def pupil_id(name: str = "Elsa Åkesson") -> UUID:
    """The person id of a pupil."""
    return an_id(name)


def a_file(name: str = "Elsa Åkesson") -> "Story[student_file.StudentFile]":
    """A new pupil's file, with a guardian, a teacher of mathematics and a mentor."""
    person = pupil_id(name)
    story = Story(
        student_file.fold, stream=student_file.student_file_id(person), subject=student_file.student_file_id(person)
    )
    story.given(
        StudentEnrolled(person_id=person, name=name, school_id=given.SCHOOL, grade=5, enrolled_on=SINCE),
        GuardianLinked(relation_id=rel(given.GUARDIAN), person_id=given.GUARDIAN.person_id, name="Åke", since=SINCE),
        TeacherAssigned(
            relation_id=rel(given.TEACHER),
            person_id=given.TEACHER.person_id,
            name="Maja",
            subjects=("MA",),
            since=SINCE,
        ),
        MentorAssigned(relation_id=rel(given.MENTOR), person_id=given.MENTOR.person_id, name="Karin", since=SINCE),
    )
    return story


def rel(actor: Actor) -> UUID:
    """The relation an actor acts in."""
    assert actor.relation_id is not None
    return actor.relation_id


def an_educator() -> EducatorAssigned:
    """An educator joins."""
    return EducatorAssigned(
        relation_id=rel(given.EDUCATOR), person_id=given.EDUCATOR.person_id, name="Pia", since=SINCE
    )


def a_start(plan_id: UUID = given.PLAN, **changes: object) -> PlanStarted:
    """A plan from the template of the tests."""
    return PlanStarted(
        plan_id=plan_id,
        template_id=given.TEMPLATE,
        template_version=1,
        template=given.a_template_content(**changes),
        school_year="2026/2027",
        term="HT",
    )


def an_answer(
    text: str, kind: type[AnswerRevised | QuestionAnswered] = AnswerRevised, *, question: str = "trivs"
) -> Event:
    """What the pupil answers in the first plan."""
    return kind(plan_id=given.PLAN, question=question, role=Role.PUPIL, person_id=given.PUPIL.person_id, text=text)


def tell(
    ledger: Ledger, events: Sequence[Recorded[Any]], category: str = "student_file", kind: str = "student_file"
) -> Appended:
    """Append the events of one stream; they follow what is there."""
    first = events[0]
    return ledger.append(
        Append(category, kind, first.subject_id, first.originator_id, first.originator_version - 1, events)
    )
