"""The life of one plan (IUP): started from a template, prepared, agreed, locked, corrected, archived."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from events.base import Event, Role, Value
from events.template import TemplateContent
from events.text import Code, Line, Prose


class PlanStarted(Event):
    """A plan was started for the pupil from one approved version of a template (S-TPL-1).

    The whole content of that version is carried here: the plan must read the same whatever becomes of the template.
    """

    code: ClassVar[str] = "plan_started.v1"
    plan_id: UUID
    template_id: UUID
    template_version: int
    template: TemplateContent
    school_year: str = Field(pattern=r"^[0-9]{4}/[0-9]{4}$")
    term: str = Field(pattern=r"^(HT|VT)$")
    started_without: Line | None = None
    """The mentor's reason where the plan before was not locked or not evaluated (G-15)."""


class PlanArchived(Event):
    """The plan became an archived plan because a new one was added (S-ARC-1); its goals are frozen (G-14)."""

    code: ClassVar[str] = "plan_archived.v1"
    plan_id: UUID
    archived_for: UUID
    """The plan that took its place."""


class QuestionAnswered(Event):
    """A question was answered for the first time by or for this person in this role (G-13).

    `text` is free text, `choice` a step of the question's scale; at least one is there. Written for the pupil by
    somebody else, `person_id` is the pupil and the actor says who wrote (S-TPL-10).
    """

    code: ClassVar[str] = "question_answered.v1"
    plan_id: UUID
    question: Code
    role: Role
    person_id: UUID
    text: Prose | None = None
    choice: Code | None = None


class AnswerRevised(Event):
    """A new version of an answer was saved before the lock; the old one is kept (G-6)."""

    code: ClassVar[str] = "answer_revised.v1"
    plan_id: UUID
    question: Code
    role: Role
    person_id: UUID
    text: Prose | None = None
    choice: Code | None = None


class PreparationReminded(Event):
    """Those at home who had not answered what is directed to them were reminded to prepare the plan.

    `recipients` are the persons; `reminded_on` is the day where the schools are, for a plan is reminded of once a day.
    """

    code: ClassVar[str] = "preparation_reminded.v1"
    plan_id: UUID
    reminded_on: date
    recipients: tuple[UUID, ...]


class ReadingConfirmed(Event):
    """A guardian confirmed having read this version of the plan (S-SAM-1)."""

    code: ClassVar[str] = "reading_confirmed.v1"
    plan_id: UUID
    plan_version: int


class ViewpointGiven(Event):
    """A guardian noted what to raise at the conversation (S-SAM-2); the latest counts, the earlier stay in the file."""

    code: ClassVar[str] = "viewpoint_given.v1"
    plan_id: UUID
    text: Prose


class ConversationEvaluated(Event):
    """A guardian evaluated the conversation after it was held (S-SAM-3)."""

    code: ClassVar[str] = "conversation_evaluated.v1"
    plan_id: UUID
    text: Prose


class TargetKind(StrEnum):
    """What in a plan a concern or a correction is about."""

    ANSWER = "answer"
    GOAL = "goal"
    ASSESSMENT = "assessment"
    DEVELOPMENT_AREA = "development_area"
    VIEWPOINT = "viewpoint"
    GOAL_EVALUATION = "goal_evaluation"
    CONVERSATION_EVALUATION = "conversation_evaluation"


class Target(Value):
    """One text in a plan. `key` is the question's key, the subject's code, or the goal's or area's id.

    `role` and `person_id` tell one person's text from another's where several may write in the same place: answers
    (both) and viewpoints and evaluations (`person_id`).
    """

    kind: TargetKind
    key: Code | None = None
    role: Role | None = None
    person_id: UUID | None = None


class SecrecyConcernRaised(Event):
    """Somebody says that a text may be privacy-sensitive or secret (S-FRE-6, S-AGR-3)."""

    code: ClassVar[str] = "secrecy_concern_raised.v1"
    plan_id: UUID
    concern_id: UUID
    target: Target
    text: Prose | None = None


class SecrecyConcernClosed(Event):
    """The mentor closed the concern and said why."""

    code: ClassVar[str] = "secrecy_concern_closed.v1"
    plan_id: UUID
    concern_id: UUID
    reason: Prose


class AgreementGiven(Event):
    """The pupil or a guardian agreed to this version of the plan (S-AGR-1, G-5)."""

    code: ClassVar[str] = "agreement_given.v1"
    plan_id: UUID
    plan_version: int


class LockObstacle(StrEnum):
    """What would hinder the lock, had the mentor not stated a reason (G-5)."""

    PUPIL_MISSING = "pupil_missing"
    GUARDIAN_MISSING = "guardian_missing"
    OPEN_CONCERN = "open_concern"


class LockReason(Value):
    """The mentor's reason for locking in spite of one obstacle; `concern_id` only with an open concern."""

    obstacle: LockObstacle
    concern_id: UUID | None = None
    reason: Prose


class PlanLocked(Event):
    """The mentor locked the plan as agreed at the conversation (S-AGR-2); the lock is the mentor's own agreement."""

    code: ClassVar[str] = "plan_locked.v1"
    plan_id: UUID
    plan_version: int
    conversation_on: date
    reasons: tuple[LockReason, ...] = ()


class CorrectionMade(Event):
    """A text in a locked plan was corrected (rättelse) with a reason; the text it corrects stays in the file (G-6)."""

    code: ClassVar[str] = "correction_made.v1"
    plan_id: UUID
    correction_id: UUID
    target: Target
    text: Prose
    reason: Prose
