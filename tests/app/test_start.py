"""`make run`, with real processes: started, used, killed, stopped."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from app.children import Child
from app.errors import NotAble
from app.postgres_roles import Urls

ROOT = Path(__file__).parent.parent.parent


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _until(what: Callable[[], Any], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.05)


class Run:
    """`make run` on a data folder and a port of its own, without the demo school."""

    def __init__(self, folder: Path, *command: str, **environment: str) -> None:
        self.home = folder / "home"
        self.port = _free_port()
        known = {name: value for name, value in os.environ.items() if not name.startswith("LIGGARE_")}
        ours = {"LIGGARE_HOME": str(self.home), "LIGGARE_DEMO": "0", "PORT": str(self.port), "PYTHONUNBUFFERED": "1"}
        self.log = folder / "log"
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                command or [sys.executable, "-m", "app", "run"],
                cwd=ROOT,
                env=known | ours | environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )

    def until_it_runs(self) -> None:
        """Wait for the line that says the address; by then it answers."""
        out: IO[str] = self.process.stdout  # type: ignore[assignment]
        for line in out:
            if line.startswith("Liggare runs on"):
                assert f"http://127.0.0.1:{self.port} " in line
                assert self.answers("/readyz")
                return
        pytest.fail(self.log.read_text())

    def answers(self, path: str) -> bool:
        """Whether the server answers that all is well."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=15) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def processes(self, *words: str) -> list[int]:
        """The processes that belong to this data folder and have these words in their command."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                surroundings = (folder / "environ").read_bytes()
            except OSError:
                continue
            is_here = str(self.home) in command or f"LIGGARE_HOME={self.home}".encode() in surroundings.split(b"\0")
            if is_here and all(word in command for word in words):
                found.append(int(folder.name))
        return found

    def events(self, name: str) -> list[dict[str, Any]]:
        """The log lines of this event; between them stands what is said to the person at the terminal."""
        lines = (json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{"))
        return [line for line in lines if line["event"] == name]

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Stop it by a signal and answer its exit code."""
        self.process.send_signal(number)
        self.process.communicate(timeout=120)
        return self.process.returncode


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short path; whatever still runs there when the test ends is ended."""
    with tempfile.TemporaryDirectory(prefix="liggare-", ignore_cleanup_errors=True) as name:
        yield Path(name)
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if name.encode() in (process / "cmdline").read_bytes() + (process / "environ").read_bytes():
                    os.kill(int(process.name), signal.SIGKILL)
            except OSError:
                continue


def test_ctrl_c_stops_all_of_it_and_the_next_start_works(folder: Path) -> None:
    """Server, worker and PostgreSQL go, however often it is pressed; the second time is as good as the first (`make`).

    A command given beside it uses the same PostgreSQL and leaves it running.
    """
    run = Run(folder)
    run.until_it_runs()
    assert run.processes("app", "serve")
    assert run.processes("app", "worker")
    assert (run.home / "postgres").is_dir()
    assert (run.home / "keys" / "ring.json").stat().st_mode & 0o777 == 0o600
    beside = subprocess.run(
        [sys.executable, "-m", "app", "migrate", "--json"],
        env=os.environ | {"LIGGARE_HOME": str(run.home)},
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    assert json.loads(beside.stdout) == {"applied": []}
    assert run.answers("/readyz")
    for _impatient in range(3):
        run.process.send_signal(signal.SIGINT)
        time.sleep(0.1)
    assert run.stop() == 0
    _until(lambda: not run.processes())
    again = Run(folder, "make", "run")
    again.until_it_runs()
    os.killpg(again.process.pid, signal.SIGINT)
    again.process.communicate(timeout=120)
    _until(lambda: not again.processes())
    assert not run.events("process_killed")


def test_what_is_killed_is_started_again(folder: Path) -> None:
    """Worker, server and PostgreSQL, each by kill -9; the log says so and all is well again."""
    run = Run(folder)
    run.until_it_runs()
    for name in ("worker", "serve"):
        (pid,) = run.processes("app", name)
        os.kill(pid, signal.SIGKILL)
        _until(lambda name=name, pid=pid: run.processes("app", name) not in ([], [pid]))  # type: ignore[misc]
    postmaster = int((run.home / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    os.kill(postmaster, signal.SIGKILL)
    _until(lambda: run.events("postgres_was_gone"))
    _until(lambda: run.answers("/readyz"))
    assert [line["process"] for line in run.events("process_restarted")] == ["worker", "serve"]
    assert run.stop(signal.SIGTERM) == 0
    _until(lambda: not run.processes())


def test_after_kill_9_nothing_stands_in_the_way_of_the_next_start(folder: Path) -> None:
    """Server and worker leave when whoever started them is gone; PostgreSQL is taken over."""
    run = Run(folder)
    run.until_it_runs()
    run.stop(signal.SIGKILL)
    _until(lambda: not run.processes("app", "serve") and not run.processes("app", "worker"))
    again = Run(folder)
    again.until_it_runs()
    assert again.stop() == 0
    _until(lambda: not again.processes())


def test_a_taken_port_is_named_before_anything_is_started(folder: Path) -> None:
    """With what to type instead."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        run = Run(folder, PORT=port)
        run.process.communicate(timeout=120)
    assert run.process.returncode == 3
    assert f"Port {port} on 127.0.0.1 cannot be used" in run.log.read_text()
    assert not run.home.exists()


def test_with_urls_nothing_is_launched(folder: Path, databases: Urls) -> None:
    """The databases that the settings name are migrated and used; no PostgreSQL of our own appears."""
    run = Run(folder, **databases.environment())
    run.until_it_runs()
    assert not (run.home / "postgres").exists()
    assert run.stop() == 0
    _until(lambda: not run.processes())


def test_a_process_that_ends_again_and_again_is_given_up(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rather than spin for ever. On a busy machine five ends may take longer than a minute."""
    monkeypatch.setattr("app.children.WITHIN_SECONDS", 600)
    child = Child("no-such-command", environment={})
    child.start()

    def keep_up() -> None:
        for _ in range(10):
            child.wait()
            child.keep_up()

    with pytest.raises(NotAble, match="no-such-command"):
        keep_up()
    assert "no-such-command" in capfd.readouterr().err
