"""Decisions about written assessments, development areas and the duty a risk opens (S-OMD, S-DEV)."""

from collections.abc import Sequence
from uuid import UUID

from aggregates.errors import (
    DocumentOfAnotherSubject,
    HeadingNotInTemplate,
    NoOpenObligation,
    OnlyPrincipalDecidesNotNeeded,
    SubjectNotInPlan,
)
from aggregates.plan import Plan
from aggregates.planning_document import PlanningDocument
from aggregates.plans import open_plan, plan_of
from aggregates.student_file import StudentFile
from events.assessments import (
    ActionProgrammeLinked,
    AssessmentPublished,
    DevelopmentAreaNoted,
    Forecast,
    ProgrammeDecision,
)
from events.base import Actor, Role
from events.planning_document import DocumentKind
from events.syllabus import SyllabusItem
from events.template import SubjectHeading


def publish_assessment(
    file: StudentFile,
    *,
    plan_id: UUID,
    subject: str,
    forecast: Forecast,
    text: str,
    documents: Sequence[PlanningDocument],
    syllabus: Sequence[SyllabusItem] = (),
    risk_needs_programme: bool,
) -> AssessmentPublished | None:
    """Publish an assessment of one subject of the plan (G-16). None where it says what the latest says.

    A new risk opens a duty that stays until an action programme is linked (S-OMD-10), where the school's settings say
    so; the same risk said again opens no second one.
    `documents` are the subject's plannings and matrices it rests on, where the template has the heading (S-TPL-11).
    """
    plan = open_plan(file, plan_id)
    heading = _subject(plan, subject)
    for document in documents:
        _require_place(heading, document)
    versions = plan.assessments.get(subject)
    latest = versions[-1].event if versions else None
    said_before = latest is not None and latest.forecast is Forecast.AT_RISK and subject in plan.obligations
    published = AssessmentPublished(
        plan_id=plan_id,
        subject=subject,
        forecast=forecast,
        text=text,
        documents=tuple(dict.fromkeys(document.id for document in documents)),
        syllabus=tuple(syllabus),
        opens_obligation=risk_needs_programme and forecast is Forecast.AT_RISK and not said_before,
    )
    if latest and latest.model_copy(update={"opens_obligation": published.opens_obligation}) == published:
        return None
    return published


def _subject(plan: Plan, subject: str) -> SubjectHeading:
    try:
        return plan.subjects[subject]
    except KeyError:
        raise SubjectNotInPlan from None


def _require_place(heading: SubjectHeading, document: PlanningDocument) -> None:
    """The heading of the document's kind is there, and the document is about the subject."""
    if document.content.subject != heading.code:
        raise DocumentOfAnotherSubject
    if not (heading.planning if document.kind is DocumentKind.PLANNING else heading.criteria):
        raise HeadingNotInTemplate


def note_development_area(
    file: StudentFile,
    *,
    plan_id: UUID,
    area_id: UUID,
    subject: str,
    text: str,
    support: str,
    syllabus: Sequence[SyllabusItem] = (),
) -> DevelopmentAreaNoted:
    """Say what the pupil needs to develop in a subject and how it is stimulated (S-DEV-1)."""
    _subject(open_plan(file, plan_id), subject)
    return DevelopmentAreaNoted(
        plan_id=plan_id, area_id=area_id, subject=subject, text=text, support=support, syllabus=tuple(syllabus)
    )


def link_action_programme(
    file: StudentFile,
    *,
    plan_id: UUID,
    programme_id: UUID,
    subjects: Sequence[str],
    decision: ProgrammeDecision,
    reference: str,
    by: Actor,
) -> ActionProgrammeLinked:
    """Link an action programme, or the principal's decision that none is needed, to subjects at risk (S-OMD-10)."""
    plan = plan_of(file, plan_id)
    if decision is ProgrammeDecision.NOT_NEEDED and by.role is not Role.PRINCIPAL:
        raise OnlyPrincipalDecidesNotNeeded
    if not subjects or any(plan.obligations.get(subject, programme_id) is not None for subject in subjects):
        raise NoOpenObligation
    return ActionProgrammeLinked(
        plan_id=plan_id,
        programme_id=programme_id,
        subjects=tuple(subjects),
        decision=decision,
        reference=reference,
    )
