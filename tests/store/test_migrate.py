"""What is promised about the schema: brought up once, never changed behind anybody's back, readable in one file."""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

import psycopg
import pytest

from app.postgres import EmbeddedPostgres
from app.postgres_roles import Urls
from store import migrate as subject
from store.errors import MigrationChanged, MigrationError
from store.migrate import migrate, migrations, statements
from tests.store.conftest import PATH

STORE = Path(subject.__file__).parent


def test_a_second_time_changes_nothing(empty_databases: Urls) -> None:
    """All files the first time, in order; none the second time."""
    first = migrate(empty_databases.owner, empty_databases.keys_owner)
    names = [migration.name for migration in migrations(STORE / "migrations")]
    of_keys = [f"keys/{migration.name}" for migration in migrations(STORE / "migrations" / "keys")]
    assert first == names + of_keys
    assert migrate(empty_databases.owner, empty_databases.keys_owner) == []


def test_two_at_once_apply_each_file_once(empty_databases: Urls) -> None:
    """Two machines that start together: one waits for the other."""
    answers: list[list[str]] = []

    def work() -> None:
        answers.append(migrate(empty_databases.owner, empty_databases.keys_owner))

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    applied = [name for answer in answers for name in answer]
    assert len(answers) == 3
    assert sorted(applied) == sorted(set(applied))


@pytest.mark.parametrize("change", ["update schema_migrations set checksum = '\\x00'", "rename"])
def test_a_changed_file_is_refused(databases: Urls, owner: psycopg.Connection, change: str) -> None:
    """A released migration that is edited, renamed or removed is named, and nothing is applied."""
    if change == "rename":
        change = "update schema_migrations set name = '0000_was_here.sql' where name like '0001%'"
        owner.execute("drop table events cascade")
    owner.execute(change.encode())
    with pytest.raises((MigrationChanged, MigrationError)):
        migrate(databases.owner, databases.keys_owner)


def test_a_failing_migration_leaves_nothing(
    empty_databases: Urls, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A file is applied whole or not at all, and the error names the SQLSTATE, never the statement."""
    (tmp_path / "0001_half.sql").write_text("create table half (id int primary key);\nselect 1 / 0;\n", "utf-8")
    monkeypatch.setattr(subject, "_MAIN", tmp_path)
    with pytest.raises(MigrationError, match="22012"):
        migrate(empty_databases.owner, empty_databases.keys_owner)
    with psycopg.connect(empty_databases.owner, options=PATH) as connection:
        assert connection.execute("select to_regclass('half')").fetchone() == (None,)
        assert connection.execute("select count(*) from schema_migrations").fetchone() == (0,)


def test_a_migration_waits_for_no_lock_for_ever(databases: Urls, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody holds the lock: the migration gives up in time, by name."""
    monkeypatch.setattr(subject, "_LOCK_TIMEOUT", "100ms")
    with psycopg.connect(databases.owner, options=PATH) as connection:
        connection.execute("lock table schema_migrations in exclusive mode")
        with pytest.raises(MigrationError, match="55P03"):
            migrate(databases.owner, databases.keys_owner)


def test_another_schema_is_another_tenant(empty_databases: Urls) -> None:
    """Everything stands in the tenant's schema, nothing in public."""
    migrate(empty_databases.owner, empty_databases.keys_owner, schema="grann kommun")
    with psycopg.connect(empty_databases.owner) as connection:
        rows = connection.execute(
            "select distinct schemaname from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
        ).fetchall()
    assert rows == [("grann kommun",)]


def test_every_table_says_what_it_is_for(databases: Urls) -> None:
    """Each has a primary key and a comment with its purge rule, in both databases."""
    query = """
    select c.relname, obj_description(c.oid) from pg_class c
    where c.relnamespace = 'liggare'::regnamespace and c.relkind = 'r' and (
        obj_description(c.oid) is null or obj_description(c.oid) not ilike '%purge%'
        or not exists (select 1 from pg_constraint p where p.conrelid = c.oid and p.contype = 'p'))
    """
    for url in (databases.owner, databases.keys_owner):
        with psycopg.connect(url) as connection:
            assert connection.execute(query.encode()).fetchall() == []


def dump(server: EmbeddedPostgres, url: str) -> list[str]:
    """The schema of a database as pg_dump tells it, without what names the dump itself."""
    answer = subprocess.run(
        [
            server.place.binaries / "pg_dump",
            "--schema-only",
            "--restrict-key=a",
            "--exclude-table=*.schema_migrations",
            url,
        ],
        capture_output=True,
        check=True,
        text=True,
    )
    return [line for line in answer.stdout.splitlines() if line and not line.startswith(("--", "SET ", "\\"))]


def test_migrations_equal_the_schema(cluster: EmbeddedPostgres, databases: Urls, empty_databases: Urls) -> None:
    """`store/schema.sql` is the whole schema in one readable file; applied alone it makes what all migrations make."""
    with psycopg.connect(empty_databases.owner, autocommit=True) as connection:
        connection.execute("create schema liggare")
        connection.execute("set search_path to liggare, pg_temp")
        apply(connection, STORE / "schema.sql")
    migrated = [line for line in dump(cluster, databases.owner) if not line.startswith(("GRANT", "REVOKE"))]
    whole = [line for line in dump(cluster, empty_databases.owner) if not line.startswith(("GRANT", "REVOKE"))]
    assert whole == migrated


def apply(connection: psycopg.Connection, path: Path) -> None:
    """Run the statements of a file, one by one."""
    for statement in statements(path.read_text("utf-8")):
        connection.execute(statement.encode())


def test_statements_are_told_apart() -> None:
    """Semicolons in texts, names, comments and function bodies end nothing."""
    text = """
    -- a comment; with 'this
    create table a (b text default ';''', "c;d" int); /* e; */
    create function f() returns int language plpgsql as $body$ begin return 1; end; $body$;
    select $$;$$
    """
    assert [re.sub(r"\s+", " ", part) for part in statements(text)] == [
        "create table a (b text default ';''', \"c;d\" int)",
        "create function f() returns int language plpgsql as $body$ begin return 1; end; $body$",
        "select $$;$$",
    ]


def test_migrations_are_numbered_without_gaps() -> None:
    """0001, 0002, …: a number that two files share, or that is left out, is a mistake of a merge."""
    for folder in (STORE / "migrations", STORE / "migrations" / "keys"):
        numbers = [int(migration.name[:4]) for migration in migrations(folder)]
        assert numbers == list(range(1, len(numbers) + 1))


def names(connection: psycopg.Connection, query: str) -> Sequence[str]:
    """The first column of a query."""
    return [row[0] for row in connection.execute(query.encode()).fetchall()]


def test_every_function_of_the_owner_keeps_its_own_path(databases: Urls) -> None:
    """What runs with the owner's rights finds its tables in the tenant's schema alone, whatever its caller has set."""
    query = """
    select p.proname from pg_proc p where p.pronamespace = 'liggare'::regnamespace and p.prosecdef
    and not coalesce(p.proconfig @> array['search_path=liggare, pg_temp'], false)
    """
    with psycopg.connect(databases.owner) as connection:
        assert names(connection, query) == []
        assert "append_request" in names(connection, "select proname from pg_proc where prosecdef")


def test_the_public_has_no_rights(databases: Urls) -> None:
    """No role that is not named may run, read or use anything."""
    query = """
    select o.kind, o.name from (
        select 'table' as kind, c.relname as name, c.relacl as acl, 'r'::"char" as type, c.relowner as owner
        from pg_class c where c.relnamespace = 'liggare'::regnamespace and c.relkind in ('r', 'S')
        union all
        select 'function', p.proname, p.proacl, 'f', p.proowner
        from pg_proc p where p.pronamespace = 'liggare'::regnamespace
    ) o, aclexplode(coalesce(o.acl, acldefault(o.type, o.owner))) a where a.grantee = 0
    """
    for url in (databases.owner, databases.keys_owner):
        with psycopg.connect(url) as connection:
            assert connection.execute(query.encode()).fetchall() == []
