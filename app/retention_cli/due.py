"""`liggare retention due`: what is due and why; nothing is changed."""

from collections.abc import Iterator
from itertools import chain, groupby
from uuid import UUID

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
    """List what is due, by id: also what is held or waits for a review, which no plan destroys."""
    with at_desk() as desk:
        found = list(chain.from_iterable(_due(desk, one) for one in ([only] if only else CLASSES)))
        as_of = desk.context.due_day(desk.on)
        schedules = find_policy(desk.context).schedules
    if as_json:
        print_shape(DueList(as_of=as_of, items=[DueShape.of(one) for one in found], next=None))
        return
    click.echo(f"Due on {as_of}: {len(found):,}, of which held or for review: {_waiting(found):,}.")
    for (_, schedule_id), same in groupby(sorted(found, key=_by_schedule), key=_by_schedule):
        by = schedules[schedule_id]
        click.echo(f"\n{by.document_class}: {by.legal_ground} ({by.decision_reference})")
        rows = [(one.subject_id or one.month, one.counted_from, one.due_on, _state(one)) for one in same]
        print_table(("Id", "Counted from", "Due on", "What is done"), rows, empty="")


def _by_schedule(one: Due) -> tuple[int, UUID]:
    return CLASSES.index(one.document_class), one.schedule_id


def _state(one: Due) -> str:
    return "held" if one.is_held else one.action.value


def _waiting(found: list[Due]) -> int:
    return sum(one.is_held or not one.is_on_a_list for one in found)


def _due(desk: Desk, document_class: str) -> Iterator[Due]:
    after = None
    while True:
        page = read_due(desk.context, desk.caller, DocumentClass(document_class), on=desk.on, after=after, limit=_PAGE)
        yield from page
        if len(page) < _PAGE:
            return
        after = page[-1].subject_id
