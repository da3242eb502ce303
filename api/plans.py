"""Plans (IUP): start one, list them, read one."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from access.actions import Action
from access.errors import SchoolNotFound
from aggregates.errors.enrolment import SchoolingHasEnded
from aggregates.errors.goals import CarriedGoalNotUnfinished
from aggregates.errors.plans import (
    PlanNotFound,
    PreviousPlanNotEvaluated,
    PreviousPlanNotLocked,
    SchoolYearNotConsecutive,
    TemplateNotApproved,
    TemplateNotForGrade,
    TemplateOfAnotherSchool,
)
from aggregates.errors.school import TemplateVersionNotFound
from aggregates.plan import PlanState
from api.declare import reads, writes
from api.names import API, PLAN, STUDENT, PlanId, StudentId
from api.plan_shapes import PlanShape, PlanSummary, plan_shape
from api.rules import FILE
from api.shapes import Shape, answer_with
from api.signed_in import Signed
from api.writing import Write, WriteBody, Written
from commands import plans
from commands.reads import Part, read_file, read_plan
from events.text import Line

router = APIRouter(tags=["plans"])

_STARTING = (
    *FILE,
    SchoolNotFound,
    SchoolingHasEnded,
    SchoolYearNotConsecutive,
    TemplateVersionNotFound,
    TemplateNotApproved,
    TemplateNotForGrade,
    TemplateOfAnotherSchool,
    PreviousPlanNotLocked,
    PreviousPlanNotEvaluated,
    CarriedGoalNotUnfinished,
)


class PlanToStart(WriteBody):
    """A new plan; the one before is archived."""

    template_id: UUID
    template_version: Annotated[int, Field(ge=1, le=2**31)]
    school_year: str = Field(pattern=r"^[0-9]{4}/[0-9]{4}$", examples=["2026/2027"])
    term: str = Field(pattern=r"^(HT|VT)$")
    reason: Line | None = Field(default=None, description="Needed where the plan before was not locked or evaluated.")
    carry_over: tuple[UUID, ...] = Field(default=(), description="Unfinished goals of the plan before.")


class Which(StrEnum):
    """The plan that is not archived, or those that are."""

    CURRENT = "current"
    ARCHIVED = "archived"


class PlanList(Shape):
    """The pupil's plans, the latest first."""

    items: list[PlanSummary]


@router.post(STUDENT + "/plans", response_model=Written, **writes(Action.START_PLAN, refuses=_STARTING, created=True))
def start_plan(asked: Write, student: StudentId, body: PlanToStart) -> Response:
    """Start a plan from an approved template; the plan before becomes archived."""
    answer = plans.start_plan(
        asked.context,
        asked.command(body.acting_as),
        student_id=student,
        template_id=body.template_id,
        template_version=body.template_version,
        school_year=body.school_year,
        term=body.term,
        reason=body.reason,
        carry_over=body.carry_over,
    )
    return asked.answer(answer, created=f"{API}/students/{student}/plans/{{id}}")


@router.get(STUDENT + "/plans", response_model=PlanList, **reads(Action.READ_FILE, refuses=FILE))
def list_plans(
    asked: Signed, student: StudentId, state: Annotated[Which | None, Query(description="All, where left out.")] = None
) -> Response:
    """The pupil's plans, the latest first."""
    file, _ = read_file(asked.context, asked.caller, student, on=asked.on, part=Part.PLANS)
    found = [
        PlanSummary(**PlanSummary.fields_of(plan))
        for plan in reversed(file.plans.values())
        if state is None or (plan.state is PlanState.ARCHIVED) == (state is Which.ARCHIVED)
    ]
    return answer_with(PlanList(items=found))


@router.get(PLAN, response_model=PlanShape, **reads(Action.READ_FILE, refuses=(*FILE, PlanNotFound), versioned=True))
def show_plan(asked: Signed, student: StudentId, plan: PlanId) -> Response:
    """One plan, current or archived: questions, answers, goals, assessments, the conversation and the agreement."""
    found, forecast_words = read_plan(asked.context, asked.caller, student, plan, on=asked.on)
    return answer_with(plan_shape(student, found, forecast_words), version=found.version)
