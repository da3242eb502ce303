"""Sessions: who has signed in, how surely and for how long; each known by the hash of an opaque id."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from store.database import Pool, connection, fetch, held
from store.keys import KeyRing
from store.session_rows import COLUMNS, PLACES, SUREST, Session, SessionRows

__all__ = ["Limits", "Session", "SessionEnded", "Sessions", "session_key"]
PREFIX = "liggare_"
_BYTES = 32
_LONGEST = 100
_TOUCH = timedelta(minutes=1)

_INSERT = f"insert into sessions ({COLUMNS}) values ({PLACES})"  # noqa: S608 - our own columns
_LIVE = "ends_at > %b and seen_at > %b"
_HOLDER = f"select {COLUMNS} from sessions where session_hash = %b and {_LIVE}"  # noqa: S608 - as above
_OF = f"select {COLUMNS} from sessions where subject_id = %b and {_LIVE} order by seen_at desc, session_hash"  # noqa: S608
_TAKE = f"delete from sessions where session_hash = %b and {_LIVE} returning terms"  # noqa: S608 - as above
_TOUCHED = "update sessions set seen_at = %b where session_hash = %b and seen_at < %b"
_ACCEPT = "update sessions set terms = %b where subject_id = (select subject_id from sessions where session_hash = %b)"
_SWEEP = "delete from sessions where ends_at <= %b or seen_at <= %b"
_END = "delete from sessions where session_hash = %b"
_END_OWN = "delete from sessions where session_hash = %b and subject_id = %b"
_END_ALL = "delete from sessions where subject_id = %b"
_END_EVERY = "delete from sessions"


class SessionEnded(Exception):
    """The session is not there any more: it ran out, or was ended elsewhere."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lasts: without being used, and at the very most; and how long level 3 does."""

    idle: timedelta = timedelta(minutes=60)
    absolute: timedelta = timedelta(hours=12)
    surest: timedelta = timedelta(minutes=15)


class Sessions:
    """The sessions of one tenant. Every method raises StoreUnavailable when the database is away.

    Whoever can write in the table makes no session: each row has a MAC, by a key that only the server has.
    """

    def __init__(self, pool: Pool, keys: KeyRing, limits: Limits | None = None) -> None:
        self._pool = pool
        self._rows = SessionRows(keys)
        self.limits = limits or Limits()

    def begin(self, person_id: UUID, *, level: int, provider: str, terms: str | None, now: datetime) -> str:
        """Begin a session; its id, which is kept nowhere and cannot be shown again. Sessions that ran out are swept.

        Raises SubjectErased.
        """
        session_id = PREFIX + secrets.token_urlsafe(_BYTES)
        session = Session(
            key=session_key(session_id),
            person_id=person_id,
            level=level,
            provider=provider,
            terms=terms,
            began_at=now,
            seen_at=now,
            ends_at=now + self.limits.absolute,
            surest_until=self._surest_until(level, now),
        )
        with held(person_id), connection(self._pool) as conn:
            conn.execute(_SWEEP.encode(), self._live_at(now))
            conn.execute(_INSERT.encode(), self._rows.row(session))
        return session_id

    def holder(self, session_id: str, now: datetime) -> Session | None:
        """The session of this id; None where it is unknown, has run out or was ended.

        It is found by its SHA-256, so how long the look-up takes says nothing about an id that exists.
        """
        if len(session_id) > _LONGEST:
            return None
        rows = fetch(self._pool, _HOLDER, (session_key(session_id), *self._live_at(now)))
        session = self._rows.session(rows[0], now) if rows else None
        if session is not None:
            self.touch(session, now)
        return session

    def touch(self, session: Session, now: datetime) -> None:
        """Note that the session is in use, at most once a minute."""
        if now - session.seen_at >= _TOUCH:
            with connection(self._pool) as conn:
                conn.execute(_TOUCHED.encode(), (now, session.key, now))

    def step_up(self, session: Session, *, level: int, now: datetime, provider: str | None = None) -> str:
        """Go on at another level, or with another provider, under a new id; the old id ends, its last moment holds.

        Raises SessionEnded where there is nothing to go on with.
        """
        session_id = PREFIX + secrets.token_urlsafe(_BYTES)
        with held(session.person_id), connection(self._pool) as conn, conn.transaction():
            taken = conn.execute(_TAKE.encode(), (session.key, *self._live_at(now))).fetchone()
            if taken is None:
                raise SessionEnded
            after = replace(
                session,
                key=session_key(session_id),
                level=level,
                provider=provider or session.provider,
                terms=taken[0],
                seen_at=now,
                surest_until=self._surest_until(level, now),
            )
            conn.execute(_INSERT.encode(), self._rows.row(after))
        return session_id

    def accept(self, key: bytes, terms: str) -> None:
        """Note in every session of the person that this version of the terms is accepted."""
        with connection(self._pool) as conn:
            conn.execute(_ACCEPT.encode(), (terms, key))

    def of(self, person_id: UUID, now: datetime) -> list[Session]:
        """The person's sessions that hold, the last used first."""
        found = (self._rows.session(row, now) for row in fetch(self._pool, _OF, (person_id, *self._live_at(now))))
        return [session for session in found if session is not None]

    def end(self, key: bytes, *, person_id: UUID | None = None) -> bool:
        """End one session, with `person_id` only where it is that person's; whether it was there."""
        statement, values = (_END, (key,)) if person_id is None else (_END_OWN, (key, person_id))
        with connection(self._pool) as conn:
            return conn.execute(statement.encode(), values).rowcount == 1

    def end_all(self, person_id: UUID | None) -> int:
        """End every session of a person, with None of everybody; how many there were."""
        statement, values = (_END_EVERY, ()) if person_id is None else (_END_ALL, (person_id,))
        with connection(self._pool) as conn:
            return conn.execute(statement.encode(), values).rowcount

    def _surest_until(self, level: int, now: datetime) -> datetime | None:
        """Until when the highest level counts as such; None for the others, which last as long as the session."""
        return now + self.limits.surest if level == SUREST else None

    def _live_at(self, now: datetime) -> tuple[datetime, datetime]:
        """What a session that holds at this moment ends after, and was seen after."""
        return now, now - self.limits.idle


def session_key(session_id: str) -> bytes:
    """What a session is found by; nothing is found by an id that is longer than any we make."""
    return hashlib.sha256(session_id.encode("utf-8", "surrogatepass")).digest()
