"""Writes docs/api.md from the description of the API, so that the page cannot say anything else than the routes."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from aggregates.errors import refusals
from api.application import make_application
from api.declare import accepted_scopes

if TYPE_CHECKING:
    from api.services import Services

PAGE = Path(__file__).parents[1] / "docs" / "api.md"

_INTRO = """\
# The API

Made by `make docs` from the routes; do not edit. `/docs` shows the same with every field, `/openapi.json` describes it
to programs, and `docs/decisions/0020-writes-through-the-api.md` says what a write promises. *Who* names the actions of
the table of who may do what, in `access/actions.py`, and the scopes of which a program needs one (`access/scopes.py`);
where none stand, no program comes in.
"""


def api_page() -> str:
    """The whole page in Markdown: the routes by subject, then every refusal."""
    description = make_application(cast("Services", None)).openapi()
    operations = sorted(_operations(description), key=lambda found: (found[2]["tags"][0], found[1], found[0]))
    parts = [_INTRO]
    for tag, found in groupby(operations, key=lambda operation: operation[2]["tags"][0]):
        parts.append(f"## {tag.capitalize()}\n\n| Route | What | Who |\n|---|---|---|")
        parts.extend(_row(*operation) for operation in found)
        parts.append("")
    parts.append("## Refusals\n\n| Type | Status | Rule | What to do |\n|---|---|---|---|")
    parts.extend(
        f"| `{refusal.code}` | {refusal.status} | {refusal.rule} | {refusal.remedy} |"
        for refusal in refusals()
        if refusal.__module__.startswith(("aggregates.", "access.", "api."))
    )
    return "\n".join(parts) + "\n"


def main() -> None:
    """Write the page."""
    PAGE.write_text(api_page(), encoding="utf-8")


def _operations(description: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            yield method.upper(), path, operation


def _row(method: str, path: str, operation: dict[str, Any]) -> str:
    what = " ".join(operation["description"].split())
    who = ", ".join(f"`{action}`" for action in operation["x-actions"])
    if scopes := accepted_scopes(operation):
        who += "; programs: " + ", ".join(f"`{scope}`" for scope in sorted(scopes))
    return f"| `{method} {path}` | {what} | {who} |"


if __name__ == "__main__":
    main()
