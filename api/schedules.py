"""Disposal schedules: for how long what is kept is kept, each by a decision of the municipality."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.responses import Response

from access.actions import Action
from aggregates.errors.retention import ScheduleNotFound, ScheduleNotNewer, ScheduleNotSound
from aggregates.retention_policy import Schedule
from api.declare import reads, writes
from api.names import API
from api.shapes import Shape, answer_with
from api.signed_in import Signed
from api.writing import Write, WriteBody, Written
from commands import schedules
from events.enrolment import SchoolingEndCause
from events.retention import DisposalAction, DocumentClass, Trigger
from events.text import Line, Prose
from retention.schedules import DEFAULT_PROFILE

router = APIRouter(tags=["retention"])

ScheduleId = Annotated[UUID, Path(alias="schedule", description="A schedule, as GET /disposal-schedules names it.")]
Years = Annotated[int, Field(ge=0, le=200)]
Months = Annotated[int, Field(ge=0, le=11)]


class ScheduleToAdopt(WriteBody):
    """A decision of the municipality; `cause` narrows a pupil's file to those whose schooling ended so."""

    document_class: DocumentClass
    cause: SchoolingEndCause | None = None
    years: Years
    months: Months = 0
    action: DisposalAction
    legal_ground: Line
    decision_reference: Line
    valid_from: date
    valid_until: date | None = None


class ProfileToAdopt(WriteBody):
    """A decision of the municipality to keep to the default profile."""

    decision_reference: Line
    valid_from: date


class ScheduleWithdrawal(WriteBody):
    """A decision that a schedule holds no more from today."""

    decision_reference: Line
    reason: Prose


class ScheduleShape(Shape):
    """A schedule; `holds` says whether anything is due by it today."""

    id: UUID
    document_class: DocumentClass
    trigger: Trigger
    cause: SchoolingEndCause | None
    years: int
    months: int
    action: DisposalAction
    legal_ground: str
    decision_reference: str
    valid_from: date
    valid_until: date | None
    withdrawn_on: date | None
    holds: bool

    @classmethod
    def of(cls, schedule: Schedule, *, holds: bool) -> "ScheduleShape":
        """A schedule as it is on a day."""
        return cls(
            id=schedule.id,
            document_class=schedule.document_class,
            trigger=schedule.trigger,
            cause=schedule.cause,
            years=schedule.years,
            months=schedule.months,
            action=schedule.action,
            legal_ground=schedule.legal_ground,
            decision_reference=schedule.decision_reference,
            valid_from=schedule.valid_from,
            valid_until=schedule.valid_until,
            withdrawn_on=schedule.withdrawn_on,
            holds=holds,
        )


class ProposalShape(Shape):
    """A schedule of the default profile: it holds nothing before somebody adopts it by a decision."""

    document_class: DocumentClass
    years: int
    months: int
    action: DisposalAction
    legal_ground: str


class Schedules(Shape):
    """Every schedule there has been, in the order in which they were adopted; and the profile to begin with."""

    items: list[ScheduleShape]
    default_profile: list[ProposalShape]


@router.get("/disposal-schedules", response_model=Schedules, **reads(Action.READ_RETENTION, versioned=True))
def list_schedules(asked: Signed) -> Response:
    """The municipality's schedules. Without one nothing is ever due."""
    policy = schedules.read_policy(asked.context, asked.caller, on=asked.on)
    today = asked.context.due_day(asked.on)
    found = Schedules(
        items=[
            ScheduleShape.of(schedule, holds=policy.counts(schedule, on=today))
            for schedule in policy.schedules.values()
        ],
        default_profile=[ProposalShape.model_validate(proposal) for proposal in DEFAULT_PROFILE],
    )
    return answer_with(found, version=policy.version)


@router.post(
    "/disposal-schedules",
    response_model=Written,
    **writes(Action.ADOPT_SCHEDULE, refuses=(ScheduleNotSound, ScheduleNotNewer), created=True),
)
def adopt_schedule(asked: Write, body: ScheduleToAdopt) -> Response:
    """Record for how long a class of documents is kept from a day on, and what is done then."""
    answer = schedules.adopt_schedule(
        asked.context,
        asked.command(body.acting_as),
        document_class=body.document_class,
        cause=body.cause,
        years=body.years,
        months=body.months,
        action=body.action,
        legal_ground=body.legal_ground,
        decision_reference=body.decision_reference,
        valid_from=body.valid_from,
        valid_until=body.valid_until,
    )
    return asked.answer(answer, created=f"{API}/disposal-schedules/{{id}}")


@router.post(
    "/disposal-schedules/default-profile",
    response_model=Written,
    **writes(Action.ADOPT_SCHEDULE, refuses=(ScheduleNotNewer,)),
)
def adopt_default_profile(asked: Write, body: ProfileToAdopt) -> Response:
    """Record a decision to keep to the default profile: five years after finished compulsory school."""
    answer = schedules.adopt_default_profile(
        asked.context,
        asked.command(body.acting_as),
        decision_reference=body.decision_reference,
        valid_from=body.valid_from,
    )
    return asked.answer(answer)


@router.post(
    "/disposal-schedules/{schedule}/withdrawal",
    response_model=Written,
    **writes(Action.ADOPT_SCHEDULE, refuses=(ScheduleNotFound,)),
)
def withdraw_schedule(asked: Write, schedule: ScheduleId, body: ScheduleWithdrawal) -> Response:
    """Take a schedule back from today: nothing is due by it any more, until another is adopted."""
    answer = schedules.withdraw_schedule(
        asked.context,
        asked.command(body.acting_as),
        schedule_id=schedule,
        decision_reference=body.decision_reference,
        reason=body.reason,
    )
    return asked.answer(answer)
