"""`liggare drill`: is the latest backup good?"""

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from app.backups.drill import Drilled

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command(name="drill")
@click.argument("folder", type=FOLDER)
@click.option("--keys-from", type=FOLDER, required=True, help="Where the backup of the keys is.")
@click.option("--in", "where", type=FOLDER, default=tempfile.gettempdir(), help="Where there is room for it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, folder: Path, keys_from: Path, where: Path, as_json: bool) -> int:
    """Put the latest backup in FOLDER back beside, apply the register, verify the ledger, and remove it again.

    Exit code 0: all is well; 1: it is not, or there is no backup; 3: that cannot be told now.
    """
    from app.backups.drill import drill
    from app.settings import read_settings

    done = drill(read_settings(), folder, keys_from, where)
    click.echo(json.dumps({"good": done.is_good, **asdict(done)}, ensure_ascii=False) if as_json else _told(done))
    return 0 if done.is_good else 1


def _told(done: "Drilled") -> str:
    lines = [
        f"The backup {done.ledger} with the keys of {done.keys}, {done.age_hours:.1f} hours old.",
        *(f"  {what}: {size:,} bytes" for what, size in done.bytes.items()),
        *(f"  {what}: {seconds:,.1f} s" for what, seconds in done.seconds.items()),
        f"{done.events:,} events came back, {done.opened:,} of them were opened, {done.leaves:,} leaves verified.",
        f"{done.replayed.get('lines', 0):,} of the {done.register_lines:,} lines of the purge register were applied.",
        f"{done.lost:,} leaves were signed since, and would be lost.",
    ]
    lines += [f"WRONG: {text}" for text in done.findings] or ["The backup is good."]
    return "\n".join(lines)
