"""Decisions about reminding those at home to prepare: whom, and how often."""

from datetime import date
from uuid import UUID

from aggregates.errors.plans import NobodyToRemind, RemindedToday
from aggregates.plan import Plan
from aggregates.plans import open_plan
from aggregates.student_file import StudentFile
from events.base import Role
from events.plan import PreparationReminded
from events.template import PageKind, QuestionKind

HOME = (Role.PUPIL, Role.GUARDIAN)
"""Who is reminded; staff see in the overview what they have left."""


def remind(file: StudentFile, *, plan_id: UUID, on: date) -> PreparationReminded:
    """Remind the pupil and the guardians who have not prepared, at most once a day, while the plan is prepared."""
    plan = open_plan(file, plan_id)
    if plan.reminded_on == on:
        raise RemindedToday
    recipients = unprepared(file, plan, on=on)
    if not recipients:
        raise NobodyToRemind
    return PreparationReminded(plan_id=plan_id, reminded_on=on, recipients=tuple(recipients))


def unprepared(file: StudentFile, plan: Plan, *, on: date) -> list[UUID]:
    """The persons at home whose party has something left to answer: one guardian answers for both (G-7, G-13).

    As in the bars assessments never count (S-OVR-3), nor do comment boxes, which not all need answer (S-OVR-4): a
    bar that is not full is no reason to be reminded. A protected identity tells nobody whom it does not name.
    """
    waiting = {role for role in HOME if _missing(plan, role)}
    return list(
        dict.fromkeys(
            relation.person_id
            for relation in file.relations.values()
            if relation.role in waiting and relation.holds(on) and file.names(relation.person_id)
        )
    )


def _missing(plan: Plan, role: Role) -> bool:
    asked = {
        question.key
        for page in plan.template.pages
        if page.kind is not PageKind.ASSESSMENTS
        for question in page.questions
        if role in question.directed_to and question.kind is not QuestionKind.COMMENT
    }
    return not asked <= {key for key, party, _ in plan.answers if party is role}
