"""`make run`, with real processes: started, used, killed, stopped."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.children import Child
from app.errors import NotAble
from app.postgres_roles import Urls
from app.settings import Settings
from app.start import _contact
from tests.app.running import ROOT, Run, short_folder, until


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short path; whatever still runs there when the test ends is ended."""
    with short_folder() as made:
        yield made


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
    until(lambda: not run.processes())
    again = Run(folder, "make", "run")
    again.until_it_runs()
    os.killpg(again.process.pid, signal.SIGINT)
    again.process.communicate(timeout=120)
    until(lambda: not again.processes())
    assert not run.events("process_killed")


def test_the_demo_says_how_its_municipality_is_reached_and_no_other_is_invented() -> None:
    """What an operator says stands; a real municipality that has said nothing is given nothing to say."""
    assert "demokommunen.example" in _contact(Settings(), is_demo=True)["LIGGARE_CONTACT"]
    assert _contact(Settings(contact="Umeå kommun"), is_demo=True) == {}
    assert _contact(Settings(), is_demo=False) == {}


def test_what_is_killed_is_started_again(folder: Path) -> None:
    """Worker, server and PostgreSQL, each by kill -9; the log says so and all is well again."""
    run = Run(folder)
    run.until_it_runs()
    for name in ("worker", "serve"):
        (pid,) = run.processes("app", name)
        os.kill(pid, signal.SIGKILL)
        until(lambda name=name, pid=pid: run.processes("app", name) not in ([], [pid]))  # type: ignore[misc]
    postmaster = int((run.home / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    os.kill(postmaster, signal.SIGKILL)
    until(lambda: run.events("postgres_was_gone"))
    until(lambda: run.answers("/readyz"))
    assert [line["process"] for line in run.events("process_restarted")] == ["worker", "serve"]
    assert run.stop(signal.SIGTERM) == 0
    until(lambda: not run.processes())


def test_after_kill_9_nothing_stands_in_the_way_of_the_next_start(folder: Path) -> None:
    """Server and worker leave when whoever started them is gone; PostgreSQL is taken over."""
    run = Run(folder)
    run.until_it_runs()
    run.stop(signal.SIGKILL)
    until(lambda: not run.processes("app", "serve") and not run.processes("app", "worker"))
    again = Run(folder)
    again.until_it_runs()
    assert again.stop() == 0
    until(lambda: not again.processes())


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
    """The databases that the settings name are migrated and used; no server or identity provider of our own appears."""
    run = Run(folder, **databases.environment())
    run.until_it_runs()
    assert not run.processes("app", "demo", "provider")
    assert not (run.home / "postgres").exists()
    assert run.stop() == 0
    until(lambda: not run.processes())


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
