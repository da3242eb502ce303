"""Reading a pupil's file: the same access check as for writing, on the same relations."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from access.actions import Action
from access.decide import Grant, permit, permit_at_school
from access.errors import StudentNotFound
from access.scopes import permit_client, permit_client_on_file
from aggregates.duties import Duty, open_duties
from aggregates.plan import Plan
from aggregates.plans import plan_of
from aggregates.student_file import StudentFile
from aggregates.vocabulary import FORECAST_WORDS
from commands.context import STOCKHOLM, Caller, Context
from commands.run import standing_in
from commands.settings import school_settings
from commands.streams import STUDENT_FILE, find
from events.assessments import Forecast
from events.base import Recorded


def read_file(context: Context, caller: Caller, student_id: UUID, *, on: date) -> tuple[StudentFile, Grant]:
    """The pupil's file as it is now, for whoever is involved in the pupil's learning (S-ROL-10, S-SEC-2)."""
    file = find(context, STUDENT_FILE, student_id)
    if file is None:
        raise StudentNotFound
    if caller.client is not None:
        is_protected = file.protection is not None
        return file, permit_client_on_file(Action.READ_FILE, caller.client, file.school_id, is_protected=is_protected)
    roles = context.directory.school_roles(caller.person_id, file.school_id)
    standing = standing_in(file, caller.person_id, roles)
    grant = permit(Action.READ_FILE, standing, on=on, level=caller.level, levels=context.levels, at=caller.at)
    return file, grant


def read_plan(
    context: Context, caller: Caller, student_id: UUID, plan_id: UUID, *, on: date
) -> tuple[Plan, dict[Forecast, str]]:
    """One plan, current or archived, as it is now (S-ARC-2), and its school's words for each forecast (S-OMD-9).

    The words are those of the day on which the plan was started: an old plan keeps the vocabulary of its time.
    """
    file, _ = read_file(context, caller, student_id, on=on)
    plan = plan_of(file, plan_id)
    started_on = plan.started_at.astimezone(STOCKHOLM).date()
    return plan, FORECAST_WORDS[school_settings(context, file.school_id, on=started_on).vocabulary]


def read_duties(context: Context, file: StudentFile, *, on: date) -> list[Duty]:
    """What the law and the school's settings still ask for in the file on this day."""
    return open_duties(file, school_settings(context, file.school_id, on=on), on=on)


def read_history(context: Context, caller: Caller, student_id: UUID, *, on: date) -> list[Recorded[Any]]:
    """Every event of the pupil's file, in order: who, in which relation, for whom, when."""
    read_file(context, caller, student_id, on=on)
    return context.ledger.load(student_id, _collect)


def _collect(earlier: list[Recorded[Any]] | None, events: Iterable[Recorded[Any]]) -> list[Recorded[Any]]:
    return [*(earlier or ()), *events]


def permit_school_reading(context: Context, caller: Caller, school_id: UUID, *, on: date) -> Grant:
    """The right to read a school's groups, templates and settings."""
    if caller.client is not None:
        return permit_client(Action.READ_SCHOOL, caller.client, school_id)
    roles = context.directory.school_roles(caller.person_id, school_id)
    return permit_at_school(Action.READ_SCHOOL, roles, on=on, level=caller.level, levels=context.levels)
