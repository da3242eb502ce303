"""`liggare retention due`: what is due and why; nothing is changed."""

from collections.abc import Iterator
from itertools import chain

import click

from api.disposal import DueList, DueShape
from app.retention_cli.desk import Desk, at_desk
from app.retention_cli.show import json_option, print_shape, print_table
from commands.due import read_due
from commands.schedules import find_policy
from events.retention import DocumentClass
from retention.due import Due

CLASSES = ("student_file", "account", "access_record")
_PAGE = 1000


@click.command(name="due")
@click.option("--class", "only", type=click.Choice(CLASSES), help="Of these documents alone.")
@json_option
def due(*, only: str | None, as_json: bool) -> None:
    """List what is due, by id: also what is held or waits for a review, which no plan takes in."""
    with at_desk() as desk:
        found = list(chain.from_iterable(_due(desk, one) for one in ([only] if only else CLASSES)))
        as_of = desk.context.due_day(desk.on)
        schedules = find_policy(desk.context).schedules
    if as_json:
        print_shape(DueList(as_of=as_of, items=[DueShape.of(one) for one in found], next=None))
        return
    rows = [
        (
            one.document_class,
            one.subject_id or one.month,
            one.counted_from,
            one.due_on,
            "held" if one.is_held else one.action,
            f"{schedules[one.schedule_id].legal_ground} ({schedules[one.schedule_id].decision_reference})",
        )
        for one in found
    ]
    click.echo(f"Due on {as_of}: {len(found):,}, of which held or for review: {_waiting(found):,}.")
    headings = ("Class", "Id", "Counted from", "Due on", "What is done", "Ground and decision")
    print_table(headings, rows, empty="Nothing is due.")


def _waiting(found: list[Due]) -> int:
    return sum(not one.is_to_be_destroyed for one in found)


def _due(desk: Desk, document_class: str) -> Iterator[Due]:
    after = None
    while True:
        page = read_due(desk.context, desk.caller, DocumentClass(document_class), on=desk.on, after=after, limit=_PAGE)
        yield from page
        if len(page) < _PAGE:
            return
        after = page[-1].subject_id
