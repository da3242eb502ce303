"""The demo's people have numbers that no living person has."""

from datetime import date
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from app.demo_texts.personal_numbers import PUBLISHED, check_digit, personal_numbers

NOWHERE = Path("nowhere.csv")
MISSING = {
    "20001218238",
    "20010303239",
    "20011104238",
    "20021016238",
    "20021227238",
    "20050509238",
    "20070911239",
    "20071228238",
}
"""Not among the published, and so perhaps somebody's."""
with_the_published = pytest.mark.skipif(
    not PUBLISHED.is_file(), reason="the published numbers are not beside this checkout"
)


def _chance(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - repeatable chance, not secrets


def _is_test_number(number: str) -> bool:
    """Of those we may make: the pair of each day of 2000-2009, or the series of each day of the 1890s."""
    born_on, birth_number = date.fromisoformat(number[:8]), int(number[8:11])
    in_pair = 2000 <= born_on.year <= 2009 and birth_number in {238, 239}
    in_series = 1890 <= born_on.year <= 1899 and 980 <= birth_number <= 989
    return (in_pair or in_series) and check_digit(number[2:11]) == int(number[11:])


def _published() -> set[str]:
    return {line for line in PUBLISHED.read_text(encoding="utf-8").splitlines() if line.isdigit()}


@pytest.mark.parametrize(("nine", "last"), [("811218987", 6), ("121212121", 2), ("000229239", 9), ("900101980", 2)])
def test_the_check_digit_is_that_of_the_luhn_rule(nine: str, last: int) -> None:
    """Known examples."""
    assert check_digit(nine) == last


def test_numbers_made_by_the_rule_are_test_numbers_and_all_differ() -> None:
    """Enough for a big demo, each by the rule, the young first."""
    numbers = list(personal_numbers(_chance(1), NOWHERE))
    assert len(numbers) == len(set(numbers)) > 43_000
    assert all(map(_is_test_number, numbers))
    assert not MISSING & {number[:11] for number in numbers}
    assert {number[:3] for number in numbers[:7_000]} == {"200"}


def test_the_same_seed_gives_the_same_numbers() -> None:
    """As with the texts."""
    first, again, other = (list(islice(personal_numbers(_chance(seed), NOWHERE), 50)) for seed in (1, 1, 2))
    assert first == again != other


@with_the_published
def test_the_published_numbers_come_first_and_all_of_them() -> None:
    """The file's heading and blank line are no numbers."""
    published = _published()
    assert len(published) == 7_323
    assert set(islice(personal_numbers(_chance(1)), len(published))) == published


@with_the_published
def test_the_rule_makes_no_number_for_those_years_that_is_not_published() -> None:
    """The rule checked against the list: all it makes are on it, and they are nearly all of it."""
    made = {number for number in personal_numbers(_chance(1), NOWHERE) if number.startswith("200")}
    assert made <= _published()
    assert len(made) > 0.99 * len(_published())
