"""`liggare ledger`: is the ledger whole, and what proves one event of it."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

if TYPE_CHECKING:
    from app.settings import Settings
    from transparency.findings import Report
    from transparency.notes import VerifierKey

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_KEY = click.option("--key", help="The ledger's key in note form, from where you trust; else the published one.")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_EVENT = re.compile(r"([0-9a-f-]{36})/([1-9][0-9]{0,17})")


@click.group(name="ledger")
def command() -> None:
    """Verify the whole ledger, and prove one event of it."""


@command.command()
@click.option("--from", "kept", type=_FILE, help="A checkpoint that was kept, as evidence.")
@click.option("--open", "opens", is_flag=True, help="Open each event too: finds what was written past the ledger.")
@_KEY
@_JSON
def verify(*, kept: Path | None, opens: bool, key: str | None, as_json: bool) -> int:
    """Recompute everything in storage and name the first bad position. But for --open it needs no key to an event.

    Exit code 0: the ledger is whole; 1: it is not; 3: that cannot be told now.
    """
    from app.databases import reach
    from app.settings import read_settings
    from app.verifying import verified

    settings = read_settings()
    known = _key(settings, key)
    with reach(settings) as reached, _progress(hidden=as_json) as tell:
        report, seconds = verified(settings, reached.urls, known, kept, tell, opens=opens)
    if as_json:
        click.echo(json.dumps(_json(report, seconds), ensure_ascii=False))
    else:
        _show(report, seconds)
    return 1 if report.first else 0


@command.command()
@click.argument("event")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Else STREAM-VERSION.tlog-proof here.")
@_JSON
def prove(*, event: str, output: Path | None, as_json: bool) -> None:
    """Write a proof file that EVENT is in the ledger: its stream and version, as 3e0c…/17."""
    from app.databases import reach
    from app.settings import read_settings
    from app.verifying import proven

    match = _EVENT.fullmatch(event)
    if match is None:
        msg = "an event is its stream's id, a slash and its version, as GET …/events has them."
        raise click.BadParameter(msg, param_hint="EVENT")
    stream, version = UUID(match[1]), int(match[2])
    settings = read_settings()
    with reach(settings) as reached:
        proof = proven(settings, reached.urls, stream, version)
    path = output or Path(f"{stream}-{version}.tlog-proof")
    path.write_bytes(proof.file)
    said = {"file": str(path), "leaf": proof.index}
    click.echo(
        json.dumps(said) if as_json else f"{path} proves leaf {proof.index}. Check it: ./liggare ledger check {path}"
    )


@command.command()
@click.argument("file", type=_FILE)
@_KEY
@_JSON
def check(*, file: Path, key: str | None, as_json: bool) -> None:
    """Check a proof FILE with the ledger's public key alone, and say what it proves. Exit code 1: it does not hold."""
    from app.settings import read_settings
    from app.verifying import checked

    settings = read_settings()
    said = checked(file.read_bytes(), _key(settings, key), settings)
    click.echo(json.dumps(said) if as_json else "\n".join(f"{name}: {value}" for name, value in said.items()))


@command.command(name="key")
def show_key() -> None:
    """Print the public key that checkpoints and certificates are checked with, in note form."""
    from app.settings import read_settings

    click.echo(_key(read_settings(), None))


@command.command()
@_JSON
def publish(*, as_json: bool) -> None:
    """Fill an empty folder of checkpoints with what was signed last. On purpose: an empty one else stops the notary."""
    from app.databases import reach
    from app.settings import read_settings
    from app.verifying import published_anew

    settings = read_settings()
    with reach(settings) as reached:
        size = published_anew(settings, reached.urls)
    click.echo(json.dumps({"size": size}) if as_json else f"{size} leaves are published in {settings.folder.path}.")


def _key(settings: "Settings", given: str | None) -> "VerifierKey":
    from app.verifying import known_key

    return known_key(settings, given)


@contextmanager
def _progress(*, hidden: bool) -> Iterator[Callable[[int, int], None]]:
    """Told how many events there are and how many more are done."""
    from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, disable=hidden) as bar:
        task = bar.add_task("verifying events", total=None)
        yield lambda total, count: bar.update(task, total=total, advance=count)


def _json(report: "Report", seconds: float) -> dict[str, object]:
    findings = [{**finding._asdict(), "text": finding.text} for finding in report.findings]
    first = report.first
    return {
        "whole": first is None,
        "size": report.size,
        "events": report.events,
        "destroyed": report.destroyed,
        "waiting": report.waiting,
        "checkpoints": report.checkpoints,
        "outside": report.outside,
        "first": None if first is None else {**first._asdict(), "text": first.text},
        "findings": findings,
        "more": report.more,
        "seconds": seconds,
    }


def _show(report: "Report", seconds: float) -> None:
    click.echo(
        f"{report.events} events, {report.destroyed} that are not there any more, {report.waiting} without a leaf yet. "
        f"{report.checkpoints} signatures were held against them; {report.outside} of {report.size} leaves are vouched "
        f"for from outside the database. {seconds} s."
    )
    first = report.first
    if first is None:
        click.echo("The ledger is whole.")
        return
    click.echo(f"THE LEDGER IS NOT WHOLE. First: {first.text}")
    for finding in report.findings:
        if finding is not first:
            click.echo(f"  {finding.text}")
    if report.more:
        click.echo(f"  and {report.more} more")
