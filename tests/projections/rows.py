"""What stands in the tables of the read models, sealed columns opened."""

from collections.abc import Callable
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from projections import directory_places as places
from store.ledger import Ledger

Row = dict[str, Any]

_PLACES: dict[str, dict[str, Callable[[Row], bytes]]] = {
    "overview": {"sealed": lambda r: b"overview" + r["plan_id"].bytes},
    "notices": {"sealed": lambda r: b"notice" + r["notice_id"].bytes},
    "notice_sources": {"sealed": lambda r: b"notice source" + r["student_id"].bytes},
    "persons": {
        "sealed_name": lambda r: places.person_name(r["person_id"]),
        "sealed_contact": lambda r: places.person_contact(r["person_id"]),
        "sealed_email": lambda r: places.person_email(r["person_id"]),
        "sealed_description": lambda r: places.person_description(r["person_id"]),
    },
    "sign_in_identifiers": {},
    "protected_readers": {},
    "roster_identities": {"sealed": lambda r: places.roster_identity(r["person_id"], r["lookup"])},
    "picture_choices": {},
    "students": {"sealed_name": lambda r: places.student_name(r["student_id"])},
    "relations": {"sealed_subjects": lambda r: places.relation_subjects(r["student_id"], r["relation_id"])},
    "group_members": {},
    "file_retention": {},
    "disposal_runs": {},
    "schools": {"sealed_name": lambda r: places.school_name(r["school_id"])},
    "school_roles": {},
    "school_groups": {"sealed_name": lambda r: places.group_name(r["group_id"])},
    "templates": {"sealed": lambda r: places.template(r["template_id"], r["template_version"])},
    "planning_documents": {"sealed": lambda r: places.document(r["document_id"])},
}
TABLES = tuple(_PLACES)


def rows_of(owner: psycopg.Connection, ledger: Ledger, *tables: str) -> dict[str, list[Row]]:
    """The rows of these tables, or of all, in an order that depends only on what they say."""
    return {table: _opened(owner, ledger, table) for table in tables or TABLES}


def _opened(owner: psycopg.Connection, ledger: Ledger, table: str) -> list[Row]:
    with owner.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(sql.SQL("select * from {}").format(sql.Identifier(table))).fetchall()
    for row in rows:
        for column, place in _PLACES[table].items():
            if row[column] is not None:
                row[column] = ledger.open(row["subject_id"], row[column], place(row))
    return sorted(rows, key=repr)
