"""Rows of the read models that name a person who was destroyed: others' files still know of the person, sealed."""

from psycopg import Connection, sql
from psycopg.rows import TupleRow

from projections.statements import LIVE
from store.database import Pool, connection
from store.keys import KeyRing
from store.purge_rules import SUBJECT, PurgeRule, purge_rules

_AS_SYSTEM = "select set_config('liggare.part', 'system', true)"
_ERASED = """
select e.mark from erased_subjects as e where e.mark = any(%b)
union all
select f.mark from former_subjects as f where f.mark = any(%b)
"""
_UNKNOWN = """
select distinct t.{column} from {table} as t
where t.{column} is not null and not exists (select 1 from subjects as s where s.subject_id = t.{column})
"""
_OF_PROJECTION = "select table_name from projection_tables where %t in ('', projection)"


def sweep_erased(pool: Pool, keys: KeyRing) -> int:
    """Remove such rows from the live read models: of what was folded while an account went; how many there were."""
    with connection(pool) as conn, conn.transaction():
        return forget_erased(conn, keys, LIVE)


def forget_erased(conn: Connection[TupleRow], keys: KeyRing, generation: str, projection: str = "") -> int:
    """The same in a transaction, for one generation of a projection's tables, or of all; how many rows there were.

    What a rebuild reads again names people whose accounts are gone: in its tables they are not to be found again.
    """
    count = 0
    with conn.cursor(binary=True) as cursor:
        cursor.execute(_AS_SYSTEM)
        tables = {row[0] + generation for row in cursor.execute(_OF_PROJECTION, (projection,)).fetchall()}
        for rule in purge_rules(cursor):
            if rule.table in tables:
                count += sum(_forget(conn, keys, rule, column) for column in _persons(rule))
    return count


def _persons(rule: PurgeRule) -> list[str]:
    deleted = [column for column in rule.deleted_by if column != SUBJECT]
    return deleted + [columns[0] for columns in rule.emptied if columns[0] != SUBJECT]


def _forget(conn: Connection[TupleRow], keys: KeyRing, rule: PurgeRule, column: str) -> int:
    names = {"table": sql.Identifier(rule.table), "column": sql.Identifier(column)}
    with conn.cursor(binary=True) as cursor:
        rows = cursor.execute(sql.SQL(_UNKNOWN).format(**names)).fetchall()
        by_mark = {keys.mark(person_id): person_id for (person_id,) in rows}
        marks = list(by_mark)
        erased = [by_mark[mark] for (mark,) in cursor.execute(_ERASED, (marks, marks)).fetchall()]
        if not erased:
            return 0
        verb = "delete from {table}" if column in rule.deleted_by else "update {table} set {column} = null"
        statement = sql.SQL(verb + " where {column} = any(%(erased)b)").format(**names)
        return cursor.execute(statement, {"erased": erased}).rowcount
