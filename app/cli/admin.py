"""`liggare admin`: the first administrator, the officers, by what a person signs in, and ending sessions."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

if TYPE_CHECKING:
    from app.wiring import Parts
    from events.person import IdentifierKind

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(name="admin")
def command() -> None:
    """Who may let others in, and what a person signs in by."""


def _identified(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say by what a person signs in."""
    eppn = click.option("--eppn", help="An account name with its realm, as the sign-in provider says it.")
    number = click.option("--personnummer", help="A personal or coordination number of twelve digits.")
    return eppn(number(command))


@command.command(name="add")
@click.argument("given_name")
@click.argument("family_name")
@click.option("--school", "school_name", help="The name of a school that is founded now.")
@click.option("--school-id", type=click.UUID, help="The id of a school that is there.")
@click.option("--role", type=click.Choice(["administrator", "principal"]), default="administrator", show_default=True)
@click.option("--another", is_flag=True, help="Also where there is an administrator already.")
@_identified
@_JSON
def add(
    *,
    given_name: str,
    family_name: str,
    school_name: str | None,
    school_id: UUID | None,
    role: str,
    another: bool,
    eppn: str | None,
    personnummer: str | None,
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
        _refuse_others(parts, eppn=eppn, personnummer=personnummer)
        added = add_administrator(
            parts.context,
            given_name=given_name,
            family_name=family_name,
            school_name=school_name,
            school_id=school_id,
            role=Role(role),
            another=another,
        )
        _give(parts, added.person_id, eppn=eppn, personnummer=personnummer)
    if as_json:
        click.echo(
            json.dumps({"person": str(added.person_id), "school": str(added.school_id), "as": str(added.role_id)})
        )
        return
    click.echo(f"Person: {added.person_id}")
    click.echo(f"School: {added.school_id}")
    click.echo(f"Writes as: {added.role_id}")


@command.command(name="sign-in")
@click.argument("person", type=click.UUID)
@_identified
@_JSON
def sign_in(*, person: UUID, eppn: str | None, personnummer: str | None, as_json: bool) -> None:
    """Let PERSON sign in by an identifier, where no administration can say so."""
    if eppn is None and personnummer is None:
        msg = "Name what the person signs in by: --eppn or --personnummer."
        raise click.UsageError(msg)
    _with_parts(lambda parts: _give(parts, person, eppn=eppn, personnummer=personnummer))
    click.echo(json.dumps({"person": str(person)}) if as_json else "Given.")


@command.command(name="sign-out")
@click.argument("person", type=click.UUID, required=False)
@click.option("--everybody", is_flag=True, help="Every session there is, of everybody.")
@_JSON
def sign_out(*, person: UUID | None, everybody: bool, as_json: bool) -> None:
    """End every session of PERSON, at once and everywhere."""
    if (person is None) != everybody:
        msg = "Name one person, or --everybody."
        raise click.UsageError(msg)
    from store.sessions import Sessions

    ended = _with_parts(lambda parts: Sessions(parts.pool, parts.ledger.keys).end_all(person))
    click.echo(json.dumps({"ended": ended}) if as_json else f"Sessions ended: {ended}")


@command.command(name="appoint")
@click.argument("person", type=click.UUID)
@click.option("--role", type=click.Choice(["retention_operator", "auditor", "registrar"]), required=True)
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="The first day; else today.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day, where it ends.")
@_JSON
def appoint(*, person: UUID, role: str, since: datetime | None, until: datetime | None, as_json: bool) -> None:
    """Give PERSON an office in the municipality; nobody but who runs Liggare can."""
    from app.local import system_command
    from commands.officers import appoint_officer
    from events.base import Role

    answer = _with_parts(
        lambda parts: appoint_officer(
            parts.context,
            system_command(),
            person_id=person,
            role=Role(role),
            since=since.date() if since else None,
            until=until.date() if until else None,
        )
    )
    click.echo(json.dumps({"office": answer.resource_id}) if as_json else f"Office: {answer.resource_id}")


@command.command(name="relieve")
@click.argument("office", type=click.UUID)
@_JSON
def relieve(*, office: UUID, as_json: bool) -> None:
    """End OFFICE from today."""
    from app.local import system_command
    from commands.officers import relieve_officer

    _with_parts(lambda parts: relieve_officer(parts.context, system_command(), relation_id=office))
    click.echo(json.dumps({"office": str(office)}) if as_json else "Ended.")


@command.command(name="officers")
@_JSON
def officers(*, as_json: bool) -> None:
    """List who holds an office, has held or will hold one."""
    from app.retention_cli.show import print_table
    from commands.context import STOCKHOLM, SYSTEM
    from commands.officers import read_officers

    today = datetime.now(STOCKHOLM).date()
    found = _with_parts(lambda parts: read_officers(parts.context, SYSTEM, on=today))
    rows = [
        {
            "office": str(one.office.id),
            "person": str(one.office.person_id),
            "name": one.name,
            "role": one.office.role.value,
            "since": one.office.since.isoformat(),
            "holds": one.office.holds(today),
        }
        for one in found
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    shown = [(one.office.id, one.name, one.office.role, "yes" if one.office.holds(today) else "no") for one in found]
    print_table(("Office", "Name", "Role", "Holds"), shown, empty="Nobody holds an office.")


def _with_parts(do: "Callable[[Parts], Any]") -> Any:  # noqa: ANN401 - whatever is done
    from app.databases import reach
    from app.local import open_current
    from app.settings import read_settings

    settings = read_settings()
    with reach(settings) as reached, open_current(settings, reached) as parts:
        return do(parts)


def _given(eppn: str | None, personnummer: str | None) -> "list[tuple[IdentifierKind, str]]":
    from events.person import IdentifierKind

    both = ((IdentifierKind.EPPN, eppn), (IdentifierKind.PERSONNUMMER, personnummer))
    return [(kind, value) for kind, value in both if value is not None]


def _refuse_others(parts: "Parts", *, eppn: str | None, personnummer: str | None) -> None:
    """Before anybody is registered. Raises IdentifierNotValid, IdentifierTaken."""
    from aggregates.errors.person import IdentifierTaken
    from commands.sign_in_identifiers import sign_in_lookup

    for kind, value in _given(eppn, personnummer):
        if parts.context.directory.person_signing_in(sign_in_lookup(parts.context, kind, value)) is not None:
            raise IdentifierTaken


def _give(parts: "Parts", person_id: UUID, *, eppn: str | None, personnummer: str | None) -> None:
    """Let a person sign in by these. Raises what the command refuses, which names no identifier."""
    from app.local import system_command
    from commands.sign_in_identifiers import give_sign_in_identifier

    for kind, value in _given(eppn, personnummer):
        give_sign_in_identifier(parts.context, system_command(), person_id, kind, value)
