"""`liggare projections`: how the read models are, and building one anew."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from time import perf_counter
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from projections.checkpoints import Status


@click.group(name="projections")
def command() -> None:
    """Show or rebuild the read models: overview, directory, notices."""


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
def status(*, as_json: bool) -> int:
    """How far each read model is. Exit code 3 when one has stopped."""
    from app.databases import reach
    from app.settings import read_settings
    from projections.checkpoints import statuses
    from store.database import open_pool

    settings = read_settings()
    with reach(settings) as reached, open_pool(reached.urls.app, schema=settings.tenant, size=1, name="status") as pool:
        found = statuses(pool)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], default=str))
    else:
        _show(found)
    return 3 if any(one.stops for one in found) else 0


def _show(found: "list[Status]") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("read model", "events behind", "last moved (UTC)", "state")
    for one in found:
        moved = f"{one.moved_at:%Y-%m-%d %H:%M:%S}" if one.moved_at else "never"
        table.add_row(one.projection, str(one.behind), moved, _state(one))
    Console().print(table)


def _state(one: "Status") -> str:
    stopped = [f"stopped at event {s.position} of feed {s.feed} ({s.kind}): {s.reason}" for s in one.stops]
    return "\n".join(stopped) or ("is being rebuilt" if one.is_rebuilding else "runs")


@command.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def rebuild(name: str, *, as_json: bool) -> None:
    """Build a read model anew beside the live one and swap it in. May be interrupted and run again."""
    from app.databases import open_ledger, reach
    from app.errors import NotAble
    from app.settings import read_settings
    from projections.rebuild import RebuildFailed
    from projections.rebuild import rebuild as build
    from projections.registry import projection_named, projections
    from store.database import open_pool

    projection = projection_named(name)
    if projection is None:
        msg = f"there is none; choose of {', '.join(known.name for known in projections())}"
        raise click.BadParameter(msg, param_hint="NAME")
    settings = read_settings()
    began = perf_counter()
    with (
        reach(settings) as reached,
        open_ledger(settings, reached.urls) as ledger,
        open_pool(reached.urls.app, schema=settings.tenant, size=4, name="rebuild") as pool,
        _progress(sum(ledger.feed_positions().values()), hidden=as_json) as tell,
    ):
        try:
            events = build(pool, ledger, projection, tell=tell)
        except RebuildFailed as failure:
            raise NotAble(str(failure)) from None
    seconds = round(perf_counter() - began, 3)
    if as_json:
        click.echo(json.dumps({"projection": name, "events": events, "seconds": seconds}))
    else:
        click.echo(f"{name} was rebuilt from {events} events in {seconds} s.")


@contextmanager
def _progress(total: int, *, hidden: bool) -> Iterator[Callable[[int], None]]:
    from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

    with Progress(
        *Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn(), disable=hidden
    ) as bar:
        task = bar.add_task("reading events", total=total)
        yield lambda count: bar.advance(task, count)
