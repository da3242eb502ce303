"""What an import works on: a ledger of its own, its read models, and the command line on the same databases."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from app.local import bring_up_directory
from app.postgres_roles import Urls
from app.settings import Settings, read_settings
from app.wiring import Parts, open_parts

Run = Callable[..., tuple[int, Any]]
"""Runs `liggare` with arguments and --json; the exit code and what was printed."""


@pytest.fixture
def settings(databases: Urls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """What the command line reads in an environment that names the test's databases."""
    for name, value in databases.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LIGGARE_HOME", str(tmp_path / "home"))
    return read_settings()


@pytest.fixture
def parts(settings: Settings, databases: Urls, tmp_path: Path) -> Iterator[Parts]:
    """Everything open, and the directory as the ledger is."""
    with open_parts(settings, databases, tmp_path) as opened:
        bring_up_directory(opened)
        yield opened


@pytest.fixture
def liggare(settings: Settings, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line."""
    assert settings.urls() is not None

    def run(*arguments: str) -> tuple[int, Any]:
        code = main([*arguments, "--json"])
        printed = capsys.readouterr()
        return code, json.loads(printed.out or printed.err)

    return run
