"""A ledger with its notary for each test that needs a database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4, uuid5

import psycopg
import pytest

from app.postgres_roles import Urls
from store.database import Pool, open_pool
from store.ledger import Ledger
from store.settings import StoreSettings
from tests.store.making import append
from transparency.checkpoints import Checkpoint, open_checkpoint
from transparency.notary import Notary
from transparency.notes import SigningKey
from transparency.publishing import Folder

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PATH = "-c search_path=liggare"


@dataclass
class Kept:
    """A ledger that a notary keeps, and ways to write in it and to reach behind its back."""

    ledger: Ledger
    pool: Pool
    notary: Notary
    folder: Folder
    key: SigningKey
    owner: psycopg.Connection[Any]

    def write(self, events: int = 1, subject: UUID | None = None) -> UUID:
        """Append events to a file of its own, in commands of at most a hundred; the stream."""
        person = subject or uuid4()
        for after in range(0, events, 100):
            self.ledger.append(append(person, after=after, count=min(100, events - after)))
        return uuid5(person, "student_file")

    def sign(self, now: datetime = NOW) -> Checkpoint | None:
        """Number what is new, sign, and give what was signed."""
        self.notary.advance()
        note = self.notary.sign(self.key, now, self.folder)
        return open_checkpoint(note, self.key.verifier).checkpoint if note else None

    def tamper(self, *statements: str) -> None:
        """Reach behind the ledger's back."""
        for statement in statements:
            self.owner.execute(statement.encode())

    def value(self, query: str) -> Any:  # noqa: ANN401 - whatever the query selects
        """The one value of a query."""
        row = self.owner.execute(query.encode()).fetchone()
        return row[0] if row else None


@pytest.fixture
def kept(databases: Urls, tmp_path: Path) -> Iterator[Kept]:
    """An empty ledger that a notary keeps."""
    settings = StoreSettings(databases.app, databases.keys, tmp_path / "keys" / "ring.json", pool_size=4)
    with (
        Ledger(settings) as ledger,
        open_pool(databases.app, schema="liggare", size=4, name="notary") as pool,
        psycopg.connect(databases.owner, autocommit=True, options=PATH) as owner,
    ):
        key = SigningKey.generate("test.example/ledger")
        yield Kept(ledger, pool, Notary(pool, "liggare"), Folder(tmp_path / "checkpoints"), key, owner)
