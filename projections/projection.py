"""What a projection is: which events it folds, into which rows, in one transaction a batch."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from psycopg import Cursor

from events.base import Event
from projections.reading import Batch
from projections.statements import Statements
from store.errors import SubjectErased
from store.ledger import Ledger

_BLOCK = 64


@dataclass
class Memory:
    """What a projection remembers of one feed between batches, so that it need not read its own rows again.

    `states` are kept by the number of the stream's id. They are true as long as the checkpoint is where they were left;
    the runner empties them otherwise.
    """

    states: dict[int, Any] = field(default_factory=dict)

    def keep(self, count: int) -> None:
        """Forget the states that were remembered first, until so many are left."""
        for key in list(self.states)[: max(0, len(self.states) - count)]:
            del self.states[key]


@dataclass(frozen=True)
class Target:
    """Where a batch is written: one transaction, one generation of the tables, sealed with the ledger's keys."""

    cursor: Cursor[Any]
    generation: str
    ledger: Ledger

    def fetch(self, statements: Statements, name: str, *parameters: object) -> list[Any]:
        """The rows of a named statement."""
        statement = statements.named(name, self.generation)
        return self.cursor.execute(statement, parameters, prepare=True).fetchall()

    def run(self, statements: Statements, name: str, *parameters: object) -> None:
        """Carry out a named statement that answers no rows."""
        self.cursor.execute(statements.named(name, self.generation), parameters, prepare=True)

    def write(self, statements: Statements, name: str, rows: Sequence[Sequence[Any]]) -> None:
        """Carry out a named statement once for all rows; it takes one array for each column."""
        if rows:
            columns = [list(column) for column in zip(*rows, strict=True)]
            self.cursor.execute(statements.named(name, self.generation), columns, prepare=True)

    def seal(self, subject_id: UUID, plaintext: bytes, place: bytes) -> bytes:
        """Seal a text under its subject's key for the place where it will stand."""
        return self.ledger.seal(subject_id, plaintext, place)

    def open(self, subject_id: UUID, sealed: bytes, place: bytes) -> bytes | None:
        """Open what was sealed for this place; None where the subject is erased, whose rows only wait to be deleted."""
        try:
            return self.ledger.open(subject_id, sealed, place)
        except SubjectErased:
            return None


class Projection(ABC):
    """One read model. `name` is its name in checkpoints and commands; `kinds` are the events that it folds.

    Rows and checkpoint are written in one transaction, so `fold` may count on seeing each event once, in feed order.
    """

    name: ClassVar[str]
    kinds: ClassVar[frozenset[str]]

    @abstractmethod
    def fold(self, target: Target, memory: Memory, batch: Batch) -> None:
        """Fold all events of the batch into rows: few statements, however many events."""


def padded(text: bytes) -> bytes:
    """JSON filled up with spaces: how long the sealed text of a code is would tell which one it is (SV or SVA)."""
    return text + b" " * (-len(text) % _BLOCK)


def kinds_of(*classes: type[Event]) -> frozenset[str]:
    """The permanent codes of these event classes."""
    return frozenset(event_class.code for event_class in classes)
