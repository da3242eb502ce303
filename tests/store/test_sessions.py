"""Sessions: how long they hold, what ends them, and what the database knows of them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from psycopg.rows import dict_row
from structlog.testing import capture_logs

from app.postgres_roles import Urls
from store.database import open_pool
from store.ledger import Ledger
from store.sessions import Limits, SessionEnded, Sessions, session_key
from tests.store.conftest import PATH
from tests.store.making import known

ELSA, OLLE = UUID(int=1), UUID(int=2)
NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def sessions(databases: Urls, ledger: Ledger) -> Iterator[Sessions]:
    """Sessions that hold for half an hour unused and for eight hours at most, at level 3 for a quarter of an hour."""
    with psycopg.connect(databases.owner, options=PATH) as owner:
        known(ledger, owner, ELSA, OLLE)
    with open_pool(databases.app, schema="liggare", size=2, name="sessions", by_index=True) as pool:
        yield Sessions(pool, ledger.keys, Limits(idle=30 * MINUTE, absolute=8 * HOUR, surest=15 * MINUTE))


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
    stepped = sessions.step_up(before, level=3, now=NOON + 10 * MINUTE)
    assert sessions.holder(session_id, NOON + 10 * MINUTE) is None
    after = sessions.holder(stepped, NOON + 10 * MINUTE)
    assert after is not None
    assert (after.level, after.person_id, after.provider, after.terms) == (3, ELSA, "eid", "2026-08-01")
    assert (after.began_at, after.ends_at) == (before.began_at, before.ends_at)
    with pytest.raises(SessionEnded):
        sessions.step_up(before, level=3, now=NOON)
    with pytest.raises(SessionEnded):
        sessions.step_up(after, level=3, now=NOON + 8 * HOUR)


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
        for column in (
            "subject_id = subject_id",
            "level = 3",
            "ends_at = ends_at + '1 day'",
            "session_hash = ''",
            "mac = mac",
        ):
            with pytest.raises(InsufficientPrivilege):
                connection.execute(f"update sessions set {column}".encode())
        _begin(sessions, OLLE, NOON + 31 * MINUTE)
        assert connection.execute("select subject_id from sessions").fetchall() == [(OLLE,)]


_FORGED = {
    "another person": {"subject_id": OLLE},
    "surer": {"level": 3},
    "by another provider": {"provider": "staff"},
    "begun later": {"began_at": NOON + MINUTE},
    "longer": {"ends_at": NOON + 40 * HOUR},
    "surer for longer": {"surest_until": NOON + 40 * HOUR},
    "under another id": {"session_hash": session_key("liggare_mine")},
    "with no MAC": {"mac": None},
    "with a MAC of its own making": {"mac": bytes(32)},
}


@pytest.mark.parametrize("change", _FORGED.values(), ids=_FORGED.keys())
def test_a_row_that_the_server_did_not_make_is_no_session(
    sessions: Sessions, databases: Urls, change: dict[str, object]
) -> None:
    """Whoever writes in the table as the server does signs nobody in: not anew, not by changing a copy of a session."""
    session_id = _begin(sessions)
    assert sessions.holder(session_id, NOON) is not None
    with psycopg.connect(databases.app, autocommit=True, options=PATH, row_factory=dict_row) as connection:
        row = connection.execute("delete from sessions returning *").fetchone()
        assert row is not None
        row |= change
        columns, places = ", ".join(row), ", ".join(f"%({name})s" for name in row)
        connection.execute(f"insert into sessions ({columns}) values ({places})".encode(), row)
    brought = "liggare_mine" if "session_hash" in change else session_id
    with capture_logs() as logs:
        assert sessions.holder(brought, NOON) is None
    assert [(line["event"], line["log_level"]) for line in logs] == [("session_row_forged", "error")]
    assert sessions.of(row["subject_id"], NOON) == []


@pytest.mark.requirement("S-ACC-11")
def test_the_highest_level_is_soon_over(sessions: Sessions) -> None:
    """However it was reached: a quarter of an hour later it is level 2, and a surer sign-in brings it back."""
    straight = sessions.begin(OLLE, level=3, provider="eid", terms=None, now=NOON)
    before = sessions.holder(_begin(sessions), NOON)
    assert before is not None
    stepped = sessions.step_up(before, level=3, now=NOON)
    for session_id in (straight, stepped):
        levels = [sessions.holder(session_id, NOON + minutes * MINUTE) for minutes in (0, 14, 15, 25)]
        assert [found and found.level for found in levels] == [3, 3, 2, 2]
    fallen = sessions.holder(straight, NOON + 25 * MINUTE)
    assert fallen is not None
    assert [listed.level for listed in sessions.of(OLLE, NOON + 25 * MINUTE)] == [2]
    again = sessions.holder(sessions.step_up(fallen, level=3, now=NOON + 26 * MINUTE), NOON + 40 * MINUTE)
    assert again is not None
    assert again.level == 3


def test_level_2_lasts_as_long_as_the_session(sessions: Sessions) -> None:
    """Also where it was reached on the way: two factors are asked for once."""
    before = sessions.holder(sessions.begin(ELSA, level=1, provider="id", terms=None, now=NOON), NOON)
    assert before is not None
    stepped = sessions.step_up(before, level=2, now=NOON)
    found = sessions.holder(stepped, NOON + 29 * MINUTE)
    assert found is not None
    assert (found.level, found.surest_until) == (2, None)
