"""Bearer tokens: made once, stored as a hash, known again until they run out or are revoked."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool

from store.database import connection

PREFIX = "liggare_"
_BYTES = 32
_LONGEST = 100

_INSERT = "insert into tokens (token_hash, subject_id, level, expires_at) values (%b, %s, %s, %s)"
_HOLDER = "select subject_id, level from tokens where token_hash = %b and revoked_at is null and expires_at > now()"
_REVOKE = "update tokens set revoked_at = now() where subject_id = %s and revoked_at is null and expires_at > now()"


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose a token is, and how surely that person was identified when it was made (G-10)."""

    person_id: UUID
    level: int


class Tokens:
    """The tokens of one tenant. Raises StoreUnavailable when the database is away."""

    def __init__(self, pool: ConnectionPool[Connection[TupleRow]]) -> None:
        self._pool = pool

    def issue(self, person_id: UUID, *, level: int, expires_at: datetime) -> str:
        """Make a token. Only its hash is kept, so what is returned cannot be shown again."""
        token = PREFIX + secrets.token_urlsafe(_BYTES)
        with connection(self._pool) as session:
            session.execute(_INSERT, (token_hash(token), person_id, level, expires_at))
        return token

    def holder(self, token: str) -> Holder | None:
        """Whose token it is; None where it is unknown, has run out or is revoked.

        It is found by its SHA-256, so how long the look-up takes says nothing about a token that exists.
        """
        if len(token) > _LONGEST:
            return None
        with connection(self._pool) as session:
            row = session.execute(_HOLDER, (token_hash(token),)).fetchone()
        return None if row is None else Holder(*row)

    def revoke_all(self, person_id: UUID) -> int:
        """End every token of a person; the number of tokens that still held."""
        with connection(self._pool) as session:
            return session.execute(_REVOKE, (person_id,)).rowcount


def token_hash(token: str) -> bytes:
    """What a token is found by; nothing is found by one that is longer than any we make."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
