"""What `make requirements` says of the rows, from what a test run said."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.requirements import ROWS, Proof, lines, load, read_rows, save

ROOT = Path(__file__).parent.parent
ROWS_TEXT = """
| Id | Title | Kind |
|---|---|---|
| S-GOA-1 | One | row |
| S-GOA-2 | Two | row |
| S-GOA-3 | Three | row |
| S-PUB-4 | Four | fact |
| G-1 | A ruling |
"""
RUN = """
import pytest

@pytest.mark.requirement("S-GOA-1", surface="api")
@pytest.mark.requirement("S-GOA-2")
def test_works(): pass

@pytest.mark.requirement("S-GOA-2")
def test_does_not_work(): assert False

@pytest.mark.requirement("S-GOA-3")
def test_is_not_tried(): pytest.skip("not here")
"""


def test_the_page_has_137_rows_that_count() -> None:
    """Every S-row of the sources that is not a mere fact."""
    assert sum(read_rows(ROWS.read_text(encoding="utf-8")).values()) == 137


def test_a_row_is_proven_by_a_test_that_passed_and_by_none_that_failed(tmp_path: Path) -> None:
    """Where its person meets it: a row whose tests name no surface is not proven; facts are printed, not counted."""
    proofs = {
        "S-GOA-1": Proof(passed=["a", "b"], surfaces={"api"}),
        "S-GOA-2": Proof(passed=["a"], failed=["c"], surfaces={"api"}),
        "S-GOA-3": Proof(passed=["a"]),
    }
    save(proofs, at="abc", changed=False, folder=tmp_path)
    run = load("abc", tmp_path)
    assert run is not None
    assert list(lines(read_rows(ROWS_TEXT), run[0])) == [
        "S-GOA-1 proven (api) 2 tests",
        "S-GOA-2 open, 1 test failed",
        "S-GOA-3 open, 1 test below its surface",
        "S-PUB-4 fact",
        "1 of 3 rows proven",
    ]
    assert load("another commit", tmp_path) is None


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project that notes requirements as ours does."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "requirements.md").write_text(ROWS_TEXT)
    tests = tmp_path / "tests"
    tests.mkdir()
    for name in ("__init__.py", "requirements.py", "requirements_plugin.py"):
        (tests / name).write_text((ROOT / "tests" / name).read_text())
    (tests / "conftest.py").write_text('pytest_plugins = ["tests.requirements_plugin"]')
    (tests / "test_run.py").write_text(RUN)
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = tests\npythonpath = .\n")
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "."]):
        git = ["git", "-c", "user.name=t", "-c", "user.email=t@t", "-C", str(tmp_path)]
        subprocess.run([*git, *command], check=True)
    (tmp_path / ".git" / "info" / "exclude").write_text("build\n__pycache__\n.pytest_cache\n")
    return tmp_path


def _run(project: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", *arguments]
    alone = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # to load what else is installed takes most of a run
    return subprocess.run(command, cwd=project, env=alone, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize("how", [(), ("-p", "xdist", "-n", "2")])
def test_a_whole_run_is_kept_for_its_commit(project: Path, how: tuple[str, ...]) -> None:
    """In one process or several; a failed test takes the row down, a skipped one proves nothing."""
    assert "There is no complete" in _run(project, "tests.requirements")
    _run(project, "pytest", *how)
    assert _run(project, "tests.requirements").splitlines() == [
        "S-GOA-1 proven (api) 1 test",
        "S-GOA-2 open, 1 test failed",
        "S-GOA-3 open",
        "S-PUB-4 fact",
        "1 of 3 rows proven",
    ]


@pytest.mark.parametrize("narrowed", [("-k", "works"), ("tests/test_run.py",), ("-x",), ("--collect-only",)])
def test_a_narrowed_run_proves_nothing(project: Path, narrowed: tuple[str, ...]) -> None:
    """Only all tests together speak for a commit."""
    _run(project, "pytest", *narrowed)
    assert "There is no complete" in _run(project, "tests.requirements")


def test_files_changed_since_the_commit_are_said_so(project: Path) -> None:
    """What was tested was not quite that commit."""
    (project / "new.py").touch()
    _run(project, "pytest")
    assert "files changed" in _run(project, "tests.requirements")


@pytest.mark.parametrize("mark", ['"S-GOA-9"', '"S-PUB-4"', '"S-GOA-1", surface="paper"'])
def test_a_mark_that_names_no_row_fails_the_run(project: Path, mark: str) -> None:
    """An unknown row, a fact, an unknown surface."""
    test = f"import pytest\n\n@pytest.mark.requirement({mark})\ndef test_it(): pass\n"
    (project / "tests" / "test_run.py").write_text(test)
    assert "1 error" in _run(project, "pytest")
