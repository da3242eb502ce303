"""Sees what free text seems to tell that must not stand in a plan (S-FRE-2 to S-FRE-4); keeps nothing of the text."""

from commands.guard.kinds import Kind
from commands.guard.personal_numbers import has_personal_number

__all__ = ["Kind", "warnings_in"]


def warnings_in(text: str) -> frozenset[Kind]:
    """What the text seems to tell; nothing where all seems well. A guess from words: the author decides (S-FRE-5)."""
    return frozenset({Kind.PERSONAL_NUMBER}) if has_personal_number(text) else frozenset()
