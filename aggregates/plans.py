"""Decisions about a plan as a whole: starting one, and finding one that may be written in."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from aggregates.errors import Refusal
from aggregates.errors.enrolment import SchoolingHasEnded
from aggregates.errors.goals import CarriedGoalNotUnfinished
from aggregates.errors.plans import (
    PlanIsArchived,
    PlanIsLocked,
    PlanIsNotLocked,
    PlanNotFound,
    PreviousPlanNotEvaluated,
    PreviousPlanNotLocked,
    SchoolYearNotConsecutive,
    TemplateNotForGrade,
    TemplateOfAnotherSchool,
)
from aggregates.plan import Plan, PlanState
from aggregates.student_file import StudentFile
from aggregates.template import Template, approved_content
from events.base import Event
from events.goals import GoalOrigin, GoalProposed
from events.plan import PlanArchived, PlanStarted


def plan_of(file: StudentFile, plan_id: UUID) -> Plan:
    """The plan with this id in the file. Raises PlanNotFound."""
    try:
        return file.plans[plan_id]
    except KeyError:
        raise PlanNotFound from None


def open_plan(file: StudentFile, plan_id: UUID) -> Plan:
    """The plan, if it may still be edited (G-6). Raises PlanIsLocked, PlanIsArchived, SchoolingHasEnded."""
    plan = plan_of(file, plan_id)
    if plan.state is PlanState.LOCKED:
        raise PlanIsLocked
    if plan.state is PlanState.ARCHIVED:
        raise PlanIsArchived
    if file.schooling_ended is not None:
        raise SchoolingHasEnded
    return plan


def locked_plan(file: StudentFile, plan_id: UUID) -> Plan:
    """The plan, if it is locked as agreed and not archived. Raises PlanIsNotLocked, PlanIsArchived."""
    plan = plan_of(file, plan_id)
    if plan.state is PlanState.OPEN:
        raise PlanIsNotLocked
    if plan.state is PlanState.ARCHIVED:
        raise PlanIsArchived
    return plan


def living_plan(file: StudentFile, plan_id: UUID) -> Plan:
    """The plan, open or locked. Raises PlanIsArchived."""
    plan = plan_of(file, plan_id)
    if plan.state is PlanState.ARCHIVED:
        raise PlanIsArchived
    return plan


def start_plan(
    file: StudentFile,
    *,
    plan_id: UUID,
    template: Template,
    template_version: int,
    school_year: str,
    term: str,
    reason: str | None = None,
    carry_over: Sequence[UUID] = (),
) -> list[Event]:
    """Start a plan from an approved template; the plan before is archived (S-ARC-1).

    `carry_over` names unfinished goals of the plan before; each becomes a proposal that says where it came from (G-14).
    `reason` is needed where the plan before was not locked or not evaluated (G-15).
    """
    if file.schooling_ended is not None:
        raise SchoolingHasEnded
    _require_two_years_in_a_row(school_year)
    content = approved_content(template, template_version)
    if template.school_id != file.school_id:
        raise TemplateOfAnotherSchool
    if file.grade not in content.grades:
        raise TemplateNotForGrade
    before = file.current_plan
    if before is None and carry_over:
        raise CarriedGoalNotUnfinished
    hindered = hindrance(before) if before is not None else None
    if hindered is not None and reason is None:
        raise hindered
    started = PlanStarted(
        plan_id=plan_id,
        template_id=template.id,
        template_version=template_version,
        template=content,
        school_year=school_year,
        term=term,
        started_without=reason if hindered is not None else None,
    )
    if before is None:
        return [started]
    carried = [_carried(before, goal_id, plan_id) for goal_id in dict.fromkeys(carry_over)]
    return [PlanArchived(plan_id=before.id, archived_for=plan_id), started, *carried]


def _require_two_years_in_a_row(school_year: str) -> None:
    begins, _, ends = school_year.partition("/")
    if int(ends) != int(begins) + 1:
        raise SchoolYearNotConsecutive


def hindrance(before: Plan) -> type[Refusal] | None:
    """What hinders a new plan after this one, unless the mentor states a reason (G-15)."""
    if before.state is PlanState.OPEN:
        return PreviousPlanNotLocked
    if any(goal.awaits_evaluation for goal in before.goals.values()):
        return PreviousPlanNotEvaluated
    return None


def _carried(before: Plan, goal_id: UUID, plan_id: UUID) -> GoalProposed:
    goal = before.goals.get(goal_id)
    if goal is None or not goal.is_unfinished:
        raise CarriedGoalNotUnfinished
    return GoalProposed(
        plan_id=plan_id,
        goal_id=uuid5(plan_id, goal_id.hex),
        content=goal.content,
        carried_from=GoalOrigin(plan_id=before.id, goal_id=goal_id),
    )
