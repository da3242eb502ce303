"""Disposal runs: plan what is due, approve it as another person, begin it, look at what became of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from time import monotonic, sleep
from uuid import UUID

import structlog

from access.actions import Action
from aggregates import disposal_run
from aggregates.disposal_run import DisposalRun, Step
from aggregates.errors.retention import ItemNotPurged, PlanDiffers, RunNotFound
from aggregates.retention_policy import RetentionPolicy
from commands.context import STOCKHOLM, Answer, Caller, Command, Context
from commands.due import to_be_destroyed, why_not
from commands.journal import RunJournal
from commands.officers import permit_office, permit_office_reading
from commands.run import Decided, actor_of, execute
from commands.schedules import find_policy
from commands.streams import DISPOSAL_RUN, STUDENT_FILE, Resource, Stream, find
from events.base import Actor
from events.retention import DisposalAction, SkipReason
from retention.certificates import Mandate, Officer
from retention.due import ListedRun
from retention.items import Item, ListAltered, plan_hash
from retention.purge import Purger

log = structlog.get_logger()

MOST_ITEMS = 10_000
"""How many items a plan takes in; what is due beyond them is for the next."""


def plan(context: Context, command: Command) -> Answer:
    """Freeze what is due into a list that another person is to approve.

    What is held is listed, and left when the list is carried out; what is for review is not in it. Raises NothingIsDue.
    """
    run_id = command.new_id("run")

    def decide(run: DisposalRun | None, _: Actor) -> Decided:
        as_of = context.due_day(command.on)
        items = context.items.of(run_id)
        if run is None and not items:
            context.items.freeze(run_id, as_of, to_be_destroyed(context, command.on, MOST_ITEMS))
            items = context.items.of(run_id)
        return disposal_run.plan_run(
            run,
            plan_hash=context.items.plan_hash(run_id, as_of),
            items=len(items),
            as_of=as_of,
            today=command.on,
        )

    return _on_run(context, command, run_id, Action.PLAN_DISPOSAL, decide)


def approve(context: Context, command: Command, *, run_id: UUID, plan_hash: str) -> Answer:
    """Approve a plan as another person than who made it: exactly the list of this hash, as it stands now."""

    def decide(run: DisposalRun | None, actor: Actor) -> Decided:
        _refuse_other_list(context, run)
        return disposal_run.approve_run(run, plan_hash=plan_hash, by=actor, today=command.on)

    return _on_run(context, command, run_id, Action.APPROVE_DISPOSAL, decide)


def withdraw(context: Context, command: Command, *, run_id: UUID, reason: str) -> Answer:
    """Take back a plan that nobody has begun to carry out."""
    return _on_run(
        context,
        command,
        run_id,
        Action.PLAN_DISPOSAL,
        lambda run, _: disposal_run.withdraw_run(run, reason=reason),
    )


def start(context: Context, command: Command, *, run_id: UUID) -> Answer:
    """Begin to carry out an approved plan; whoever may destroy then does it, an item at a time."""

    def decide(run: DisposalRun | None, _: Actor) -> Decided:
        _refuse_other_list(context, run)
        return disposal_run.start_run(run, plan_hash=run.plan_hash if run else "", today=command.on)

    return _on_run(context, command, run_id, Action.RUN_DISPOSAL, decide)


def _refuse_other_list(context: Context, run: DisposalRun | None) -> None:
    """The items say what they said when they were planned. Raises PlanDiffers."""
    if run is not None and context.items.plan_hash(run.id, run.as_of) != run.plan_hash:
        raise PlanDiffers


def _on_run(
    context: Context,
    command: Command,
    run_id: UUID,
    action: Action,
    decide: Callable[[DisposalRun | None, Actor], Decided],
) -> Answer:
    def authorise(_: DisposalRun | None) -> Actor:
        return actor_of(command, permit_office(context, command, action))

    stream = Stream(DISPOSAL_RUN, run_id, run_id)
    return execute(context, command, stream, authorise=authorise, decide=decide, resource=Resource(str(run_id)))


@dataclass(frozen=True, slots=True)
class Transferred:
    """A package that the archive has, checked after it was written."""

    package_id: UUID
    sha256: str


class NotTransferred(Exception):
    """What was to be handed over is not; nothing of it may be destroyed. The text says why and names nobody."""


Transfer = Callable[[Item, Mandate, DisposalRun], Transferred]
"""Hands the pupil's file of an item over to the archive, by the right that the item is then destroyed by.

The same package however often it is asked. Raises NotTransferred.
"""


def run(
    context: Context,
    purger: Purger,
    run_id: UUID,
    *,
    now: Callable[[], datetime],
    rate: float | None = None,
    tell: Callable[[int, int], None] = lambda *_: None,
    transfer: Transfer | None = None,
) -> DisposalRun:
    """Carry out a begun run to its end, or go on with one that was interrupted; as it is then.

    At most `rate` items a second. `tell` is told after each how many of how many are settled. `now` is UTC. Raises
    RunNotFound, RunNotStarted, ListAltered, RegisterError, PurgeRuleMissing, StoreUnavailable; after any it may be
    called again.
    """
    journal = RunJournal(context, run_id)
    carrying_out = _CarryingOut(context, purger, journal, find_policy(context), transfer)
    with purger.register.held():
        began_at, done = monotonic(), 0
        for item in _approved_items(context, purger, journal.run):
            if item.state == "purged" or not journal.run.is_settled(item.item):
                if rate and item.state == "planned":
                    sleep(max(0.0, began_at + done / rate - monotonic()))
                    done += 1
                carrying_out.settle(item, now())
            tell(item.item, journal.run.items)
        journal.now(now())
        purger.retake_statistics()
        journal.finished()
    return journal.run


def _approved_items(context: Context, purger: Purger, run: DisposalRun) -> list[Item]:
    """The list of a run, held once more against what was approved and what the register knows. Raises ListAltered."""
    items = context.items.of(run.id)
    claimed = any(one.state == "purged" and purger.register.of(run.id, one.item) is None for one in items)
    if claimed or plan_hash(run.id, run.as_of, items) != run.plan_hash:
        msg = f"the list of run {run.id} is not what was approved"
        raise ListAltered(msg)
    return items


@dataclass(frozen=True, slots=True)
class _CarryingOut:
    """A run that is being carried out. `policy` says by what right: a schedule that was adopted stays what it is."""

    context: Context
    purger: Purger
    journal: RunJournal
    policy: RetentionPolicy
    transfer: Transfer | None

    def settle(self, item: Item, at: datetime) -> None:
        """Destroy an item, or leave it for a reason; one that is destroyed has its certificate put where it belongs."""
        self.journal.now(at)
        on = at.astimezone(STOCKHOLM).date()
        version = self._hand_over(item, on)

        def still_due() -> SkipReason | None:
            is_transferred = version is not None and self._version_of(item) == version
            return why_not(self.context, item, on=on, is_transferred=is_transferred)

        outcome = self.purger.purge(item, self._mandate(item), still_due=still_due, journal=self.journal, at=at)
        self.journal.settle()
        if outcome.note is not None and not self.journal.run.is_settled(item.item):
            self.journal.replayed(item, outcome.note)

    def _hand_over(self, item: Item, on: date) -> int | None:
        """Hand over what the schedule says is handed over; the version of the file that was. None where nothing was."""
        if item.action is not DisposalAction.TRANSFER or self.transfer is None or self._is_past_return(item):
            return None
        if why_not(self.context, item, on=on, is_transferred=True) is not None:
            return None
        version = self._version_of(item)
        try:
            package = self.transfer(item, self._mandate(item), self.journal.run)
        except NotTransferred as reason:
            log.warning("file_not_transferred", run=str(item.run_id), item=item.item, reason=str(reason))
            return None
        self.journal.transferred(item, package_id=package.package_id, sha256=package.sha256)
        return version

    def _is_past_return(self, item: Item) -> bool:
        return item.state == "purged" or self.purger.register.of(item.run_id, item.item) is not None

    def _version_of(self, item: Item) -> int | None:
        file = find(self.context, STUDENT_FILE, item.subject_id) if item.subject_id is not None else None
        return file.version if file is not None else None

    def _mandate(self, item: Item) -> Mandate:
        """By what right the item is destroyed: the schedule that was approved, and the officers of the run."""
        run, schedule = self.journal.run, self.policy.schedules[item.schedule_id]
        package = run.transferred.get(item.item)
        return Mandate(
            legal_ground=schedule.legal_ground,
            decision_reference=schedule.decision_reference,
            planned_by=_officer(run.planned),
            approved_by=_officer(run.approved),
            carried_out_by=_officer(run.started),
            transferred=(package.package_id, package.sha256) if package is not None else None,
        )


def _officer(step: Step | None) -> Officer:
    if step is None:  # a begun run was approved before
        raise AssertionError
    return Officer(step.by.person_id, step.by.name)


def read_runs(
    context: Context, caller: Caller, *, on: date, before: datetime | None = None, limit: int
) -> list[ListedRun]:
    """Disposal runs, the latest first, for the retention operator and the auditor; those planned before a moment."""
    permit_office_reading(context, caller, Action.READ_RETENTION, on=on)
    return context.retention.runs(before=before, limit=limit)


def read_run(context: Context, caller: Caller, run_id: UUID, *, on: date) -> DisposalRun:
    """One disposal run. Raises RunNotFound."""
    permit_office_reading(context, caller, Action.READ_RETENTION, on=on)
    run = find(context, DISPOSAL_RUN, run_id)
    if run is None:
        raise RunNotFound
    return run


def read_items(context: Context, caller: Caller, run_id: UUID, *, on: date, after: int = 0, limit: int) -> list[Item]:
    """What a run is to destroy or has destroyed, in order; those after a number. Of the destroyed no id is left."""
    read_run(context, caller, run_id, on=on)
    items = context.items.of(run_id, after=after, limit=limit)
    held = context.retention.held_among([one.subject_id for one in items if one.subject_id is not None])
    return [replace(one, is_held=one.subject_id in held) for one in items]


def read_certificate(context: Context, caller: Caller, run_id: UUID, item: int, *, on: date) -> bytes:
    """The signed certificate of an item that was destroyed. Raises RunNotFound, ItemNotPurged."""
    read_run(context, caller, run_id, on=on)
    note = context.items.certificate(run_id, item)
    if note is None:
        raise ItemNotPurged
    return note
