"""Lets a program in: looks at its key, its scopes and its school before anything is kept."""

import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from pydantic import TypeAdapter, ValidationError

from access.scopes import OF_ONE_SCHOOL, Scope
from api.client_keys import KeyNotUsable, PublicKey, public_key
from app.errors import RefusedByRule, WrongSettings
from app.wiring import Parts
from commands.streams import SCHOOL, find
from events.text import Line, Name
from store.clients import Client, Clients

LARGEST_KEY_FILE = 64 * 1024
_NAME: TypeAdapter[str] = TypeAdapter(Name)
_LINE: TypeAdapter[str] = TypeAdapter(Line)


def add_client(
    parts: Parts, *, name: str, key: Path, scopes: Collection[str], school_id: UUID | None, purpose: str
) -> Client:
    """Let a program in and answer its row.

    Raises WrongSettings where name, purpose, key file or scopes are not as they must be, RefusedByRule where the school
    is not there or another program has the key, and what opening the ledger raises.
    """
    client = Client(
        client_id=uuid4(),
        name=_checked(_NAME, name, "The name is one line of 1 to 200 characters."),
        public_key=_key_in(key).jwk,
        scopes=frozenset(scopes),
        school_id=school_id,
        purpose=_checked(_LINE, purpose, "The purpose is one line of 1 to 300 characters."),
        added_at=datetime.now(UTC),
    )
    _refuse_misplaced_school(parts, client)
    clients = Clients(parts.pool)
    if any(other.public_key == client.public_key for other in clients.all()):
        msg = "Another program has this key, now or before. Each has a key of its own."
        raise RefusedByRule(msg)
    clients.add(client)
    return client


def _refuse_misplaced_school(parts: Parts, client: Client) -> None:
    """Scopes of one school need it, and others mean all the schools."""
    of_one = {scope for scope in client.scopes if Scope(scope) in OF_ONE_SCHOOL}
    if of_one and client.school_id is None:
        msg = f"Name the school that {' and '.join(sorted(of_one))} is for: --school ID"
        raise WrongSettings(msg)
    if client.school_id is None:
        return
    if not of_one:
        msg = "None of these scopes is for one school; leave out --school."
        raise WrongSettings(msg)
    if find(parts.context, SCHOOL, client.school_id) is None:
        msg = "There is no such school."
        raise RefusedByRule(msg)


def _checked(kind: TypeAdapter[str], text: str, rule: str) -> str:
    try:
        return kind.validate_python(text)
    except ValidationError:
        raise WrongSettings(rule) from None


def _key_in(path: Path) -> PublicKey:
    """The key in a JWK file, or the only one in a JWK set. The file's words are never repeated."""
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(LARGEST_KEY_FILE))
    except (OSError, ValueError, RecursionError):
        msg = "The key file is no JSON file of a reasonable size."
        raise WrongSettings(msg) from None
    try:
        return public_key(_only(found))
    except KeyNotUsable as why:
        raise WrongSettings(str(why)) from None


def _only(found: object) -> Mapping[str, Any]:
    match found:
        case {"keys": [dict() as only]}:
            return only
        case dict():
            return found
    msg = "The key file holds no JWK, or several."
    raise KeyNotUsable(msg)
