"""The embedded PostgreSQL: made at the first start, found again at the next, stopped by the last that uses it."""

import contextlib
import fcntl
import os
import secrets
import shlex
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self
from urllib.parse import quote

import psycopg
import structlog

from app.postgres_place import Place, PostgresUnavailable, find_place
from app.postgres_roles import ROLES, SUPERUSER, Urls, ensure_databases, read_passwords, write_private

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # No statement, value or row ever reaches the log: nothing below LOG, and of that only the first line.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_temp_files": "-1",
    # A receiver of the write-ahead log that went away costs so much disk, and then its place in the log.
    "max_slot_wal_keep_size": "4GB",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
"""For tests only: a cluster that is thrown away need not survive a power cut."""
INITDB = ("--encoding=UTF8", "--locale=C", "--auth=scram-sha-256", "--data-checksums", "--no-instructions")
RETRY_SECONDS = 45
"""How long a start that fails at once is tried again."""
RECOVERY_SECONDS = 900
"""How long a start may take: after a crash the server first reads what was not yet in its tables."""
STOP_SECONDS = 30
LARGEST_LOG = 10_000_000
BEFORE = "postgres.before"
"""The data that were there before a restore, until that is done."""

log = structlog.get_logger()


class EmbeddedPostgres:
    """A PostgreSQL of our own on a unix socket in `home`, shared by all who start it from there.

    Whoever comes first starts it, whoever leaves last stops it; one that was left running by a killed process is taken
    over. `durable=False` is for tests. `state` is where a folder is made when `home` cannot hold the data.
    Raises PostgresUnavailable.
    """

    def __init__(self, home: Path, *, durable: bool = True, state: Path | None = None) -> None:
        self.home = home.resolve()
        self._settings = SETTINGS if durable else SETTINGS | FORGETFUL
        self._initdb = INITDB if durable else (*INITDB, "--no-sync")
        self._state = state
        self._use: IO[str] | None = None
        self._place: Place | None = None
        self._passwords: dict[str, str] = {}

    @property
    def place(self) -> Place:
        """Where the data, the socket and the log are. Only after start."""
        if self._place is None:
            msg = "the place is known only after start"
            raise RuntimeError(msg)
        return self._place

    def start(self) -> Urls:
        """Make, take over or share the server, and answer how to reach it; returns when it takes connections."""
        _make_home(self.home)
        with _locked(self.home / "start.lock"):
            place = self._place = find_place(self.home, self._state)
            place.identity.folder(place.run)
            self._passwords = read_passwords(self.home, has_data=place.data.exists())
            self._use = self._use or _open_lock(self.home / "in-use.lock")
            fcntl.flock(self._use, fcntl.LOCK_SH)
            try:
                if not self.alive():
                    self._make_data(place)
                    self._launch(place)
                with self.connect() as connection:
                    ensure_databases(connection, self._passwords)
            except BaseException:
                self._leave(place)
                raise
        return self.urls()

    def alive(self) -> bool:
        """Whether this very server answers; no pid is believed. Raises PostgresUnavailable when it is not ours."""
        try:
            with self.connect() as connection:
                data = connection.execute("show data_directory").fetchone()
        except psycopg.OperationalError as problem:
            if "password authentication failed" in str(problem):
                msg = (
                    f"{self.home / 'secrets.json'} does not fit the data in {self.place.data}. Put the right one back."
                )
                raise PostgresUnavailable(msg) from None
            return False
        return data is not None and Path(data[0]) == self.place.data

    def stop(self) -> None:
        """Leave the server, and stop it if nobody else uses it."""
        if self._use is not None:
            with _locked(self.home / "start.lock"):
                self._leave(self.place)

    def discard(self) -> None:
        """Unless somebody uses it: stop the server and remove the data folder with everything in it. For tests."""
        with _locked(self.home / "start.lock"), _open_lock(self.home / "in-use.lock") as use:
            try:
                fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            place = find_place(self.home, self._state)
            _stop(place)
            for folder in {place.folder, self.home}:
                shutil.rmtree(folder)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[Any, ...]]:
        """A connection as the superuser, for what no other role may do; autocommit."""
        return psycopg.connect(self._url(SUPERUSER, database), autocommit=True, connect_timeout=20)

    def urls(self, main: str = "liggare", keys: str = "liggare_keys") -> Urls:
        """How each role reaches these two databases."""
        owner, app, purge, read = (self._url(role, main) for role in ROLES)
        return Urls(owner, app, purge, read, keys=self._url("liggare_app", keys))

    def has_data(self) -> bool:
        """Whether there are data to start with."""
        _make_home(self.home)
        return find_place(self.home, self._state).data.exists()

    def replication_url(self) -> str:
        """How to reach the whole server, for a copy of it and of its write-ahead log."""
        return self._url(SUPERUSER, "postgres")

    @contextlib.contextmanager
    def other_data(self, fill: Callable[[Path], None]) -> Iterator[Place]:
        """Let what `fill` puts into a new folder take the place of the data; only while nobody uses the server.

        Where what is done with it fails, what was there comes back; else it is removed. Raises PostgresUnavailable.
        """
        _make_home(self.home)
        with _locked(self.home / "start.lock"), _unused(self.home):
            place = find_place(self.home, self._state)
            before = place.folder / BEFORE
            _stop(place)
            unfinished = place.identity.folder(place.folder / f"postgres.{secrets.token_hex(4)}.new")
            try:
                fill(unfinished)
                for path in unfinished.rglob("*"):
                    place.identity.own(path)
                if place.data.exists():
                    shutil.rmtree(before, ignore_errors=True)
                    place.data.rename(before)
                unfinished.rename(place.data)
            finally:
                shutil.rmtree(unfinished, ignore_errors=True)
        try:
            yield place
        except BaseException:
            with _locked(self.home / "start.lock"), _unused(self.home):
                _stop(place)
                shutil.rmtree(place.data)
                if before.exists():
                    before.rename(place.data)
            raise
        shutil.rmtree(before, ignore_errors=True)

    def _url(self, role: str, database: str) -> str:
        folder = quote(str(self.place.run), safe="")
        return f"postgresql://{role}:{self._passwords[role]}@/{database}?host={folder}&port=5432&sslmode=disable"

    def _make_data(self, place: Place) -> None:
        """Make the data folder beside its place and move it there whole: a killed start leaves no half of one."""
        if place.data.exists():
            return
        if (place.folder / BEFORE).exists():
            msg = f"A restore was interrupted. Rename {place.folder / BEFORE} to {place.data.name}, and restore again."
            raise PostgresUnavailable(msg)
        log.info("postgres_first_start", folder=str(place.folder))
        for left in place.folder.glob("postgres.*.new"):
            shutil.rmtree(left, ignore_errors=True)
        unfinished = place.identity.folder(place.folder / f"postgres.{secrets.token_hex(4)}.new")
        password_file = place.run / "password"
        write_private(password_file, self._passwords[SUPERUSER])
        place.identity.own(password_file)
        try:
            where = (f"--pgdata={unfinished}", f"--username={SUPERUSER}", f"--pwfile={password_file}")
            made = place.identity.run([place.binaries / "initdb", *where, *self._initdb], place.folder)
        finally:
            password_file.unlink()
        if made.returncode:
            msg = f"The data folder {place.data} could not be made:\n{made.stderr.strip()}"
            raise PostgresUnavailable(msg)
        unfinished.rename(place.data)

    def _launch(self, place: Place) -> None:
        _forget_stale_pid(place.data)
        if place.log.exists() and place.log.stat().st_size > LARGEST_LOG:
            place.log.replace(place.log.with_suffix(".log.1"))
        place.log.touch(mode=0o600)
        place.identity.own(place.log)
        settings = self._settings | {"unix_socket_directories": f'"{place.run}"'}
        options = " ".join(shlex.quote(f"--{name}={value}") for name, value in settings.items())
        arguments = (f"--log={place.log}", f"--timeout={RECOVERY_SECONDS}", f"--options={options}")
        deadline = time.monotonic() + RETRY_SECONDS
        while True:
            # The processes of a killed server leave within moments; until then a new one does not start.
            complaint = _pg_ctl(place, "start", *arguments)
            while _reads_its_log(place.data) and not self.alive():
                time.sleep(0.1)
            if self.alive():
                break
            if time.monotonic() > deadline:
                msg = f"PostgreSQL did not start. {complaint} Its log: {place.log}"
                raise PostgresUnavailable(msg)
            time.sleep(0.1)
        log.info("postgres_started", folder=str(place.folder))

    def _leave(self, place: Place) -> None:
        if self._use is None:
            return
        with self._use as use:
            self._use = None
            try:
                fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            _stop(place)
            log.info("postgres_stopped", folder=str(place.folder))


def _pg_ctl(place: Place, what: str, *arguments: str) -> str:
    """Let PostgreSQL's own control program start or stop the server, and answer what it complained of."""
    command: list[str | Path] = [
        place.binaries / "pg_ctl",
        what,
        "--silent",
        "--wait",
        f"--pgdata={place.data}",
        *arguments,
    ]
    return place.identity.run(command, place.folder).stderr.strip()


def _stop(place: Place) -> None:
    for mode in ("fast", "immediate"):
        if (place.data / "postmaster.pid").exists():
            _pg_ctl(place, "stop", f"--mode={mode}", f"--timeout={STOP_SECONDS}")


def _reads_its_log(data: Path) -> bool:
    """Whether a server is on its way to a moment, which may take hours; it says that it is started before it is."""
    return (data / "recovery.signal").exists() and (data / "postmaster.pid").exists()


def _make_home(home: Path) -> None:
    try:
        home.mkdir(mode=0o700, exist_ok=True, parents=True)
        owner, writable_by_others = home.stat().st_uid, home.stat().st_mode & 0o022
        if owner != os.geteuid():
            msg = f"{home} belongs to another user (id {owner}). Start as that user, or set LIGGARE_HOME."
            raise PostgresUnavailable(msg)
        _open_lock(home / "start.lock").close()
    except OSError as problem:
        msg = f"{home} cannot be used as data folder ({problem.strerror}). Set LIGGARE_HOME to a folder of your own."
        raise PostgresUnavailable(msg) from None
    if writable_by_others:
        msg = f"{home} can be changed by other users. Close it with: chmod 700 {home}"
        raise PostgresUnavailable(msg)


def _forget_stale_pid(data: Path) -> None:
    """Remove a pid file that a killed server left, if no process works in the data folder.

    PostgreSQL believes the number in it, and after a restart of a container it may belong to anything.
    """
    processes = Path("/proc")
    if not (data / "postmaster.pid").exists() or not (processes / "self").exists():
        return
    for process in processes.glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "cwd").readlink() == data.resolve():
                return
    (data / "postmaster.pid").unlink()


def _open_lock(path: Path) -> IO[str]:
    """A lock file that other users cannot open, and so not hold."""
    path.touch(mode=0o600)
    return path.open("w")


@contextlib.contextmanager
def _unused(home: Path) -> Iterator[None]:
    """Keep others from using the server. Raises PostgresUnavailable where somebody does."""
    with _open_lock(home / "in-use.lock") as use:
        try:
            fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            msg = f"Somebody uses the data in {home}. Stop server, workers and commands first."
            raise PostgresUnavailable(msg) from None
        yield


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a file's lock; it goes with the process, however that ends."""
    with _open_lock(path) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            log.info("waiting_for_another_start", lock=str(path))
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
