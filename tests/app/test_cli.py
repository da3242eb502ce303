"""The command line: what it offers, and how it ends."""

import json
from pathlib import Path

import click
import pytest

from aggregates.errors.agreement import AlreadyAgreed
from app import cli
from app.errors import NotAble, RefusedByRule
from store.errors import StoreUnavailable

TEXT = "Ada läser gärna"


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> "type[Failing]":
    """A command beside the real ones that fails as the test says."""
    monkeypatch.setattr(cli.Commands, "get_command", lambda *_: Failing.command)
    monkeypatch.setattr(cli, "configure_logs", lambda *_: None)
    return Failing


class Failing:
    """What the command raises."""

    error: BaseException

    @staticmethod
    @click.command
    @click.option("--json", "as_json", is_flag=True)
    def command(*, as_json: bool) -> None:
        """Fail."""
        del as_json
        raise Failing.error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (AlreadyAgreed(), 1),
        (RefusedByRule("no"), 1),
        (click.UsageError("no"), 2),
        (NotAble("no"), 3),
        (StoreUnavailable("the database does not answer"), 3),
        (ValueError(TEXT), 3),
        (KeyboardInterrupt(), 130),
    ],
)
def test_the_exit_code_says_what_kind_of_end_it_was(
    error: BaseException, code: int, failing: type[Failing], capsys: pytest.CaptureFixture[str]
) -> None:
    """0 done, 1 refused by a rule, 2 wrong usage, 3 the system is not able; an exception's words stay inside."""
    failing.error = error
    assert cli.main(["fail"]) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err
    assert TEXT not in told.err


def test_a_program_is_told_in_json(failing: type[Failing], capsys: pytest.CaptureFixture[str]) -> None:
    """With --json a failure too is an object, on standard error."""
    failing.error = AlreadyAgreed()
    assert cli.main(["fail", "--json"]) == 1
    told = json.loads(capsys.readouterr().err)
    assert told == {"error": "already-agreed", "message": f"{AlreadyAgreed.rule} {AlreadyAgreed.remedy}"}


def test_each_module_of_commands_holds_the_command_of_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    """A command that cannot be imported, or has no words of help, is found here and not by a user."""
    context = click.Context(cli.cli)
    names = cli.cli.list_commands(context)
    assert {"run", "migrate"} <= set(names)
    assert len(names) == len(list(Path(cli.__file__).parent.glob("[!_]*.py")))
    for name in names:
        command = cli.cli.get_command(context, name)
        assert command is not None
        assert command.name == name
        assert command.get_short_help_str()
    assert cli.main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in names)


def test_an_unknown_command_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    """And so is none."""
    assert cli.main(["no-such-command"]) == 2
    assert "no-such-command" in capsys.readouterr().err
    assert cli.main([]) == 2
