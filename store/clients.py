"""API clients: the programs that may ask for tokens, and which of their assertions have been used."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from store.database import Pool, connection, fetch

KEPT_LONGER = timedelta(minutes=10)
"""How much longer a used assertion is remembered than it can be good for; the clocks of two machines may differ."""

_COLUMNS = "client_id, name, public_key, scopes, school_id, purpose, added_at, revoked_at"
_INSERT = f"insert into clients ({_COLUMNS}) values (%s, %s, %s, %s, %s, %s, %s, null)"  # noqa: S608 - our own columns
_CLIENT = f"select {_COLUMNS} from clients where client_id = %b"  # noqa: S608 - as above
_ALL = f"select {_COLUMNS} from clients order by added_at, client_id"  # noqa: S608 - as above
_REVOKE = "update clients set revoked_at = %s where client_id = %s and revoked_at is null"
_SWEEP = "delete from client_assertions where useless_at < %s"
_USE = """
insert into client_assertions (client_id, assertion_hash, useless_at) values (%s, %s, %s)
on conflict (client_id, assertion_hash) do nothing
"""


@dataclass(frozen=True, slots=True)
class Client:
    """A program that was let in. `public_key` is a JWK; `school_id` is the one school its scopes are for, if any."""

    client_id: UUID
    name: str
    public_key: Mapping[str, Any]
    scopes: frozenset[str]
    school_id: UUID | None
    purpose: str
    added_at: datetime
    revoked_at: datetime | None = None


class Clients:
    """The API clients of one tenant. Every method is one round trip and raises StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def add(self, client: Client) -> None:
        """Let a program in."""
        with connection(self._pool) as conn:
            conn.execute(
                _INSERT.encode(),
                (
                    client.client_id,
                    client.name,
                    Jsonb(dict(client.public_key)),
                    sorted(client.scopes),
                    client.school_id,
                    client.purpose,
                    client.added_at,
                ),
            )

    def client(self, client_id: UUID) -> Client | None:
        """The program with this id, revoked or not; asked at each request, so that a revocation holds at once."""
        rows = fetch(self._pool, _CLIENT, (client_id,))
        return _client(rows[0]) if rows else None

    def all(self) -> list[Client]:
        """Every program, the oldest first, also those that were revoked."""
        return [_client(row) for row in fetch(self._pool, _ALL, ())]

    def revoke(self, client_id: UUID, *, at: datetime) -> bool:
        """Shut a program out, for good; False where it is unknown or was shut out before."""
        with connection(self._pool) as conn:
            return conn.execute(_REVOKE.encode(), (at, client_id)).rowcount == 1

    def use_once(self, client_id: UUID, assertion_id: str, *, good_until: datetime, now: datetime) -> bool:
        """Note that the program used the assertion with this id; False where it had done so before.

        Only the id's hash is kept. Assertions that could not be used any more are swept first: that takes a round trip
        of its own.
        """
        digest = hashlib.sha256(assertion_id.encode("utf-8", "surrogateescape")).digest()
        with connection(self._pool) as conn:
            conn.execute(_SWEEP.encode(), (now,))
            return conn.execute(_USE.encode(), (client_id, digest, good_until + KEPT_LONGER)).rowcount == 1


def _client(row: tuple[Any, ...]) -> Client:
    client_id, name, public_key, scopes, school_id, purpose, added_at, revoked_at = row
    return Client(client_id, name, public_key, frozenset(scopes), school_id, purpose, added_at, revoked_at)
