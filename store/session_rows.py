"""The rows of sessions, each with a MAC: what the server did not write is no session."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from struct import Struct
from typing import Any
from uuid import UUID

import structlog

from store.keys import KeyRing
from store.sealing import microseconds

COLUMNS = "session_hash, subject_id, level, provider, terms, began_at, seen_at, ends_at, surest_until, mac"
PLACES = ", ".join(["%b"] * len(COLUMNS.split(", ")))
WIDTH = len(COLUMNS.split(", "))
SUREST = 3
"""The level that counts for a while only, and afterwards as the one below (G-17)."""
_NEVER = -1
_FIXED = Struct(">32s16sBqqq")
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in. `key` is the SHA-256 of its id, which is enough to name it and not enough to use it.

    `level` is how surely the person was identified (G-10), at the moment of the look-up: 3 is 2 from `surest_until` on.
    `provider` is by whom, `terms` the version of the terms that the person had accepted as far as the session knows.
    Times are UTC; `seen_at` is right to the minute.
    """

    key: bytes
    person_id: UUID
    level: int
    provider: str
    terms: str | None
    began_at: datetime
    seen_at: datetime
    ends_at: datetime
    surest_until: datetime | None = None


class SessionRows:
    """Sessions to rows and back. The MAC is HMAC-SHA-256 by a key from the key ring, which is in no database.

    It covers all but when the session was seen last and the terms, which change while it lasts and raise nobody.
    """

    def __init__(self, keys: KeyRing) -> None:
        self._key = keys.derived("session rows")

    def row(self, session: Session) -> tuple[object, ...]:
        """The row that is kept of a session, in the order of COLUMNS."""
        return (
            session.key,
            session.person_id,
            session.level,
            session.provider,
            session.terms,
            session.began_at,
            session.seen_at,
            session.ends_at,
            session.surest_until,
            self._mac(session),
        )

    def session(self, row: Sequence[Any], now: datetime) -> Session | None:
        """The session of a row, at the level that it has now; None, and an alarm in the log, for a forged one."""
        *columns, mac = row
        session = Session(*columns)
        if mac is None or not hmac.compare_digest(self._mac(session), mac):
            log.error("session_row_forged", person_id=str(session.person_id), session=session.key.hex())
            return None
        if session.surest_until is None or session.surest_until > now:
            return session
        return replace(session, level=SUREST - 1)

    def _mac(self, session: Session) -> bytes:
        until = _NEVER if session.surest_until is None else microseconds(session.surest_until)
        fixed = _FIXED.pack(
            session.key,
            session.person_id.bytes,
            session.level,
            microseconds(session.began_at),
            microseconds(session.ends_at),
            until,
        )
        return hmac.digest(self._key, fixed + session.provider.encode(), "sha256")
