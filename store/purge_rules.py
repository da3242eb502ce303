"""What a purge does with each table, read from the table's own comment: one of a few sentences after `Purge:`.

`kept`; `rows of the subject are deleted`; `rows of the subject or of person_id are deleted; delegated_by is emptied`;
`subject_id is emptied with nonce`; `rows of person_id forbid it`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from psycopg import Cursor

from store.errors import StoreError

SUBJECT = "subject_id"
_OF_SUBJECT = "the subject"
_PERSONS = re.compile(r"(^|_)(person|recipient)_id$|_by$")
_SAYS = re.compile(r"[Pp]urge: ([^.]+)\.")
_WHOSE = re.compile(r"(?:of )?(the subject|[a-z_]+)(?:, | or |$)")

_TABLES = """
select c.relname, coalesce(d.description, ''), c.relkind,
    coalesce(array_agg(a.attname::text) filter (where a.attname is not null), '{}')
from pg_class as c
left join pg_description as d on d.objoid = c.oid and d.classoid = 'pg_class'::regclass and d.objsubid = 0
left join pg_attribute as a
    on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.atttypid = 'uuid'::regtype
where
    c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'm', 'v', 'f')
    and not c.relispartition
group by c.relname, d.description, c.relkind
order by c.relname
"""


class PurgeRuleMissing(StoreError):
    """A table does not say what a purge does with it, or says less than its columns ask for: nothing is purged."""

    def __init__(self, table: str) -> None:
        super().__init__(f"table {table} has no purge rule, or one that leaves a subject out")
        self.table = table


@dataclass(frozen=True, slots=True)
class PurgeRule:
    """What is done with one table: rows deleted where a column is the subject, columns emptied, or nothing at all.

    `emptied` are columns with those that are emptied along with them. A row that has the subject in a column of
    `forbidden` stops the purge.
    """

    table: str
    deleted_by: tuple[str, ...] = ()
    emptied: tuple[tuple[str, ...], ...] = ()
    forbidden: tuple[str, ...] = ()

    @property
    def columns(self) -> frozenset[str]:
        """Every column that the rule speaks of."""
        return frozenset((*self.deleted_by, *self.forbidden, *(column for group in self.emptied for column in group)))


def purge_rules(cursor: Cursor[Any]) -> list[PurgeRule]:
    """The rules of all tables of the schema, as they are at this moment. Raises PurgeRuleMissing."""
    rows = cursor.execute(_TABLES.encode(), prepare=True).fetchall()
    return [rule_of(table, comment, kind, tuple(sorted(columns))) for table, comment, kind, columns in rows]


@cache
def rule_of(table: str, comment: str, kind: str, uuids: tuple[str, ...]) -> PurgeRule:
    """The rule of one table, from its comment, held against its columns of type uuid. Raises PurgeRuleMissing."""
    said = _SAYS.search(comment)
    rule = _parsed(table, said[1]) if said and kind in {"r", "p"} else None
    if rule is None or not rule.columns >= set(_asked_for(uuids)) or ("student_id" in uuids and not _is_whole(rule)):
        raise PurgeRuleMissing(table)
    return rule


def _asked_for(uuids: Iterable[str]) -> list[str]:
    """The columns that hold a subject or a person."""
    return [column for column in uuids if column == SUBJECT or _PERSONS.search(column)]


def _is_whole(rule: PurgeRule) -> bool:
    return SUBJECT in rule.deleted_by


def _parsed(table: str, text: str) -> PurgeRule | None:
    deleted: list[str] = []
    emptied: list[tuple[str, ...]] = []
    forbidden: list[str] = []
    for clause in text.split("; "):
        if clause == "kept":
            continue
        if match := re.fullmatch(r"rows of (.+) are deleted", clause):
            deleted += (SUBJECT if who == _OF_SUBJECT else who for who in _WHOSE.findall(match[1]))
        elif match := re.fullmatch(r"rows of ([a-z_]+) forbid it", clause):
            forbidden.append(match[1])
        elif match := re.fullmatch(r"([a-z_]+) is emptied(?: with ([a-z_]+))?", clause):
            emptied.append(tuple(filter(None, match.groups())))
        else:
            return None
    return PurgeRule(table, tuple(deleted), tuple(emptied), tuple(forbidden))
