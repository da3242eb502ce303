"""Sessions: how long they hold, what ends them, and what the database knows of them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from app.postgres_roles import Urls
from store.database import open_pool
from store.sessions import Limits, SessionEnded, Sessions, session_key
from tests.store.conftest import PATH

ELSA, OLLE = UUID(int=1), UUID(int=2)
NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def sessions(databases: Urls) -> Iterator[Sessions]:
    """Sessions that hold for half an hour unused and for eight hours at most."""
    with open_pool(databases.app, schema="liggare", size=2, name="sessions", by_index=True) as pool:
        yield Sessions(pool, Limits(idle=30 * MINUTE, absolute=8 * HOUR))


def _begin(sessions: Sessions, person: UUID = ELSA, at: datetime = NOON) -> str:
    return sessions.begin(person, level=2, provider="eid", terms="2026-08-01", now=at)


@pytest.mark.requirement("S-ACC-10")
def test_a_session_is_known_until_it_is_ended(sessions: Sessions) -> None:
    """By its id and nothing else; another's session goes on."""
    session_id, other = _begin(sessions), _begin(sessions, OLLE)
    found = sessions.holder(session_id, NOON)
    assert found is not None
    assert (found.person_id, found.level, found.provider, found.terms) == (ELSA, 2, "eid", "2026-08-01")
    assert (found.began_at, found.seen_at, found.ends_at) == (NOON, NOON, NOON + 8 * HOUR)
    assert found.key == session_key(session_id)
    for unknown in ("", session_id[:-1], session_id + "x", "x" * 10_000, found.key.hex(), "\ud800"):
        assert sessions.holder(unknown, NOON) is None
    assert sessions.end(found.key)
    assert not sessions.end(found.key)
    assert sessions.holder(session_id, NOON) is None
    assert sessions.holder(other, NOON) is not None


def test_a_session_that_nobody_uses_runs_out(sessions: Sessions) -> None:
    """Each use within the idle limit lets it go on, up to the absolute limit."""
    session_id, unused = _begin(sessions), _begin(sessions)
    at = NOON
    while at < NOON + 7.5 * HOUR:
        at += 20 * MINUTE
        assert sessions.holder(session_id, at) is not None, at
    assert sessions.holder(session_id, NOON + 8 * HOUR) is None
    assert sessions.holder(unused, NOON + 30 * MINUTE) is None


def test_use_is_noted_at_most_once_a_minute(sessions: Sessions) -> None:
    """A page of twenty requests writes one row."""
    session_id = _begin(sessions)
    seen = []
    for seconds in (0, 30, 59, 60, 61, 119, 120):
        sessions.holder(session_id, NOON + timedelta(seconds=seconds))
        seen.append(sessions.of(ELSA, NOON)[0].seen_at - NOON)
    assert [int(at.total_seconds()) for at in seen] == [0, 0, 0, 60, 60, 60, 120]


@pytest.mark.requirement("S-ACC-11")
def test_a_surer_sign_in_goes_on_under_a_new_id(sessions: Sessions) -> None:
    """The old id ends; the last moment is not moved by it, and nothing steps up what has ended."""
    session_id = _begin(sessions)
    before = sessions.holder(session_id, NOON)
    assert before is not None
    stepped = sessions.step_up(before.key, level=3, now=NOON + 10 * MINUTE)
    assert sessions.holder(session_id, NOON + 10 * MINUTE) is None
    after = sessions.holder(stepped, NOON + 10 * MINUTE)
    assert after is not None
    assert (after.level, after.person_id, after.provider, after.terms) == (3, ELSA, "eid", "2026-08-01")
    assert (after.began_at, after.ends_at) == (before.began_at, before.ends_at)
    with pytest.raises(SessionEnded):
        sessions.step_up(before.key, level=3, now=NOON)
    with pytest.raises(SessionEnded):
        sessions.step_up(after.key, level=3, now=NOON + 8 * HOUR)


def test_a_person_sees_and_ends_every_own_session(sessions: Sessions) -> None:
    """The last used first; only those that hold; another person's cannot be ended in one's own name."""
    first, second, other = _begin(sessions), _begin(sessions, at=NOON + MINUTE), _begin(sessions, OLLE)
    sessions.holder(first, NOON + 5 * MINUTE)
    now = NOON + 10 * MINUTE
    assert [s.key for s in sessions.of(ELSA, now)] == [session_key(first), session_key(second)]
    assert sessions.of(ELSA, NOON + 33 * MINUTE) == [s for s in sessions.of(ELSA, now) if s.key == session_key(first)]
    assert not sessions.end(session_key(other), person_id=ELSA)
    assert sessions.end_all(ELSA) == 2
    assert sessions.of(ELSA, now) == []
    assert sessions.holder(other, now) is not None


def test_accepting_the_terms_is_known_in_every_session_of_the_person(sessions: Sessions) -> None:
    """One does not accept again in the next window; nobody else is taken to have accepted."""
    first, second, other = (sessions.begin(p, level=1, provider="x", terms=None, now=NOON) for p in (ELSA, ELSA, OLLE))
    sessions.accept(session_key(first), "2026-08-01")
    found = [sessions.holder(session_id, NOON) for session_id in (first, second, other)]
    assert [session and session.terms for session in found] == ["2026-08-01", "2026-08-01", None]


def test_the_database_has_no_id_and_forgets_what_ran_out(sessions: Sessions, databases: Urls) -> None:
    """Only hashes; the next sign-in sweeps; nobody can be made another, surer or longer signed in by an update."""
    session_id = _begin(sessions)
    with psycopg.connect(databases.app, autocommit=True, options=PATH) as connection:
        (row,) = connection.execute("select s::text from sessions s").fetchone() or ("",)
        assert session_id not in row
        for column in ("subject_id = subject_id", "level = 3", "ends_at = ends_at + '1 day'", "session_hash = ''"):
            with pytest.raises(InsufficientPrivilege):
                connection.execute(f"update sessions set {column}".encode())
        _begin(sessions, OLLE, NOON + 31 * MINUTE)
        assert connection.execute("select subject_id from sessions").fetchall() == [(OLLE,)]
