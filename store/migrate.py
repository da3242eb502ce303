"""Brings both databases to the schema of this version: numbered files, applied once, never changed afterwards."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import Connection, sql
from psycopg.rows import tuple_row

from store.errors import MigrationChanged, MigrationError

_HERE = Path(__file__).parent
_MAIN = _HERE / "migrations"
_KEYS = _HERE / "migrations" / "keys"
_LOCK_TIMEOUT = "10s"
_STATEMENT_TIMEOUT = "5min"

_VERSIONS = """
create table if not exists schema_migrations (
    name text primary key,
    checksum bytea not null,
    applied_at timestamptz not null default now()
)
"""
_VERSIONS_COMMENT = """
comment on table schema_migrations is
'Which migration files were applied, with their SHA-256. Holds nothing of a subject; purge: kept.'
"""

_PIECE = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"[^\"]*\"|(\$\w*\$).*?\1|;|[^-/'\"$;]+|.", re.DOTALL)


@dataclass(frozen=True)
class Migration:
    """One numbered file."""

    name: str
    text: str

    @property
    def checksum(self) -> bytes:
        """SHA-256 of the file."""
        return hashlib.sha256(self.text.encode()).digest()


def statements(text: str) -> Iterator[str]:
    """The statements of an SQL file, one by one, without their semicolons and comments between them."""
    parts: list[str] = []
    for piece in (match.group() for match in _PIECE.finditer(text)):
        if piece == ";":
            yield "".join(parts).strip()
            parts.clear()
        elif not piece.startswith(("--", "/*")):
            parts.append(piece)
    if rest := "".join(parts).strip():
        yield rest


def migrations(folder: Path) -> list[Migration]:
    """The numbered files of a folder, in order."""
    return [Migration(path.name, path.read_text("utf-8")) for path in sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.sql"))]


def migrate(owner_url: str, keys_owner_url: str, *, schema: str = "liggare") -> list[str]:
    """Apply what is missing to the ledger's database and to the keys' database; answer the names of the files applied.

    Each file is one transaction; a second migrator waits for the first and then finds nothing to do. Privileges are set
    again each time. Raises MigrationChanged when an applied file is not what it was, MigrationError when a statement
    fails.
    """
    applied = _bring_up(owner_url, schema, _MAIN, _HERE / "privileges.sql")
    applied += [f"keys/{name}" for name in _bring_up(keys_owner_url, schema, _KEYS, _KEYS / "privileges.sql")]
    return applied


def _bring_up(url: str, schema: str, folder: Path, privileges: Path) -> list[str]:
    try:
        with psycopg.connect(url, row_factory=tuple_row) as connection:
            _prepare(connection, schema)
            wanted = migrations(folder)
            applied = [migration.name for migration in wanted if _apply(connection, migration)]
            _refuse_unknown(connection, wanted)
            with connection.transaction():
                _lock(connection)
                for statement in statements(privileges.read_text("utf-8")):
                    _execute(connection, statement.replace("{schema}", sql.Identifier(schema).as_string()))
    except psycopg.Error as error:
        msg = f"the database refused a migration of {folder.name} with SQLSTATE {error.sqlstate}"
        raise MigrationError(msg) from error
    return applied


def _prepare(connection: Connection[tuple[object, ...]], schema: str) -> None:
    name = sql.Identifier(schema)
    for setting, value in (("lock_timeout", _LOCK_TIMEOUT), ("statement_timeout", _STATEMENT_TIMEOUT)):
        connection.execute("select set_config(%s, %s, false)", (setting, value))
    connection.execute(sql.SQL("set search_path to {}, pg_temp").format(name))
    connection.commit()
    for statement in (sql.SQL("create schema if not exists {}").format(name), sql.SQL(_VERSIONS)):
        try:
            connection.execute(statement)
        except (psycopg.errors.UniqueViolation, psycopg.errors.DuplicateObject):  # made by somebody else meanwhile
            connection.rollback()
        connection.commit()
    with connection.transaction():
        _lock(connection)  # two comments on one table at the same moment would end in an internal error
        connection.execute(_VERSIONS_COMMENT)


def _lock(connection: Connection[tuple[object, ...]]) -> None:
    connection.execute("lock table schema_migrations in exclusive mode")


def _apply(connection: Connection[tuple[object, ...]], migration: Migration) -> bool:
    with connection.transaction():
        _lock(connection)
        row = connection.execute("select checksum from schema_migrations where name = %s", (migration.name,)).fetchone()
        if row is not None:
            if row[0] != migration.checksum:
                raise MigrationChanged(migration.name)
            return False
        for statement in statements(migration.text):
            _execute(connection, statement)
        connection.execute(
            "insert into schema_migrations (name, checksum) values (%s, %s)", (migration.name, migration.checksum)
        )
        return True


def _refuse_unknown(connection: Connection[tuple[object, ...]], wanted: list[Migration]) -> None:
    names = {migration.name for migration in wanted}
    for (name,) in connection.execute("select name from schema_migrations order by name").fetchall():
        if name not in names:
            raise MigrationChanged(str(name))
    connection.commit()


def _execute(connection: Connection[tuple[object, ...]], statement: str) -> None:
    connection.execute(statement.encode())
