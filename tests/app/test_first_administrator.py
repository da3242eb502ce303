"""`liggare admin add`: how the first person gets in."""

import json
from pathlib import Path
from uuid import UUID

import pytest

from app.cli import main
from app.postgres_roles import Urls


@pytest.fixture
def _environment(databases: Urls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "run").mkdir()
    for name, value in {**databases.environment(), "LIGGARE_HOME": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.mark.usefixtures("_environment")
def test_the_first_administrator_is_added_once(capsys: pytest.CaptureFixture[str]) -> None:
    """A school is founded and a person made its administrator; a second time is refused by name, unless asked for."""
    add = ("admin", "add", "Agda", "Test", "--json")
    code, out, _ = _run(capsys, *add, "--school", "Björkskolan")
    assert code == 0
    added = json.loads(out)
    assert {str(UUID(added[key])) for key in ("person", "school", "as")} == set(added.values())
    code, _, err = _run(capsys, *add, "--school", "Lindskolan")
    assert (code, json.loads(err)["error"]) == (1, "administrator-is-there")
    code, out, _ = _run(capsys, *add, "--school-id", added["school"], "--another", "--role", "principal")
    assert (code, json.loads(out)["school"]) == (0, added["school"])
    assert _run(capsys, "admin", "add", "Agda", "Test")[0] == 2
