"""`liggare backup`: dumps of both databases, apart from each other."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from app.settings import Settings

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command(name="backup")
@click.argument("folder", type=FOLDER)
@click.option("--keys-to", type=FOLDER, required=True, help="Where the database of keys goes: apart from FOLDER.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, folder: Path, keys_to: Path, as_json: bool) -> None:
    """Dump the ledger's database to a new folder in FOLDER, the keys' to one elsewhere, while everybody works on."""
    from app.backups.dump import back_up, inside
    from app.databases import reach
    from app.settings import read_settings

    settings = read_settings()
    for lost in inside(settings, (folder, keys_to)):
        click.echo(f"Warning: {lost} lies in the data folder, and is lost with it.", err=True)
    with reach(settings) as reached:
        taken = back_up(settings, reached, folder, keys_to)
    if as_json:
        parts = {one.part: json.loads(one.text) for one in taken.manifests}
        click.echo(json.dumps({"ledger": str(taken.ledger), "keys": str(taken.keys), "manifests": parts}))
        return
    for path, one in zip((taken.ledger, taken.keys), taken.manifests, strict=True):
        click.echo(f"{path}: {one.bytes:,} bytes, {', '.join(f'{count:,} {name}' for name, count in one.rows.items())}")
    click.echo(_kept_outside(settings))


def _kept_outside(settings: "Settings") -> str:
    """What no backup holds, and is kept by whoever runs the system."""
    return (
        "Not in it, keep copies of these yourself. Each apart from both dumps: "
        f"the key file {settings.key_ring}, the notary's key {settings.notary_key}. After every disposal run, off this "
        f"machine: the purge register {settings.register} with the certificates beside it."
    )
