"""What each role of the database may do, tried for real."""

from uuid import UUID

import psycopg
from psycopg.errors import InsufficientPrivilege

from app.postgres_roles import Urls
from store.ledger import Ledger
from tests.store.conftest import PATH
from tests.store.making import append

PUPIL = UUID(int=7)
COLUMNS = "feed, position, stream_id, version, subject_id, category, kind, recorded_at, command_id, commitment, sealed"


def refused(url: str, statement: str) -> bool:
    """Whether the database says that the role may not."""
    with psycopg.connect(url, autocommit=True, options=PATH) as connection:
        try:
            connection.execute(statement.encode())
        except InsufficientPrivilege:
            return True
    return False


NOT_FOR_THE_APPLICATION = (
    "update events set kind = kind",
    "update events set sealed = ''",
    "delete from events",
    "truncate events",
    f"insert into events ({COLUMNS}) select {COLUMNS} from events",
    "merge into events e using feeds f on false when matched then delete",
    "select * from events for update",
    "update feeds set last = 0",
    "delete from feeds",
    "insert into feeds (feed) values (3)",
    "update subjects set state = 'active'",
    "delete from subjects",
    "delete from commands",
    "update commands set sealed_answer = ''",
    "alter table events disable trigger all",
    "drop table events",
    "create table mine (id int)",
    "create rule r as on insert to events do instead nothing",
    "alter function append_request security invoker",
    "create or replace function append_request(x int) returns int language sql as 'select 1'",
    "set role liggare_owner",
    "copy events to program 'cat'",
)


def test_the_application_can_only_append(ledger: Ledger, databases: Urls) -> None:
    """The role of the application cannot change or remove an event, nor move a feed, nor give itself the right to."""
    ledger.append(append(PUPIL))
    assert [statement for statement in NOT_FOR_THE_APPLICATION if not refused(databases.app, statement)] == []
    assert not refused(databases.app, "select * from events")


def test_no_other_role_changes_an_event(ledger: Ledger, databases: Urls) -> None:
    """The purge deletes and never alters; the reader reads."""
    ledger.append(append(PUPIL))
    for statement in ("update events set kind = kind", "truncate events", "drop table events"):
        assert refused(databases.purge, statement)
        assert refused(databases.read, statement)


def test_only_the_purge_deletes(ledger: Ledger, databases: Urls) -> None:
    """The purge can delete an event and fence a subject; the reader cannot."""
    ledger.append(append(PUPIL))
    for statement in ("update subjects set state = 'purging'", "delete from events", "delete from commands"):
        assert refused(databases.read, statement)
        assert not refused(databases.purge, statement)


def test_the_application_cannot_change_a_key(ledger: Ledger, databases: Urls) -> None:
    """It makes and reads keys; nobody but the purge destroys one, and no one deletes the row."""
    ledger.append(append(PUPIL))
    for statement in (
        "update wrapped_keys set kind = 'person'",
        "delete from wrapped_keys",
        "delete from ring_keys",
        "update ring_keys set proof = ''",
        "insert into destroyed_keys (mark, lapses_on) values ('', '2099-12-31')",
        "delete from destroyed_keys",
        "truncate wrapped_keys",
    ):
        assert refused(databases.keys, statement)


def test_only_the_purge_destroys_a_key(ledger: Ledger, databases: Urls) -> None:
    """It deletes the row and leaves a mark, which nobody changes."""
    ledger.append(append(PUPIL))
    assert not refused(databases.keys_purge, "delete from wrapped_keys")
    assert not refused(databases.keys_purge, "insert into destroyed_keys (mark, lapses_on) values ('', '2099-12-31')")
    assert refused(databases.keys_purge, "update destroyed_keys set mark = 'x'")
    assert refused(databases.keys_purge, "update ring_keys set proof = ''")
