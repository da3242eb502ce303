"""Decisions about preparatory questions: who may write in which field, and what a new version is."""

from uuid import UUID

from aggregates.errors.answers import (
    AnswerIsEmpty,
    ChoiceNotOnScale,
    ProxyWritingNotAllowed,
    QuestionNotDirectedToRole,
    QuestionNotFound,
)
from aggregates.plans import open_plan
from aggregates.student_file import StudentFile
from events.base import Actor, Role
from events.plan import AnswerRevised, QuestionAnswered
from events.template import Question

PARTY: dict[Role, Role] = {
    Role.PUPIL: Role.PUPIL,
    Role.GUARDIAN: Role.GUARDIAN,
    Role.TEACHER: Role.TEACHER,
    Role.MENTOR: Role.MENTOR,
    Role.EDUCATOR: Role.TEACHER,
}
"""The party that a relation answers for; an educator answers as teacher."""

PROXIES = frozenset({Role.GUARDIAN, Role.EDUCATOR})
"""Who may write in the pupil's field where the template allows it (S-TPL-10)."""


def save_answer(
    file: StudentFile, *, plan_id: UUID, question: str, text: str | None, choice: str | None, by: Actor
) -> QuestionAnswered | AnswerRevised | None:
    """Save an answer in the writer's own field, or in the pupil's on the pupil's behalf.

    None where it says what it said before. Before the lock a new version is kept beside the old one (G-6).
    """
    plan = open_plan(file, plan_id)
    asked = plan.questions.get(question)
    if asked is None:
        raise QuestionNotFound
    role, person_id = _field(file, asked, by)
    text = text if text and text.strip() else None
    if text is None and choice is None:
        raise AnswerIsEmpty
    if choice is not None and choice not in {step.key for step in asked.scale}:
        raise ChoiceNotOnScale
    versions = plan.answers.get((question, role, person_id))
    kind = AnswerRevised if versions else QuestionAnswered
    saved = kind(plan_id=plan_id, question=question, role=role, person_id=person_id, text=text, choice=choice)
    says_the_same = versions and (versions[-1].text, versions[-1].choice) == (saved.text, saved.choice)
    return None if says_the_same else saved


def _field(file: StudentFile, question: Question, by: Actor) -> tuple[Role, UUID]:
    """Whose field is written in: (role, person)."""
    if by.on_behalf_of is None:
        party = PARTY.get(by.role)
        if party is None or party not in question.directed_to:
            raise QuestionNotDirectedToRole
        return party, by.person_id
    if by.on_behalf_of != file.person_id or by.role not in PROXIES or not question.proxy:
        raise ProxyWritingNotAllowed
    if Role.PUPIL not in question.directed_to:
        raise QuestionNotDirectedToRole
    return Role.PUPIL, file.person_id
