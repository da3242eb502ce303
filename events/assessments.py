"""Written assessments (skriftliga omdömen), development areas, and the duty that a risk opens (S-OMD, S-DEV)."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from events.base import Event
from events.syllabus import SyllabusItem
from events.text import Code, Line, Prose


class Forecast(StrEnum):
    """The summative part: will the pupil reach the lowest acceptable level (S-OMD-8, -9, -10)."""

    EXPECTED = "expected"
    AT_RISK = "at_risk"
    NOT_YET_ASSESSABLE = "not_yet_assessable"


class AssessmentPublished(Event):
    """A teacher published an assessment of one subject; before that it was a draft outside the ledger (G-16).

    `forecast` is the summative part, `text` the formative (S-OMD-11). `documents` are the plannings and matrices it
    rests on (S-LPP-1, -2). A later one in the same plan and subject is a new version; the earlier is kept.
    """

    code: ClassVar[str] = "assessment_published.v1"
    plan_id: UUID
    subject: Code
    forecast: Forecast
    text: Prose
    documents: tuple[UUID, ...] = ()
    syllabus: tuple[SyllabusItem, ...] = ()
    opens_obligation: bool = False
    """A new risk opens a duty under the school's settings of that day, until a programme is linked (S-OMD-10)."""


class ForecastCorrected(Event):
    """A forecast in a locked plan was wrong and was corrected, with a reason; what was published stays (G-6)."""

    code: ClassVar[str] = "forecast_corrected.v1"
    plan_id: UUID
    correction_id: UUID
    subject: Code
    forecast: Forecast
    reason: Prose
    opens_obligation: bool = False
    """A risk that was missed opens its duty now, under the school's settings of the day of the correction."""
    closes_obligation: bool = False
    """The duty that the wrong forecast had opened, and that no programme has answered, was never there."""


class DevelopmentAreaNoted(Event):
    """A teacher said which knowledge and abilities to develop and how to stimulate them (S-DEV-1, -2)."""

    code: ClassVar[str] = "development_area_noted.v1"
    plan_id: UUID
    area_id: UUID
    subject: Code
    text: Prose
    support: Prose
    syllabus: tuple[SyllabusItem, ...] = ()


class ProgrammeDecision(StrEnum):
    """What the principal decided after the inquiry (skollagen 3:9); a decision not to draw one up is a decision too."""

    DRAWN_UP = "drawn_up"
    NOT_NEEDED = "not_needed"


class ActionProgrammeLinked(Event):
    """An action programme (åtgärdsprogram), or the decision that none is needed, was linked to subjects (S-OMD-10).

    Only a reference: the programme itself belongs to another secrecy class and is kept elsewhere.
    """

    code: ClassVar[str] = "action_programme_linked.v1"
    plan_id: UUID
    programme_id: UUID
    subjects: tuple[Code, ...]
    decision: ProgrammeDecision
    reference: Line
