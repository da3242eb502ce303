"""`liggare import`: rosters, the national syllabus and IUP templates from files; first a dry run, then the change."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(name="import")
def command() -> None:
    """Import a roster, the syllabus or templates. Each shows first what would change."""


def _run_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The three ways to run an import."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object."),
        click.option("--yes", is_flag=True, help="Carry it out without asking."),
        click.option("--dry-run", is_flag=True, help="Only show what would change."),
    ):
        function = option(function)
    return function


def _as_day(_: click.Context, __: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


@command.command()
@click.argument("folder", type=FOLDER)
@_run_options
@click.option("--full", is_flag=True, help="The roster is whole: what it lacks ends.")
@click.option("--allow-ends", is_flag=True, help="With --full: more than 5 % of the relations may end.")
@click.option("--mentors", type=FILE, help="CSV: mentorSourcedId and userSourcedId (a pupil) or classSourcedId.")
@click.option(
    "--source", default="roster", show_default=True, help="The name this roster is known by, always the same."
)
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), callback=_as_day, help="Read the roster as of this day.")
def roster(folder: Path, **options: Any) -> int:  # noqa: ANN401 - click's own keywords
    """Import a OneRoster 1.1 or School Data Sync v2.1 folder of CSV files."""
    from app.import_roster import RosterOptions, import_roster
    from commands.context import STOCKHOLM

    return import_roster(folder, RosterOptions(today=datetime.now(STOCKHOLM).date(), **options))


@command.command()
@click.argument("folder", type=FOLDER)
@_run_options
def syllabus(folder: Path, *, dry_run: bool, yes: bool, as_json: bool) -> int:
    """Import the national syllabus (Lgr22) from a folder of JSON files, Swedish wordings only."""
    from app.import_syllabus import import_syllabus

    return import_syllabus(folder, dry_run=dry_run, yes=yes, as_json=as_json)


@command.command()
@click.argument("folder", type=FOLDER, required=False)
@_run_options
@click.option("--school", type=click.UUID, help="Only for this school; else for every school.")
def templates(folder: Path | None, **options: Any) -> int:  # noqa: ANN401 - click's own keywords
    """Import IUP templates from YAML files; without a folder, the four that come with Liggare.

    They are drafted and approved in the name of the school's own administrator and principal.
    """
    from app.import_templates import import_templates

    return import_templates(folder, **options)
