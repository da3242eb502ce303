"""Sees what free text seems to tell that must not stand in a plan (S-FRE-2 to S-FRE-4); keeps nothing of the text."""

from commands.guard.kinds import Kind
from commands.guard.matching import cleaned, kinds_in
from commands.guard.personal_numbers import has_personal_number

__all__ = ["Kind", "warnings_in"]


def warnings_in(text: str) -> frozenset[Kind]:
    """What the text seems to tell; nothing where all seems well. A guess from words: the author decides (S-FRE-5)."""
    seen = cleaned(text)
    found = kinds_in(seen)
    return frozenset(found | {Kind.PERSONAL_NUMBER} if has_personal_number(seen) else found)
