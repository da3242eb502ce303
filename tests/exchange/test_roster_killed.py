"""An import killed in the middle, by a signal that nobody can catch."""

import os
import subprocess
import sys
import time
from pathlib import Path

from app.demo.calendar import SchoolYear
from app.demo.cast import cast_of
from app.demo.roster_files import write_roster
from app.settings import ROOT
from app.wiring import Parts
from tests.exchange.conftest import Run

LAST = SchoolYear(2025)
ARGUMENTS = ("--on", "2026-03-02", "--yes")
SECONDS = 120


def test_an_import_that_was_killed_is_finished_by_running_it_again(parts: Parts, tmp_path: Path, liggare: Run) -> None:
    """No event twice and none missing: the two runs together store what one would have."""
    folder = tmp_path / "roster"
    cast = cast_of(pupils=120, years=1, seed=1)
    write_roster(cast, folder, school_year=LAST, last=LAST, on=LAST.last_day)
    _, told = liggare("import", "roster", str(folder), *ARGUMENTS[:2], "--dry-run")
    expected = sum(told["changes"].values())
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "import", "roster", str(folder), *ARGUMENTS],
        cwd=ROOT,
        env=dict(os.environ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    give_up = time.monotonic() + SECONDS
    while not (stored := sum(parts.ledger.feed_positions().values())):
        assert time.monotonic() < give_up
        assert process.poll() is None
        time.sleep(0.002)
    process.kill()
    process.wait()
    stored = sum(parts.ledger.feed_positions().values())
    assert 0 < stored < expected
    code, told = liggare("import", "roster", str(folder), *ARGUMENTS)
    assert code == 0
    assert stored + told["carried_out"]["events"] == expected
    assert liggare("import", "roster", str(folder), *ARGUMENTS)[1]["changes"] == {}
