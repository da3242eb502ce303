"""Commands on written assessments, development areas and action programmes."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from access.actions import Action
from access.errors import SchoolNotFound
from aggregates import assessments
from aggregates.planning_document import PlanningDocument
from aggregates.student_file import StudentFile
from commands.context import Answer, Command, Context
from commands.run import on_file
from commands.settings import school_settings
from commands.streams import DOCUMENT, Resource, find
from commands.syllabus import require_items
from events.assessments import AssessmentPublished, DevelopmentAreaNoted, Forecast, ProgrammeDecision
from events.base import Actor
from events.syllabus import SyllabusItem


@dataclass(frozen=True, slots=True)
class Area:
    """What the pupil needs to develop in a subject, how it is stimulated, and the items of the syllabus it is about."""

    text: str
    support: str
    syllabus: Sequence[SyllabusItem] = ()


def publish_assessment(
    context: Context,
    command: Command,
    *,
    student_id: UUID,
    plan_id: UUID,
    subject: str,
    forecast: Forecast,
    text: str,
    documents: Sequence[UUID] = (),
    syllabus: Sequence[SyllabusItem] = (),
    area: Area | None = None,
) -> Answer:
    """Publish an assessment of one subject (G-16); a risk opens a duty (S-OMD-10).

    With an area both are saved or neither. The area comes first, so that the notice, one for both since they stand in
    the same place, says that the assessment is published (G-18).
    """
    require_items(context, [*syllabus, *(area.syllabus if area else ())])

    def decide(file: StudentFile, _: Actor) -> list[DevelopmentAreaNoted | AssessmentPublished]:
        noted = _noted(file, command, plan_id, subject, area) if area else None
        published = assessments.publish_assessment(
            file,
            plan_id=plan_id,
            subject=subject,
            forecast=forecast,
            text=text,
            documents=[_document(context, file.school_id, document_id) for document_id in dict.fromkeys(documents)],
            syllabus=syllabus,
            risk_needs_programme=school_settings(context, file.school_id, on=command.on).risk_needs_programme,
        )
        return [event for event in (noted, published) if event is not None]

    return on_file(
        context,
        command,
        student_id,
        Action.ASSESS_SUBJECT,
        decide,
        resource=Resource(subject, lambda file: _version(file, plan_id, subject)),
        subject=subject,
    )


def _version(file: StudentFile, plan_id: UUID, subject: str) -> int | None:
    """When the subject's assessment was last published; None where it never was."""
    plan = file.plans.get(plan_id)
    versions = plan.assessments.get(subject) if plan else None
    return versions[-1].version if versions else None


def _document(context: Context, school_id: UUID, document_id: UUID) -> PlanningDocument:
    """A planning document, which must be of the pupil's school."""
    document = find(context, DOCUMENT, document_id)
    if document is None or document.school_id != school_id:
        raise SchoolNotFound
    return document


def note_development_area(
    context: Context,
    command: Command,
    *,
    student_id: UUID,
    plan_id: UUID,
    subject: str,
    area: Area,
) -> Answer:
    """Say what the pupil needs to develop in a subject and how it is stimulated (S-DEV-1, S-DEV-2)."""
    require_items(context, area.syllabus)
    return on_file(
        context,
        command,
        student_id,
        Action.ASSESS_SUBJECT,
        lambda file, _: _noted(file, command, plan_id, subject, area),
        resource=Resource(str(_area_id(command))),
        subject=subject,
    )


def _noted(file: StudentFile, command: Command, plan_id: UUID, subject: str, area: Area) -> DevelopmentAreaNoted:
    return assessments.note_development_area(
        file,
        plan_id=plan_id,
        area_id=_area_id(command),
        subject=subject,
        text=area.text,
        support=area.support,
        syllabus=area.syllabus,
    )


def _area_id(command: Command) -> UUID:
    return command.new_id("development_area")


def link_action_programme(
    context: Context,
    command: Command,
    *,
    student_id: UUID,
    plan_id: UUID,
    subjects: Sequence[str],
    decision: ProgrammeDecision,
    reference: str,
) -> Answer:
    """Link an action programme, or the decision that none is needed, to subjects at risk (S-OMD-10)."""
    programme_id = command.new_id("action_programme")
    return on_file(
        context,
        command,
        student_id,
        Action.LINK_PROGRAMME,
        lambda file, actor: assessments.link_action_programme(
            file,
            plan_id=plan_id,
            programme_id=programme_id,
            subjects=subjects,
            decision=decision,
            reference=reference,
            by=actor,
        ),
        resource=Resource(str(programme_id)),
    )
