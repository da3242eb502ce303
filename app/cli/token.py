"""`liggare token`: a bearer token for a person."""

import json
from datetime import UTC, datetime, timedelta
from typing import NoReturn
from uuid import UUID

import click


class PersonType(click.ParamType[str | UUID]):
    """An id, or a part in the demo school."""

    name = "person"

    def convert(self, value: str | UUID, param: click.Parameter | None, ctx: click.Context | None) -> str | UUID:
        """A part as it is, else an id; wrong usage where it is neither."""
        from app.demo.people import PARTS

        return value if value in PARTS else click.UUID.convert(value, param, ctx)


def _no_demo() -> NoReturn:
    from app.errors import RefusedByRule

    msg = "There is no demo school in this data folder. Name the person by id."
    raise RefusedByRule(msg)


@click.command(name="token")
@click.argument("person", type=PersonType())
@click.option("--level", type=click.IntRange(1, 3), default=2, show_default=True, help="Assurance level of the caller.")
@click.option("--days", type=click.IntRange(1, 365), default=30, show_default=True, help="How long it is good for.")
@click.option("--revoke", is_flag=True, help="Make none; end every token that the person has.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, person: UUID | str, level: int, days: int, revoke: bool, as_json: bool) -> None:
    """Print a bearer token for PERSON. It is shown once: only its hash is kept.

    PERSON is an id; with the demo school also a part in it: administrator, principal, mentor, teacher, guardian, pupil.
    """
    from app.databases import reach
    from app.demo.people import in_part
    from app.settings import read_settings
    from app.wiring import open_parts
    from commands.enrolment import person_of
    from store.tokens import Tokens

    settings = read_settings()
    if isinstance(person, str):
        person = in_part(settings.home, person) or _no_demo()
    with reach(settings) as reached, open_parts(settings, reached.urls, reached.run) as parts:
        tokens = Tokens(parts.pool)
        if revoke:
            ended = tokens.revoke_all(person)
            click.echo(json.dumps({"revoked": ended}) if as_json else f"Tokens ended: {ended}")
            return
        person_of(parts.context, person)
        expires_at = datetime.now(UTC) + timedelta(days=days)
        token = tokens.issue(person, level=level, expires_at=expires_at)
    if as_json:
        click.echo(json.dumps({"token": token, "level": level, "expires_at": expires_at.isoformat()}))
    else:
        click.echo(token)
