"""The embedded PostgreSQL, with real servers: started, shared, killed, moved, refused."""

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.postgres import EmbeddedPostgres
from app.postgres_place import ELSEWHERE_NOTE, PostgresUnavailable
from tests.memory import folder_of_folders

ROOT = Path(__file__).parent.parent.parent
CANARY = "kanariefagel-4711"

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")


def _server(home: Path, state: Path | None = None) -> EmbeddedPostgres:
    return EmbeddedPostgres(home, durable=False, state=state)


def _postmaster(server: EmbeddedPostgres) -> int:
    return int((server.place.data / "postmaster.pid").read_text().splitlines()[0])


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:1]


def _until(what: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.02)


@pytest.fixture
def home() -> Iterator[Path]:
    """A data folder with a short path that no other user can look into, whatever is left in it."""
    with tempfile.TemporaryDirectory(prefix="liggare-", dir=folder_of_folders()) as folder:
        yield Path(folder) / "home"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can look into."""
    with tempfile.TemporaryDirectory(prefix="liggare-", dir=folder_of_folders()) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


class Starter:
    """Another process that starts and uses the same PostgreSQL."""

    def __init__(self, home: Path, *, state: Path | None = None, python: str = sys.executable, **how: Any) -> None:  # noqa: ANN401 - what Popen takes
        command = [python, "-m", "tests.app.starter", str(home), *([str(state)] if state else [])]
        pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        self.process = subprocess.Popen(command, cwd=ROOT, text=True, **pipes, **how)

    def answer(self) -> dict[str, str]:
        """Which server it reached."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        answer: dict[str, str] = json.loads(line)
        return answer

    def leave(self) -> int:
        """Let it leave as it does when its work is done."""
        self.process.communicate("", timeout=60)
        return self.process.returncode

    def signal(self, number: signal.Signals) -> int:
        """Let it leave, or die, by a signal."""
        self.process.send_signal(number)
        self.process.communicate(timeout=60)
        return self.process.returncode


def test_the_second_start_finds_what_the_first_left(home: Path) -> None:
    """Data survive a stop; the server's process does not."""
    with _server(home) as server:
        first = _postmaster(server)
        with psycopg.connect(server.urls().owner, autocommit=True) as connection:
            connection.execute("create table kept (id int primary key)")
    _until(lambda: not _is_running(first))
    with _server(home) as again, psycopg.connect(again.urls().owner) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (0,)


def test_only_those_with_a_password_enter_and_only_by_the_socket(home: Path) -> None:
    """No TCP, scram for everybody, folders and secrets closed to other users, checksums on, roles without power."""
    with _server(home) as server:
        with server.connect() as connection:
            for name, value in {
                "listen_addresses": "",
                "data_checksums": "on",
                "password_encryption": "scram-sha-256",
            }.items():
                assert connection.execute("select current_setting(%s)", [name]).fetchone() == (value,)
            powers = "rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls"
            found = connection.execute(
                f"select count(*), bool_or({powers}) from pg_roles where rolname like 'liggare%'"
            )
            assert found.fetchone() == (4, False)
            methods = connection.execute("select distinct auth_method from pg_hba_file_rules").fetchall()
            assert methods == [("scram-sha-256",)]
        urls = server.urls()
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(urls.app, password="guess")
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(server.urls(main="liggare_keys").read)
        assert [path.stat().st_mode & 0o777 for path in (home, server.place.data, server.place.run)] == [0o700] * 3
        assert (home / "secrets.json").stat().st_mode & 0o777 == 0o600
        passwords = json.loads((home / "secrets.json").read_text()).values()
        assert not any(password in repr(urls) for password in passwords)


def test_two_who_start_at_the_same_moment_share_one_server(home: Path) -> None:
    """Whoever leaves first takes nothing from the other; the last one stops it."""
    one, two = Starter(home), Starter(home)
    assert one.answer() == two.answer()
    server = _server(home)
    assert one.leave() == 0
    with server:
        pid = _postmaster(server)
    assert _is_running(pid)
    assert two.signal(signal.SIGINT) != 0
    _until(lambda: not _is_running(pid))


def test_a_killed_server_starts_again_with_what_was_committed(home: Path) -> None:
    """After kill -9 of the server; the next start recovers, though the old processes may still be leaving."""
    with EmbeddedPostgres(home) as server:
        with psycopg.connect(server.urls().owner, autocommit=True) as connection:
            connection.execute("create table kept (id int primary key)")
            connection.execute("insert into kept values (1)")
        killed = _postmaster(server)
        os.kill(killed, signal.SIGKILL)
        _until(lambda: not server.alive())
        server.start()
        assert _postmaster(server) != killed
        with psycopg.connect(server.urls().owner) as connection:
            assert connection.execute("select id from kept").fetchall() == [(1,)]


def test_the_server_of_a_killed_starter_is_taken_over_and_stopped(home: Path) -> None:
    """After kill -9 of the process that started it leaves nothing behind for longer than to the next stop."""
    starter = Starter(home)
    reached = starter.answer()
    starter.signal(signal.SIGKILL)
    with _server(home) as server, server.connect() as connection:
        pid = _postmaster(server)
        assert connection.execute("select pg_postmaster_start_time()::text").fetchone() == (reached["started"],)
    _until(lambda: not _is_running(pid))


def test_a_number_in_the_pid_file_is_not_believed(home: Path) -> None:
    """After a crash the number may belong to anything; the server starts, and that process is left alone."""
    with _server(home) as server:
        pass
    with subprocess.Popen(["sleep", "60"]) as stranger:
        rest = f"\n{server.place.data}\n{int(time.time())}\n5432\n{server.place.run}\n\n  1234  1\nready\n"
        (server.place.data / "postmaster.pid").write_text(f"{stranger.pid}{rest}")
        with server:
            assert server.alive()
        assert stranger.poll() is None
        stranger.kill()


def test_a_start_that_was_killed_halfway_leaves_no_half_data(home: Path) -> None:
    """What an interrupted first start left is thrown away, not used."""
    with _server(home):
        pass
    shutil.rmtree(home / "postgres")
    left = home / "postgres.0a1b2c3d.new"
    left.mkdir(mode=0o700)
    (left / "PG_VERSION").write_text("18\n")
    with _server(home) as server:
        assert server.alive()
    assert not left.exists()


def test_another_server_on_the_machine_is_left_alone(home: Path, open_folder: Path) -> None:
    """A stop stops what lives in its own folder."""
    with _server(open_folder / "other") as other:
        with _server(home):
            pass
        assert other.alive()


@as_root
def test_below_a_closed_parent_of_roots_own_the_data_stay_where_they_are(home: Path) -> None:
    """Root under another name is still the owner of root's folders."""
    if subprocess.run(["unshare", "--user", "--map-user=1", "true"], check=False).returncode:
        pytest.skip("this kernel does not let root run under another name")
    home.parent.chmod(0o700)
    with _server(home) as server:
        assert server.place.folder == home
        assert server.place.data.stat().st_uid == 0


@as_root
def test_where_the_server_cannot_reach_the_checkout_it_lives_in_a_folder_of_its_own(
    home: Path, open_folder: Path
) -> None:
    """Programs, data and socket move, the data folder says where, and no permission outside changes."""
    nobody = pwd.getpwnam("nobody")
    os.chown(home.parent, nobody.pw_uid, nobody.pw_gid)
    before = home.parent.stat()
    for _second in (False, True):
        with _server(home, open_folder) as server:
            place = server.place
            assert place.folder.parent == open_folder
            assert all(path.is_relative_to(place.folder) for path in (place.binaries, place.data, place.run))
            assert (home / ELSEWHERE_NOTE).read_text().strip() == str(place.folder)
            with psycopg.connect(server.urls().app) as connection:
                assert connection.execute("select 1").fetchone() == (1,)
    assert len(list(open_folder.iterdir())) == 1
    after = home.parent.stat()
    assert (after.st_mode, after.st_uid) == (before.st_mode, before.st_uid)
    assert open_folder.stat().st_mode & 0o777 == 0o755


@as_root
def test_where_the_kernel_forbids_another_name_root_becomes_another_user(
    home: Path, open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without `unshare` the server runs as an unprivileged account, and cannot read the passwords.

    Its data are in the data folder where that account can reach it, else elsewhere; and whoever owns them runs them.
    """
    tools = open_folder / "tools"
    tools.mkdir()
    for tool in ("test", "true", "sh"):
        (tools / tool).symlink_to(shutil.which(tool) or "")
    for place, is_here in ((open_folder / "home", True), (home, False)):
        monkeypatch.setenv("PATH", str(tools))
        with _server(place, open_folder) as server:
            owner = Path(f"/proc/{_postmaster(server)}").stat().st_uid
            assert owner != 0
            assert server.place.data.stat().st_uid == owner
            assert (server.place.folder == place) == is_here
            assert place.stat().st_mode & 0o777 == (0o711 if is_here else 0o700)
            for name in ("secrets.json", "in-use.lock", "start.lock"):
                assert not server.place.identity.reaches(["test", "-r", place / name])
        monkeypatch.undo()
        with _server(place, open_folder) as again:
            assert Path(f"/proc/{_postmaster(again)}").stat().st_uid == owner


def test_a_path_too_long_for_a_socket_moves_the_data(home: Path, open_folder: Path) -> None:
    """A socket's path has at most 107 bytes."""
    deep = home.joinpath(*["klass"] * 18)
    with _server(deep, open_folder) as server:
        assert server.place.folder.parent == open_folder
        assert server.alive()
    with pytest.raises(PostgresUnavailable, match="LIGGARE_HOME"):
        _server(deep / "other", open_folder.joinpath(*["klass"] * 18)).start()


@as_root
def test_an_ordinary_user_runs_it_too(open_folder: Path) -> None:
    """No root, no other name: the server runs as whoever starts it, in that user's own folder."""
    nobody = pwd.getpwnam("nobody")
    python = _python_for(nobody.pw_uid)
    os.chown(open_folder, nobody.pw_uid, nobody.pw_gid)
    packages = Path(psycopg.__file__).parent.parent
    who: dict[str, Any] = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT}:{packages}", "PYTHONDONTWRITEBYTECODE": "1"}
    starter = Starter(open_folder / "home", python=python, env=environment, **who)
    assert starter.answer()["data"] == str(open_folder / "home" / "postgres")
    assert (open_folder / "home" / "postgres").stat().st_uid == nobody.pw_uid
    assert starter.leave() == 0
    with pytest.raises(PostgresUnavailable, match="another user"):
        _server(open_folder / "home").start()


def _python_for(uid: int) -> str:
    """A Python of this version that the user can run, on a checkout that the user can read."""
    for python in (sys.executable, "/usr/bin/python3"):
        is_ours = f"sys.version_info[:2] == {sys.version_info[:2]} and os.access({str(ROOT)!r}, os.R_OK)"
        check = f"import os, sys; sys.exit(not ({is_ours}))"
        try:
            if subprocess.run([python, "-c", check], user=uid, check=False, capture_output=True).returncode == 0:
                return python
        except OSError:
            continue
    pytest.skip("no Python of this version, or not this checkout, is within an ordinary user's reach")


def test_what_others_could_have_read_or_changed_is_refused(home: Path) -> None:
    """Wrong permissions are named with the command that closes them; nothing is quietly mended."""
    with _server(home) as server:
        run = server.place.run
    for path, mode in ((home / "secrets.json", 0o644), (run, 0o755), (home, 0o777)):
        right = path.stat().st_mode & 0o777
        path.chmod(mode)
        with pytest.raises(PostgresUnavailable, match=f"chmod {right:o} {path}"):
            _server(home).start()
        path.chmod(right)
    with _server(home):
        pass


@pytest.mark.parametrize("fault", ["missing", "damaged", "of another"])
def test_secrets_that_do_not_fit_the_data_are_refused(home: Path, fault: str) -> None:
    """Passwords are never made anew over old data."""
    with _server(home):
        pass
    secrets = home / "secrets.json"
    if fault == "missing":
        secrets.unlink()
    elif fault == "damaged":
        secrets.write_text("{}")
    else:
        secrets.write_text(json.dumps(dict.fromkeys(json.loads(secrets.read_text()), "another")))
    before = secrets.read_text() if secrets.exists() else None
    with pytest.raises(PostgresUnavailable, match=r"secrets\.json"):
        _server(home).start()
    assert (secrets.read_text() if secrets.exists() else None) == before


def test_data_that_are_gone_are_not_replaced_by_new_ones(home: Path) -> None:
    """A note that leads nowhere is refused: an empty ledger in place of a full one would look like a loss."""
    home.mkdir(mode=0o700)
    (home / ELSEWHERE_NOTE).write_text(f"{home}-gone\n")
    with pytest.raises(PostgresUnavailable, match=f"{home}-gone"):
        _server(home).start()


def test_no_statement_reaches_the_log(home: Path) -> None:
    """Neither by a mistake in it, nor by its values, nor when a process dies while it runs."""
    mistakes = (
        f"select '{CANARY}'::uuid",
        f"select 1 / (length('{CANARY}') - {len(CANARY)})",
        f"insert into texts values ('{CANARY}')",
        f"select {CANARY!r} from nowhere",
        f"do $$ begin raise warning '{CANARY}'; raise exception '{CANARY}'; end $$",
    )
    with _server(home) as server:
        with psycopg.connect(server.urls().owner, autocommit=True) as connection:
            connection.execute("create table texts (text text primary key)")
            connection.execute("insert into texts values (%s)", [CANARY])
            for mistake in mistakes:
                with pytest.raises(psycopg.Error):
                    connection.execute(mistake)
        with psycopg.connect(server.urls().owner) as dying:
            pid = dying.info.backend_pid
            killer = f"sleep 0.5; kill -9 {pid}"
            with subprocess.Popen(["sh", "-c", killer]), pytest.raises(psycopg.OperationalError):
                dying.execute(f"select pg_sleep(30), '{CANARY}'")
        log = server.place.log
        _until(lambda: "was terminated by signal 9" in log.read_text())
        _until(server.alive)
    assert CANARY.encode() not in log.read_bytes()
