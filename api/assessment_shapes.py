"""What the assessments and development areas of a plan look like in answers."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import Field

from aggregates.plan import Plan
from aggregates.plan_parts import Assessment, DevelopmentArea, ForecastCorrection
from api.shapes import By, Shape
from events.assessments import Forecast
from events.syllabus import SyllabusItem


class AssessmentVersion(Shape):
    """One published version of an assessment."""

    forecast: Forecast
    text: str
    documents: tuple[UUID, ...]
    syllabus: tuple[SyllabusItem, ...]
    by: By
    at: datetime
    version: int

    @classmethod
    def of(cls, assessment: Assessment) -> Self:
        """One version."""
        event = assessment.event
        return cls(
            forecast=event.forecast,
            text=event.text,
            documents=event.documents,
            syllabus=event.syllabus,
            by=By.of(assessment.by),
            at=assessment.at,
            version=assessment.version,
        )


class ForecastCorrectionShape(Shape):
    """A forecast that was corrected after the lock."""

    id: UUID
    forecast: Forecast
    reason: str
    by: By
    at: datetime

    @classmethod
    def of(cls, correction: ForecastCorrection) -> Self:
        """A corrected forecast of a plan."""
        event = correction.event
        return cls(
            id=event.correction_id,
            forecast=event.forecast,
            reason=event.reason,
            by=By.of(correction.by),
            at=correction.at,
        )


class SubjectShape(Shape):
    """A subject's assessments, the latest last, and what a risk in it has opened."""

    subject: str
    forecast: Forecast = Field(description="What stands: that of the latest version, or of its latest correction.")
    versions: list[AssessmentVersion]
    forecast_corrections: list[ForecastCorrectionShape]
    obligation_open: bool = Field(description="A risk is signalled and no action programme is linked yet.")
    programme_id: UUID | None


class AreaShape(Shape):
    """A development area."""

    id: UUID
    subject: str
    text: str
    support: str
    syllabus: tuple[SyllabusItem, ...]
    by: By
    at: datetime
    version: int

    @classmethod
    def of(cls, area: DevelopmentArea) -> Self:
        """An area of a plan."""
        event = area.event
        return cls(
            id=event.area_id,
            subject=event.subject,
            text=event.text,
            support=event.support,
            syllabus=event.syllabus,
            by=By.of(area.by),
            at=area.at,
            version=area.version,
        )


def subject_shapes(plan: Plan) -> list[SubjectShape]:
    """The subjects of a plan that have an assessment."""
    return [
        SubjectShape(
            subject=subject,
            forecast=(plan.standing_forecast(subject) or versions[-1].event).forecast,
            versions=[AssessmentVersion.of(version) for version in versions],
            forecast_corrections=[ForecastCorrectionShape.of(made) for made in plan.forecasts.get(subject, ())],
            obligation_open=plan.has_open_obligation(subject),
            programme_id=plan.obligations.get(subject),
        )
        for subject, versions in plan.assessments.items()
    ]
