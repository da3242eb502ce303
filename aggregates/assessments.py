"""Decisions about written assessments, development areas and the duty a risk opens (S-OMD, S-DEV)."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from aggregates.errors.agreement import ForecastStands, TargetNotFound
from aggregates.errors.assessments import (
    DocumentOfAnotherSubject,
    HeadingNotInTemplate,
    NoOpenObligation,
    OnlyPrincipalDecidesNotNeeded,
    SubjectNotInPlan,
)
from aggregates.period import overlaps
from aggregates.plan import Plan
from aggregates.planning_document import PlanningDocument
from aggregates.plans import open_plan, plan_of
from aggregates.student_file import StudentFile
from events.assessments import (
    ActionProgrammeLinked,
    AssessmentPublished,
    DevelopmentAreaNoted,
    Forecast,
    ForecastCorrected,
    ProgrammeDecision,
)
from events.base import Actor, Role
from events.planning_document import DocumentKind
from events.syllabus import SyllabusItem
from events.template import SubjectHeading


def taught_subjects(file: StudentFile, plan: Plan, *, since: date, until: date) -> frozenset[str]:
    """The subjects of the plan in which somebody teaches the pupil on some day from `since` to `until` (S-OMD-5).

    An educator teaches all of them (S-ROL-5). An assessment is due in these, "de ämnen och de ämnesområden som man har
    fått undervisning i", and not in all that a school's template names.
    """
    held = [relation for relation in file.relations.values() if overlaps(relation, since, until)]
    if any(relation.role is Role.EDUCATOR for relation in held):
        return frozenset(plan.subjects)
    return frozenset(subject for relation in held for subject in relation.subjects) & plan.subjects.keys()


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
    published = AssessmentPublished(
        plan_id=plan_id,
        subject=subject,
        forecast=forecast,
        text=text,
        documents=tuple(dict.fromkeys(document.id for document in documents)),
        syllabus=tuple(syllabus),
        opens_obligation=risk_needs_programme and _is_new_risk(plan, subject, forecast),
    )
    if latest and latest.model_copy(update={"opens_obligation": published.opens_obligation}) == published:
        return None
    return published


def corrected_forecast(
    plan: Plan,
    *,
    correction_id: UUID,
    subject: str,
    forecast: Forecast,
    reason: str,
    risk_needs_programme: bool,
) -> ForecastCorrected:
    """Correct the forecast of an assessed subject (G-6); `aggregates.agreement.correct` has seen to who may.

    A better forecast leaves a duty open: the risk was there. A correction says that it was not, and so closes the
    duty that the wrong forecast itself opened, unless a programme has answered it (S-OMD-10).
    """
    wrong = plan.standing_forecast(subject)
    if wrong is None:
        raise TargetNotFound
    if wrong.forecast is forecast:
        raise ForecastStands
    return ForecastCorrected(
        plan_id=plan.id,
        correction_id=correction_id,
        subject=subject,
        forecast=forecast,
        reason=reason,
        opens_obligation=risk_needs_programme and _is_new_risk(plan, subject, forecast),
        closes_obligation=wrong.opens_obligation and plan.has_open_obligation(subject),
    )


def _is_new_risk(plan: Plan, subject: str, forecast: Forecast) -> bool:
    """A risk in a subject that waits for no programme already, and of which it is not what was said last."""
    if forecast is not Forecast.AT_RISK or plan.has_open_obligation(subject):
        return False
    said = plan.standing_forecast(subject)
    return said is None or said.forecast is not Forecast.AT_RISK or subject not in plan.obligations


def _subject(plan: Plan, subject: str) -> SubjectHeading:
    try:
        return plan.subjects[subject]
    except KeyError:
        raise SubjectNotInPlan from None


def _require_place(heading: SubjectHeading, document: PlanningDocument) -> None:
    """The heading of the document's kind is there, and the document is about the subject."""
    if not (heading.planning if document.kind is DocumentKind.PLANNING else heading.criteria):
        raise HeadingNotInTemplate
    if document.content.subject != heading.code:
        raise DocumentOfAnotherSubject


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
