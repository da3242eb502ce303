"""What the commands of retention print: JSON as the API answers it, or tables for whoever reads at a terminal."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

import click
from pydantic import BaseModel
from rich.console import Console
from rich.table import Column, Table

from commands.context import Answer

json_option: Callable[..., Any] = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def print_shape(shape: BaseModel) -> None:
    """Print what the API answers."""
    click.echo(shape.model_dump_json())


def print_shapes(shapes: Iterable[BaseModel]) -> None:
    """Print a JSON array of what the API lists."""
    click.echo(json.dumps([shape.model_dump(mode="json") for shape in shapes], ensure_ascii=False))


def print_answer(answer: Answer, text: str, *, as_json: bool) -> None:
    """Say that a command was carried out; `text` has {id} where the id goes."""
    if as_json:
        click.echo(json.dumps({"id": answer.resource_id, "version": answer.version}))
    else:
        click.echo(text.format(id=answer.resource_id))


def print_table(headings: Sequence[str], rows: Sequence[Sequence[object]], *, empty: str) -> None:
    """A table in which nothing is cut off, and ids stay whole; `empty` where it has no row."""
    if not rows:
        click.echo(empty)
        return
    whole = [any(isinstance(cell, UUID) for cell in cells) for cells in zip(*rows, strict=True)]
    columns = zip(headings, whole, strict=True)
    table = Table(*(Column(heading, overflow="fold", no_wrap=is_id) for heading, is_id in columns))
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    Console().print(table)
