"""`liggare retention plan`, `approve`, `withdraw`, `runs`: the runs in which what is due is destroyed."""

from uuid import UUID

import click

from access.actions import Action
from aggregates.disposal_run import DisposalRun
from api.disposal import ItemShape, RunShape, RunSummary
from app.retention_cli.desk import Desk, at_desk
from app.retention_cli.show import json_option, print_shape, print_shapes, print_table
from commands import disposal

_ALL = 2**31 - 1


@click.command(name="plan")
@json_option
def plan(*, as_json: bool) -> None:
    """Freeze what is due into a list, which another officer is to approve within thirty days."""
    with at_desk() as desk:
        answer = disposal.plan(desk.context, desk.command(Action.PLAN_DISPOSAL))
        print_run(desk, UUID(answer.resource_id), as_json=as_json)


@click.command(name="approve")
@click.argument("run", type=click.UUID)
@click.option("--hash", "plan_hash", required=True, help="The hash of the list that you have looked at.")
@json_option
def approve(*, run: UUID, plan_hash: str, as_json: bool) -> None:
    """Approve the list of RUN, as another officer than who planned it."""
    with at_desk() as desk:
        disposal.approve(desk.context, desk.command(Action.APPROVE_DISPOSAL), run_id=run, plan_hash=plan_hash)
        print_run(desk, run, as_json=as_json)


@click.command(name="withdraw")
@click.argument("run", type=click.UUID)
@click.option("--reason", required=True, help="Why the plan is taken back.")
@json_option
def withdraw(*, run: UUID, reason: str, as_json: bool) -> None:
    """Take back the plan of RUN, which nobody has begun to carry out."""
    with at_desk() as desk:
        disposal.withdraw(desk.context, desk.command(Action.PLAN_DISPOSAL), run_id=run, reason=reason)
        print_run(desk, run, as_json=as_json)


@click.command(name="runs")
@click.argument("run", type=click.UUID, required=False)
@json_option
def runs(*, run: UUID | None, as_json: bool) -> None:
    """List the runs there are, the latest first; with RUN its items, by id while they are there."""
    with at_desk() as desk:
        if run is None:
            _print_runs(desk, as_json=as_json)
        else:
            _print_items(desk, run, as_json=as_json)


def _print_runs(desk: Desk, *, as_json: bool) -> None:
    shapes = [RunSummary.of(one) for one in disposal.read_runs(desk.context, desk.caller, on=desk.on, limit=_ALL)]
    if as_json:
        print_shapes(shapes)
        return
    rows = [(one.id, one.state, one.as_of, one.lapses_on, one.items) for one in shapes]
    print_table(("Run", "State", "Due on", "Lapses on", "Items"), rows, empty="There is no run yet.")


def _print_items(desk: Desk, run_id: UUID, *, as_json: bool) -> None:
    found = disposal.read_items(desk.context, desk.caller, run_id, on=desk.on, limit=_ALL)
    shapes = [ItemShape.of(item) for item in found]
    if as_json:
        print_shapes(shapes)
        return
    rows = [
        (
            one.item,
            one.document_class,
            one.subject_id or one.month,
            one.due_on,
            one.action,
            one.reason or ("held" if one.is_held else one.state),
        )
        for one in shapes
    ]
    print_table(("Item", "Class", "Id", "Due on", "What is done", "State"), rows, empty="The run has no items.")


def print_run(desk: Desk, run_id: UUID, *, as_json: bool) -> None:
    """How a run stands now."""
    run = disposal.read_run(desk.context, desk.caller, run_id, on=desk.on)
    if as_json:
        print_shape(RunShape.of(run, on=desk.on))
    else:
        click.echo(told(run))


def told(run: DisposalRun) -> str:
    """A run in words, for whoever reads at a terminal."""
    lines = [f"Run: {run.id}", f"State: {run.state}", f"Items: {run.items:,}", f"Hash: {run.plan_hash}"]
    steps = (
        ("Planned", run.planned),
        ("Approved", run.approved),
        ("Begun", run.started),
        ("Ended", run.finished),
        ("Taken back", run.withdrawn),
    )
    lines += [f"{what} by {step.by.name}, {step.at:%Y-%m-%d %H:%M} UTC" for what, step in steps if step is not None]
    if run.purged or run.skipped:
        lines.append(f"Destroyed: {len(run.purged):,}. Left for a reason: {len(run.skipped):,}.")
    return "\n".join(lines)
