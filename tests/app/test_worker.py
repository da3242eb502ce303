"""The worker, as a process and as the command that looks after the read models."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import psycopg
import pytest

from app.cli import main
from app.postgres_roles import Urls
from app.wiring import HINTS
from app.wiring import hints as sending
from app.worker import Hints, Worker, hints
from events.plan import QuestionAnswered
from projections.checkpoints import statuses, wait
from projections.registry import projections
from projections.runner import Runner
from retention.register import Register
from store.database import Pool, open_pool
from store.ledger import Ledger
from store.settings import StoreSettings
from tests.aggregates.given import PUPIL
from tests.projections.telling import a_file, a_start, an_answer, tell

ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(databases: Urls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The settings of an installation on the test's databases, set for this process and its children."""
    given = databases.environment() | {"LIGGARE_HOME": str(tmp_path), "LIGGARE_KEY_FILE": str(tmp_path / "ring.json")}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return given


@pytest.fixture
def ledger(databases: Urls, environment: dict[str, str]) -> Iterator[Ledger]:
    """The ledger of the installation."""
    ring = Path(environment["LIGGARE_KEY_FILE"])
    Register.begin(Path(environment["LIGGARE_HOME"]) / "register" / "purged.jsonl")
    with Ledger(StoreSettings(databases.app, databases.keys, ring, pool_size=4)) as opened:
        yield opened


@pytest.fixture
def pool(databases: Urls) -> Iterator[Pool]:
    """Connections of the application's role."""
    opened = open_pool(databases.app, schema="liggare", size=4, name="tests")
    yield opened
    opened.close()


@contextmanager
def a_worker(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker process, stopped as a supervisor stops it."""
    with (tmp_path / "log").open("ab") as log:
        process = subprocess.Popen([sys.executable, "-m", "app", "worker"], cwd=ROOT, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def until(what: Callable[[], object], seconds: float = 30) -> None:
    """Wait for what must come."""
    deadline = monotonic() + seconds
    while not what():
        assert monotonic() < deadline, "it never came to be"
        sleep(0.02)


@pytest.mark.usefixtures("environment")
def test_what_is_written_is_shown(ledger: Ledger, pool: Pool, tmp_path: Path) -> None:
    """What was there before the worker, what comes while it runs, with a hint and without; and it stops when told."""
    story = a_file()
    story.given(a_start())
    appended = tell(ledger, story.past)
    with a_worker(tmp_path) as process:
        assert wait(pool, {appended.feed: appended.position}, 30)
        story.given(an_answer("Bra", QuestionAnswered), by=PUPIL)
        appended = tell(ledger, story.past[-1:])
        assert wait(pool, {appended.feed: appended.position}, 10)
        with sending(tmp_path / "run") as announce:
            for number in range(5):
                story.given(an_answer(f"Bra {number}"), by=PUPIL)
                appended = tell(ledger, story.past[-1:])
                announce(appended.feed)
                assert wait(pool, {appended.feed: appended.position}, 10)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


@pytest.mark.usefixtures("environment")
def test_a_killed_worker_is_followed_by_another(ledger: Ledger, pool: Pool, tmp_path: Path) -> None:
    """After kill -9 the next worker binds the socket anew and goes on where the checkpoints are."""
    story = a_file()
    appended = tell(ledger, story.past)
    with a_worker(tmp_path) as process:
        until((tmp_path / "run" / HINTS).exists)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(20)
    story.given(a_start())
    with a_worker(tmp_path):
        appended = tell(ledger, story.past[-1:])
        assert wait(pool, {appended.feed: appended.position}, 30)


class Never(Hints):
    """Nobody tells anything."""

    def __init__(self) -> None:
        super().__init__(None)

    def wait(self, seconds: float) -> set[int]:
        del seconds
        return set()


def test_one_that_stopped_does_not_stop_the_others(
    ledger: Ledger, pool: Pool, databases: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others go on; the stopped one is left alone for a while and then tried again."""
    monkeypatch.setattr("app.worker.RETRY_SECONDS", 0.2)
    story = a_file()
    story.given(a_start())
    tell(ledger, story.past)
    worker = Worker(ledger, Runner(pool, ledger), projections())
    with psycopg.connect(databases.owner, autocommit=True, options="-c search_path=liggare") as owner:
        whole = owner.execute("select sealed from events where version = 5").fetchone()
        owner.execute("update events set sealed = '\\x00' where version = 5")
        worker.look(Never())
        assert {status.projection for status in statuses(pool) if status.stops} == {"overview", "notices"}
        assert {status.projection for status in statuses(pool) if not status.behind} == {"directory", "due"}
        owner.execute("update events set sealed = %s where version = 5", whole)

    def is_well() -> bool:
        worker.look(Never())
        return not any(status.stops or status.behind for status in statuses(pool))

    until(is_well)


class Chatter(Hints):
    """Somebody tells of one feed all the time."""

    def __init__(self, feed: int) -> None:
        super().__init__(None)
        self._feed = feed

    def wait(self, seconds: float) -> set[int]:
        del seconds
        return {self._feed}


def test_hints_of_one_feed_do_not_hide_the_others(ledger: Ledger, pool: Pool) -> None:
    """What somebody wrote without a hint is shown though hints of another feed never end."""
    appended = tell(ledger, a_file().past)
    worker = Worker(ledger, Runner(pool, ledger), projections())
    chatter = Chatter((appended.feed + 1) % 16)

    def is_shown() -> bool:
        worker.look(chatter)
        return wait(pool, {appended.feed: appended.position}, 0)

    until(is_shown)
    later = a_file("Elev 2")
    appended = tell(ledger, later.past)
    until(is_shown)


def test_a_hint_names_the_feeds_and_garbage_is_nothing(tmp_path: Path) -> None:
    """Several hints at once are one look; a byte that is no feed is passed by; no hint is an empty answer in time."""
    with hints(tmp_path / HINTS) as told, sending(tmp_path) as announce:
        assert told.wait(0.01) == set()
        for feed in (3, 3, 200, 15):
            announce(feed)
        assert told.wait(1) == {3, 15}
        assert told.wait(0.01) == set()


def test_without_a_socket_the_worker_polls(tmp_path: Path) -> None:
    """A path that no socket can have is no reason not to work."""
    with hints(tmp_path / ("x" * 200) / HINTS) as told:
        assert told.wait(0.01) == set()


@pytest.mark.usefixtures("environment")
def test_the_command_shows_and_rebuilds(
    ledger: Ledger,
    pool: Pool,
    databases: Urls,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """0 when all is well, 3 when one has stopped or cannot be rebuilt, 2 for a name that is none."""
    story = a_file()
    story.given(a_start())
    tell(ledger, story.past)
    monkeypatch.setattr("app.cli.configure_logs", lambda *_: None)  # it is for a whole process, and this one goes on
    assert main(["projections", "rebuild", "overview", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["events"] == 1
    assert main(["projections", "status", "--json"]) == 0
    shown = {one["projection"]: one for one in json.loads(capsys.readouterr().out)}
    assert (shown["overview"]["behind"], shown["directory"]["behind"]) == (0, 5)
    assert main(["projections", "status"]) == 0
    assert "directory" in capsys.readouterr().out
    assert main(["projections", "rebuild", "overviews"]) == 2
    assert "notices" in capsys.readouterr().err
    with psycopg.connect(databases.owner, autocommit=True, options="-c search_path=liggare") as owner:
        owner.execute("update events set sealed = '\\x00' where version = 5")
    Runner(pool, ledger).catch_up(projections())
    assert main(["projections", "status"]) == 3
    assert "not_authentic" in capsys.readouterr().out
    assert main(["projections", "rebuild", "notices", "--json"]) == 3
    assert json.loads(capsys.readouterr().err.splitlines()[-1])["error"] == "NotAble"
