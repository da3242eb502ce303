"""`liggare restore`: a backup in the place of what the databases hold."""

import json
from dataclasses import asdict
from pathlib import Path

import click

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command(name="restore")
@click.argument("folder", type=FOLDER, required=False)
@click.option("--keys-from", type=FOLDER, help="Where the backup of the keys is; of this moment or later.")
@click.option("--replace", is_flag=True, help="Throw away what the databases hold.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, folder: Path | None, keys_from: Path | None, replace: bool, as_json: bool) -> None:
    """Put the backup in FOLDER back, or the latest in it. Without one of the two folders that database stays as it is.

    Nothing starts afterwards before the purge register is applied: `./liggare retention replay`.
    """
    from app.backups.restore import backups_of, refuse_others, restore, without_new_register
    from app.databases import reach
    from app.settings import read_settings

    if folder is None and keys_from is None:
        msg = "Say which backup: FOLDER, --keys-from or both."
        raise click.UsageError(msg)
    settings = read_settings()
    backups = backups_of(folder, keys_from)
    refuse_others(settings, backups)
    with without_new_register(settings), reach(settings) as reached:
        restored = restore(settings, reached, backups, replace=replace)
    there = settings.register.exists()
    if as_json:
        click.echo(json.dumps({**asdict(restored), "register_there": there}))
        return
    for part, seconds in restored.seconds.items():
        click.echo(f"The {part}'s database is as it was in {getattr(restored, part)} ({seconds} s).")
    if not there:
        click.echo(f"There is no purge register {settings.register}. Put back the newest copy, or nothing starts.")
    click.echo("Now apply the purge register: ./liggare retention replay")
