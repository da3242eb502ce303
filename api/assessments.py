"""Written assessments, development areas and action programmes."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from access.actions import Action
from access.errors import NotOwnSubject, SchoolNotFound
from aggregates.errors.assessments import (
    DocumentOfAnotherSubject,
    HeadingNotInTemplate,
    NoOpenObligation,
    OnlyPrincipalDecidesNotNeeded,
    SubjectNotInPlan,
    SyllabusItemNotFound,
)
from aggregates.errors.plans import PlanNotFound
from api.declare import writes
from api.names import API, PLAN, PlanId, StudentId, SubjectCode
from api.rules import FILE, OPEN_PLAN
from api.writing import Write, WriteBody, Written
from commands import assessments
from commands.assessments import Area
from events.assessments import Forecast, ProgrammeDecision
from events.syllabus import SyllabusItem
from events.text import Code, Line, Prose

router = APIRouter(tags=["assessments"])


class AssessmentToPublish(WriteBody):
    """An assessment: the forecast, the formative text, and what it rests on."""

    forecast: Forecast
    text: Prose
    documents: tuple[UUID, ...] = Field(
        default=(), description="The subject's plannings and matrices, of the pupil's school."
    )
    syllabus: tuple[SyllabusItem, ...] = ()


class AreaToNote(WriteBody):
    """What to develop in a subject, and how it is stimulated."""

    subject: Code
    text: Prose
    support: Prose
    syllabus: tuple[SyllabusItem, ...] = ()


class ProgrammeToLink(WriteBody):
    """A reference to an action programme, or to the principal's decision that none is needed."""

    subjects: Annotated[tuple[Code, ...], Field(min_length=1)]
    decision: ProgrammeDecision
    reference: Line


@router.put(
    PLAN + "/assessments/{subject:path}",
    response_model=Written,
    **writes(
        Action.ASSESS_SUBJECT,
        refuses=(
            *OPEN_PLAN,
            NotOwnSubject,
            SubjectNotInPlan,
            HeadingNotInTemplate,
            DocumentOfAnotherSubject,
            SchoolNotFound,
            SyllabusItemNotFound,
        ),
    ),
)
def publish_assessment(
    asked: Write, student: StudentId, plan: PlanId, subject: SubjectCode, body: AssessmentToPublish
) -> Response:
    """Publish the assessment of one subject; a later one is a new version. A risk opens a duty."""
    answer = assessments.publish_assessment(
        asked.context,
        asked.command(body.acting_as),
        student_id=student,
        plan_id=plan,
        subject=subject,
        forecast=body.forecast,
        text=body.text,
        documents=body.documents,
        syllabus=body.syllabus,
    )
    return asked.answer(answer)


@router.post(
    PLAN + "/development-areas",
    response_model=Written,
    **writes(
        Action.ASSESS_SUBJECT,
        refuses=(*OPEN_PLAN, NotOwnSubject, SubjectNotInPlan, SyllabusItemNotFound),
        created=True,
    ),
)
def note_development_area(asked: Write, student: StudentId, plan: PlanId, body: AreaToNote) -> Response:
    """Say which knowledge and abilities to develop in a subject, and how."""
    answer = assessments.note_development_area(
        asked.context,
        asked.command(body.acting_as),
        student_id=student,
        plan_id=plan,
        subject=body.subject,
        area=Area(body.text, body.support, body.syllabus),
    )
    return asked.answer(answer, created=f"{API}/students/{student}/plans/{plan}")


@router.post(
    PLAN + "/action-programmes",
    response_model=Written,
    **writes(
        Action.LINK_PROGRAMME,
        refuses=(*FILE, PlanNotFound, NoOpenObligation, OnlyPrincipalDecidesNotNeeded),
        created=True,
    ),
)
def link_action_programme(asked: Write, student: StudentId, plan: PlanId, body: ProgrammeToLink) -> Response:
    """Link an action programme, or the decision that none is needed, to subjects at risk."""
    answer = assessments.link_action_programme(
        asked.context,
        asked.command(body.acting_as),
        student_id=student,
        plan_id=plan,
        subjects=body.subjects,
        decision=body.decision,
        reference=body.reference,
    )
    return asked.answer(answer, created=f"{API}/students/{student}/plans/{plan}")
