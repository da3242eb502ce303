"""The kinds of text an event may hold: what a person wrote, never control characters, always NFC."""

import unicodedata
from typing import Annotated

from pydantic import BeforeValidator, StringConstraints

_NO_CONTROL = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$"
_ONE_LINE = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$"


def _nfc(text: object) -> object:
    """The text in NFC, before its length is measured: a few characters grow by it.

    Text whose characters are all of Latin-1, as most Swedish text, is in NFC already: that is seen four times sooner.
    """
    if not isinstance(text, str) or text.isascii():
        return text
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return unicodedata.normalize("NFC", text)
    return text


Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=_ONE_LINE, strip_whitespace=True),
    BeforeValidator(_nfc),
]
"""A name of a person, school, group, template or subject: one line, 1-200 characters."""

Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=300, pattern=_ONE_LINE, strip_whitespace=True),
    BeforeValidator(_nfc),
]
"""One line of text, 1-300 characters: a title, a reference, a reason in short."""

Prose = Annotated[
    str,
    StringConstraints(min_length=1, max_length=4000, pattern=_NO_CONTROL, strip_whitespace=True),
    BeforeValidator(_nfc),
]
"""Text of several lines, 1-4,000 characters; tab and line feed are the only control characters."""

Code = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9ÅÄÖåäö._/:+-]+$")]
"""A code that a machine compares: a subject code, a question's key, a scale step. Names nobody."""
