"""Banks of sentences and words, and how a text is put together from them."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

Slots = Sequence[Sequence[str]]
"""A text in parts: one sentence is taken from each; an empty one leaves the part out."""
Words = Mapping[str, Sequence[str]]
"""What may stand where a sentence has `{word}`; `{Word}` begins with a capital letter."""

_DATA = Path(__file__).parent / "data"
_WORD = re.compile(r"\{(\w+)\}")
_EVERY = "alla"


class Band(StrEnum):
    """The school years that share a way of speaking."""

    PRESCHOOL_CLASS = "f"
    LOW = "lag"
    MIDDLE = "mellan"
    HIGH = "hog"


def band_of(grade: int) -> Band:
    """The band of a school year: 0 (and younger) F-klass, 1-3, 4-6, 7 and up."""
    if grade <= 0:
        return Band.PRESCHOOL_CLASS
    return (Band.LOW, Band.MIDDLE, Band.HIGH)[min((grade - 1) // 3, 2)]


@cache
def bank(name: str) -> Any:  # noqa: ANN401 - the shape differs between banks; the tests walk all of each
    """The data of one file in the data folder, read once."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((_DATA / f"{name}.yaml").read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - safe loaders both


@cache
def words(band: Band) -> Words:
    """The common words of a band."""
    return {name: for_band(entry, band) or () for name, entry in bank("words").items()}


def for_band(entry: Any, band: Band) -> Any:  # noqa: ANN401 - as bank()
    """The part of an entry that is for this band: its own, else the one for all, else None; a bare list is for all."""
    if isinstance(entry, Mapping):
        return entry.get(band, entry.get(_EVERY))
    return entry


def compose(rng: Random, slots: Slots, choices: Words) -> str:
    """A text from these parts; no word comes twice from the same list as long as there are others."""
    sentences = [rng.choice(alternatives) for alternatives in slots]
    used: dict[str, list[str]] = {}

    def fill(match: re.Match[str]) -> str:
        name = match[1].lower()
        taken = used.setdefault(name, [])
        left = [word for word in choices[name] if word not in taken] or choices[name]
        word = rng.choice(left)
        taken.append(word)
        return word[0].upper() + word[1:] if match[1][0].isupper() else word

    return _WORD.sub(fill, " ".join(sentence for sentence in sentences if sentence))
