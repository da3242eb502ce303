"""`liggare admin add`: the first administrator."""

import json
from uuid import UUID

import click


@click.group(name="admin")
def command() -> None:
    """Who may let others in."""


@command.command(name="add")
@click.argument("given_name")
@click.argument("family_name")
@click.option("--school", "school_name", help="The name of a school that is founded now.")
@click.option("--school-id", type=click.UUID, help="The id of a school that is there.")
@click.option("--role", type=click.Choice(["administrator", "principal"]), default="administrator", show_default=True)
@click.option("--another", is_flag=True, help="Also where there is an administrator already.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def add(
    *,
    given_name: str,
    family_name: str,
    school_name: str | None,
    school_id: UUID | None,
    role: str,
    another: bool,
    as_json: bool,
) -> None:
    """Register GIVEN_NAME FAMILY_NAME and make the person administrator of a school."""
    from app.databases import reach
    from app.first_administrator import add_administrator
    from app.local import open_current
    from app.settings import read_settings
    from events.base import Role

    if (school_name is None) == (school_id is None):
        msg = "Name one school: --school NAME founds it, --school-id ID takes one that is there."
        raise click.UsageError(msg)
    settings = read_settings()
    with reach(settings) as reached, open_current(settings, reached) as parts:
        added = add_administrator(
            parts.context,
            given_name=given_name,
            family_name=family_name,
            school_name=school_name,
            school_id=school_id,
            role=Role(role),
            another=another,
        )
    if as_json:
        click.echo(
            json.dumps({"person": str(added.person_id), "school": str(added.school_id), "as": str(added.role_id)})
        )
        return
    click.echo(f"Person: {added.person_id}")
    click.echo(f"School: {added.school_id}")
    click.echo(f"Writes as: {added.role_id}")
