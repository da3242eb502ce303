"""Personal identity numbers (personnummer) that no living person has: published test numbers, or by their rule.

Of the tax agency's test numbers for people born 2000-2009 all but a few are two for each day, with the birth numbers
238 and 239; eight of these are missing and so are never made by us. For people born in the 1890s the test numbers are
of the series 980-989. For other years we have seen no list, and make none: a number that merely looks right may be
somebody's.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

PUBLISHED = Path(__file__).parents[3] / "shared" / "data" / "testpersonnummer-2000-2009.csv"
"""Where the published numbers are looked for: beside the checkout."""

_TWELVE_DIGITS = re.compile(r"[0-9]{12}")
_PAIR, _PAIR_FROM, _PAIR_TO = (238, 239), date(2000, 1, 1), date(2009, 12, 31)
_SERIES, _SERIES_FROM, _SERIES_TO = tuple(range(980, 990)), date(1890, 1, 1), date(1899, 12, 31)
_MISSING = {
    "20001218238",
    "20010303239",
    "20011104238",
    "20021016238",
    "20021227238",
    "20050509238",
    "20070911239",
    "20071228238",
}


def check_digit(nine_digits: str) -> int:
    """The last digit of a personal number from the nine before it (YYMMDD and the birth number), by the Luhn rule."""
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(nine_digits))
    return -sum(product // 10 + product % 10 for product in doubled) % 10


def personal_numbers(rng: Random, published: Path = PUBLISHED) -> Iterator[str]:
    """Test numbers of twelve digits in random order, none twice; about 43,800 in all, then no more.

    First for people born 2000-2009, from the file where it is there, else by the rule (about 7,300 both ways); when
    these are used up, by the rule for people born in the 1890s.
    """
    young = list(_from_file(published)) if published.is_file() else list(_by_rule(_PAIR_FROM, _PAIR_TO, _PAIR))
    old = list(_by_rule(_SERIES_FROM, _SERIES_TO, _SERIES))
    for numbers in (young, old):
        rng.shuffle(numbers)
        yield from numbers


def _from_file(path: Path) -> Iterator[str]:
    """The numbers of the file; its heading and its blank line are no numbers."""
    for line in path.read_text(encoding="utf-8-sig").splitlines():
        if _TWELVE_DIGITS.fullmatch(line.strip()):
            yield line.strip()


def _by_rule(first: date, last: date, birth_numbers: tuple[int, ...]) -> Iterator[str]:
    for number in range((last - first).days + 1):
        day = f"{first + timedelta(days=number):%Y%m%d}"
        for birth_number in birth_numbers:
            eleven = f"{day}{birth_number}"
            if eleven not in _MISSING:
                yield f"{eleven}{check_digit(eleven[2:])}"
