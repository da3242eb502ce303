"""The forms of a Swedish word, by rules of our own: `kurd/er` stands for kurd, kurden, kurder, kurdernas and so on."""

import re
from collections.abc import Mapping

_NOUN: Mapping[str, tuple[str, ...]] = {
    "er": ("", "en", "n", "er", "erna"),
    "ar": ("", "en", "n", "ar", "arna"),
    "e": ("e", "en", "ar", "arna"),
    "or": ("a", "an", "or", "orna"),
    "are": ("are", "aren", "arna"),
    "et": ("", "et", "t", "en", "n", "na"),
    "en": ("", "en", "n"),
}
"""Endings of nouns, by the name that stands after the stroke; a genitive follows from each."""
_VERB: Mapping[str, tuple[str, ...]] = {
    "ade": ("a", "ar", "ade", "at", "as", "ats", "ad", "ande"),
    "te": ("a", "er", "te", "t", "s", "ts"),
}

_LONG_VOWEL = re.compile(r"([aeiouyåäöAEIOUYÅÄÖ])\1+")


def said_short(text: str) -> str:
    """The text with each vowel once: snääääll is snäll. Hardly a Swedish word is told from another by two."""
    return _LONG_VOWEL.sub(r"\1", text)


def forms_of(word: str) -> frozenset[str]:
    """Every form of a word as the lists write it: a stem and, after a stroke, its kind; without one just the word.

    Kinds are nouns (er, ar, e, or, are, et, en), verbs (ade, te), and adjectives: `adj` has all forms, `u` those that
    go with a person, `t` the one that goes with a barn. Raises KeyError where the kind is not known.
    """
    stem, _, kind = word.partition("/")
    if not kind:
        return frozenset({stem})
    if kind in {"adj", "u", "t"}:
        return _adjective(stem, kind)
    if kind in _VERB:
        return frozenset(stem + ending for ending in _VERB[kind])
    forms = {stem + ending for ending in _NOUN[kind]}
    return frozenset(forms | {form + "s" for form in forms if not form.endswith("s")})


def _adjective(stem: str, kind: str) -> frozenset[str]:
    """omogen, omogna and omoget; bortskämd, bortskämda and bortskämt; lat, lata and lat; svag, svaga and svagt."""
    short = stem[:-2] + "n" if stem.endswith("en") else stem
    person = {stem, short + "a", short + "e"}
    if stem.endswith("en") or (stem.endswith("d") and not stem.endswith("nd")):
        neuter = stem[:-1] + "t"
    else:
        neuter = stem if stem.endswith("t") else stem + "t"
    compared = {short + "are", stem + "ast", stem + "aste"}
    return frozenset({"adj": person | compared | {neuter}, "u": person, "t": frozenset({neuter, short + "a"})}[kind])
