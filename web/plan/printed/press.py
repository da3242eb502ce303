"""Has a document typeset: in a process of its own that is stopped when it takes too long, and never of any size.

A compiler that meets what people have typed for ten years may run wild or break; the server is not to break with it.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import structlog

from web.errors import PrintsTooMuch, TooLongToPrint
from web.plan.printed.fonts import characters_of
from web.plan.printed.glyphs import plainest, printable, unmarked

LONGEST = 3_000_000
"""Bytes of text, with what names each part of it: some four hundred pages."""
_PATIENCE_SECONDS = 20.0
_IN_LINE_SECONDS = 2.0
"""How long a request waits for others that print: while it does, it keeps a thread that answers pages."""
_PLACES = BoundedSemaphore(2)
_TYPESETTER = Path(__file__).with_name("typesetter.py")
_log = structlog.get_logger()


def typeset(
    document: Mapping[str, Any], at: datetime, *, fonts: Path | None = None, patience_seconds: float = _PATIENCE_SECONDS
) -> bytes:
    """The PDF of a document; the same bytes for the same document and moment, on every machine with the same fonts.

    `fonts`: a folder with fonts beside the compiler's; a document that has no character which only they have is the
    same bytes without them. Where its characters cannot be shown together, it is set once more without marks that stand
    by themselves, and at last with only the plainest letters. Raises TooLongToPrint where it is too long or takes too
    long, PrintsTooMuch where others print at this moment.
    """
    for shown, folders in _ways(document, fonts):
        asked = json.dumps({"document": shown, "at": int(at.timestamp()), "fonts": folders}).encode()
        if len(asked) > LONGEST:
            raise TooLongToPrint
        made = _run(asked, patience_seconds)
        if made is not None:
            return made
    raise TooLongToPrint


def _ways(document: Mapping[str, Any], fonts: Path | None) -> Iterator[tuple[Any, list[str]]]:
    """The document in each way in which it may be set, the fullest first, with the folders of fonts that it needs."""
    plain = _each_text(document, printable)
    if fonts is not None:
        full = _each_text(document, partial(printable, also=characters_of(fonts)))
        if full != plain:
            yield full, [str(fonts)]
    yield plain, []
    for shown in (unmarked, plainest):
        yield _each_text(document, shown), []


def _run(asked: bytes, patience_seconds: float) -> bytes | None:
    """What the process made; None where it could not."""
    if not _PLACES.acquire(timeout=_IN_LINE_SECONDS):
        raise PrintsTooMuch
    try:
        done = subprocess.run(  # noqa: S603 - our own file, and nothing of the document in its name or arguments
            [sys.executable, "-I", str(_TYPESETTER)],
            input=asked,
            capture_output=True,
            timeout=patience_seconds,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TooLongToPrint from None
    finally:
        _PLACES.release()
    if done.returncode:
        _log.warning("plan_not_typeset", exit_code=done.returncode)
        return None
    return done.stdout


def _each_text(value: Any, shown: Callable[[str], str]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, Mapping):
        return {key: _each_text(each, shown) for key, each in value.items()}
    return [_each_text(each, shown) for each in value] if isinstance(value, list | tuple) else value
