"""What a person signs in by: an account name with its realm, or a personal identity number; one way to write each."""

import re
import unicodedata
from datetime import date

from aggregates.errors.person import IdentifierNotValid
from events.person import IdentifierKind

_EPPN = re.compile(r'[^\s@"(),:;<>\[\\\]\x00-\x1f\x7f]{1,100}@[^\s@"(),:;<>\[\\\]\x00-\x1f\x7f]{1,150}')
_TWELVE = re.compile(r"(\d{4})(\d{2})(\d{2})-?(\d{4})", re.ASCII)
_COORDINATION_DAYS = 60
"""A coordination number (samordningsnummer) has this added to the day."""


def normalised(kind: IdentifierKind, text: str) -> str:
    """The one way to write the identifier. Raises IdentifierNotValid.

    An eppn is compared without regard to case, in NFC. A personnummer is written with its century, since ten digits
    can mean two people; a dash before the last four is left out.
    """
    text = unicodedata.normalize("NFC", text.strip())
    return _eppn(text) if kind is IdentifierKind.EPPN else _personnummer(text)


def _eppn(text: str) -> str:
    if not _EPPN.fullmatch(text):
        raise IdentifierNotValid
    return text.lower()


def _personnummer(text: str) -> str:
    parts = _TWELVE.fullmatch(text)
    if parts is None:
        raise IdentifierNotValid
    year, month, day, last = parts.groups()
    born = int(day) if int(day) <= _COORDINATION_DAYS else int(day) - _COORDINATION_DAYS
    try:
        date(int(year), int(month), born)
    except ValueError:
        raise IdentifierNotValid from None
    if not _has_right_check_digit(f"{year}{month}{day}{last}"[2:]):
        raise IdentifierNotValid
    return f"{year}{month}{day}{last}"


def _has_right_check_digit(ten: str) -> bool:
    """Luhn's rule on the ten last digits."""
    doubled = (int(digit) * (2 - at % 2) for at, digit in enumerate(ten))
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0
