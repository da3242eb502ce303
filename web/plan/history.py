"""A plan as it was at the end of a day: the same pages, and nothing to fill in (S-ARC-2)."""

from dataclasses import replace
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query

from aggregates.errors.plans import PlanNotFound
from commands.history import Then, open_as_it_was
from commands.reads import Part
from web.errors import DayNotOver, PlanNotThereThen
from web.plan.page import DAY, PlanPage
from web.visit import Visit

Day = Annotated[date | None, Query(alias=DAY)]
"""The day at whose end a plan is looked at; None for now."""


def file_then(visit: Visit, student_id: UUID, day: date) -> Then:
    """The pupil's file as it was. Raises DayNotOver, StudentNotFound, AssuranceTooLow."""
    if day > visit.on:
        raise DayNotOver
    return open_as_it_was(visit.context, visit.caller, student_id, day, on=visit.on)


def plan_then(visit: Visit, student_id: UUID, plan_id: UUID, day: date) -> PlanPage:
    """One of the pupil's plans as it was. Raises PlanNotThereThen, PlanNotFound and as `file_then`."""
    then = file_then(visit, student_id, day)
    if plan_id not in then.opened.file.plans:
        raise PlanNotFound
    if then.file is None or plan_id not in then.file.plans:
        raise PlanNotThereThen
    opened, plan = replace(then.opened, file=then.file), then.file.plans[plan_id]
    return PlanPage(visit, opened, plan, as_it_was=day, part=Part.HISTORY)
