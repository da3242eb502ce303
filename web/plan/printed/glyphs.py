"""Which characters the fonts of the printed plan have, and what stands where one has none.

A character that no font has would be an empty box, which PDF/A does not allow: it is named by its number instead, so
that a reader can find out what stood there.
"""

import re
import unicodedata
from collections.abc import Collection
from functools import cache
from pathlib import Path

_BREAK = "\u200b"
"""A place where a line may end, without a space."""
_MARKS = frozenset({"Mn", "Mc", "Me", "Cf"})
_LONGEST_WORD = 40
_LONG = re.compile(rf"\S{{{_LONGEST_WORD}}}(?=\S)")
_NOT_PLAIN = re.compile("[^\n -~\xa1-\xac\xae-\xff]")
_DROPPED = re.compile("[\u00ad\ufe00-\ufe0f]")
"""Soft hyphens, and what chooses between two looks of the character before."""


def printable(text: str, also: Collection[str] = frozenset()) -> str:
    """The text with characters that can be shown, and places to break what has no space for 40 characters.

    `also`: characters that other fonts have.
    """

    def shown(found: re.Match[str]) -> str:
        return found[0] if found[0] in also else _named(found)

    return _broken(_missing().sub(shown, _DROPPED.sub("", text)))


def unmarked(text: str) -> str:
    """As `printable`, but every mark that is no part of a letter stands by its number, beside what it marked."""
    return _broken(_missing().sub(_named, "".join(map(_apart, _DROPPED.sub("", text)))))


def plainest(text: str) -> str:
    """The text with nothing but the letters and signs of western Europe; every other character by its number."""
    return _broken(_NOT_PLAIN.sub(_named, text))


def _apart(character: str) -> str:
    return f"[U+{ord(character):04X}]" if unicodedata.category(character) in _MARKS else character


def _broken(text: str) -> str:
    return _LONG.sub(rf"\g<0>{_BREAK}", text)


def _named(found: re.Match[str]) -> str:
    character = found[0]
    return " " if character.isspace() else f"[U+{ord(character):04X}]"


@cache
def _missing() -> re.Pattern[str]:
    shown = "".join(f"{re.escape(first)}-{re.escape(last)}" for first, last in _ranges())
    return re.compile(f"[^\n{shown}]")


def all_shown() -> str:
    """Every character that a font has."""
    return "".join(chr(code) for first, last in _ranges() for code in range(ord(first), ord(last) + 1))


def _ranges() -> list[tuple[str, str]]:
    """The first and last of each run of characters; as the file has them: `0020-007E`, one a line."""
    lines = Path(__file__).with_name("glyphs.txt").read_text("ascii").split()
    pairs = [line.split("-") for line in lines]
    return [(chr(int(pair[0], 16)), chr(int(pair[-1], 16))) for pair in pairs]
