"""What a printed document is put together from; `plan.typ` says how each looks."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Block = Mapping[str, Any]
"""A part of the document as JSON: its kind, and the texts in it, which are never read as anything but text."""


def heading(level: int, text: str) -> Block:
    """A heading of the first to the fourth level; none may be jumped over."""
    return {"kind": "heading", "level": level, "text": text}


def paragraph(text: str) -> Block:
    """Words of ours."""
    return {"kind": "paragraph", "text": text}


def notice(text: str) -> Block:
    """Words of ours in a frame."""
    return {"kind": "notice", "text": text}


def said(text: str, by: str) -> Block:
    """What somebody wrote, and beneath it who and when."""
    return {"kind": "said", "text": text, "by": by}


def facts(rows: Iterable[tuple[str, str]]) -> Block:
    """Names of things and what each is; a row without a value is left out."""
    return {"kind": "facts", "rows": [list(row) for row in rows if row[1]]}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Block:
    """A table with a row of headings."""
    return {"kind": "table", "head": list(head), "rows": [list(row) for row in rows]}
