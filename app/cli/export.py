"""`liggare export`: a pupil's file as a package for the archive, made by hand."""

from pathlib import Path
from uuid import UUID

import click

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group(name="export")
def command() -> None:
    """Hand out what the ledger has, as the officer whose session LIGGARE_SESSION holds."""


@command.command()
@click.argument("student", type=click.UUID)
@click.argument("folder", type=FOLDER)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def package(student: UUID, folder: Path, *, as_json: bool) -> None:
    """Put the file of STUDENT in FOLDER as an E-ARK SIP. Nothing is destroyed; that it was made is on record."""
    from app.export_package import export_package

    export_package(student, folder, as_json=as_json)
