"""`liggare run`: what `make run` starts."""

import click


@click.command(name="run")
def command() -> None:
    """Start everything on this machine: PostgreSQL, worker and server, with the demo school."""
    from app.logs import configure_logs
    from app.settings import read_settings
    from app.start import run

    settings = read_settings()
    configure_logs(settings.log_level)
    run(settings, click.echo)
