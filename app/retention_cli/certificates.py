"""`liggare retention certificate` and `verify`: what the ledger certifies to have destroyed, and whether that holds."""

import json
from pathlib import Path
from uuid import UUID

import click

from app.certificates import Checked, check_run
from app.importing import progress_bar
from app.retention_cli.desk import at_desk
from app.retention_cli.show import json_option
from app.verifying import known_key
from commands import disposal

_ALL = 2**31 - 1


@click.command(name="certificate")
@click.argument("run", type=click.UUID)
@click.argument("item", type=click.IntRange(1))
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file for it; else it is printed.")
@json_option
def certificate(*, run: UUID, item: int, output: Path | None, as_json: bool) -> None:
    """Print the signed certificate of ITEM of RUN, which anybody can check: `deploy/verify.py certificate`."""
    with at_desk() as desk:
        note = disposal.read_certificate(desk.context, desk.caller, run, item, on=desk.on)
    if output is not None:
        output.write_bytes(note)
    if as_json:
        click.echo(json.dumps({"run": str(run), "item": item, "note": note.decode()}, ensure_ascii=False))
    elif output is None:
        click.echo(note.decode(), nl=False)
    else:
        click.echo(f"{output}: check it with python3 deploy/verify.py certificate {output} --key KEY")


@click.command(name="verify")
@click.argument("run", type=click.UUID, required=False)
@click.option("--key", help="The ledger's key in note form, from where you trust; else the published one.")
@json_option
def verify(*, run: UUID | None, key: str | None, as_json: bool) -> int:
    """Check every certificate of RUN, or of every run, against the key, the run, the tree and the purge register.

    Exit code 1: something does not hold.
    """
    with at_desk() as desk, progress_bar(shown=not as_json) as tell:
        known = known_key(desk.settings, key)
        listed = disposal.read_runs(desk.context, desk.caller, on=desk.on, limit=_ALL)
        wanted = [one.run_id for one in listed] if run is None else [run]
        found: list[Checked] = []
        for done, run_id in enumerate(wanted, 1):
            run_found = disposal.read_run(desk.context, desk.caller, run_id, on=desk.on)
            found += check_run(desk.settings, desk.parts, run_found, known)
            tell("checking", done, len(wanted))
    wrong = [one for one in found if one.fault]
    if as_json:
        faults = [{"run": str(one.run_id), "item": one.item, "fault": one.fault} for one in wrong]
        click.echo(json.dumps({"whole": not wrong, "certificates": len(found), "faults": faults}))
    else:
        click.echo(f"{len(found):,} certificates, {len(wrong):,} that do not hold.")
        for one in wrong:
            click.echo(f"  {one.run_id}, item {one.item}: {one.fault}")
    return 1 if wrong else 0
