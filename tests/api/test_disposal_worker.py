"""The worker carries out what officers have begun, on the day that the setting for tests says."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic, sleep
from uuid import UUID

import psycopg
import pytest

from app.databases import reach
from app.disposing import DisposalAtWork
from app.settings import read_settings
from app.wiring import open_parts
from retention.due import RetentionRows
from retention.register import Register
from tests.api.archive import Archive

ROOT = Path(__file__).parents[2]


@pytest.fixture
def begun(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> tuple[Archive, str]:
    """A begun run of one file and one account, in an installation that a worker can work on."""
    home = archive.installation.ledger.settings.key_file.parent
    given = archive.installation.urls.environment()
    Register.begin(home / "register" / "purged.jsonl")
    archive.adopts()
    archive.adopts(document_class="account", years=1)
    archive.finishes()
    archive.wait(3000)
    given |= {"LIGGARE_HOME": str(home), "LIGGARE_KEY_FILE": str(archive.installation.ledger.settings.key_file)}
    for name, value in (given | {"LIGGARE_TODAY": str(archive.today)}).items():
        monkeypatch.setenv(name, value)
    return archive, archive.begins()


@contextmanager
def a_worker(log: Path) -> Iterator[None]:
    """A worker process."""
    with log.open("ab") as told:
        process = subprocess.Popen([sys.executable, "-m", "app", "worker"], cwd=ROOT, stdout=told, stderr=told)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def _until_finished(archive: Archive, run: str) -> None:
    deadline = monotonic() + 40
    while archive.auditor.get(run).body["state"] != "finished":
        assert monotonic() < deadline
        sleep(0.05)


@pytest.mark.requirement("S-RET-1", surface="api")
def test_a_begun_run_is_carried_out_by_the_worker(begun: tuple[Archive, str], tmp_path: Path) -> None:
    """Two purged within seconds, and the certificates lie beside the register."""
    archive, run = begun
    with a_worker(tmp_path / "log"):
        _until_finished(archive, run)
    shown = archive.auditor.get(run).body
    assert (shown["purged"], shown["skipped"]) == (2, 0)
    home = archive.installation.ledger.settings.key_file.parent
    assert len(list((home / "register" / "certificates").iterdir())) == 2


def test_what_cannot_be_carried_out_is_an_alarm_and_tried_again(
    begun: tuple[Archive, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the register is gone nothing is destroyed; back again, the run goes on."""
    archive, run = begun
    settings = read_settings()
    with reach(settings) as reached, open_parts(settings, reached.urls, reached.run) as parts:
        at_work = DisposalAtWork(settings, reached.urls, parts)
        away = settings.register.with_suffix(".away")
        settings.register.rename(away)
        at_work.look(Event())
        assert "disposal_stopped" in capsys.readouterr().out
        assert archive.auditor.get(run).body["purged"] == 0
        away.rename(settings.register)
        at_work.look(Event())
        assert archive.auditor.get(run).body["purged"] == 0, "it rests for a while"
        at_work = DisposalAtWork(settings, reached.urls, parts)
        stopping = Event()
        stopping.set()
        at_work.look(stopping)
        assert archive.auditor.get(run).body["purged"] == 1
        at_work.look(Event())
    assert archive.auditor.get(run).body["state"] == "finished"


def test_a_run_that_cannot_go_on_keeps_no_other_back(
    begun: tuple[Archive, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One whose list was altered, one that somebody else has finished meanwhile: named, and the next is carried out."""
    archive, run = begun
    altered = run
    run = archive.begins()
    with psycopg.connect(archive.installation.urls.owner, autocommit=True) as connection:
        statement = "update liggare.disposal_items set due_on = due_on - 1 where run_id = %s"
        connection.execute(statement, (altered.rpartition("/")[2],))
    settings = read_settings()
    with reach(settings) as reached, open_parts(settings, reached.urls, reached.run) as parts:
        runs = [UUID(one.rpartition("/")[2]) for one in (altered, run, run)]
        monkeypatch.setattr(RetentionRows, "started_runs", lambda _: runs)
        DisposalAtWork(settings, reached.urls, parts).look(Event())
    said = capsys.readouterr().out
    assert "ListAltered" in said
    assert "RunNotStarted" in said, "it was finished when it came the second time"
    assert archive.auditor.get(run).body["state"] == "finished"
    assert archive.auditor.get(altered).body["purged"] == 0
