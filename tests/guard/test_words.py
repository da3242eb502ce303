"""The word lists of the guard hold what they should and nothing that can never be met."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from commands.guard import Kind
from commands.guard.inflections import forms_of
from commands.guard.lexicon import GAP, Frame, lexicon

WORDS = Path(__file__).parents[2] / "commands" / "guard" / "words"
LISTS = sorted(path.stem for path in WORDS.glob("*.txt"))


def _lines(name: str) -> list[str]:
    lines = (WORDS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def test_there_is_a_list_for_each_kind() -> None:
    """Personal numbers alone need none."""
    kinds = {kind.value for kind in Kind} - {Kind.PERSONAL_NUMBER}
    assert set(LISTS) == kinds | {frame.value for frame in Frame} | {"classes", "harmless"}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_in_small_letters_and_says_nothing_twice(name: str) -> None:
    """A capital would never be met; a line that is there twice would be mended once."""
    lines = _lines(name)
    assert [line for line in lines if line != line.lower()] == []
    assert sorted({line for line in lines if lines.count(line) > 1}) == []


def test_every_class_is_used() -> None:
    """A set of words that no pattern names protects nobody."""
    made = {line.partition("=")[0].strip() for line in _lines("classes")}
    named = {name for one in LISTS for line in _lines(one) for name in re.findall(r"\{(\w+)", line)}
    assert made - {"stop"} == named - {"name"}


def test_no_pattern_can_take_long() -> None:
    """At most two gaps in each, none at an end, and none beside another."""
    for patterns in lexicon().starting.values():
        for pattern in patterns:
            gaps = [at for at, part in enumerate(pattern.parts) if part == GAP]
            assert len(gaps) <= 2, pattern
            assert not {0, len(pattern.parts) - 1}.intersection(gaps), pattern
            assert all(after - before > 1 for before, after in pairwise(gaps)), pattern


@pytest.mark.parametrize(
    ("word", "some"),
    [
        ("kurd/er", {"kurd", "kurden", "kurder", "kurdernas"}),
        ("hor/or", {"hora", "horan", "horor", "hororna"}),
        ("missbruk/are", {"missbrukare", "missbrukaren", "missbrukarnas"}),
        ("kill/e", {"kille", "killen", "killar", "killarnas"}),
        ("lat/u", {"lat", "lata"}),
        ("omogen/adj", {"omogen", "omoget", "omogna", "omognare"}),
        ("bortskämd/t", {"bortskämt", "bortskämda"}),
        ("svag/adj", {"svag", "svagt", "svaga", "svagast"}),
        ("gay", {"gay"}),
    ],
)
def test_a_word_has_the_forms_that_swedish_gives_it(word: str, some: set[str]) -> None:
    """Also some that nobody says; those do no harm."""
    assert forms_of(word) >= some


def test_a_kind_of_word_that_is_not_known_is_an_error() -> None:
    """And not a word that is never met."""
    with pytest.raises(KeyError):
        forms_of("kurd/xx")
