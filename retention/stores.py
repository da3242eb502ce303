"""Where a subject's data are, by the database's own account, and the statements that delete them.

What can go wrong is that a table is forgotten, and somebody lives on in it. So there is no list here: the catalogue is
asked each time, a table without a rule stops every purge, and a table that a rebuild is filling is one as any other.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from psycopg import Cursor, sql

from store.purge_rules import SUBJECT, PurgeRule, purge_rules

PERSON = "person"
_LAST = "subjects"
"""Holds who it is until everything else is gone; what else refers to a subject refers to it."""


def is_forbidden(cursor: Cursor[Any], subject_id: UUID) -> bool:
    """Whether a row somewhere still needs the subject."""
    row = cursor.execute(_needing(tuple(purge_rules(cursor))), {"subject": subject_id}, prepare=True).fetchone()
    return bool(row and row[0])


def delete_rows(cursor: Cursor[Any], subject_id: UUID, kind: str) -> dict[str, int]:
    """Delete what there is of the subject in every table, in the transaction of the cursor; the rows by table.

    A column that holds a person is looked at for a person alone: what other subjects there are stand nowhere else than
    in rows of their own. Raises PurgeRuleMissing.
    """
    rules = tuple(purge_rules(cursor))
    for statement in _emptying(rules, is_person=kind == PERSON):
        cursor.execute(statement, {"subject": subject_id}, prepare=True)
    tables, statement = _deleting(rules, is_person=kind == PERSON)
    counts = cursor.execute(statement, {"subject": subject_id}, prepare=True).fetchone()
    deleted: dict[str, int] = dict(zip(tables, counts or (), strict=True))
    deleted[_LAST] = cursor.execute(_SUBJECT, (subject_id,), prepare=True).rowcount
    return {table: count for table, count in sorted(deleted.items()) if count}


_SUBJECT = b"delete from subjects where subject_id = %b"


@cache
def _deleting(rules: Sequence[PurgeRule], *, is_person: bool) -> tuple[list[str], bytes]:
    """One statement that deletes in all tables and counts; and the tables, in the order of the counts."""
    wanted = {rule.table: _columns(rule, is_person=is_person) for rule in rules if rule.table != _LAST}
    tables = [table for table, columns in wanted.items() if columns]
    parts = [
        sql.SQL("{} as (delete from {} where {} returning 1)").format(
            sql.Identifier(f"d{number}"),
            sql.Identifier(table),
            sql.SQL(" or ").join(sql.SQL("{} = %(subject)b").format(sql.Identifier(c)) for c in wanted[table]),
        )
        for number, table in enumerate(tables)
    ]
    counts = [
        sql.SQL("(select count(*) from {})").format(sql.Identifier(f"d{number}")) for number in range(len(tables))
    ]
    whole = sql.SQL("with {} select {}").format(sql.SQL(", ").join(parts), sql.SQL(", ").join(counts))
    return tables, whole.as_string().encode()


def _columns(rule: PurgeRule, *, is_person: bool) -> tuple[str, ...]:
    return rule.deleted_by if is_person else tuple(column for column in rule.deleted_by if column == SUBJECT)


@cache
def _emptying(rules: Sequence[PurgeRule], *, is_person: bool) -> list[bytes]:
    statements = []
    for rule in rules:
        for column, *others in rule.emptied:
            if is_person or column == SUBJECT:
                setting = sql.SQL(", ").join(sql.SQL("{} = null").format(sql.Identifier(c)) for c in (column, *others))
                statement = sql.SQL("update {} set {} where {} = %(subject)b")
                whole = statement.format(sql.Identifier(rule.table), setting, sql.Identifier(column))
                statements.append(whole.as_string().encode())
    return statements


@cache
def _needing(rules: Sequence[PurgeRule]) -> bytes:
    parts = [
        sql.SQL("exists (select 1 from {} where {} = %(subject)b)").format(*map(sql.Identifier, (rule.table, column)))
        for rule in rules
        for column in rule.forbidden
    ]
    return sql.SQL("select {}").format(sql.SQL(" or ").join([sql.SQL("false"), *parts])).as_string().encode()
