"""Finds the patterns of the word lists in a text, sentence by sentence; the time it takes grows with the text alone."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from commands.guard.inflections import said_short
from commands.guard.kinds import Kind
from commands.guard.lexicon import GAP, LEAST_PART, Frame, Lexicon, Muted, Pattern, lexicon

LONGEST_GAP = 3
_LONGEST_WORD = 40
"""Letters; of what is longer only the whole is looked up, for no compound of ours is."""
_WORD = re.compile(r"[^\W_]+(?:[-'\u2019][^\W_]+)*|[.!?:;\n]+")
_UNSEEN = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
_NO_NAMES = ("en", "et", "an", "na", "arna", "det")
"""Endings of words with an article, which begin sentences more often than names with the same ending do."""
_NOTHING: frozenset[int] = frozenset()
_Word = frozenset[int] | set[int]
"""A word of a sentence: the sets of words that it is in."""


@dataclass(frozen=True, slots=True)
class _Found:
    pattern: Pattern
    at: tuple[int, ...]


def cleaned(text: str) -> str:
    """The text in NFC, without characters that are not seen, each vowel once: what is read, not how it is written."""
    return said_short(unicodedata.normalize("NFC", text.translate(_UNSEEN)))


def kinds_in(text: str) -> set[Kind]:
    """What the words of a cleaned text seem to tell."""
    words = lexicon()
    return {kind for sentence in _sentences(text, words) for kind in _told(sentence, words)}


def _sentences(text: str, words: Lexicon) -> Iterator[list[_Word]]:
    sentence: list[_Word] = []
    for match in _WORD.finditer(text):
        token = match[0]
        if not token[0].isalnum():
            yield sentence
            sentence = []
            continue
        sets = _sets_of(token.lower(), words)
        is_name = token[0].isupper() and (sentence or not token.endswith(_NO_NAMES))
        sentence.append(sets | words.names if is_name else sets)
    yield sentence


def _sets_of(word: str, words: Lexicon) -> _Word:
    """The sets a word belongs to: as it is, as a compound that begins with a word, or that ends with one."""
    found = words.whole.get(word, _NOTHING)
    if LEAST_PART < len(word) <= _LONGEST_WORD:
        for cut in range(2, len(word)):
            if cut >= LEAST_PART and (sets := words.begins.get(word[:cut])):
                found = found | sets
            if len(word) - cut >= LEAST_PART and (sets := words.ends.get(word[cut:])):
                found = found | sets
    return found | words.begins.get(word, _NOTHING) | words.ends.get(word, _NOTHING)


def _told(sentence: Sequence[_Word], words: Lexicon) -> Iterator[Kind]:
    found = list(_found(sentence, words))
    harmless = {at for one in found if one.pattern.means is None for at in one.at}
    frames = {one.pattern.means for one in found if isinstance(one.pattern.means, Frame)}
    for one in found:
        means, muted = one.pattern.means, one.pattern.muted
        if not isinstance(means, Kind) or harmless.intersection(one.at):
            continue
        if (muted is Muted.IN_LEARNING and frames) or (muted is Muted.IN_STORIES and Frame.STORY in frames):
            continue
        yield means


def _found(sentence: Sequence[_Word], words: Lexicon) -> Iterator[_Found]:
    reach = _reaches(sentence, words.stop)
    for start, word in enumerate(sentence):
        for number in word:
            for pattern in words.starting.get(number, ()):
                for at in _ways(pattern.parts, 1, sentence, reach, (start,)):
                    yield _Found(pattern, at)


def _reaches(sentence: Sequence[_Word], stop: int) -> list[int]:
    """How far a gap goes that begins at each word, and at the end: to the first word that no gap goes across."""
    reach = [len(sentence)] * (len(sentence) + 1)
    for at in range(len(sentence) - 1, -1, -1):
        reach[at] = at if stop in sentence[at] else min(reach[at + 1], at + LONGEST_GAP)
    return reach


def _ways(
    parts: tuple[int, ...], part: int, sentence: Sequence[_Word], reach: Sequence[int], at: tuple[int, ...]
) -> Iterator[tuple[int, ...]]:
    """Every way in which the rest of a pattern follows. No list has a pattern of more than two gaps: it ends soon."""
    if part == len(parts):
        yield at
        return
    start = at[-1] + 1
    is_gap = parts[part] == GAP
    part += is_gap
    for here in range(start, (reach[start] if is_gap else start) + 1):
        if here < len(sentence) and parts[part] in sentence[here]:
            yield from _ways(parts, part + 1, sentence, reach, (*at, here))
