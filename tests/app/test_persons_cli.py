"""`liggare persons accept-account`: another account of the same name is the person's too."""

import json
from pathlib import Path

import pytest

from app.cli import main
from app.postgres_roles import Urls

ACCOUNT = "0d" * 32


@pytest.fixture(autouse=True)
def _environment(databases: Urls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "run").mkdir()
    for name, value in {**databases.environment(), "LIGGARE_HOME": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main([*arguments, "--json"])
    told = capsys.readouterr()
    return code, told.out or told.err


def test_an_account_is_accepted_for_somebody_who_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    """Twice is once; nobody else's, and nothing that is no account."""
    added = _run(capsys, "admin", "add", "Agda", "Ek", "--school", "Ek", "--eppn", "agda@umea.example")
    person = json.loads(added[1])["person"]
    for _ in range(2):
        assert _run(capsys, "persons", "accept-account", person, ACCOUNT) == (0, json.dumps({"person": person}) + "\n")
    nobody = "22222222-2222-4222-8222-222222222222"
    code, told = _run(capsys, "persons", "accept-account", nobody, ACCOUNT)
    assert (code, json.loads(told)["error"]) == (1, "person-not-found")
    assert _run(capsys, "persons", "accept-account", person, "agda")[0] == 2
