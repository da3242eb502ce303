"""Finds Swedish personal identity numbers in text, however they are spaced."""

import re
from datetime import date

_DIGITS = re.compile(
    r"(?<![\d+])(?<!\d[.:/-])"
    r"(?:\d{2}[ ]?)?\d{2}(?P<a>[ ./-]?)\d{2}(?P=a)?\d{2}[ ]?[-+\u2013\u2212]?[ ]?\d{2}[ ]?\d{2}"
    r"(?![.:/-]?\d)",
    re.ASCII,
)
"""Year, month and day in two or four figures for the year, then four more. Nothing in it repeats without end."""
_SHORT = 10
_COORDINATION_DAYS = 60
"""A coordination number (samordningsnummer) has this added to the day."""
_CENTURIES = ("18", "19", "20")


def has_personal_number(text: str) -> bool:
    """Whether a personnummer or samordningsnummer stands in the text: a day that is there, and the right last digit."""
    return any(_is_personal(re.sub(r"\D", "", found[0])) for found in _DIGITS.finditer(text))


def _is_personal(digits: str) -> bool:
    centuries = _CENTURIES if len(digits) == _SHORT else (digits[:2],)
    ten = digits[-_SHORT:]
    return any(_is_day(century + ten[:6]) for century in centuries if century in _CENTURIES) and _has_check_digit(ten)


def _is_day(eight: str) -> bool:
    day = int(eight[6:])
    try:
        date(int(eight[:4]), int(eight[4:6]), day - _COORDINATION_DAYS if day > _COORDINATION_DAYS else day)
    except ValueError:
        return False
    return True


def _has_check_digit(ten: str) -> bool:
    """Luhn's rule."""
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(ten))
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0
