"""The roles and databases of a ledger: who owns what, how each is reached, and their passwords."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg import Connection, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from app.postgres_place import PostgresUnavailable

SUPERUSER = "postgres"
OWNER = "liggare_owner"
ROLES = (OWNER, "liggare_app", "liggare_purge", "liggare_read")
DATABASES = {"liggare": ROLES, "liggare_keys": ROLES[:3]}
"""Each database and the roles that may connect to it."""


@dataclass(frozen=True)
class Urls:
    """One connection URL for each role, and `keys`: the application's role at the database of keys.

    They hold passwords: never log or print one.
    """

    owner: str
    app: str
    purge: str
    read: str
    keys: str

    def __repr__(self) -> str:
        return "Urls(…)"

    @property
    def keys_owner(self) -> str:
        """The owner at the database of keys, for migrations."""
        return self._keys_as(self.owner)

    @property
    def keys_purge(self) -> str:
        """The purge role at the database of keys."""
        return self._keys_as(self.purge)

    def environment(self) -> dict[str, str]:
        """The settings by which another process reaches the same databases."""
        return {f"LIGGARE_{name.upper()}_URL": url for name, url in vars(self).items()}

    def _keys_as(self, url: str) -> str:
        who = conninfo_to_dict(url)
        return make_conninfo(self.keys, **{name: who[name] for name in ("user", "password") if name in who})


def create_database(connection: Connection[Any], name: str, like: str = "template0") -> None:
    """A database of the owner's: empty, or a copy of the one called `like`."""
    statement = sql.SQL("create database {} owner {} template {}")
    connection.execute(statement.format(*map(sql.Identifier, (name, OWNER, like))))


def ensure_databases(connection: Connection[Any], passwords: Mapping[str, str]) -> None:
    """Make the roles and databases that are missing, and close each database to all but its own roles."""
    roles = {row[0] for row in connection.execute("select rolname from pg_roles")}
    for role in ROLES:
        if role not in roles:
            _create_role(connection, role, passwords[role])
    existing = {row[0] for row in connection.execute("select datname from pg_database")}
    for name, visitors in DATABASES.items():
        if name not in existing:
            create_database(connection, name)
        connection.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(name)))
        for role in visitors:
            statement = sql.SQL("grant connect on database {} to {}")
            connection.execute(statement.format(*map(sql.Identifier, (name, role))))


def _create_role(connection: Connection[Any], role: str, password: str) -> None:
    """Sends the password as scram keeps it, so that not even the statement holds it."""
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    statement = sql.SQL("create role {} login password {}")
    connection.execute(statement.format(sql.Identifier(role), sql.Literal(verifier)))


def read_passwords(home: Path, *, has_data: bool) -> dict[str, str]:
    """The password of each role, made at the first start; a file that is lost or open to others is refused."""
    path = home / "secrets.json"
    if not path.exists():
        if has_data:
            msg = f"{path} is missing, and without it nobody can open the data. Put it back from the backup."
            raise PostgresUnavailable(msg)
        write_private(path, json.dumps({role: secrets.token_urlsafe(32) for role in (SUPERUSER, *ROLES)}, indent=1))
    if path.stat().st_mode & 0o077:
        msg = f"{path} is open to other users, who may have read the passwords. Close it with: chmod 600 {path}"
        raise PostgresUnavailable(msg)
    try:
        kept: Mapping[str, str] = json.loads(path.read_text(encoding="utf-8"))
        return {role: kept[role] for role in (SUPERUSER, *ROLES)}
    except (ValueError, KeyError, TypeError):
        msg = f"{path} is damaged. Put it back from the backup."
        raise PostgresUnavailable(msg) from None


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
