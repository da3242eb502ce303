"""Back to any moment: a copy of the embedded server's files, and all that was written to its log since.

What can go wrong is that the two do not join, or that the moment asked for is not in them. PostgreSQL says both; then
the data are what they were before. A copy holds both databases together: only the key file is apart from it.
"""

import json
import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from app.backups.manifest import MANIFEST, digest_of, new_id, unfinished
from app.backups.restore import ENDED, connected
from app.backups.tools import Tools, connecting, environment, failure
from app.databases import Reached, migrate_all
from app.errors import NotAble, RefusedByRule
from app.postgres import EmbeddedPostgres
from app.settings import Settings

FORMAT = "liggare-base-backup/1"
SLOT = "liggare_wal"
"""The receiver's place in the write-ahead log: nothing after it is thrown away, up to max_slot_wal_keep_size."""
_DATA = "data"
_WAL = "recovery-wal"
_SETTINGS = ("restore_command", "recovery_target_time", "recovery_target_action", "hot_standby")
_PARTIAL = ".partial"


@dataclass(frozen=True)
class Base:
    """A copy of the server's files."""

    path: Path
    tenant: str
    taken_at: datetime

    @property
    def data(self) -> Path:
        """The files."""
        return self.path / _DATA

    def verify(self) -> None:
        """Hold every file against the manifest that PostgreSQL wrote with them. Raises RefusedByRule.

        As pg_verifybackup does, which the programs that come with the embedded server lack in working order.
        """
        msg = f"{self.path} is not what was copied: damaged, cut short or exchanged. Take another."
        try:
            text = (self.data / "backup_manifest").read_bytes()
            body, mark, end = text.rpartition(b'"Manifest-Checksum": ')
            said = json.loads(text)
            if not mark or json.loads(end.rstrip()[:-1]) != sha256(body).hexdigest():
                raise RefusedByRule(msg)
            for one in said["Files"]:
                name = one["Path"] if "Path" in one else os.fsdecode(bytes.fromhex(one["Encoded-Path"]))
                if digest_of(self.data / name) != one["Checksum"]:
                    raise RefusedByRule(msg)
        except (OSError, ValueError, KeyError, TypeError):
            raise RefusedByRule(msg) from None


def take_base(settings: Settings, reached: Reached, folder: Path) -> Base:
    """Copy the embedded server's files to a new folder, while everybody works on. Raises RefusedByRule, NotAble."""
    server, tools = _embedded(reached)
    at = datetime.now(UTC)
    name = new_id(at)
    try:
        with unfinished(folder.absolute(), name) as draft:
            how = ("--format=plain", "--wal-method=stream", "--checkpoint=fast", "--manifest-checksums=SHA256")
            tools.run("pg_basebackup", f"--pgdata={draft / _DATA}", *how, "--no-password", url=server.replication_url())
            said = {"format": FORMAT, "id": name, "tenant": settings.tenant, "taken_at": at.isoformat()}
            (draft / MANIFEST).write_text(json.dumps(said, indent=1) + "\n", "utf-8")
    except OSError as problem:
        msg = f"The copy could not be written ({problem.strerror}). Nothing of it is left."
        raise NotAble(msg) from None
    return Base(folder / name, settings.tenant, at)


def receive_log(reached: Reached, folder: Path) -> None:
    """Write the server's log to a folder as it comes, until told to stop. Raises NotAble where it cannot go on."""
    server, tools = _embedded(reached)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    url = server.replication_url()
    tools.run("pg_receivewal", f"--slot={SLOT}", "--create-slot", "--if-not-exists", "--no-password", url=url)
    command = tools.command(
        "pg_receivewal", f"--slot={SLOT}", f"--directory={folder}", "--synchronous", "--no-password"
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with subprocess.Popen(  # noqa: S603 - our own command
        [*command, *connecting(url)],
        env=environment(url),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        umask=0o077,
    ) as receiving:
        try:
            _, complaint = receiving.communicate()
        except KeyboardInterrupt:
            receiving.send_signal(signal.SIGINT)
            receiving.communicate()
            return
    raise NotAble(failure("pg_receivewal", receiving.returncode, complaint))


def find_base(folder: Path) -> Base:
    """The copy that a folder is, else the latest in it. Raises RefusedByRule."""
    paths = [folder] if (folder / MANIFEST).is_file() else sorted(folder.iterdir())
    found = [base for base in map(_read, paths) if base is not None]
    if not found:
        msg = f"There is no whole copy of the server's files in {folder}."
        raise RefusedByRule(msg)
    return found[-1]


def go_back(settings: Settings, base: Base, wal: Path | None, until: datetime | None, *, replace: bool) -> None:
    """Let the embedded server have the data of a moment: the end of the log that there is, or an earlier one.

    Raises RefusedByRule where there are data and `replace` is not said, NotAble where it cannot be done: then the data
    are what they were.
    """
    if settings.urls() is not None:
        raise RefusedByRule(_NOT_OURS)
    if base.tenant != settings.tenant:
        msg = f"{base.path} is a copy of another tenant's server ({base.tenant})."
        raise RefusedByRule(msg)
    server = EmbeddedPostgres(settings.home)
    if server.has_data() and not replace:
        msg = f"There are data in {settings.home}. To throw them away, say --replace."
        raise RefusedByRule(msg)
    base.verify()
    with server.other_data(lambda into: _fill(into, base, wal, until)) as place:
        with server:
            urls = server.urls()
            with server.connect() as conn:
                for name in _SETTINGS:
                    conn.execute(f"alter system reset {name}".encode())
            with connected(urls.owner, settings.tenant) as conn:
                conn.execute(ENDED.encode())
            migrate_all(settings, urls)
        shutil.rmtree(place.data / _WAL, ignore_errors=True)


def _fill(into: Path, base: Base, wal: Path | None, until: datetime | None) -> None:
    """Put the copied files there, the log beside, and how far to read it."""
    shutil.copytree(base.data, into, dirs_exist_ok=True, symlinks=True)
    into.chmod(0o700)
    shutil.copytree(wal, into / _WAL) if wal is not None else (into / _WAL).mkdir(mode=0o700)
    for path in (into / _WAL).glob(f"*{_PARTIAL}"):
        whole = path.with_suffix("")
        path.rename(whole) if not whole.exists() else path.unlink()
    lines = [f"restore_command = 'cp {_WAL}/%f %p'", "recovery_target_action = 'promote'", "hot_standby = 'off'"]
    if until is not None:
        lines.append(f"recovery_target_time = '{until.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}+00'")
    with (into / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
        file.write("\n".join(["", *lines, ""]))
    (into / "recovery.signal").touch(mode=0o600)


_NOT_OURS = (
    "Only the embedded server is copied by Liggare. Of a server of your own, its own tools do it: see operations."
)


def _embedded(reached: Reached) -> tuple[EmbeddedPostgres, Tools]:
    if reached.server is None:
        raise RefusedByRule(_NOT_OURS)
    return reached.server, Tools(reached.server.place.binaries)


def _read(path: Path) -> Base | None:
    try:
        said = json.loads((path / MANIFEST).read_text("utf-8"))
        if said["format"] != FORMAT or path.name != said["id"]:
            return None
        return Base(path, str(said["tenant"]), datetime.fromisoformat(said["taken_at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
