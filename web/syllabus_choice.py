"""Choosing items of the national syllabus in a form: those of the pupil's years, and those with the words asked for."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from events.syllabus import SyllabusItem
from store.syllabus import Wording

MOST = 80
"""How many items are offered at once; more are found by words."""
_SHORT = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """An item as a form offers it. `key` names it in the form, unlike any other of the subject."""

    key: str
    item: SyllabusItem
    wording: str


def key_of(item: SyllabusItem) -> str:
    """The item's name in a form."""
    return f"{item.years}-{item.kind.value}-{item.ordinal}-{item.version[:_SHORT]}"


def choices(wordings: Iterable[Wording], *, grade: int, words: str, kept: Container[str]) -> list[Choice]:
    """What is offered of a subject's items, former ones among them: first what is chosen already (`kept`, by key).

    Without words then what the syllabus says now of the pupil's grade; with words every item of today that holds
    them all. At most MOST that are not chosen.
    """
    every = [(Choice(key_of(one.item), one.item, one.wording), one.is_current) for one in wordings]
    sought = words.casefold().split()
    chosen = [one for one, _ in every if one.key in kept]
    offered = [one for one, is_current in every if is_current and one.key not in kept and _fits(one, sought, grade)]
    return chosen + offered[:MOST]


def is_of(years: str, grade: int) -> bool:
    """Whether a grade is among the years of an item ("4-6", "6")."""
    first, _, last = years.partition("-")
    return int(first) <= grade <= int(last or first)


def items_of(wordings: Iterable[Wording], ticked: Mapping[str, object], prefix: str) -> tuple[SyllabusItem, ...]:
    """The items that a form ticked in the fields with this prefix; what the syllabus never had is left out."""
    return tuple(one.item for one in wordings if prefix + key_of(one.item) in ticked)


def _fits(one: Choice, sought: list[str], grade: int) -> bool:
    if not sought:
        return is_of(one.item.years, grade)
    text = one.wording.casefold()
    return all(word in text for word in sought)
