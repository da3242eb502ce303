"""Connections to PostgreSQL: pools whose every connection knows its schema, and one name for a database that is away."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from store.errors import StoreUnavailable

_CONNECT_SECONDS = 10.0


def open_pool(url: str, *, schema: str, size: int, name: str) -> ConnectionPool[Connection[TupleRow]]:
    """A pool of autocommit connections that find unqualified names in this schema.

    Raises nothing when the database is away: the first use does.
    """
    options = f"{conninfo_to_dict(url).get('options', '')} -c search_path={schema},pg_temp -c TimeZone=UTC".strip()
    settings: dict[str, Any] = {"autocommit": True, "options": options, "application_name": f"liggare {name}"}
    return ConnectionPool(
        url, kwargs=settings, min_size=1, max_size=size, open=True, name=name, timeout=_CONNECT_SECONDS, num_workers=2
    )


@contextmanager
def connection(pool: ConnectionPool[Connection[TupleRow]]) -> Iterator[Connection[TupleRow]]:
    """A connection of the pool. Raises StoreUnavailable when the database is away or goes away."""
    try:
        with pool.connection() as borrowed:
            yield borrowed
    except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout, PoolClosed) as error:
        msg = "the database does not answer"
        raise StoreUnavailable(msg) from error
