"""A ledger, and runners of projections over it."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.postgres_roles import Urls
from events.base import Actor
from projections.runner import Runner
from store.database import Pool, open_pool
from store.ledger import Ledger
from store.settings import StoreSettings
from tests.aggregates import given
from tests.store.making import known

PATH = "-c search_path=liggare"


@pytest.fixture
def ledger(databases: Urls, owner: psycopg.Connection, tmp_path: Path) -> Iterator[Ledger]:
    """A ledger that knows the people of the stories and holds no event."""
    settings = StoreSettings(databases.app, databases.keys, tmp_path / "keys" / "ring.json", pool_size=8)
    with Ledger(settings) as opened:
        people = (actor.person_id for actor in vars(given).values() if isinstance(actor, Actor))
        known(opened, owner, given.an_id("stranger"), *people)
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
