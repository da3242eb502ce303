"""Where both sides are measured: one embedded PostgreSQL with production settings, a database for each side."""

import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from app.databases import Reached, open_ledger
from app.postgres import EmbeddedPostgres
from app.postgres_roles import create_database
from app.settings import Settings
from store.ledger import Ledger
from store.migrate import migrate

_BUILD = Path(__file__).parent.parent / "build"


@contextmanager
def cluster() -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL of its own on the checkout's disk, durable as in production, removed afterwards.

    One that a killed bench left is removed too.
    """
    _BUILD.mkdir(exist_ok=True)
    for left in _BUILD.glob("bench-*"):
        EmbeddedPostgres(left).discard()
    server = EmbeddedPostgres(Path(tempfile.mkdtemp(prefix="bench-", dir=_BUILD)))
    try:
        with server:
            yield server
    finally:
        server.discard()


@dataclass(frozen=True)
class Ours:
    """An installation of ours: its settings, its databases, and what its processes are started with."""

    settings: Settings
    reached: Reached

    @property
    def environment(self) -> dict[str, str]:
        """What `make run` gives to the processes it starts."""
        places = {"LIGGARE_HOME": str(self.settings.home), "LIGGARE_RUN": str(self.reached.run)}
        return self.reached.urls.environment() | places | {"PORT": str(self.settings.port)}

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        """The ledger, as the application opens it."""
        with open_ledger(self.settings, self.reached.urls) as ledger:
            yield ledger


@contextmanager
def ours(server: EmbeddedPostgres) -> Iterator[Ours]:
    """An installation with two databases, migrated and empty; dropped afterwards."""
    with (
        _databases(server, "ours", "ours_keys") as names,
        tempfile.TemporaryDirectory(prefix="liggare-bench-") as run,
    ):
        urls = server.urls(*names)
        migrate(urls.owner, urls.keys_owner)
        given: dict[str, Any] = {"home": server.home / names[0], "PORT": free_port()}
        settings = Settings(**given)
        yield Ours(settings, Reached(urls, Path(run)))


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def peer_database(server: EmbeddedPostgres) -> Iterator[str]:
    """The URL of an empty database for the other side; dropped afterwards."""
    with _databases(server, "peer") as names:
        yield server.urls(names[0]).owner


def library_settings(url: str) -> dict[str, str]:
    """The library's own names for how its PostgreSQL module reaches a database; all else is its default."""
    parts: dict[str, Any] = conninfo_to_dict(url)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": parts["dbname"],
        "POSTGRES_HOST": parts["host"],
        "POSTGRES_PORT": parts["port"],
        "POSTGRES_USER": parts["user"],
        "POSTGRES_PASSWORD": parts["password"],
    }


def one_value(url: str, query: str) -> Any:  # noqa: ANN401 - whatever the query selects
    """The one value that a query selects."""
    with psycopg.connect(url, autocommit=True, options="-c search_path=liggare,public") as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


@contextmanager
def _databases(server: EmbeddedPostgres, *kinds: str) -> Iterator[list[str]]:
    names = [f"bench_{kind}_{uuid4().hex[:12]}" for kind in kinds]
    with server.connect() as connection:
        for name in names:
            create_database(connection, name)
    try:
        yield names
    finally:
        with server.connect() as connection:
            for name in names:
                connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
