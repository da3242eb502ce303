"""Made-up people and schools with names that are common in Sweden."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from app.demo_texts.phrases import bank

_SAME_FAMILY_NAME = 0.75
_PRESCHOOL_CLASS = 0


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's given and family name."""

    given: str
    family: str

    def __str__(self) -> str:
        return f"{self.given} {self.family}"


@dataclass(slots=True)
class Household:
    """People of one home: mostly one family name, and given names that no two of them share."""

    rng: Random
    _group: Mapping[str, Any] = field(init=False)
    _family: str = field(init=False)
    _given: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self._group = _group(self.rng)
        self._family = self.rng.choice(self._group["family"])

    def child(self) -> PersonName:
        """A child of the home."""
        return PersonName(self._new("young"), self._family)

    def guardian(self) -> PersonName:
        """A guardian of the home."""
        same = self.rng.random() < _SAME_FAMILY_NAME
        return PersonName(self._new("grown"), self._family if same else self.rng.choice(self._group["family"]))

    def _new(self, age: str) -> str:
        free = [name for name in self._group[age] if name not in self._given] or self._group[age]
        given: str = self.rng.choice(free)
        self._given.add(given)
        return given


def person_name(rng: Random, *, grown: bool = False) -> PersonName:
    """The name of one person by itself: a child, or an adult such as a teacher."""
    group = _group(rng)
    return PersonName(rng.choice(group["grown" if grown else "young"]), rng.choice(group["family"]))


def school_name(rng: Random) -> str:
    """The name of a made-up school."""
    parts = bank("schools")
    return f"{rng.choice(parts['first'])}{rng.choice(parts['second'])}"


def class_name(grade: int, number: int) -> str:
    """The name of the class: F-klass A, 4B ...; `number` counts from 0, after Z comes AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"F-klass {letters}" if grade <= _PRESCHOOL_CLASS else f"{grade}{letters}"


def _group(rng: Random) -> Mapping[str, Any]:
    groups = bank("names")
    chosen: Mapping[str, Any] = rng.choices(groups, [group["weight"] for group in groups])[0]
    return chosen
