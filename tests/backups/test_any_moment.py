"""The embedded server goes back to any moment, from a copy of its files and its log."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.postgres import EmbeddedPostgres
from tests.app.running import ROOT, short_folder, until
from tests.backups.conftest import Installation, signed


@pytest.fixture
def embedded(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[EmbeddedPostgres]:
    """A data folder of its own with its PostgreSQL, that the environment leads to."""
    with short_folder() as folder:
        for name in [name for name in os.environ if name.startswith("LIGGARE_")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("LIGGARE_HOME", str(folder / "home"))
        monkeypatch.setenv("LIGGARE_DEMO", "0")
        yield EmbeddedPostgres(folder / "home")
        del capsys


@contextmanager
def receiving(folder: Path, server: EmbeddedPostgres) -> Iterator[None]:
    """The log is written to the folder, up to what was written when this ends."""
    command = [sys.executable, "-m", "app", "backup", str(folder), "--wal"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        caught_up = "select flush_lsn >= pg_current_wal_flush_lsn() from pg_stat_replication where state = 'streaming'"

        def has_all() -> bool:
            with server.connect() as conn:
                return conn.execute(caught_up).fetchone() == (True,)

        try:
            until(has_all)
            yield
            until(has_all)
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0


@pytest.mark.slow
def test_the_data_go_back_to_a_moment_and_the_register_still_holds(
    embedded: EmbeddedPostgres, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written up to then is there, what came later is not, and who was destroyed later is destroyed again."""
    home = embedded.home
    base, log = home.parent / "base", home.parent / "log"
    with embedded:
        installation = Installation(embedded.urls(), home.parent, capsys)
        assert installation.give("migrate")[0] == 0
        with installation.world() as world:
            elsa = world.pupil("Elsa Åkesson", everywhere=False)
            signed(world, installation)
        with receiving(log, embedded):
            taken = installation.answer("backup", base, "--base")
            with installation.world() as world:
                bo = world.pupil("Bo Ek", everywhere=False)
                moment = datetime.now(UTC)
                time.sleep(0.1)  # the moment lies between two transactions
                world.begin_run(elsa.stream).purge()
                cia = world.pupil("Cia Berg", everywhere=False)
        code, told = installation.give("restore", base, "--base", "--wal", log, "--replace")
        assert (code, "Somebody uses the data" in told) == (3, True), told
    assert installation.give("restore", base, "--base", "--wal", log)[0] == 1
    assert_nothing_changes(installation, Path(taken["base"]), log, monkeypatch)
    back = ("restore", base, "--base", "--wal", log, "--until", moment.isoformat(), "--replace")
    assert installation.answer(*back)["base"] == Path(taken["base"]).name
    code, told = installation.give("projections", "status")
    assert code == 0, told
    assert installation.give("projections", "rebuild", "overview")[0] == 3
    assert installation.answer("retention", "replay")["subjects"] == 1
    with embedded, installation.world() as world:
        there = {row[0] for row in world.owner.execute("select subject_id from subjects").fetchall()}
        assert bo.stream in there
        assert not {elsa.stream, cia.stream} & there
        assert world.holding(elsa.stream, cia.stream) == []
    assert not (home / "postgres.before").exists()


def assert_nothing_changes(installation: Installation, base: Path, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy that is damaged is refused; a moment that is not in the log is, by PostgreSQL, and the data come back."""
    monkeypatch.setattr("app.postgres.RETRY_SECONDS", 0)
    file = next(path for path in base.glob("data/base/*/*") if path.stat().st_size)
    held = file.read_bytes()
    file.write_bytes(held[:-1] + bytes([held[-1] ^ 1]))
    back = ("restore", base, "--base", "--wal", log, "--replace")
    code, told = installation.give(*back)
    assert (code, "is not what was copied" in told) == (1, True)
    file.write_bytes(held)
    code, told = installation.give(*back, "--until", "2199-01-01T00:00:00+00:00")
    assert (code, "did not start" in told) == (3, True), told
    assert installation.answer("retention", "replay")["lines"] == 0
