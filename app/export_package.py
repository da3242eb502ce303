"""`liggare export package`: a package as a disposal run makes it, into a folder of the operator's choice."""

import json
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import click

from access.actions import Action
from access.errors import StudentNotFound
from app.archiving import hand_over, package_by_hand, why
from app.errors import NotAble
from app.retention_cli.desk import Desk, at_desk
from commands.officers import permit_office
from commands.reads import look_of
from commands.streams import STUDENT_FILE, find
from exchange.archive_package.errors import PackageError
from exchange.archive_package.gathering import Order
from store.access_record import ARCHIVE, Part
from transparency.alarms import Alarm
from transparency.errors import TransparencyError
from web.errors import PrintsTooMuch, TooLongToPrint


def export_package(student_id: UUID, folder: Path, *, as_json: bool) -> None:
    """Make the package of a file and put it in the folder, after the look at the whole file is on record.

    For an officer who may destroy files, as surely identified as for that. Raises that action's refusal,
    StudentNotFound, NotAble.
    """
    with at_desk() as desk:
        order = Order(package_by_hand(student_id, _put_on_record(desk, student_id)), student_id)
        try:
            made = hand_over(desk.settings, desk.parts, order, folder)
        except (PackageError, TransparencyError, Alarm, TooLongToPrint, PrintsTooMuch) as error:
            msg = f"No package was made: {why(error)}."
            raise NotAble(msg) from error
    if as_json:
        click.echo(json.dumps({"package_id": str(made.package_id), "sha256": made.sha256}))
    else:
        click.echo(f"uuid-{made.package_id}.tar\nSHA-256 {made.sha256}")


def _put_on_record(desk: Desk, student_id: UUID) -> int:
    """Put on record that the officer takes out the whole file; how many events it has."""
    command = desk.command(Action.RUN_DISPOSAL)
    grant = permit_office(desk.context, command, Action.RUN_DISPOSAL)
    file = find(desk.context, STUDENT_FILE, student_id)
    if file is None:
        raise StudentNotFound
    caller = replace(desk.caller, correlation_id=command.correlation_id)
    look = replace(look_of(caller, grant, file.id, Part.HISTORY), purpose=ARCHIVE)
    desk.context.record.add_many([look], is_durable=True)
    return file.version
