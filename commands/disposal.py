"""Disposal runs: plan what is due, approve it as another person, begin it, look at what became of it."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from access.actions import Action
from aggregates import disposal_run
from aggregates.disposal_run import DisposalRun
from aggregates.errors.retention import ItemNotPurged, PlanDiffers, RunNotFound
from commands.context import Answer, Caller, Command, Context
from commands.due import to_be_destroyed
from commands.officers import permit_office, permit_office_reading
from commands.run import Decided, actor_of, execute
from commands.streams import DISPOSAL_RUN, Resource, Stream, find
from events.base import Actor
from retention.due import ListedRun
from retention.items import Item

MOST_ITEMS = 10_000
"""How many items a plan takes in; what is due beyond them is for the next."""


def plan(context: Context, command: Command) -> Answer:
    """Freeze what is due into a list that another person is to approve.

    What is held, or listed for review, is not in it. Raises NothingIsDue.
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
    return context.items.of(run_id, after=after, limit=limit)


def read_certificate(context: Context, caller: Caller, run_id: UUID, item: int, *, on: date) -> bytes:
    """The signed certificate of an item that was destroyed. Raises RunNotFound, ItemNotPurged."""
    read_run(context, caller, run_id, on=on)
    note = context.items.certificate(run_id, item)
    if note is None:
        raise ItemNotPurged
    return note
