"""`liggare client`: which programs may ask for tokens."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

if TYPE_CHECKING:
    from app.wiring import Parts
    from store.clients import Client

SCOPES = ("school_read", "school_write", "feed", "retention", "disclosure", "audit")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(name="client")
def command() -> None:
    """Let programs in, and shut them out."""


@contextmanager
def _parts() -> Iterator["Parts"]:
    from app.databases import reach
    from app.settings import read_settings
    from app.wiring import open_parts

    settings = read_settings()
    with reach(settings) as reached, open_parts(settings, reached.urls, reached.run) as parts:
        yield parts


@command.command(name="add")
@click.argument("name")
@click.option(
    "--key", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True, help="Its public key, a JWK."
)
@click.option("--scope", "scopes", type=click.Choice(SCOPES), multiple=True, required=True, help="May come again.")
@click.option("--school", type=click.UUID, help="The one school that school_read and school_write are for.")
@click.option("--purpose", required=True, help="What the program is for, in one line.")
@_JSON
def add(*, name: str, key: Path, scopes: tuple[str, ...], school: UUID | None, purpose: str, as_json: bool) -> None:
    """Let the program NAME in. Every event that it writes bears that name; it keeps its private key to itself."""
    from app.client_register import add_client

    with _parts() as parts:
        client = add_client(parts, name=name, key=key, scopes=scopes, school_id=school, purpose=purpose)
    if as_json:
        click.echo(json.dumps(_shown(client), ensure_ascii=False))
        return
    click.echo(f"Client: {client.client_id}")
    click.echo(f"Key: {_shown(client)['key']}")


@command.command(name="list")
@_JSON
def list_clients(*, as_json: bool) -> None:
    """Every program that was ever let in; with --json also its school, purpose and key."""
    from rich.console import Console
    from rich.table import Column, Table

    from store.clients import Clients

    with _parts() as parts:
        found = [_shown(client) for client in Clients(parts.pool).all()]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    whole = [Column(name, no_wrap=True, overflow="fold") for name in ("Client", "Scopes", "Revoked")]
    table = Table(*whole, Column("Name", overflow="fold"))
    for row in found:
        table.add_row(row["client"], "\n".join(row["scopes"]), (row["revoked_at"] or "")[:10], row["name"])
    Console().print(table)


@command.command(name="revoke")
@click.argument("client_id", type=click.UUID, metavar="CLIENT")
@_JSON
def revoke(*, client_id: UUID, as_json: bool) -> None:
    """Shut a program out, for good and at once: also the tokens that it holds are worth nothing from then on."""
    from datetime import UTC, datetime

    from app.errors import RefusedByRule
    from store.clients import Clients

    with _parts() as parts:
        if not Clients(parts.pool).revoke(client_id, at=datetime.now(UTC)):
            msg = "There is no such program, or it was shut out before. See ./liggare client list."
            raise RefusedByRule(msg)
    click.echo(json.dumps({"client": str(client_id), "revoked": True}) if as_json else "The program is shut out.")


@command.command(name="new-signing-key")
@click.option("--drop-old", is_flag=True, help="Tokens given until now are worth nothing: where a key has leaked.")
@_JSON
def new_signing_key(*, drop_old: bool, as_json: bool) -> None:
    """Let a new key sign the tokens that Liggare gives programs; the last one's stay good until they run out."""
    from app.server import open_token_keys
    from app.settings import read_settings

    key_id = open_token_keys(read_settings()).rotate(drop_old=drop_old)
    click.echo(json.dumps({"key": key_id}) if as_json else f"Key: {key_id}")


def _shown(client: "Client") -> dict[str, Any]:
    from api.client_keys import public_key

    return {
        "client": str(client.client_id),
        "name": client.name,
        "scopes": sorted(client.scopes),
        "school": None if client.school_id is None else str(client.school_id),
        "purpose": client.purpose,
        "key": public_key(client.public_key).thumbprint,
        "added_at": client.added_at.isoformat(),
        "revoked_at": None if client.revoked_at is None else client.revoked_at.isoformat(),
    }
