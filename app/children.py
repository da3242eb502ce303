"""The long-lived processes: how one is started, kept up and stopped, and how it begins and ends on its own side."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path

import structlog

from app.databases import Reached, reach
from app.errors import NotAble
from app.logs import configure_logs
from app.settings import Settings, read_settings

ROOT = Path(__file__).parent.parent
STOP_SECONDS = 15
MOST_ENDS = 5
WITHIN_SECONDS = 60

log = structlog.get_logger()


class Child:
    """One command of ours in a process of its own, out of reach of the terminal's Ctrl-C: we stop it in our order."""

    def __init__(self, *arguments: str, environment: Mapping[str, str]) -> None:
        self.name = " ".join(argument for argument in arguments if not argument.startswith("-"))
        self._command = [sys.executable, "-m", "app", *arguments]
        self._environment = {**os.environ, **environment}
        self._process: subprocess.Popen[bytes] | None = None
        self._ends: deque[float] = deque(maxlen=MOST_ENDS)

    def start(self) -> None:
        """Start it. The pipe at its standard input closes when we are gone, however we went."""
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            self._command, cwd=ROOT, env=self._environment, stdin=subprocess.PIPE, start_new_session=True
        )

    def ended(self) -> int | None:
        """Its exit code; None while it runs."""
        return self._process.poll() if self._process else None

    def wait(self) -> int:
        """Wait for its end and answer its exit code."""
        return self._process.wait() if self._process else 0

    def keep_up(self) -> None:
        """Start it anew if it ended. Raises NotAble when it ends again and again."""
        code = self.ended()
        if code is None:
            return
        self._close()
        now = time.monotonic()
        self._ends.append(now)
        if len(self._ends) == MOST_ENDS and now - self._ends[0] < WITHIN_SECONDS:
            msg = f"The {self.name} process ended {MOST_ENDS} times within {WITHIN_SECONDS} s; the lines above say why."
            raise NotAble(msg)
        log.error("process_restarted", process=self.name, exit_code=code)
        self.start()

    def stop(self) -> None:
        """Ask it to leave, and if it does not, end it."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                log.warning("process_killed", process=self.name)
                self._process.kill()
                self._process.wait()
        self._close()

    def _close(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()


@contextlib.contextmanager
def process(*, with_parent: bool) -> Iterator[tuple[Settings, Reached]]:
    """What a long-lived process begins with: settings, logs, databases. SIGINT and SIGTERM end it in good order."""
    with process_without_databases(with_parent=with_parent) as settings, reach(settings) as reached:
        yield settings, reached


@contextlib.contextmanager
def process_without_databases(*, with_parent: bool) -> Iterator[Settings]:
    """What every long-lived process begins with."""
    settings = read_settings()
    configure_logs(settings.log_level)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if with_parent:
        threading.Thread(target=_leave_with_parent, name="parent-watch", daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt):
        yield settings


def _leave_with_parent() -> None:
    """Leave as if told to when the process that started us is gone, and with it the other end of our standard input."""
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
