"""The kinds of things that must not stand in a plan."""

from enum import StrEnum


class Kind(StrEnum):
    """What a text seems to tell of somebody (S-FRE-2, S-FRE-3, S-FRE-4)."""

    PERSONAL_NUMBER = "personal_number"
    """Personnummer or samordningsnummer."""
    HEALTH = "health"
    BELIEF = "belief"
    """Religious or philosophical belief."""
    POLITICS = "politics"
    """Political opinion."""
    UNION = "union"
    """Membership of a trade union."""
    ORIGIN = "origin"
    """Ethnic origin."""
    SEXUAL_LIFE = "sexual_life"
    """Sexual life or orientation."""
    INSULT = "insult"
    CHARACTER = "character"
    """A judgement of what somebody is like as a person (S-FRE-3)."""
