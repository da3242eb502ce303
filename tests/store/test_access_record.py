"""The access record's months: each has a partition in time, nothing is lost without one, and old ones go whole."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import psycopg
import pytest

from app.postgres_roles import Urls
from store import access_record as subject
from store.access_record import AccessRecord, Look, Part
from store.database import Pool, open_pool
from store.errors import StoreError, SubjectErased
from store.ledger import Ledger
from tests.store.conftest import PATH
from tests.store.making import append, destroy_keys

PUPIL = uuid4()
LATEST = (datetime(9999, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1))
MONTHS = """
select c.relname from pg_inherits as i inner join pg_class as c on c.oid = i.inhrelid
where i.inhparent = 'access_record'::regclass order by 1
"""


@pytest.fixture
def pool(databases: Urls) -> Iterator[Pool]:
    """Connections of the application's role."""
    with open_pool(databases.app, schema="liggare", size=2, name="record") as opened:
        yield opened


@pytest.fixture
def record(pool: Pool, ledger: Ledger) -> AccessRecord:
    """The record, and a pupil to look at."""
    ledger.append(append(PUPIL))
    return AccessRecord(pool, ledger)


def a_look(**changes: object) -> Look:
    """A guardian looks at a plan."""
    fields: dict[str, object] = {
        "student_id": PUPIL,
        "part": Part.PLAN,
        "person_id": uuid4(),
        "role": "guardian",
        "level": 2,
        "correlation_id": uuid4(),
        "relation_id": uuid4(),
    }
    return Look(**(fields | changes))  # type: ignore[arg-type]


def test_what_is_put_on_record_is_told_as_it_was(record: AccessRecord) -> None:
    """Every field, sealed or not, the latest first; with and without waiting for the disk."""
    looks = [a_look(), a_look(relation_id=None, purpose="Tillsyn", name="Provprogrammet"), a_look(part=Part.HISTORY)]
    for look in looks:
        record.add(look, is_durable=look.relation_id is None)
    found = record.of(PUPIL, before=LATEST, limit=10)
    assert [looked.look for looked in found] == looks[::-1]
    assert record.of(uuid4(), before=LATEST, limit=10) == []
    first = found[0]
    assert [looked.look for looked in record.of(PUPIL, before=(first.at, first.record_id), limit=1)] == looks[1:2]


def test_looks_at_many_pupils_are_one_statement_all_or_none(
    record: AccessRecord, ledger: Ledger, owner: psycopg.Connection
) -> None:
    """A class is put on record in one go; where one of its pupils has no key nothing is, and so nothing is shown."""
    pupils = [uuid4() for _ in range(30)]
    for pupil in pupils:
        ledger.append(append(pupil))
    looks = [a_look(student_id=pupil) for pupil in pupils]
    record.add_many(looks)
    record.add_many(())
    counted = "select count(*), count(distinct (xmin::text, cmin::text)) from access_record"
    assert owner.execute(counted).fetchone() == (len(pupils), 1)
    assert [record.of(pupil, before=LATEST, limit=2)[0].look for pupil in pupils] == looks
    with pytest.raises(StoreError):
        record.add_many([*looks, a_look(student_id=uuid4())])
    assert owner.execute(counted).fetchone() == (len(pupils), 1)


def test_a_month_without_a_partition_loses_no_look(record: AccessRecord, owner: psycopg.Connection) -> None:
    """It goes to the partition for all others; the worker's call says how many, moves them, and the next finds none."""
    record.add(a_look())
    assert owner.execute("select count(*) from access_record_unplaced").fetchone() == (1,)
    today = datetime.now(UTC).date()
    assert record.place(today) == 1
    assert owner.execute("select count(*) from access_record_unplaced").fetchone() == (0,)
    assert len(record.of(PUPIL, before=LATEST, limit=10)) == 1
    record.add(a_look())
    assert record.place(today) == 0
    assert owner.execute("select count(*) from access_record_unplaced").fetchone() == (0,)
    assert len(record.of(PUPIL, before=LATEST, limit=10)) == 2


def test_coming_months_are_placed_before_they_come(record: AccessRecord, owner: psycopg.Connection) -> None:
    """This month and the two after it, over the turn of the year; each with its key and its purge rule."""
    record.place(date(2026, 12, 31))
    record.place(date(2026, 12, 31))
    names = [name for (name,) in owner.execute(MONTHS).fetchall()]
    assert names == [
        "access_record_2026_12",
        "access_record_2027_01",
        "access_record_2027_02",
        "access_record_unplaced",
    ]
    insert = """
    insert into access_record
    (subject_id, recorded_at, record_id, student_id, part, role, level, correlation_id, sealed)
    values (%s, %s, gen_random_uuid(), %s, 'plan', 'mentor', 2, %s, '')
    """
    for moment in ("2026-12-31 23:59:59.999999+00", "2027-01-01 00:00:00+00", "2027-03-01 00:00:00+00"):
        owner.execute(insert, (PUPIL, moment, uuid4(), uuid4()))
    placed = owner.execute("select tableoid::regclass::text from access_record order by recorded_at").fetchall()
    assert [name for (name,) in placed] == [names[0], names[1], names[3]]


def test_months_past_their_time_go_whole(record: AccessRecord, owner: psycopg.Connection, databases: Urls) -> None:
    """Only the purge drops them, and only months that ended before the day."""
    record.place(date(2026, 1, 1), months=3)
    with psycopg.connect(databases.purge, autocommit=True, options=PATH) as purge:
        assert purge.execute("select drop_access_record('2026-02-28')").fetchone() == (1,)
        assert purge.execute("select drop_access_record('2026-03-01')").fetchone() == (1,)
        assert purge.execute("select drop_access_record('2026-03-01')").fetchone() == (0,)
    assert [name for (name,) in owner.execute(MONTHS).fetchall()] == [
        "access_record_2026_03", "access_record_2026_04", "access_record_unplaced"
    ]  # fmt: skip
    with (
        psycopg.connect(databases.app, options=PATH) as application,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        application.execute("select drop_access_record('2026-03-01')")


def test_a_month_goes_when_it_has_ended(record: AccessRecord, owner: psycopg.Connection, databases: Urls) -> None:
    """Whole, by the role of the purge, and not a day before its end."""
    record.place(date(2026, 1, 1), months=2)
    with psycopg.connect(databases.purge, options=PATH) as purge:
        assert purge.execute("select drop_access_record('2026-01-31')").fetchone() == (0,)
        assert purge.execute("select drop_access_record('2026-02-01')").fetchone() == (1,)
    assert len(owner.execute(MONTHS).fetchall()) == 3


def test_of_an_erased_pupil_no_look_is_told_or_taken(
    record: AccessRecord, keys_owner: psycopg.Connection, ledger: Ledger
) -> None:
    """Who looked was sealed under the pupil's key; the rows only wait to be deleted."""
    record.add(a_look())
    destroy_keys(ledger, keys_owner)
    ledger.forget()
    assert record.of(PUPIL, before=LATEST, limit=10) == []
    with pytest.raises(SubjectErased):
        record.add(a_look())


@pytest.mark.parametrize(("is_durable", "waits"), [(False, "off"), (True, "on")])
def test_only_a_grave_look_waits_for_the_disk(record: AccessRecord, pool: Pool, is_durable: bool, waits: str) -> None:  # noqa: FBT001 - a column
    """What holds within the statement is the connection's own again after it."""
    observed = subject._ADD + " returning current_setting('synchronous_commit')"
    with pool.connection() as connection:
        connection.execute("set synchronous_commit = local")
        values = (*([each] for each in subject.columns(record._ledger, a_look())), "on" if is_durable else "off")
        assert connection.execute(observed.encode(), values).fetchone() == (waits,)
        assert connection.execute("show synchronous_commit").fetchone() == ("local",)
