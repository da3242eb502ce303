"""A ledger, and runners of projections over it."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.postgres_roles import Urls
from projections.runner import Runner
from store.database import Pool, open_pool
from store.ledger import Ledger
from store.settings import StoreSettings

PATH = "-c search_path=liggare"


@pytest.fixture
def ledger(databases: Urls, tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger."""
    settings = StoreSettings(databases.app, databases.keys, tmp_path / "keys" / "ring.json", pool_size=8)
    with Ledger(settings) as opened:
        yield opened


@pytest.fixture
def pool(ledger: Ledger) -> Iterator[Pool]:
    """Connections of the application's role."""
    opened = open_pool(ledger.settings.app_url, schema="liggare", size=8, name="projections")
    yield opened
    opened.close()


@pytest.fixture
def runner(pool: Pool, ledger: Ledger) -> Runner:
    """A runner of the live read models."""
    return Runner(pool, ledger)


@pytest.fixture
def owner(databases: Urls) -> Iterator[psycopg.Connection]:
    """A connection of the schema's owner."""
    with psycopg.connect(databases.owner, autocommit=True, options=PATH) as connection:
        yield connection


@pytest.fixture
def keys_owner(databases: Urls) -> Iterator[psycopg.Connection]:
    """The same in the database of keys."""
    with psycopg.connect(databases.keys_owner, autocommit=True, options=PATH) as connection:
        yield connection
