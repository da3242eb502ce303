"""The kinds of text an event may hold: what a person wrote, never what hides or turns it, always NFC."""

import re
import unicodedata
from typing import Annotated, Final

from pydantic import BeforeValidator, StringConstraints

LONGEST_PROSE: Final = 4000
"""Characters of a text that a person writes: what everything else that holds such texts is measured by."""
LONGEST_LINE: Final = 300
_HIDING = (
    r"\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    r"\ufeff\ufff9-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f"
)
"""Format characters (Unicode's Cf): unseen, or they turn the text around them.

Beyond U+FFFF no escape is common to all who read a pattern, so those stand as themselves.
"""
_FOR_WRITING = r"\u00ad\u200c\u200d"
"""Format characters that writing needs: the soft hyphen of pasted text; the joiners of Persian, Kurdish and emoji."""
_UNSEEN = "".join(c for c in map(chr, range(0x3001)) if c.isspace()) + "\u00ad\u200c\u200d"
_SEVERAL_LINES = rf"^[^\x00-\x08\x0b-\x1f\x7f-\x9f{_HIDING}]*$"
_ONE_LINE = rf"^[^\x00-\x1f\x7f-\x9f\u2028\u2029{_HIDING}]*$"
_NEVER_KEPT = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f{_HIDING}]")
_NAME = rf"^[^\x00-\x1f\x7f-\x9f\u2028\u2029{_FOR_WRITING}{_HIDING}]*$"


def without_hiding(text: str) -> str:
    """The text of several lines without what no event holds: what is not seen, or turns the text around it."""
    return _NEVER_KEPT.sub("", text)


def _nfc(text: object) -> object:
    """The text in NFC, before its length is measured: a few characters grow by it. Nothing to see is no text.

    Text whose characters are all of Latin-1, as most Swedish text, is in NFC already: that is seen four times sooner.
    """
    if not isinstance(text, str) or text.isascii():
        return text
    if not text.strip(_UNSEEN):
        return ""
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return unicodedata.normalize("NFC", text)
    return text


Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=_NAME, strip_whitespace=True),
    BeforeValidator(_nfc),
]
"""A name of a person, school, group, template or subject: one line, 1-200 characters, no format characters."""

Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LONGEST_LINE, pattern=_ONE_LINE, strip_whitespace=True),
    BeforeValidator(_nfc),
]
"""One line of text, 1-300 characters: a title, a reference, a reason in short."""

Prose = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LONGEST_PROSE, pattern=_SEVERAL_LINES, strip_whitespace=True),
    BeforeValidator(_nfc),
]
"""Text of several lines, 1-4,000 characters; tab and line feed are the only control characters.

As in a line, the soft hyphen and the joiners of letters are the only format characters.
"""

Brief = Annotated[
    str,
    StringConstraints(min_length=1, max_length=500, pattern=_SEVERAL_LINES, strip_whitespace=True),
    BeforeValidator(_nfc),
]
"""A few lines, 1-500 characters; else as prose: what somebody says of oneself."""

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256, or a keyed hash, in hexadecimal: says nothing to who lacks what it was made of."""

Code = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9ÅÄÖåäö._/:+-]+$")]
"""A code that a machine compares: a subject code, a question's key, a scale step. Names nobody."""
