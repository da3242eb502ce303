"""What the imports have in common at the terminal: the question before the change, tables, and progress."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

DONE, REFUSED = 0, 1


def may_go_on(*, dry_run: bool, yes: bool, as_json: bool) -> bool:
    """Whether to carry out what was shown: told so, or asked at a terminal."""
    if dry_run:
        return False
    if yes:
        return True
    if as_json or not sys.stdin.isatty():
        if not as_json:
            click.echo("Nothing is changed. Add --yes to carry it out.")
        return False
    return click.confirm("Carry it out?")


def print_json(answer: Mapping[str, Any]) -> None:
    """Print one JSON object."""
    click.echo(json.dumps(answer, ensure_ascii=False))


def print_counts(title: str, counts: Mapping[str, int], *, heading: str = "Change") -> None:
    """A table of counts; a line instead where there are none."""
    if not counts:
        click.echo(f"{title}: nothing.")
        return
    table = Table(title=title, title_justify="left")
    table.add_column(heading)
    table.add_column("Count", justify="right")
    for name, count in counts.items():
        table.add_row(name, f"{count:,}")
    Console().print(table)


def print_lines(title: str, lines: Iterable[object]) -> None:
    """A heading and one line for each; nothing where there are none."""
    told = [str(line) for line in lines]
    if told:
        click.echo(f"{title} ({len(told):,}):")
        click.echo("\n".join(f"  {line}" for line in told))


@contextmanager
def progress_bar(*, shown: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each step, on standard error and only at a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not (shown and sys.stderr.isatty())) as bars:
        tasks: dict[str, Any] = {}

        def told(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step)
            bars.update(tasks[step], completed=done, total=total)

        yield told
