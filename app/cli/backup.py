"""`liggare backup`: dumps of both databases, apart from each other; or what leads back to any moment."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from app.databases import Reached
    from app.settings import Settings

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command(name="backup")
@click.argument("folder", type=FOLDER)
@click.option("--keys-to", type=FOLDER, help="Where the database of keys goes: apart from FOLDER.")
@click.option("--base", is_flag=True, help="Copy the embedded server's files, with both databases.")
@click.option("--wal", is_flag=True, help="Write the embedded server's log to FOLDER, until told to stop.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, folder: Path, keys_to: Path | None, base: bool, wal: bool, as_json: bool) -> None:
    """Dump the ledger's database to a new folder in FOLDER, the keys' to one elsewhere, while everybody works on.

    To go back to any moment, and not only to that of a dump: --base now and then, and --wal all the time.
    """
    from app.databases import reach
    from app.settings import read_settings

    if base + wal + (keys_to is not None) != 1:
        msg = "Say one of --keys-to FOLDER, --base and --wal."
        raise click.UsageError(msg)
    settings = read_settings()
    _warn(settings, [folder, *([keys_to] if keys_to is not None else [])])
    with reach(settings) as reached:
        if keys_to is not None:
            _dump(settings, reached, folder, keys_to, as_json=as_json)
        elif base:
            _copy(settings, reached, folder, as_json=as_json)
        else:
            _receive(reached, folder)


def _warn(settings: "Settings", folders: list[Path]) -> None:
    from app.backups.dump import inside

    for lost in inside(settings, folders):
        click.echo(f"Warning: {lost} lies in the data folder, and is lost with it.", err=True)


def _dump(settings: "Settings", reached: "Reached", folder: Path, keys_to: Path, *, as_json: bool) -> None:
    from app.backups.dump import back_up

    taken = back_up(settings, reached, folder, keys_to)
    if as_json:
        parts = {one.part: json.loads(one.text) for one in taken.manifests}
        click.echo(json.dumps({"ledger": str(taken.ledger), "keys": str(taken.keys), "manifests": parts}))
        return
    for path, one in zip((taken.ledger, taken.keys), taken.manifests, strict=True):
        click.echo(f"{path}: {one.bytes:,} bytes, {', '.join(f'{count:,} {name}' for name, count in one.rows.items())}")
    click.echo(_kept_outside(settings))


def _copy(settings: "Settings", reached: "Reached", folder: Path, *, as_json: bool) -> None:
    from app.backups.base import take_base

    taken = take_base(settings, reached, folder)
    if as_json:
        click.echo(json.dumps({"base": str(taken.path), "taken_at": taken.taken_at.isoformat()}))
        return
    click.echo(f"{taken.path}: both databases, with their keys wrapped. Keep it where nobody has the key file.")
    click.echo(_kept_outside(settings))
    click.echo(f"The passwords of {settings.home / 'secrets.json'} belong to it: keep a copy with the key file.")


def _receive(reached: "Reached", folder: Path) -> None:
    from app.backups.base import receive_log

    click.echo(f"The log is written to {folder} (Ctrl-C stops it).")
    receive_log(reached, folder)


def _kept_outside(settings: "Settings") -> str:
    """What no backup holds, and is kept by whoever runs the system."""
    return (
        "Not in it, keep copies of these yourself. Apart from all backups: "
        f"the key file {settings.key_ring}, the notary's key {settings.notary_key}. After every disposal run, off this "
        f"machine: the purge register {settings.register} with the certificates beside it."
    )
