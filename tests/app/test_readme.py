"""The README's tour, typed as it stands into a shell beside `make run`."""

import re
import shutil
import subprocess

import pytest

from tests.app.running import ROOT, Run, short_folder

TOUR = re.findall(r"^```sh\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL | re.MULTILINE)


@pytest.mark.skipif(shutil.which("curl") is None, reason="the tour needs curl")
def test_the_tour_works_as_written() -> None:
    """Every line of it, in one shell that stops at the first that fails; what it shows at the end is what it says."""
    with short_folder() as folder:
        run = Run(folder, LIGGARE_DEMO="1")
        run.until_it_runs()
        told = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", "\n".join(TOUR)],
            cwd=ROOT,
            env=run.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert told.returncode == 0, told.stderr
        assert run.stop() == 0
    lines = told.stdout.splitlines()
    assert "locked started" in lines
    assert sum('"type":"/problems/' in line for line in lines) == 1
    assert any("only-mentor-locks" in line for line in lines)
    assert any("goal_proposed.v1" in line and "question_answered.v1" in line for line in lines)
    assert not told.stderr
