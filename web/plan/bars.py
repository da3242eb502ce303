"""The bars of an overview: how much of each party's part is filled in (S-OVR-2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from events.base import Role


@dataclass(frozen=True, slots=True)
class Bar:
    """How many questions are directed to a party, and how many of them it has answered."""

    party: Role
    answered: int
    asked: int


def bars_of(document: Mapping[str, Any]) -> tuple[Bar, ...]:
    """The bars of those whom the plan asks something, from the plan's overview."""
    bars = document["bars"].items()
    return tuple(Bar(Role(party), bar["answered"], bar["asked"]) for party, bar in bars if bar["asked"])
