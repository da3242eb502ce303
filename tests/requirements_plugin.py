"""Notes in a test run which requirement rows each test proves, and keeps the notes of complete runs."""

from collections import defaultdict
from collections.abc import Iterator

import pytest

from tests.requirements import ROWS, SURFACES, Proof, commit, is_changed, read_rows, save

_PROPERTY = "requirement"


def pytest_configure(config: pytest.Config) -> None:
    """Explain the mark, and where the results come together note what they prove."""
    config.addinivalue_line(
        "markers", "requirement(id, surface=None): the row of docs/requirements.md that this proves"
    )
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Notes(config), "requirement-notes")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each report carry its marks, also out of a worker process."""
    for item in items:
        for row, surface in _marks(item):
            item.user_properties.append((_PROPERTY, (row, surface)))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test that claims a row that does not exist fails."""
    known = read_rows(ROWS.read_text(encoding="utf-8"))
    for row, surface in _marks(item):
        if not known.get(row):
            pytest.fail(f"docs/requirements.md has no row {row} that a test can prove", pytrace=False)
        if surface not in {None, *SURFACES}:
            pytest.fail(f"{surface} is no surface; there are {', '.join(SURFACES)}", pytrace=False)


def _marks(item: pytest.Item) -> Iterator[tuple[str, str | None]]:
    for mark in item.iter_markers("requirement"):
        yield str(mark.args[0]), mark.kwargs.get("surface")


class _Notes:
    def __init__(self, config: pytest.Config) -> None:
        self._complete = _is_whole(config)
        self._proofs: defaultdict[str, Proof] = defaultdict(Proof)
        self._at = commit()
        self._changed = is_changed()

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._complete = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for name, value in report.user_properties:
            if name == _PROPERTY and isinstance(value, list | tuple):
                row, surface = value
                self._note(self._proofs[row], report, surface)

    def _note(self, proof: Proof, report: pytest.TestReport, surface: str | None) -> None:
        if report.failed:
            proof.failed.append(report.nodeid)
        elif report.when == "call" and report.passed:
            proof.passed.append(report.nodeid)
            proof.surfaces.update(filter(None, [surface]))

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        finished = exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}
        if finished and self._complete:
            save(self._proofs, at=self._at, changed=self._changed)


def _is_whole(config: pytest.Config) -> bool:
    """Whether nothing on the command line narrows the run."""
    everything = config.args_source in {config.ArgsSource.TESTPATHS, config.ArgsSource.INVOCATION_DIR}
    narrowing = ("keyword", "markexpr", "lf", "deselect", "ignore", "ignore_glob", "maxfail", "collectonly", "stepwise")
    return everything and not any(config.getoption(name, default=None) for name in narrowing)
