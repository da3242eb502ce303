"""For how long what is kept is kept: the municipality's decisions, each recorded with where it is found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from access.actions import Action
from aggregates.errors.retention import ScheduleNotFound, ScheduleNotNewer, ScheduleNotSound
from aggregates.retention_policy import TRIGGER_OF, Schedule
from commands import schedules
from events.enrolment import SchoolingEndCause
from events.retention import DisposalAction, DocumentClass
from retention.schedules import DEFAULT_PROFILE
from web.forms import Form
from web.rendering import translator
from web.retention.frame import PERIODS, Desk, saved, show
from web.texts.retention import ACTIONS, CAUSES, CLASSES
from web.typed import NOTHING, Fields, Typed
from web.visit import OwnForm, Visit, Visitor

router = APIRouter(prefix=PERIODS, include_in_schema=False)
ScheduleId = Annotated[UUID, Path(alias="schedule")]
_MOST_YEARS, _MOST_MONTHS = 200, 11


@dataclass(frozen=True, slots=True)
class Row:
    """A schedule, and whether anything is due by it today."""

    schedule: Schedule
    holds: bool
    href: str


@router.get("")
def periods(request: Request, visit: Visitor) -> Response:
    """Every schedule there has been, and the forms that adopt one."""
    return _show(request, visit)


@router.post("")
def adopt(request: Request, form: OwnForm, visit: Visitor) -> Response:
    """Record for how long a class of documents is kept from a day on, and what is done then."""
    desk, fields = Desk(visit), Fields(form, translator(request))
    document_class, action = fields.choice("slag", DocumentClass), fields.choice("sedan", DisposalAction)
    cause = fields.choice("orsak", SchoolingEndCause) if form.line("orsak") else None
    years, months = _number(fields, form, "ar", _MOST_YEARS), _number(fields, form, "manader", _MOST_MONTHS)
    ground, reference = fields.line("lagrum"), fields.line("beslut")
    valid_from = fields.day("fran")
    valid_until = fields.day("till") if form.line("till") else None
    if fields.errors or document_class is None or action is None or valid_from is None:
        return _show(request, visit, fields.typed())
    try:
        answer = schedules.adopt_schedule(
            visit.context,
            desk.command(form, Action.ADOPT_SCHEDULE),
            document_class=document_class,
            cause=cause,
            years=years,
            months=months,
            action=action,
            legal_ground=ground,
            decision_reference=reference,
            valid_from=valid_from,
            valid_until=valid_until,
        )
    except ScheduleNotSound:
        fields.wrong("slag", "period-not-sound")
    except ScheduleNotNewer:
        fields.wrong("fran", "period-not-newer")
    else:
        return saved(desk, answer, PERIODS, done="frist")
    return _show(request, visit, fields.typed())


@router.post("/forslag")
def adopt_profile(request: Request, form: OwnForm, visit: Visitor) -> Response:
    """Record a decision to keep to the default profile."""
    desk, fields = Desk(visit), Fields(form, translator(request))
    reference, valid_from = fields.line("forslag-beslut"), fields.day("forslag-fran")
    if not fields.errors and valid_from is not None:
        command = desk.command(form, Action.ADOPT_SCHEDULE)
        try:
            answer = schedules.adopt_default_profile(
                visit.context, command, decision_reference=reference, valid_from=valid_from
            )
        except ScheduleNotNewer:
            fields.wrong("forslag-fran", "period-not-newer")
        else:
            return saved(desk, answer, PERIODS, done="frist")
    return _show(request, visit, fields.typed())


@router.get("/{schedule}")
def period(request: Request, schedule: ScheduleId, visit: Visitor) -> Response:
    """One schedule, and the form that takes it back."""
    return _show_one(request, visit, schedule)


@router.post("/{schedule}")
def withdraw(request: Request, schedule: ScheduleId, form: OwnForm, visit: Visitor) -> Response:
    """Take a schedule back from today: nothing is due by it any more."""
    desk, fields = Desk(visit), Fields(form, translator(request))
    reference, reason = fields.line("beslut"), fields.prose("skal")
    if fields.errors:
        return _show_one(request, visit, schedule, fields.typed())
    answer = schedules.withdraw_schedule(
        visit.context,
        desk.command(form, Action.ADOPT_SCHEDULE),
        schedule_id=schedule,
        decision_reference=reference,
        reason=reason,
    )
    return saved(desk, answer, PERIODS, done="frist-upphavd")


def _number(fields: Fields, form: Form, name: str, most: int) -> int:
    """A number of years or months; nothing typed is none."""
    text = form.line(name) or "0"
    if text.isascii() and text.isdigit() and len(text) <= len(str(most)) and int(text) <= most:
        return int(text)
    fields.wrong(name, "not-a-number")
    return 0


def _show(request: Request, visit: Visit, typed: Typed = NOTHING) -> Response:
    desk, translate = Desk(visit), translator(request)
    return show(
        request,
        desk,
        "schedules.html",
        current=translate("Retention periods"),
        status=422 if typed.errors else 200,
        rows=_read(visit),
        may_adopt=desk.may(Action.ADOPT_SCHEDULE),
        profile=DEFAULT_PROFILE,
        triggers=TRIGGER_OF,
        today=visit.on,
        classes=CLASSES,
        causes=CAUSES,
        actions=ACTIONS,
        typed=typed,
    )


def _show_one(request: Request, visit: Visit, schedule_id: UUID, typed: Typed = NOTHING) -> Response:
    desk, translate = Desk(visit), translator(request)
    row = next((row for row in _read(visit) if row.schedule.id == schedule_id), None)
    if row is None:
        raise ScheduleNotFound
    return show(
        request,
        desk,
        "schedule.html",
        steps=((PERIODS, translate("Retention periods")),),
        current=translate(CLASSES[row.schedule.document_class]),
        status=422 if typed.errors else 200,
        row=row,
        may_withdraw=desk.may(Action.ADOPT_SCHEDULE) and row.schedule.withdrawn_on is None,
        typed=typed,
    )


def _read(visit: Visit) -> Sequence[Row]:
    """The latest first."""
    policy = schedules.read_policy(visit.context, visit.caller, on=visit.on)
    today = visit.context.due_day(visit.on)
    found = [Row(one, policy.counts(one, on=today), f"{PERIODS}/{one.id}") for one in policy.schedules.values()]
    return found[::-1]
