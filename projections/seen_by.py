"""For whom a query of the read models is made: the second wall behind the decision on access (row-level security)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from projections.statements import Statements
from store.database import Pool, connection

SETTINGS = ("liggare.reader", "liggare.on", "liggare.school", "liggare.part")
"""What the database asks of each query, for its own transaction alone; a query that sets none of them finds nothing."""

_SET = " || ".join(f"set_config('{name}', %t, true)" for name in SETTINGS)


@dataclass(frozen=True, slots=True)
class SeenBy:
    """A person or program for whom a query is made, on a day where the schools are; `school_id` is a program's one."""

    person_id: UUID
    on: date
    school_id: UUID | None = None

    @property
    def settings(self) -> tuple[str, ...]:
        """The values of SETTINGS."""
        return str(self.person_id), self.on.isoformat(), str(self.school_id or ""), ""


class _System:
    """What folds, imports or decides, and sees every row: it answers to nobody outside."""

    settings = ("", "", "", "system")


SYSTEM = _System()
Eyes = SeenBy | _System


def as_seen_by(statement: bytes) -> bytes:
    """The query, with the settings as its last parameters.

    They are a condition that names no column: it is asked once, before the first row is looked for.
    """
    return b"select q.* from (" + statement + b") as q where (select " + _SET.encode() + b") is not null"


class Queries:
    """The named queries of one read model, each one round trip, made for whom they say. Raises StoreUnavailable."""

    def __init__(self, pool: Pool, statements: Statements) -> None:
        self._pool = pool
        self._statements = statements
        self._seen: dict[str, bytes] = {}

    def fetch(self, eyes: Eyes, name: str, *parameters: object) -> list[Any]:
        """The rows that whoever it is made for may see."""
        statement = self._seen.get(name)
        if statement is None:
            statement = self._seen[name] = as_seen_by(self._statements.named(name))
        return self.run(statement, (*parameters, *eyes.settings))

    def run(self, statement: bytes, parameters: Sequence[object]) -> list[Any]:
        """The rows of a statement that says itself for whom it is made."""
        with connection(self._pool) as conn, conn.cursor(binary=True) as cursor:
            return cursor.execute(statement, parameters, prepare=True).fetchall()
