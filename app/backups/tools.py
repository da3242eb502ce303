"""PostgreSQL's own programs, run with a password that no command line shows and answers that quote no row."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from app.databases import Reached
from app.errors import NotAble
from app.postgres_place import candidates

_SAID = re.compile(r"(?:error|ERROR|FATAL|PANIC):\s+(.*)")
_LONGEST = 300
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)\S*")
_PER_MAJOR = 10_000


@dataclass(frozen=True)
class Tools:
    """The programs of one folder, no older than the server that they speak to."""

    folder: Path

    @property
    def version(self) -> str:
        """What `pg_dump` calls itself."""
        return _said_version(self.folder)

    def command(self, program: str, *arguments: str | Path) -> list[str]:
        """The command line of a program."""
        return [str(self.folder / program), *map(str, arguments)]

    def run(self, program: str, *arguments: str | Path, url: str | None = None, stdin: IO[Any] | None = None) -> None:
        """Run a program to its end. Raises NotAble with the error that it gives first."""
        done = subprocess.run(  # noqa: S603 - the commands are made here, from no input
            [*self.command(program, *arguments), *connecting(url)],
            env=environment(url),
            stdin=stdin or subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
            umask=0o077,
        )
        if done.returncode:
            raise NotAble(failure(program, done.returncode, done.stderr))


def find_tools(reached: Reached) -> Tools:
    """The programs for these databases: the embedded server's own, else those on PATH. Raises NotAble."""
    if reached.server is not None:
        return Tools(reached.server.place.binaries)
    wanted = _server_version(reached.urls.owner)
    on_path = shutil.which("pg_dump")
    folders = [Path(on_path).parent] if on_path else []
    for folder in (*folders, *candidates()):
        version = _VERSION.search(_said_version(folder))
        if version is not None and int(version[1]) >= wanted:
            return Tools(folder)
    msg = f"There is no pg_dump here that is as new as the server. Install PostgreSQL's programs, {wanted} or later."
    raise NotAble(msg)


def connecting(url: str | None) -> Sequence[str]:
    """How a program is told where to connect, without the password."""
    if url is None:
        return ()
    known: dict[str, Any] = {name: value for name, value in conninfo_to_dict(url).items() if name != "password"}
    return (f"--dbname={make_conninfo(**known)}",)


def environment(url: str | None) -> dict[str, str]:
    """The environment of a program: the password, and no setting of PostgreSQL's that somebody left in ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LIGGARE_"))}
    password = conninfo_to_dict(url).get("password") if url is not None else None
    return kept | {"LC_ALL": "C", "TZ": "UTC"} | ({"PGPASSWORD": str(password)} if password else {})


def failure(program: str, code: int, stderr: bytes) -> str:
    """What to tell of a program that failed: the first error it gave, and never what it quoted of a row."""
    said = _SAID.search(stderr.decode("utf-8", "replace"))
    why = said[1][:_LONGEST] if said else f"it was ended by signal {-code}" if code < 0 else f"exit code {code}"
    return f"{program} failed: {why}"


def _server_version(url: str) -> int:
    try:
        with psycopg.connect(url, connect_timeout=20) as connection:
            return connection.info.server_version // _PER_MAJOR
    except psycopg.OperationalError:
        msg = "The database does not answer."
        raise NotAble(msg) from None


def _said_version(folder: Path) -> str:
    try:
        answer = subprocess.run([folder / "pg_dump", "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    except OSError:
        return ""
    return answer.stdout.strip()
