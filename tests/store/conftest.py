"""A ledger of its own for each test of the store."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.postgres_roles import Urls
from store.ledger import Ledger
from store.settings import StoreSettings

PATH = "-c search_path=liggare"


@pytest.fixture
def settings(databases: Urls, tmp_path: Path) -> StoreSettings:
    """The settings of the test's ledger."""
    return StoreSettings(databases.app, databases.keys, tmp_path / "keys" / "ring.json", pool_size=8)


@pytest.fixture
def ledger(settings: StoreSettings) -> Iterator[Ledger]:
    """An empty ledger."""
    with Ledger(settings) as opened:
        yield opened


@pytest.fixture
def owner(databases: Urls) -> Iterator[psycopg.Connection]:
    """A connection of the schema's owner: the one who could reach behind the ledger's back."""
    with psycopg.connect(databases.owner, autocommit=True, options=PATH) as connection:
        yield connection


@pytest.fixture
def keys_owner(databases: Urls) -> Iterator[psycopg.Connection]:
    """The same in the database of keys."""
    with psycopg.connect(databases.keys_owner, autocommit=True, options=PATH) as connection:
        yield connection
