"""`liggare retention replay`: after a restore, who was destroyed is destroyed again; given on this machine itself."""

import json
from dataclasses import asdict

import click

from app.databases import reach
from app.replaying import apply_register
from app.retention_cli.show import json_option
from app.settings import read_settings
from retention.replay import Replayed


@click.command(name="replay")
@json_option
def replay(*, as_json: bool) -> None:
    """Apply the purge register to databases that were restored. Until then nothing starts; may be interrupted.

    Needs no officer's session: it destroys nothing but what a certificate or the register says was destroyed.
    """
    settings = read_settings()
    with reach(settings) as reached:
        done = apply_register(settings, reached.urls)
    click.echo(json.dumps(asdict(done)) if as_json else _told(done))


def _told(done: Replayed) -> str:
    text = (
        f"{done.lines:,} lines of the purge register were applied: {done.subjects:,} subjects were there again, with "
        f"{done.rows:,} rows, and {done.keys:,} keys. {done.certificates:,} certificates were put back."
    )
    if done.without_certificate:
        text += (
            f"\n{len(done.without_certificate):,} certificates are not beside the register, first that of line "
            f"{done.without_certificate[0]}. Put them back if there is a copy: the ledger is verified by them."
        )
    if done.left is not None:
        text += f"\nLine {done.left} was never carried out to its end: the worker, or `retention run`, goes on there."
    return text
