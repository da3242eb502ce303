"""`make run` as a test starts it: real processes on a data folder and a port of their own, gone when the test ends."""

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
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

from tests.memory import folder_of_folders

ROOT = Path(__file__).parent.parent.parent


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def until(what: Callable[[], Any], seconds: float = 60) -> None:
    """Wait for something to be true; fail when it never is."""
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
        ports = {"PORT": str(self.port), "DEMO_PORT": str(_free_port())}
        ours = {"LIGGARE_HOME": str(self.home), "LIGGARE_DEMO": "0", "PYTHONUNBUFFERED": "1"} | ports
        self.environment = known | ours | environment
        self.log = folder / "log"
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                command or [sys.executable, "-m", "app", "run"],
                cwd=ROOT,
                env=self.environment,
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


@contextmanager
def short_folder() -> Iterator[Path]:
    """A folder with a short path; whatever still runs there when the test ends is ended."""
    with tempfile.TemporaryDirectory(prefix="liggare-", dir=folder_of_folders(), ignore_cleanup_errors=True) as name:
        yield Path(name)
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if name.encode() in (process / "cmdline").read_bytes() + (process / "environ").read_bytes():
                    os.kill(int(process.name), signal.SIGKILL)
            except OSError:
                continue
