"""One disposal run (gallring): planned by one person, approved by another, then carried out an item at a time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from aggregates.errors.retention import (
    ApproverPlanned,
    ItemIsSettled,
    ItemsNotSettled,
    NothingIsDue,
    PlanDiffers,
    PlanHasLapsed,
    RunNotApproved,
    RunNotFound,
    RunNotOpen,
    RunNotStarted,
)
from events.base import Actor, Recorded
from events.retention import (
    FileTransferred,
    ItemSkipped,
    RunApproved,
    RunFinished,
    RunPlanned,
    RunStarted,
    RunWithdrawn,
    SkipReason,
    SubjectPurged,
)

DisposalRunEvent = (
    RunPlanned | RunApproved | RunWithdrawn | RunStarted | FileTransferred | SubjectPurged | ItemSkipped | RunFinished
)

PLAN_DAYS = 30
"""For how many days a plan may be approved and begun; after that what is due is to be looked at anew."""


class RunState(StrEnum):
    """How far a run has come."""

    PLANNED = "planned"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    STARTED = "started"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Step:
    """Who did what was last done of a kind, and when (UTC)."""

    by: Actor
    at: datetime


@dataclass(slots=True)
class DisposalRun:
    """A run. `plan_hash` is of its frozen list of `items`, which are numbered from 1."""

    id: UUID
    subject_id: UUID
    version: int
    plan_hash: str
    items: int
    as_of: date
    lapses_on: date
    planned: Step
    state: RunState = RunState.PLANNED
    approved: Step | None = None
    started: Step | None = None
    finished: Step | None = None
    withdrawn: Step | None = None
    withdrawal_reason: str | None = None
    transferred: dict[int, FileTransferred] = field(default_factory=dict)
    purged: dict[int, SubjectPurged] = field(default_factory=dict)
    skipped: dict[int, SkipReason] = field(default_factory=dict)

    def has_lapsed(self, on: date) -> bool:
        """Whether it is a plan that is too old to be carried out."""
        return self.state in {RunState.PLANNED, RunState.APPROVED} and on > self.lapses_on

    def is_settled(self, item: int) -> bool:
        """Whether it is known what became of the item."""
        return item in self.purged or item in self.skipped


def evolve(run: DisposalRun | None, recorded: Recorded[DisposalRunEvent]) -> DisposalRun:
    """The run after one more event."""
    event, step = recorded.event, Step(recorded.actor, recorded.at)
    if isinstance(event, RunPlanned):
        return DisposalRun(
            id=recorded.originator_id,
            subject_id=recorded.subject_id,
            version=recorded.originator_version,
            plan_hash=event.plan_hash,
            items=event.items,
            as_of=event.as_of,
            lapses_on=event.lapses_on,
            planned=step,
        )
    if run is None:
        msg = f"the first event of a disposal run is not {event.code}"
        raise ValueError(msg)
    run.version = recorded.originator_version
    match event:
        case RunApproved():
            run.state, run.approved = RunState.APPROVED, step
        case RunWithdrawn():
            run.state, run.withdrawn, run.withdrawal_reason = RunState.WITHDRAWN, step, event.reason
        case RunStarted():
            run.state, run.started = RunState.STARTED, step
        case FileTransferred():
            run.transferred[event.item] = event
        case SubjectPurged():
            run.purged[event.item] = event
        case ItemSkipped():
            run.skipped[event.item] = event.reason
        case RunFinished():
            run.state, run.finished = RunState.FINISHED, step
        case _:
            assert_never(event)
    return run


def fold(run: DisposalRun | None, events: Iterable[Recorded[DisposalRunEvent]]) -> DisposalRun | None:
    """The run after these events."""
    for recorded in events:
        run = evolve(run, recorded)
    return run


def plan_run(run: DisposalRun | None, *, plan_hash: str, items: int, as_of: date, today: date) -> RunPlanned:
    """Freeze what is due into a list. `as_of` is the day of the due list, `today` the day from which the plan lasts."""
    if run is not None:
        raise RunNotOpen
    if items < 1:
        raise NothingIsDue
    return RunPlanned(plan_hash=plan_hash, items=items, as_of=as_of, lapses_on=today + timedelta(days=PLAN_DAYS))


def approve_run(run: DisposalRun | None, *, plan_hash: str, by: Actor, today: date) -> RunApproved:
    """Approve exactly this list, as another person than who planned it.

    `plan_hash` is what the approver has looked at.
    """
    run = _waiting(run, RunState.PLANNED, today)
    if by.person_id == run.planned.by.person_id:
        raise ApproverPlanned
    if plan_hash != run.plan_hash:
        raise PlanDiffers
    return RunApproved(plan_hash=plan_hash)


def withdraw_run(run: DisposalRun | None, *, reason: str) -> RunWithdrawn:
    """Take a plan back that nobody has begun to carry out."""
    if run is None:
        raise RunNotFound
    if run.state not in {RunState.PLANNED, RunState.APPROVED}:
        raise RunNotOpen
    return RunWithdrawn(reason=reason)


def start_run(run: DisposalRun | None, *, plan_hash: str, today: date) -> RunStarted:
    """Begin to carry out an approved list. `plan_hash` is that of the items as they stand now."""
    run = _waiting(run, RunState.APPROVED, today)
    if plan_hash != run.plan_hash:
        raise PlanDiffers
    return RunStarted(plan_hash=plan_hash)


def _waiting(run: DisposalRun | None, state: RunState, today: date) -> DisposalRun:
    """The run, where it waits in this state. Raises RunNotFound, RunNotApproved, RunNotOpen, PlanHasLapsed."""
    if run is None:
        raise RunNotFound
    if run.state is RunState.PLANNED and state is RunState.APPROVED:
        raise RunNotApproved
    if run.state is not state:
        raise RunNotOpen
    if run.has_lapsed(today):
        raise PlanHasLapsed
    return run


def transfer_item(run: DisposalRun | None, *, item: int, package_id: UUID, sha256: str) -> FileTransferred:
    """Record that what an item is about was handed over to the archive."""
    _unsettled(run, item)
    return FileTransferred(item=item, package_id=package_id, sha256=sha256)


def purge_item(run: DisposalRun | None, *, item: int, leaves: int, certificate_sha256: str) -> SubjectPurged:
    """Record that what an item is about is destroyed. Never of a run that is not approved and begun."""
    _unsettled(run, item)
    return SubjectPurged(item=item, leaves=leaves, certificate_sha256=certificate_sha256)


def skip_item(run: DisposalRun | None, *, item: int, reason: SkipReason) -> ItemSkipped:
    """Leave an item as it is."""
    _unsettled(run, item)
    return ItemSkipped(item=item, reason=reason)


def finish_run(run: DisposalRun | None) -> RunFinished:
    """End a run of which every item is settled."""
    run = _started(run)
    if any(not run.is_settled(item) for item in range(1, run.items + 1)):
        raise ItemsNotSettled
    return RunFinished(purged=len(run.purged), skipped=len(run.skipped))


def _unsettled(run: DisposalRun | None, item: int) -> None:
    run = _started(run)
    if run.is_settled(item) or not 1 <= item <= run.items:
        raise ItemIsSettled


def _started(run: DisposalRun | None) -> DisposalRun:
    if run is None:
        raise RunNotFound
    if run.state is not RunState.STARTED:
        raise RunNotStarted
    return run
