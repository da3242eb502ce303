"""The named queries of the read models, each made for somebody: behind the decision stands a second wall."""

from collections.abc import Sequence
from typing import Any

from projections.statements import Statements
from store.database import Pool, connection
from store.readers import SETTINGS, SYSTEM, Eyes, SeenBy, as_seen_by


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


__all__ = ["SETTINGS", "SYSTEM", "Eyes", "Queries", "SeenBy", "as_seen_by"]
