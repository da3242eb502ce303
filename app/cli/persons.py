"""`liggare persons`: people whom the ledger knows, as the operator needs to see them."""

import json
import re
from typing import TYPE_CHECKING
from uuid import UUID

import click

if TYPE_CHECKING:
    from commands.accounts import IdleAccount

_AT_ONCE = 1000
_ACCOUNT = re.compile(r"[0-9a-f]{64}")


@click.group(name="persons")
def command() -> None:
    """The persons whom the ledger knows, and by which account they sign in."""


@command.command(name="without-relation")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
def without_relation(*, as_json: bool) -> None:
    """Persons who have nothing to do with any school any more: their accounts are due for removal."""
    from datetime import UTC, datetime

    from app.databases import reach
    from app.local import open_current
    from app.settings import read_settings
    from commands.accounts import accounts_without_relation
    from commands.context import STOCKHOLM, SYSTEM

    settings, on = read_settings(), datetime.now(UTC).astimezone(STOCKHOLM).date()
    with reach(settings) as reached, open_current(settings, reached) as parts:
        every: list[IdleAccount] = []
        after = None
        while found := accounts_without_relation(parts.context, SYSTEM, on=on, after=after, limit=_AT_ONCE):
            every += found
            after = found[-1].person.person_id
    if as_json:
        click.echo(json.dumps([_shown(one) for one in every], ensure_ascii=False))
    for one in () if as_json else every:
        click.echo("  ".join((str(one.person.person_id), f"{one.last_on or 'never'}".ljust(10), one.person.name)))


@command.command(name="accept-account")
@click.argument("person", type=click.UUID)
@click.argument("account")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def accept(*, person: UUID, account: str, as_json: bool) -> None:
    """Let PERSON sign in by another ACCOUNT of the same name, as the log line of the refused sign-in calls it.

    Make sure first that it is the same person. Of a name that was given to somebody else, remove the identifier.
    """
    from app.databases import reach
    from app.local import open_current, system_command
    from app.settings import read_settings
    from commands.sign_in_accounts import accept_account

    if not _ACCOUNT.fullmatch(account):
        msg = "An account is 64 hexadecimal digits, as the log line sign_in_account_exchanged has it."
        raise click.UsageError(msg)
    settings = read_settings()
    with reach(settings) as reached, open_current(settings, reached) as parts:
        accept_account(parts.context, system_command(), person, account=account)
    click.echo(json.dumps({"person": str(person)}) if as_json else "Accepted.")


def _shown(one: "IdleAccount") -> dict[str, str | None]:
    last_on = one.last_on.isoformat() if one.last_on else None
    return {"person_id": str(one.person.person_id), "name": one.person.name, "last_on": last_on}
