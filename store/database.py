"""Connections to PostgreSQL: pools whose connections know their schema, and one error for a database that is away."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from store.errors import StoreUnavailable, SubjectErased

Pool = ConnectionPool[Connection[TupleRow]]

ATTEMPTS = 5
"""How often what is safe to repeat is tried when connections are lost."""
_CONNECT_SECONDS = 10.0
_OPTIONS = "-c TimeZone=UTC -c statement_timeout=60s -c lock_timeout=30s -c idle_in_transaction_session_timeout=60s"


_BY_INDEX = "-c enable_seqscan=off -c enable_bitmapscan=off -c enable_sort=off -c plan_cache_mode=force_generic_plan"


def open_pool(url: str, *, schema: str, size: int, name: str, by_index: bool = False) -> Pool:
    """A pool of autocommit connections that find unqualified names in this schema.

    `by_index` is for statements that each have their index: a plan made while the tables are small, and kept for as
    long as the connection lives, then uses it too. Raises nothing when the database is away: the first use does.
    """
    given = conninfo_to_dict(url).get("options") or ""
    settings: dict[str, Any] = {
        "autocommit": True,
        "options": f"{_OPTIONS} {_BY_INDEX if by_index else ''} -c search_path={schema},pg_temp {given}".strip(),
        "application_name": f"liggare {name}",
    }
    return ConnectionPool(
        url, kwargs=settings, min_size=1, max_size=size, open=True, name=name, timeout=_CONNECT_SECONDS, num_workers=2
    )


@contextmanager
def connection(pool: Pool) -> Iterator[Connection[TupleRow]]:
    """A connection of the pool. Raises StoreUnavailable when the database is away or goes away.

    Where one connection was lost the others probably are: all that wait in the pool are looked at before the next use.
    """
    borrowed: Connection[TupleRow] | None = None
    try:
        borrowed = pool.getconn()
        yield borrowed
    except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout, PoolClosed) as error:
        if error.__class__ in _NOT_AWAY:
            raise
        if borrowed is not None and borrowed.closed and not pool.closed:
            pool.check()
        msg = "the database does not answer"
        raise StoreUnavailable(msg) from error
    finally:
        if borrowed is not None:
            pool.putconn(borrowed)


@contextmanager
def held(subject_id: UUID) -> Iterator[None]:
    """Raise SubjectErased where what is inserted is about somebody whom a purge took away a moment ago.

    What is inserted beside the ledger refers to `subjects`: the database lets nothing in behind a purge.
    """
    try:
        yield
    except psycopg.errors.ForeignKeyViolation:
        raise SubjectErased(subject_id) from None


def fetch(pool: Pool, query: str, parameters: Sequence[Any]) -> list[Any]:
    """The rows of a query, in binary form; asked again where a connection was lost. Raises StoreUnavailable."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with connection(pool) as conn, conn.cursor(binary=True) as cursor:
                return cursor.execute(query.encode(), parameters, prepare=True).fetchall()
        except StoreUnavailable as error:
            if attempt == ATTEMPTS or not is_worth_another_try(error):
                raise
    raise StoreUnavailable  # pragma: no cover - the last attempt returns or raises


def is_worth_another_try(error: StoreUnavailable) -> bool:
    """Whether a connection was there and was lost: another may be better. Waiting in vain once is enough."""
    return not isinstance(error.__cause__, _IN_VAIN)


_NOT_AWAY = (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected)
_IN_VAIN = (PoolTimeout, PoolClosed, psycopg.errors.QueryCanceled, psycopg.errors.LockNotAvailable)
