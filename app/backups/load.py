"""Puts a dump into a database, in the place of the tenant's schema: whole, or not at all."""

import shutil
import subprocess
from pathlib import Path
from typing import IO

from psycopg import sql

from app.backups.tools import Tools, connecting, environment, failure
from app.errors import NotAble

LOCK_SECONDS = 10
_PSQL = ("--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--file=-")
_BLOCK = 1 << 20


def load(tools: Tools, dump: Path, url: str, *, schema: str, then: str = "") -> None:
    """Replace the schema by what the dump holds, and run `then` in it, in one transaction. Raises NotAble.

    Without the word that ends it, which is said when all was read, the transaction is undone: whatever stops this.
    """
    name = sql.Identifier(schema).as_string()
    before = f"begin;\nset lock_timeout = '{LOCK_SECONDS}s';\ndrop schema if exists {name} cascade;\n"
    after = f"\nset search_path = {name};\n{then}\ncommit;\n"
    with subprocess.Popen(  # noqa: S603 - our own command
        [*tools.command("psql", *_PSQL), *connecting(url)],
        env=environment(url),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as psql:
        try:
            told = _feed(tools, dump, psql.stdin, before, after)
        except BaseException:
            psql.kill()
            raise
        _, complaint = psql.communicate()
        if psql.returncode or not told:
            raise NotAble(failure("psql", psql.returncode or 1, complaint))


def _feed(tools: Tools, dump: Path, into: IO[bytes] | None, before: str, after: str) -> bool:
    """Write the statements of the dump between these; whether they were all taken."""
    if into is None:  # pragma: no cover - it is a pipe
        return False
    command = tools.command("pg_restore", "--file=-", "--no-owner", dump)
    with subprocess.Popen(  # noqa: S603 - our own command
        command, env=environment(None), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as reading:
        try:
            into.write(before.encode())
            if reading.stdout is not None:
                shutil.copyfileobj(reading.stdout, into, _BLOCK)
            complaint = reading.stderr.read() if reading.stderr is not None else b""
            if reading.wait():
                raise NotAble(failure("pg_restore", reading.returncode, complaint))
            into.write(after.encode())
            into.flush()
        except BrokenPipeError:  # psql has refused something, and says what
            reading.kill()
            return False
    return True
