"""The municipality's disposal schedules (gallringsplan): what is kept for how long, each by a decision of its own."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import assert_never
from uuid import UUID

from aggregates.errors.retention import ScheduleNotFound, ScheduleNotNewer, ScheduleNotSound
from events.base import Recorded
from events.enrolment import SchoolingEndCause
from events.retention import DisposalAction, DocumentClass, ScheduleAdopted, ScheduleWithdrawn, Trigger

RetentionPolicyEvent = ScheduleAdopted | ScheduleWithdrawn

TRIGGER_OF: dict[DocumentClass, Trigger] = {
    DocumentClass.STUDENT_FILE: Trigger.SCHOOLING_ENDED,
    DocumentClass.ACCOUNT: Trigger.LAST_RELATION_ENDED,
    DocumentClass.ACCESS_RECORD: Trigger.MONTH_ENDED,
}


@dataclass(frozen=True, slots=True)
class Schedule:
    """One schedule. In force from `valid_from` to `valid_until` (both included) and before `withdrawn_on`."""

    id: UUID
    document_class: DocumentClass
    cause: SchoolingEndCause | None
    years: int
    months: int
    action: DisposalAction
    legal_ground: str
    decision_reference: str
    valid_from: date
    valid_until: date | None = None
    withdrawn_on: date | None = None

    @property
    def trigger(self) -> Trigger:
        """What its period is counted from."""
        return TRIGGER_OF[self.document_class]

    def holds(self, on: date) -> bool:
        """Whether it is in force on this day."""
        return (
            self.valid_from <= on
            and (self.valid_until is None or on <= self.valid_until)
            and (self.withdrawn_on is None or on < self.withdrawn_on)
        )


@dataclass(slots=True)
class RetentionPolicy:
    """Every schedule there has been, in the order in which they were adopted."""

    id: UUID
    subject_id: UUID
    version: int
    schedules: dict[UUID, Schedule] = field(default_factory=dict)

    def of(self, document_class: DocumentClass, cause: SchoolingEndCause | None, *, on: date) -> Schedule | None:
        """The schedule that counts on a day; None where nothing of the class may be destroyed then.

        One for the cause counts before one for every cause. Of several for the same the latest counts that had begun:
        where that has ended or was withdrawn, no earlier one comes back.
        """
        for wanted in (cause, None) if cause is not None else (None,):
            begun = [s for s in self.schedules.values() if _is_for(s, document_class, wanted) and s.valid_from <= on]
            if begun and begun[-1].holds(on):
                return begun[-1]
        return None

    def counts(self, schedule: Schedule, *, on: date) -> bool:
        """Whether this is the schedule that counts on a day for what it is about."""
        return self.of(schedule.document_class, schedule.cause, on=on) is schedule


def _is_for(schedule: Schedule, document_class: DocumentClass, cause: SchoolingEndCause | None) -> bool:
    return schedule.document_class is document_class and schedule.cause is cause


def evolve(policy: RetentionPolicy | None, recorded: Recorded[RetentionPolicyEvent]) -> RetentionPolicy:
    """The policy after one more event."""
    event = recorded.event
    if policy is None:
        policy = RetentionPolicy(recorded.originator_id, recorded.subject_id, 0)
    policy.version = recorded.originator_version
    match event:
        case ScheduleAdopted():
            policy.schedules[event.schedule_id] = Schedule(
                id=event.schedule_id,
                document_class=event.document_class,
                cause=event.cause,
                years=event.years,
                months=event.months,
                action=event.action,
                legal_ground=event.legal_ground,
                decision_reference=event.decision_reference,
                valid_from=event.valid_from,
                valid_until=event.valid_until,
            )
        case ScheduleWithdrawn():
            schedule = policy.schedules[event.schedule_id]
            policy.schedules[event.schedule_id] = replace(schedule, withdrawn_on=event.withdrawn_on)
        case _:
            assert_never(event)
    return policy


def fold(policy: RetentionPolicy | None, events: Iterable[Recorded[RetentionPolicyEvent]]) -> RetentionPolicy | None:
    """The policy after these events."""
    for recorded in events:
        policy = evolve(policy, recorded)
    return policy


def adopt_schedule(
    policy: RetentionPolicy | None,
    *,
    schedule_id: UUID,
    document_class: DocumentClass,
    years: int,
    months: int = 0,
    action: DisposalAction,
    legal_ground: str,
    decision_reference: str,
    valid_from: date,
    valid_until: date | None = None,
    cause: SchoolingEndCause | None = None,
) -> ScheduleAdopted:
    """Decide for how long a class is kept from a day on. A later schedule for the same takes the place of an earlier.

    `years` and `months` together are the period. Only a pupil's file has a cause, and only it is handed over or
    reviewed; the access record is kept for a month or more.
    """
    is_file = document_class is DocumentClass.STUDENT_FILE
    is_sound = (
        (is_file or (cause is None and action is DisposalAction.PURGE))
        and (document_class is DocumentClass.ACCOUNT or years + months > 0)
        and (valid_until is None or valid_until >= valid_from)
    )
    if not is_sound:
        raise ScheduleNotSound
    earlier = policy.schedules.values() if policy is not None else ()
    if any(_is_for(one, document_class, cause) and valid_from <= one.valid_from for one in earlier):
        raise ScheduleNotNewer
    return ScheduleAdopted(
        schedule_id=schedule_id,
        document_class=document_class,
        trigger=TRIGGER_OF[document_class],
        cause=cause,
        years=years,
        months=months,
        action=action,
        legal_ground=legal_ground,
        decision_reference=decision_reference,
        valid_from=valid_from,
        valid_until=valid_until,
    )


def withdraw_schedule(
    policy: RetentionPolicy | None, *, schedule_id: UUID, on: date, decision_reference: str, reason: str
) -> ScheduleWithdrawn:
    """Take a schedule back from this day: nothing is due by it any more, until another is adopted."""
    schedule = policy.schedules.get(schedule_id) if policy is not None else None
    if schedule is None or schedule.withdrawn_on is not None:
        raise ScheduleNotFound
    return ScheduleWithdrawn(
        schedule_id=schedule_id, withdrawn_on=on, decision_reference=decision_reference, reason=reason
    )
