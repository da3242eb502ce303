"""A ledger with pupils, everybody around them, and a run that is approved and begun."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.postgres_roles import Urls
from store.settings import StoreSettings
from tests.retention.purging import World, open_world


@pytest.fixture
def settings(databases: Urls, tmp_path: Path) -> StoreSettings:
    """The settings of the test's ledger."""
    return StoreSettings(databases.app, databases.keys, tmp_path / "keys" / "ring.json", pool_size=8)


@pytest.fixture
def world(databases: Urls, settings: StoreSettings, tmp_path: Path) -> Iterator[World]:
    """An empty ledger with its notary, its register and a purger."""
    with open_world(databases, settings, tmp_path) as opened:
        yield opened
