"""Sign-ins on their way: what was asked of a provider, kept until the browser comes back with the answer, once."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from store.database import Pool, connection, held

LIFE = timedelta(minutes=10)
"""How long a person has at the provider."""
_BYTES = 32
_NOBODY = UUID(int=0)
_COLUMNS = "state_hash, browser_hash, subject_id, provider, nonce, verifier, return_to, stepping_up, created_at"
_INSERT = f"insert into sign_in_attempts ({_COLUMNS}) values (%b, %b, %b, %b, %b, %b, %b, %b, %b)"  # noqa: S608 - own columns
_SWEEP = "delete from sign_in_attempts where created_at <= %b"
_TAKE = f"delete from sign_in_attempts where state_hash = %b returning {', '.join(_COLUMNS.split(', ')[1:])}"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one sign-in must bring back. `nonce` and `verifier` are for the provider, `return_to` is a local path.

    Where the person is signed in already and only the level is too low, `subject_id` is that person and `stepping_up`
    the key of the session. `browser_hash` is of the cookie that binds it to one browser.
    """

    browser_hash: bytes
    subject_id: UUID | None
    provider: str
    nonce: str
    verifier: str
    return_to: str
    stepping_up: bytes | None
    created_at: datetime


class Attempts:
    """The sign-ins of one tenant that are on their way. Every method raises StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def begin(self, attempt: Attempt) -> str:
        """Keep an attempt; its state, which is stored as a hash. What nobody came back with is swept."""
        state = random_text()
        values = (
            digest(state),
            attempt.browser_hash,
            attempt.subject_id,
            attempt.provider,
            attempt.nonce,
            attempt.verifier,
            attempt.return_to,
            attempt.stepping_up,
            attempt.created_at,
        )
        with held(attempt.subject_id or _NOBODY), connection(self._pool) as conn:
            conn.execute(_SWEEP.encode(), (attempt.created_at - 2 * LIFE,))
            conn.execute(_INSERT.encode(), values)
        return state

    def take(self, state: str) -> Attempt | None:
        """The attempt of this state, which is then gone: the second who brings it finds nothing."""
        with connection(self._pool) as conn, conn.cursor(binary=True) as cursor:
            row = cursor.execute(_TAKE.encode(), (digest(state),)).fetchone()
        return None if row is None else Attempt(*row)


def random_text() -> str:
    """A text that nobody guesses: 256 bits, safe in addresses and cookies."""
    return secrets.token_urlsafe(_BYTES)


def digest(text: str) -> bytes:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
