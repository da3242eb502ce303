"""Goals (IUP-mål) and their staircase: Nytt, Påbörjat, Klart, Uppnått (S-GOA, G-1, G-4, G-14)."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from events.base import Event, Value
from events.syllabus import SyllabusItem
from events.text import Code, Prose


class GoalStatus(StrEnum):
    """The staircase (trappan), and Avbruten beside it (G-4)."""

    NEW = "new"
    STARTED = "started"
    DONE = "done"
    ACHIEVED = "achieved"
    ABANDONED = "abandoned"


class GoalContent(Value):
    """What a goal says: the goal, the activities towards it, who is responsible for what (S-TPL-5), and its links."""

    text: Prose
    activities: Prose | None = None
    responsibility: Prose | None = None
    subjects: tuple[Code, ...] = ()
    syllabus: tuple[SyllabusItem, ...] = ()


class GoalOrigin(Value):
    """The unfinished goal of an earlier plan that this one carries on."""

    plan_id: UUID
    goal_id: UUID


class GoalProposed(Event):
    """Somebody proposed a goal before the conversation (S-GOA-1)."""

    code: ClassVar[str] = "goal_proposed.v1"
    plan_id: UUID
    goal_id: UUID
    content: GoalContent
    carried_from: GoalOrigin | None = None


class GoalRevised(Event):
    """A proposal got another wording before the lock."""

    code: ClassVar[str] = "goal_revised.v1"
    plan_id: UUID
    goal_id: UUID
    content: GoalContent


class GoalWithdrawn(Event):
    """The one who proposed the goal took it back."""

    code: ClassVar[str] = "goal_withdrawn.v1"
    plan_id: UUID
    goal_id: UUID


class GoalAccepted(Event):
    """The proposal was accepted at the conversation (G-14)."""

    code: ClassVar[str] = "goal_accepted.v1"
    plan_id: UUID
    goal_id: UUID


class GoalDeclined(Event):
    """The proposal was declined at the conversation (G-14)."""

    code: ClassVar[str] = "goal_declined.v1"
    plan_id: UUID
    goal_id: UUID
    reason: Prose | None = None


class GoalStarted(Event):
    """The pupil has begun to work towards the goal (Påbörjat, S-GOA-4)."""

    code: ClassVar[str] = "goal_started.v1"
    plan_id: UUID
    goal_id: UUID


class GoalReportedDone(Event):
    """The pupil considers the goal reached (Klart, S-GOA-5)."""

    code: ClassVar[str] = "goal_reported_done.v1"
    plan_id: UUID
    goal_id: UUID


class GoalAchieved(Event):
    """A mentor or teacher confirmed that the goal is reached (Uppnått, S-GOA-6, G-1)."""

    code: ClassVar[str] = "goal_achieved.v1"
    plan_id: UUID
    goal_id: UUID


class GoalReopened(Event):
    """The mentor put a done or achieved goal back to Påbörjat (G-4)."""

    code: ClassVar[str] = "goal_reopened.v1"
    plan_id: UUID
    goal_id: UUID
    reason: Prose


class GoalAbandoned(Event):
    """The mentor ended the work towards the goal (Avbruten, G-4)."""

    code: ClassVar[str] = "goal_abandoned.v1"
    plan_id: UUID
    goal_id: UUID
    reason: Prose


class GoalEvaluated(Event):
    """Somebody wrote in the goal's evaluation box (utvärderingsruta, S-GOA-10); a person's latest text counts."""

    code: ClassVar[str] = "goal_evaluated.v1"
    plan_id: UUID
    goal_id: UUID
    text: Prose


class LearningNotePosted(Event):
    """The pupil wrote in the learning blog (Lärblogg) what was done and how one knows, linked to goals (S-BLG-3)."""

    code: ClassVar[str] = "learning_note_posted.v1"
    note_id: UUID
    text: Prose
    goal_ids: tuple[UUID, ...] = ()
