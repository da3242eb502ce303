"""For whom a query is made: the second wall behind the decision on access (row-level security)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

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
