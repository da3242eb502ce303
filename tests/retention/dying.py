"""A process that destroys an item and kills itself at a step: before or after a statement, a commit, a write to disk.

It reads requests from its input, one line of JSON each, forks for each, and answers `died` or `done`.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg.transaction import Transaction

from app.postgres_roles import Urls
from retention.items import Items
from store.recorder import LedgerRecorder
from store.settings import StoreSettings
from tests.retention.purging import AT, MANDATE, Run, open_world


class Steps:
    """Counts down the steps of the main thread, and ends the process at one."""

    def __init__(self) -> None:
        self.left = 0

    def __call__(self) -> None:
        if threading.current_thread() is threading.main_thread() and self.left:
            self.left -= 1
            if not self.left:
                os.kill(os.getpid(), signal.SIGKILL)

    def around(self, holder: Any, name: str) -> None:  # noqa: ANN401 - a class or a module
        """Count a step before and one after each call."""
        call: Callable[..., Any] = getattr(holder, name)

        def counted(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever it takes and gives
            self()
            answer = call(*given, **named)
            self()
            return answer

        setattr(holder, name, counted)


def counted_steps() -> Steps:
    """What counts every statement, commit and write from now on."""
    steps = Steps()
    for holder, name in (
        (psycopg.Cursor, "execute"),
        (psycopg.Connection, "execute"),
        (Transaction, "__exit__"),
        (LedgerRecorder, "_append_on"),
        (os, "fsync"),
        (Path, "replace"),
    ):
        steps.around(holder, name)
    return steps


def work(asked: dict[str, Any]) -> None:
    """Destroy the item and die on the way."""
    steps = counted_steps()
    settings = StoreSettings(asked["urls"]["app"], asked["urls"]["keys"], Path(asked["key_file"]), pool_size=2)
    with open_world(Urls(**asked["urls"]), settings, Path(asked["home"])) as world, world.register.held():
        (item,) = Items(world.pool).of(UUID(asked["run"]))
        run = Run(world.ledger, UUID(asked["run"]), asked["version"])
        steps.left = asked["step"]
        world.purger.purge(item, MANDATE, still_due=lambda: None, journal=run, at=AT)
        steps.left = 0


def main(work: Callable[[dict[str, Any]], None]) -> None:
    """Answer until nothing more is asked."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                work(json.loads(line))
            except BaseException as error:  # noqa: BLE001 - told to whoever asked
                print(f"failed {type(error).__name__}: {error}", file=sys.stderr, flush=True)  # noqa: T201 - as above
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        died = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        answer = "died" if died else "done" if status == 0 else "failed"
        print(answer, flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main(work)
