"""Choosing items of the syllabus: what is offered to a grade, what words find, and that nothing chosen disappears."""

import hashlib

import pytest

from events.syllabus import SyllabusItem, SyllabusKind
from store.syllabus import Wording
from web.syllabus_choice import MOST, choices, is_of, items_of, key_of


def wording(text: str, *, years: str = "4-6", ordinal: int = 1, is_current: bool = True) -> Wording:
    """An item of a subject."""
    version = hashlib.sha256(text.encode()).hexdigest()
    item = SyllabusItem(subject="MAT", years=years, kind=SyllabusKind.CONTENT, ordinal=ordinal, version=version)
    return Wording(item, text, "", is_current)


@pytest.mark.parametrize(("years", "grades"), [("4-6", {4, 5, 6}), ("6", {6}), ("1-9", set(range(1, 10)))])
def test_years_hold_for_their_grades(years: str, grades: set[int]) -> None:
    """Both ends of a span belong to it; one year is a span too."""
    assert {grade for grade in range(10) if is_of(years, grade)} == grades


def test_words_find_what_the_grade_does_not_offer() -> None:
    """All words, in any order and letters; without words what holds for the grade, in today's wording alone."""
    every = [wording("Enkla ekvationer"), wording("Svåra ekvationer", years="7-9"), wording("Förr", is_current=False)]
    assert [one.wording for one in choices(every, grade=5, words="", kept=())] == ["Enkla ekvationer"]
    assert [one.wording for one in choices(every, grade=5, words="EKVATIONER svåra", kept=())] == ["Svåra ekvationer"]


def test_what_is_chosen_stays_whatever_is_looked_for() -> None:
    """Chosen items come first, a wording of former days among them, and however many there are besides."""
    many = [wording(f"Tal {number}", ordinal=number + 1) for number in range(MOST + 5)]
    old = wording("Förr", is_current=False)
    found = choices([*many, old], grade=5, words="tal", kept={key_of(old.item)})
    assert (found[0].wording, len(found)) == ("Förr", MOST + 1)
    assert items_of([*many, old], {f"om-{key_of(old.item)}": "ja"}, "om-") == (old.item,)
