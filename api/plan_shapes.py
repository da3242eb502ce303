"""What a plan looks like in answers: everything that it holds, and each part of it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import Field

from aggregates.goal import Goal, GoalDecision
from aggregates.plan import Plan, PlanState
from aggregates.plan_parts import Concern, Consent, Correction, Lock
from api.assessment_shapes import AreaShape, SubjectShape, subject_shapes
from api.shapes import By, Shape, TextBy
from events.assessments import Forecast
from events.base import Role
from events.goals import GoalContent, GoalOrigin, GoalStatus
from events.plan import LockReason, Target
from events.template import TemplateContent


class AnswerShape(Shape):
    """What one person answered in one role, the latest version last."""

    question: str
    role: Role
    person_id: UUID
    versions: list[TextBy]


class GoalText(Shape):
    """A person's latest evaluation of a goal; `version` is what If-Match takes to write it anew."""

    person_id: UUID
    text: str
    version: int


class GoalShape(Shape):
    """A goal; `version` is what If-Match takes."""

    id: UUID
    version: int
    content: GoalContent
    decision: GoalDecision
    status: GoalStatus
    proposed_by: By
    carried_from: GoalOrigin | None
    evaluations: list[GoalText]

    @classmethod
    def of(cls, goal: Goal) -> Self:
        """A goal of a plan."""
        return cls(
            id=goal.id,
            version=goal.version,
            content=goal.content,
            decision=goal.decision,
            status=goal.status,
            proposed_by=By.of(goal.proposed_by),
            carried_from=goal.carried_from,
            evaluations=[
                GoalText(person_id=person, text=one.text or "", version=one.version)
                for person, one in goal.evaluations.items()
            ],
        )


class ConsentShape(Shape):
    """An agreement or a read receipt; it stands while the plan says what it said then."""

    plan_version: int
    by: By
    at: datetime
    stands: bool

    @classmethod
    def all_of(cls, plan: Plan, consents: Iterable[Consent]) -> list[Self]:
        """The consents of a plan, each with whether it stands."""
        return [cls(plan_version=c.plan_version, by=By.of(c.by), at=c.at, stands=plan.stands(c)) for c in consents]


class ConcernShape(Shape):
    """A concern; open while `closed_with` is null."""

    id: UUID
    target: Target
    text: str | None
    by: By
    at: datetime
    closed_with: str | None

    @classmethod
    def of(cls, concern: Concern) -> Self:
        """A concern of a plan."""
        return cls.model_validate(concern)


class CorrectionShape(Shape):
    """A correction made after the lock."""

    id: UUID
    target: Target
    text: str
    reason: str
    by: By
    at: datetime

    @classmethod
    def of(cls, correction: Correction) -> Self:
        """A correction of a plan."""
        event = correction.event
        return cls(
            id=event.correction_id,
            target=event.target,
            text=event.text,
            reason=event.reason,
            by=By.of(correction.by),
            at=correction.at,
        )


class LockShape(Shape):
    """When and how the plan was locked as agreed."""

    by: By
    at: datetime
    plan_version: int
    conversation_on: date
    reasons: tuple[LockReason, ...]

    @classmethod
    def of(cls, lock: Lock | None) -> Self | None:
        """The lock, if there is one."""
        return None if lock is None else cls.model_validate(lock)


class PlanSummary(Shape):
    """A plan in a list."""

    id: UUID
    state: PlanState
    template_id: UUID
    template_version: int
    template_name: str
    school_year: str
    term: str
    started_at: datetime
    archived_at: datetime | None
    version: int
    content_version: int = Field(description="What an agreement, a read receipt and the lock name.")

    @classmethod
    def fields_of(cls, plan: Plan) -> dict[str, Any]:
        """What a summary says of a plan."""
        own = {name: getattr(plan, name) for name in PlanSummary.model_fields if name != "template_name"}
        return own | {"template_name": plan.template.name}


class PlanShape(PlanSummary):
    """A plan, all of it."""

    student_id: UUID
    forecast_words: dict[Forecast, str] = Field(description="The school's Swedish words for each forecast.")
    template: TemplateContent
    started_by: By
    started_without: str | None
    answers: list[AnswerShape]
    goals: list[GoalShape]
    assessments: list[SubjectShape]
    development_areas: list[AreaShape]
    readings: list[ConsentShape]
    viewpoints: list[TextBy]
    conversation_evaluations: list[TextBy]
    concerns: list[ConcernShape]
    agreements: list[ConsentShape]
    corrections: list[CorrectionShape]
    lock: LockShape | None


def plan_shape(student_id: UUID, plan: Plan, forecast_words: dict[Forecast, str]) -> PlanShape:
    """The plan as it is now."""
    return PlanShape(
        **PlanSummary.fields_of(plan),
        student_id=student_id,
        forecast_words=forecast_words,
        template=plan.template,
        started_by=By.of(plan.started_by),
        started_without=plan.started_without,
        answers=[
            AnswerShape(question=question, role=role, person_id=person, versions=[TextBy.of(v) for v in versions])
            for (question, role, person), versions in plan.answers.items()
        ],
        goals=[GoalShape.of(goal) for goal in plan.goals.values()],
        assessments=subject_shapes(plan),
        development_areas=[AreaShape.of(area) for area in plan.areas.values()],
        readings=ConsentShape.all_of(plan, plan.readings.values()),
        viewpoints=[TextBy.of(written) for written in plan.viewpoints.values()],
        conversation_evaluations=[TextBy.of(written) for written in plan.evaluations.values()],
        concerns=[ConcernShape.of(concern) for concern in plan.concerns.values()],
        agreements=ConsentShape.all_of(plan, plan.agreements.values()),
        corrections=[CorrectionShape.of(correction) for correction in plan.corrections],
        lock=LockShape.of(plan.lock),
    )
