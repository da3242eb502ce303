"""The word lists of the guard, read once: patterns of words, and by which words each can begin."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from pathlib import Path

from commands.guard.inflections import forms_of, said_short
from commands.guard.kinds import Kind

_WORDS = Path(__file__).parent / "words"
GAP = -1
"""In a pattern: any words, at most LONGEST_GAP of them, but none of the class `stop`."""
_NAME = "{name}"
"""In a list: a word that looks like a person's name."""
LEAST_PART = 3
"""Letters of the shortest part of a compound."""


class Muted(Enum):
    """When a pattern tells nothing: never, in a sentence about a story, or in one about what is learnt or a story."""

    NEVER = ""
    IN_STORIES = "-"
    IN_LEARNING = "~"


class Frame(Enum):
    """What a sentence is about, where that makes its words harmless; the name is the list's."""

    LEARNING = "learning"
    STORY = "story"


Means = Kind | Frame | None
"""What a pattern tells; None where it says that its words are harmless here."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words one after the other; each part is the number of a set of words, or GAP."""

    parts: tuple[int, ...]
    means: Means
    muted: Muted


@dataclass(slots=True)
class Lexicon:
    """All patterns. A word is looked up whole, by how it begins, and by how it ends: each gives numbers of sets.

    `names` are the sets of a word that looks like a name; no gap goes across a word of the set `stop`; `starting` has
    the patterns by their first set.
    """

    whole: dict[str, set[int]] = field(default_factory=dict)
    begins: dict[str, set[int]] = field(default_factory=dict)
    ends: dict[str, set[int]] = field(default_factory=dict)
    names: set[int] = field(default_factory=set)
    stop: int = GAP
    starting: dict[int, list[Pattern]] = field(default_factory=dict)
    _sets: dict[str, int] = field(default_factory=dict)

    def add(self, line: str, means: Means, classes: Mapping[str, tuple[str, ...]]) -> None:
        """Add a line of a list. Raises KeyError for an unknown class or kind of word."""
        muted = next((one for one in (Muted.IN_STORIES, Muted.IN_LEARNING) if line.startswith(one.value + " ")), None)
        parts = tuple(self.number_of(part, classes) for part in line[2 if muted else 0 :].split())
        self.starting.setdefault(parts[0], []).append(Pattern(parts, means, muted or Muted.NEVER))

    def number_of(self, part: str, classes: Mapping[str, tuple[str, ...]]) -> int:
        """The number of a set of words as a list writes it; GAP for a gap."""
        if part == "..":
            return GAP
        if part not in self._sets:
            number = self._sets[part] = len(self._sets)
            for term in _terms(part, classes):
                self._keep(term, number)
        return self._sets[part]

    def _keep(self, term: str, number: int) -> None:
        if term == _NAME:
            self.names.add(number)
            return
        kept = self.begins if term.endswith("*") else self.ends if term.startswith("*") else self.whole
        for form in forms_of(term.strip("*")):
            kept.setdefault(said_short(form), set()).add(number)


def _terms(part: str, classes: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """The words of a part: `a|b`, or a class `{human}`, whose plain words may be given a kind: `{trait:u}`."""
    for choice in part.split("|"):
        if choice == _NAME or not choice.startswith("{"):
            yield choice
            continue
        name, _, kind = choice.strip("{}").partition(":")
        yield from (f"{word}/{kind}" if kind and "/" not in word else word for word in classes[name])


def _lines(name: str) -> list[str]:
    text = (_WORDS / f"{name}.txt").read_text(encoding="utf-8")
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return [line for line in lines if line]


@cache
def lexicon() -> Lexicon:
    """The patterns of all lists; the files are read at the first call."""
    classes: dict[str, tuple[str, ...]] = {}
    for line in _lines("classes"):
        name, _, words = line.partition("=")
        classes[name.strip()] = (*classes.get(name.strip(), ()), *words.split())
    found = Lexicon()
    found.stop = found.number_of("{stop}", classes)
    lists: list[Kind | Frame] = [*Frame, *(kind for kind in Kind if kind is not Kind.PERSONAL_NUMBER)]
    for means in lists:
        for line in _lines(means.value):
            found.add(line, means, classes)
    for line in _lines("harmless"):
        found.add(line, None, classes)
    return found
