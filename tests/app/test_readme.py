"""The README's tour, typed as it stands into a shell beside `make run`; and signing in there as the demo's people."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from app.demo.people import STRANGER, in_part
from tests.app.running import ROOT, Run, short_folder

TOUR = re.findall(r"^```sh\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    """`make run` with the demo school."""
    with short_folder() as folder:
        started = Run(folder, LIGGARE_DEMO="1")
        started.until_it_runs()
        assert len(started.processes("app", "demo", "provider")) == 1
        yield started
        assert started.stop() == 0


def _typed(run: Run, *command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command, cwd=ROOT, env=run.environment, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.mark.skipif(shutil.which("curl") is None, reason="the tour needs curl")
def test_the_tour_works_as_written(run: Run) -> None:
    """Every line of it, in one shell that stops at the first that fails; what it shows at the end is what it says."""
    told = _typed(run, "bash", "-euo", "pipefail", "-c", "\n".join(TOUR))
    assert told.returncode == 0, told.stderr
    lines = told.stdout.splitlines()
    assert "locked started" in lines
    assert sum('"type":"/problems/' in line for line in lines) == 2
    assert any("assurance-too-low" in line for line in lines)
    assert any("only-mentor-locks" in line for line in lines)
    assert any("goal_proposed.v1" in line and "question_answered.v1" in line for line in lines)
    assert not told.stderr


def _login(run: Run, *arguments: str) -> tuple[int, dict[str, Any]]:
    told = _typed(run, "./liggare", "demo", "login", *arguments, "--json")
    return told.returncode, json.loads(told.stdout or told.stderr)


def _asked(run: Run, session: str, path: str) -> httpx.Response:
    return httpx.get(
        f"http://127.0.0.1:{run.port}/api/v1{path}", headers={"Authorization": f"Bearer {session}"}, trust_env=False
    )


def test_a_sign_in_needs_to_know_the_data_folder_alone(run: Run) -> None:
    """On whatever ports the server runs: the line that filling the demo printed works as it stands."""
    elsewhere = {name: value for name, value in run.environment.items() if name not in {"PORT", "DEMO_PORT"}}
    told = subprocess.run(
        ["./liggare", "demo", "login", "mentor"],
        cwd=ROOT,
        env=elsewhere,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (told.returncode, told.stderr) == (0, "")
    assert _asked(run, told.stdout.strip(), "/me").status_code == 200


@pytest.mark.parametrize(
    ("arguments", "provider", "level"),
    [
        (("mentor",), "staff", 2),
        (("principal", "--level", "3"), "staff", 3),
        (("guardian",), "eid", 3),
        (("guardian", "--level", "1"), "id-service", 1),
        (("pupil",), "pupil", 1),
    ],
)
@pytest.mark.requirement("S-ACC-1")
def test_a_demo_person_signs_in_at_the_provider_for_them(
    run: Run, arguments: tuple[str, ...], provider: str, level: int
) -> None:
    """And is who the ledger says, at the level that the way of signing in stands for."""
    code, said = _login(run, *arguments)
    assert (code, said["provider"], said["level"]) == (0, provider, level)
    me = _asked(run, said["session"], "/me").json()
    assert (me["person_id"], me["level"]) == (str(in_part(run.home, arguments[0])), level)


def test_a_new_one_accepts_the_terms_first(run: Run) -> None:
    """Nothing is reached before, and the acceptance is the person's: the next session knows it."""
    _, said = _login(run, "new-guardian")
    refused = _asked(run, said["session"], "/notices")
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/terms-not-accepted")
    code, said = _login(run, "new-guardian", "--accept-terms")
    assert code == 0
    assert _asked(run, said["session"], "/notices").status_code == 200
    _, again = _login(run, "new-guardian")
    assert _asked(run, again["session"], "/notices").status_code == 200


def test_a_stranger_is_let_in_nowhere(run: Run) -> None:
    """The page that says so is what the command tells; and a person has only the levels that their providers give."""
    code, said = _login(run, "stranger")
    assert (code, said["error"]) == (1, "RefusedByRule")
    assert "let nobody in" in said["message"]
    assert said["message"].endswith("We do not know who you are")
    assert _login(run, str(STRANGER))[0] == 1
    code, said = _login(run, "pupil", "--level", "3")
    assert (code, "level 1" in said["message"]) == (1, True)
