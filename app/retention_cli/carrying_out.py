"""`liggare retention run`: carries out an approved run to its end, or goes on with one that was interrupted."""

from collections.abc import Callable
from time import sleep
from uuid import UUID

import click

from access.actions import Action
from aggregates.disposal_run import DisposalRun, RunState
from app.disposing import carry_out
from app.importing import progress_bar
from app.retention_cli.desk import Desk, at_desk
from app.retention_cli.runs import print_run
from app.retention_cli.show import json_option
from commands import disposal
from commands.officers import permit_office
from retention.register import RegisterBusy

_LOOK_SECONDS = 0.5
Tell = Callable[[str, int, int], None]


@click.command(name="run")
@click.argument("run_id", metavar="RUN", type=click.UUID)
@click.option("--rate", type=click.FloatRange(min=0, min_open=True), help="At most so many things a second.")
@json_option
def run(*, run_id: UUID, rate: float | None, as_json: bool) -> None:
    """Destroy what is on the approved list of RUN, one thing at a time; each is looked at once more first.

    It may be interrupted at any moment and run again. Where a worker carries it out already, follow it.
    """
    with at_desk() as desk, progress_bar(shown=not as_json) as tell:
        _begin(desk, run_id)
        _to_its_end(desk, run_id, rate, tell)
        print_run(desk, run_id, as_json=as_json)


def _begin(desk: Desk, run_id: UUID) -> None:
    """Begin the run where it waits; whoever goes on with one must be allowed to begin it as well."""
    command = desk.command(Action.RUN_DISPOSAL)
    if _read(desk, run_id).state in {RunState.STARTED, RunState.FINISHED}:
        permit_office(desk.context, command, Action.RUN_DISPOSAL)
        return
    disposal.start(desk.context, command, run_id=run_id)


def _to_its_end(desk: Desk, run_id: UUID, rate: float | None, tell: Tell) -> None:
    while _read(desk, run_id).state is RunState.STARTED:
        try:
            carry_out(
                desk.settings,
                desk.reached.urls,
                desk.parts,
                run_id,
                rate=rate,
                tell=lambda done, items: tell("destroying", done, items),
            )
        except RegisterBusy:
            sleep(_LOOK_SECONDS)
            found = _read(desk, run_id)
            tell("destroying", len(found.purged) + len(found.skipped), found.items)


def _read(desk: Desk, run_id: UUID) -> DisposalRun:
    return disposal.read_run(desk.context, desk.caller, run_id, on=desk.on)
