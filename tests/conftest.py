"""What every test may ask for: one PostgreSQL for the whole run, and databases of its own in it."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import structlog
from psycopg import sql

from app.postgres import EmbeddedPostgres
from app.postgres_place import PostgresUnavailable
from app.postgres_roles import DATABASES, Urls, create_database
from store.migrate import migrate
from tests.memory import folder_of_folders

pytest_plugins = ["tests.requirements_plugin"]
_HOME = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Choose the folder of the run's PostgreSQL; workers are told, and the first test that needs it starts it."""
    if hasattr(config, "workerinput"):
        config.stash[_HOME] = Path(config.workerinput["postgres_home"])
        return
    place, name = folder_of_folders(), f"liggare-tests-{os.getuid()}-"
    for left in place.glob(f"{name}*"):
        with suppress(OSError, PostgresUnavailable):  # another run may be removing it too
            EmbeddedPostgres(left).discard()
    config.stash[_HOME] = home = Path(tempfile.mkdtemp(prefix=name, dir=place))
    in_use = (home / "in-use.lock").open("w")
    fcntl.flock(in_use, fcntl.LOCK_SH)
    config.add_cleanup(EmbeddedPostgres(home).discard)
    config.add_cleanup(in_use.close)


class _TellWorkers:
    """Only where tests run in several processes."""

    def pytest_configure_node(self, node: Any) -> None:  # noqa: ANN401 - xdist has no types
        node.workerinput["postgres_home"] = str(node.config.stash[_HOME])


def pytest_plugin_registered(plugin: object, manager: pytest.PytestPluginManager) -> None:
    """Speak to xdist only when it is there."""
    if type(plugin).__name__ == "DSession":
        manager.register(_TellWorkers())


@pytest.fixture(autouse=True)
def _logs_as_new(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A command that a test runs in this process leaves no level and no logger behind for the tests after it."""
    configure = structlog.configure

    def without_cache(**given: Any) -> None:  # noqa: ANN401 - whatever structlog takes
        configure(**given | {"cache_logger_on_first_use": False})

    monkeypatch.setattr(structlog, "configure", without_cache)
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def cluster(pytestconfig: pytest.Config) -> Iterator[EmbeddedPostgres]:
    """The run's PostgreSQL, shared by all its processes, with migrated databases to copy from."""
    with EmbeddedPostgres(pytestconfig.stash[_HOME], durable=False) as server:
        with (server.home / "templates.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            _make_templates(server)
        yield server


def _make_templates(server: EmbeddedPostgres) -> None:
    main, keys = (f"{name}_template" for name in DATABASES)
    with server.connect() as connection:
        known = {row[0] for row in connection.execute("select datname from pg_database where datistemplate")}
        if main in known:
            return
        for name in (main, keys):
            connection.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(name)))
            create_database(connection, name)
        urls = server.urls(main, keys)
        migrate(urls.owner, urls.keys_owner)
        for name in (keys, main):
            connection.execute(sql.SQL("alter database {} is_template true").format(sql.Identifier(name)))


@pytest.fixture
def databases(cluster: EmbeddedPostgres) -> Iterator[Urls]:
    """A ledger's two databases, migrated and empty, for this test alone: a URL for each role."""
    main, keys = (f"{name}_template" for name in DATABASES)
    with _two_databases(cluster, main, keys) as urls:
        yield urls


@pytest.fixture
def empty_databases(cluster: EmbeddedPostgres) -> Iterator[Urls]:
    """Two databases without any schema, for tests of migrations."""
    with _two_databases(cluster, "template0", "template0") as urls:
        yield urls


@contextmanager
def _two_databases(server: EmbeddedPostgres, main: str, keys: str) -> Iterator[Urls]:
    unique = uuid4().hex
    copies = {f"test_{unique}": main, f"test_keys_{unique}": keys}
    with server.connect() as connection:
        for name, like in copies.items():
            create_database(connection, name, like)
    try:
        yield server.urls(*copies)
    finally:
        with server.connect() as connection:
            for name in copies:
                connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
