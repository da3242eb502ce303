"""Every text on the pages is there in Swedish, and nothing in the catalogue is left over from a text that is gone."""

import ast
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

WEB = Path(__file__).parent.parent.parent / "web"


def catalogue() -> Catalog:
    """The Swedish words."""
    with (WEB / "texts" / "sv.po").open("rb") as file:
        return read_po(file, locale="sv", abort_invalid=True)


def texts_used() -> set[str | tuple[str, ...]]:
    """What templates and code ask for: `_("…")` in a template, `translate("…")` in code."""
    methods = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
    options = {"**/templates/**.html": {"newstyle_gettext": "true", "trimmed": "true"}}
    found = extract_from_dir(WEB, methods, options, keywords={"_": None, "translate": None, "gettext": None})
    return {message for _, _, message, _, _ in found}


def test_every_text_is_there_in_swedish() -> None:
    """A page in Swedish has no English words by oversight."""
    swedish = {message.id: message.string for message in catalogue() if message.id}
    assert sorted(str(text) for text in texts_used() if not swedish.get(text)) == []


def test_the_catalogue_keeps_no_text_that_nobody_shows() -> None:
    """Words that are looked up by a name of the code stand in `web/texts` as tables, and count as shown."""
    shown = texts_used() | strings_in(WEB / "texts")
    assert sorted(str(message.id) for message in catalogue() if message.id and message.id not in shown) == []


def strings_in(folder: Path) -> set[str]:
    """Every string constant in the Python files of a folder."""
    return {
        node.value
        for file in folder.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
