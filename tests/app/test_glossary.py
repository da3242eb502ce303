"""The glossary leads to code that is there."""

import re
from importlib import import_module
from pathlib import Path

import pytest

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"
NAMES = sorted(set(re.findall(r"`((?:[a-z_]+\.)+\w+)`", GLOSSARY.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("name", NAMES)
def test_every_class_that_the_glossary_names_is_there(name: str) -> None:
    """A renamed class is renamed in the glossary too."""
    module, _, attribute = name.rpartition(".")
    assert hasattr(import_module(module), attribute)
