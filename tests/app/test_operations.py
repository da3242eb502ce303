"""The page for operators says everything that can be set and called."""

import re
from pathlib import Path

import click

from app import cli
from app.settings import Settings

PAGE = (Path(__file__).parent.parent.parent / "docs" / "operations.md").read_text(encoding="utf-8")


def test_each_setting_is_on_the_page_and_nothing_else_is() -> None:
    """With its default where that is a plain value."""
    rows = dict(re.findall(r"^\| `((?:LIGGARE_)?[A-Z_]+)` \| (.*?) \|", PAGE, re.MULTILINE))
    fields = {
        str(field.validation_alias or f"LIGGARE_{name.upper()}"): field for name, field in Settings.model_fields.items()
    }
    assert rows.keys() == fields.keys()
    for name, field in fields.items():
        if isinstance(field.default, str | int) and not isinstance(field.default, bool) and field.default != "":
            assert f"`{field.default}`" == rows[name], name


def test_each_command_is_on_the_page_and_nothing_else_is() -> None:
    """A command that nobody reads about is not there for anybody."""
    named = set(re.findall(r"^\| `\./liggare ([a-z-]+)", PAGE, re.MULTILINE))
    assert named == set(cli.cli.list_commands(click.Context(cli.cli)))
