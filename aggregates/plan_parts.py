"""What a plan (IUP) holds: texts, assessments, concerns, agreements, corrections and the lock, each with its author."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from events.assessments import ActionProgrammeLinked, AssessmentPublished, DevelopmentAreaNoted, ForecastCorrected
from events.base import Actor
from events.plan import CorrectionMade, LockReason, Target


@dataclass(frozen=True, slots=True)
class Written:
    """A text somebody wrote. `version` is the file's version at which it was saved, `at` is UTC."""

    text: str | None
    by: Actor
    at: datetime
    version: int
    choice: str | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """One published version of a subject's assessment."""

    event: AssessmentPublished
    by: Actor
    at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class DevelopmentArea:
    """A development area as it was noted."""

    event: DevelopmentAreaNoted
    by: Actor
    at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class LinkedProgramme:
    """A reference to an action programme, or to the decision that none is needed, as it was linked."""

    event: ActionProgrammeLinked
    by: Actor
    at: datetime


@dataclass(slots=True)
class Concern:
    """A secrecy concern; open until the mentor closes it with a reason."""

    id: UUID
    target: Target
    text: str | None
    by: Actor
    at: datetime
    closed_with: str | None = None
    closed_by: Actor | None = None
    closed_at: datetime | None = None

    def close(self, reason: str, by: Actor, at: datetime) -> None:
        """The mentor has looked at it and said why it is closed."""
        self.closed_with, self.closed_by, self.closed_at = reason, by, at


@dataclass(frozen=True, slots=True)
class Consent:
    """An agreement or a read receipt: which version of the plan it names, by whom, when."""

    plan_version: int
    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction made after the lock."""

    event: CorrectionMade
    by: Actor
    at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class ForecastCorrection:
    """A forecast that was corrected after the lock."""

    event: ForecastCorrected
    by: Actor
    at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Lock:
    """When and how the plan was locked as agreed."""

    by: Actor
    at: datetime
    plan_version: int
    conversation_on: date
    reasons: tuple[LockReason, ...]
