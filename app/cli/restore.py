"""`liggare restore`: a backup in the place of what the databases hold."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from app.settings import Settings

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


def _as_moment(_: click.Context, __: click.Parameter, value: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if value else None
    except ValueError:
        moment = None
    if value and (moment is None or moment.tzinfo is None):
        msg = "a moment with its offset, such as 2026-11-23T04:00:00+01:00."
        raise click.BadParameter(msg)
    return moment


@click.command(name="restore")
@click.argument("folder", type=FOLDER, required=False)
@click.option("--keys-from", type=FOLDER, help="Where the backup of the keys is; of this moment or later.")
@click.option("--base", is_flag=True, help="FOLDER holds copies of the embedded server's files.")
@click.option("--wal", type=FOLDER, help="With --base: where the log was written to.")
@click.option("--until", callback=_as_moment, help="With --wal: up to which moment; else to its end.")
@click.option("--replace", is_flag=True, help="Throw away what is there now.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    *,
    folder: Path | None,
    keys_from: Path | None,
    base: bool,
    wal: Path | None,
    until: datetime | None,
    replace: bool,
    as_json: bool,
) -> None:
    """Put the backup in FOLDER back, or the latest in it. Without one of the two folders that database stays as it is.

    Nothing starts afterwards before the purge register is applied: `./liggare retention replay`.
    """
    from app.backups.restore import without_new_register
    from app.settings import read_settings

    if folder is None and (base or keys_from is None):
        msg = "Say which backup: FOLDER, --keys-from or both."
        raise click.UsageError(msg)
    if (base and keys_from is not None) or (wal is not None and not base) or (until is not None and wal is None):
        msg = "--until goes with --wal, and --wal with --base, which has the keys too."
        raise click.UsageError(msg)
    settings = read_settings()
    with without_new_register(settings):
        if base and folder is not None:
            said = _go_back(settings, folder, wal, until, replace=replace)
        else:
            said = _load(settings, folder, keys_from, replace=replace)
    if as_json:
        click.echo(json.dumps({**said, "register_there": settings.register.exists()}))
        return
    click.echo("\n".join(f"{name}: {value}" for name, value in said.items() if isinstance(value, str)))
    if isinstance(seconds := said.get("seconds"), dict):
        click.echo(f"in {sum(seconds.values()):,.1f} s")
    if not settings.register.exists():
        click.echo(f"There is no purge register {settings.register}. Put back the newest copy, or nothing starts.")
    click.echo("Now apply the purge register: ./liggare retention replay")


def _load(settings: "Settings", folder: Path | None, keys_from: Path | None, *, replace: bool) -> dict[str, object]:
    from app.backups.restore import backups_of, refuse_others, restore
    from app.databases import reach

    backups = backups_of(folder, keys_from)
    refuse_others(settings, backups)
    with reach(settings) as reached:
        return asdict(restore(settings, reached, backups, replace=replace))


def _go_back(
    settings: "Settings", folder: Path, wal: Path | None, until: datetime | None, *, replace: bool
) -> dict[str, object]:
    from app.backups.base import find_base, go_back

    base = find_base(folder)
    go_back(settings, base, wal, until, replace=replace)
    return {"base": base.path.name, "until": until.astimezone(UTC).isoformat() if until else None}
