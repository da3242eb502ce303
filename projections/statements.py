"""The SQL that stands in the .sql file beside each read model, one named statement at a time."""

import re
from functools import cache
from pathlib import Path

from psycopg import sql

_NAMED = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)
_TABLE = re.compile(r"\{(\w+)\}")

LIVE = ""
NEXT = "__next"
"""What the tables and checkpoints of a generation end in: the live one, and the one that a rebuild fills."""


class Statements:
    """The named statements of one file. `{overview}` in a statement is that table of the generation asked for."""

    def __init__(self, path: Path) -> None:
        parts = _NAMED.split(path.read_text("utf-8"))
        self._texts = {name: text.strip().rstrip(";") for name, text in zip(parts[1::2], parts[2::2], strict=True)}
        self.named = cache(self._named)

    def _named(self, name: str, generation: str = LIVE) -> bytes:
        """The statement with this name, for the tables of one generation."""

        def table(match: re.Match[str]) -> str:
            return sql.Identifier(match[1] + generation).as_string()

        return _TABLE.sub(table, self._texts[name]).encode()


def statements_beside(module_file: str) -> Statements:
    """The statements of the .sql file that has the module's name."""
    return Statements(Path(module_file).with_suffix(".sql"))
