"""The command line: each module here is a command, named as the module, and holds it as `command`.

Exit codes: 0 done, 1 refused by a rule, 2 wrong usage, 3 the system is not able.
"""

import importlib
import json
import pkgutil
from collections.abc import Sequence

import click

from aggregates.errors import Refusal
from app.errors import NotAble, ProgramError
from app.logs import configure_logs, places

INTERRUPTED = 130


class Commands(click.Group):
    """The commands are the modules of this package, imported when one is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, by name."""
        del ctx
        return sorted(_modules())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name; None where there is none."""
        del ctx
        name = _modules().get(cmd_name)
        if name is None:
            return None
        command: click.Command = importlib.import_module(f"{__name__}.{name}").command
        return command


def _modules() -> dict[str, str]:
    """The module of each command; `import_` is the command `import`."""
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    return {name.rstrip("_").replace("_", "-"): name for name in names}


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Liggare: a ledger of individual development plans."""


def main(arguments: Sequence[str]) -> int:
    """Run one command and answer the exit code. No failure is left to Python, whose traceback could quote a text."""
    configure_logs("warning")
    try:
        ended = cli.main([*arguments], prog_name="liggare", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as wish:
        click.echo(wish.ctx.get_help())
        return 2
    except click.ClickException as wrong:
        wrong.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last net: says what kind of failure, and where, without its words
        return _tell(error, as_json="--json" in arguments)
    return ended if isinstance(ended, int) else 0


def _tell(error: Exception, *, as_json: bool) -> int:
    code, kind, text = _judge(error)
    click.echo(json.dumps({"error": kind, "message": text}, ensure_ascii=False) if as_json else text, err=True)
    return code


def _judge(error: Exception) -> tuple[int, str, str]:
    """The exit code, the name of the failure and what to tell."""
    from retention.register import RegisterError
    from store.errors import KeyRingError, StoreError, StoreUnavailable, UnsafeSetting

    if isinstance(error, Refusal):
        return 1, error.code, f"{error.rule} {error.remedy}"
    if isinstance(error, ProgramError):
        return error.exit_code, type(error).__name__, str(error)
    if isinstance(error, StoreUnavailable | KeyRingError | RegisterError | UnsafeSetting):
        return NotAble.exit_code, type(error).__name__, f"{error}."
    if isinstance(error, StoreError):
        return NotAble.exit_code, type(error).__name__, f"The ledger refused: {type(error).__name__}."
    where = ", ".join(places(error.__traceback__))
    return NotAble.exit_code, type(error).__name__, f"Liggare failed with {type(error).__name__} at {where}."
