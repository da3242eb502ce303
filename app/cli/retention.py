"""`liggare retention`: what is due, and destroying it: planned by one officer, approved by another, certified."""

import importlib

import click

_MODULES = {
    "due": "due",
    "plan": "runs",
    "approve": "runs",
    "withdraw": "runs",
    "run": "carrying_out",
    "runs": "runs",
    "certificate": "certificates",
    "verify": "certificates",
    "schedules": "schedules",
    "hold": "holds",
    "release": "holds",
    "review": "holds",
    "held": "holds",
    "replay": "replay",
}
"""Where each command is; it is imported when it is asked for."""


class Commands(click.Group):
    """The commands of `app.retention_cli`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order in which they are used."""
        del ctx
        return list(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name; None where there is none."""
        del ctx
        if cmd_name not in _MODULES:
            return None
        module = importlib.import_module(f"app.retention_cli.{_MODULES[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        return command


@click.group(name="retention", cls=Commands)
def command() -> None:
    """Dispose of what is due, as the officer whose session LIGGARE_SESSION holds."""
