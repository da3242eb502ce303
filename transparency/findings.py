"""What verification finds and says: which rule does not hold, and at which leaf and event first."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

KEPT = 100
"""How many findings are kept; of the others only the number."""


class Kind(StrEnum):
    """What is wrong."""

    ALTERED = "altered"
    NOT_OURS = "not_ours"
    MISSING = "missing"
    PURGED_IS_BACK = "purged_is_back"
    UNACCOUNTED = "unaccounted"
    TILE_ALTERED = "tile_altered"
    HEAD_ALTERED = "head_altered"
    ROLLED_BACK = "rolled_back"
    REWRITTEN = "rewritten"
    ANOTHER_KEY = "another_key"
    CERTIFICATE_WRONG = "certificate_wrong"


SAYS = {
    Kind.ALTERED: "the event is not the one that was given this leaf",
    Kind.NOT_OURS: "the event does not open, or is not what was committed to: it was written past the ledger",
    Kind.MISSING: "the event is missing, and no certificate says that it was destroyed",
    Kind.PURGED_IS_BACK: "a certificate says that the event was destroyed, and it is there",
    Kind.UNACCOUNTED: "the ledger does not say which event this leaf is, or has an event beyond the end of its feed",
    Kind.TILE_ALTERED: "a tile of the tree is not made of the leaves below it",
    Kind.HEAD_ALTERED: "the size or root of the tree is not that of its leaves",
    Kind.ROLLED_BACK: "the tree is shorter than one that was signed: an older copy, or its end was cut off",
    Kind.REWRITTEN: "the tree does not begin with what was signed",
    Kind.ANOTHER_KEY: "what was signed is not signed by the ledger's key",
    Kind.CERTIFICATE_WRONG: "a certificate of destruction is not the notary's, or is about other leaves than it says",
}


class Finding(NamedTuple):
    """One thing that is wrong. Where it has a place: the leaf, and the feed and position of its event."""

    kind: Kind
    leaf: int | None = None
    feed: int | None = None
    position: int | None = None
    about: str = ""
    """What it is about, where that is no event: a checkpoint or certificate, by a name of our own."""

    @property
    def text(self) -> str:
        """A sentence for a person."""
        event = "" if self.feed is None else f"event {self.position} of feed {self.feed}"
        leaf = "" if self.leaf is None else f"leaf {self.leaf}"
        place = ", ".join(part for part in (event, leaf, self.about) if part)
        return f"{place}: {SAYS[self.kind]}" if place else SAYS[self.kind]

    @property
    def rank(self) -> tuple[int, int, int]:
        """By leaf; then what has none, by feed and position."""
        if self.leaf is not None:
            return (0, self.leaf, 0)
        return (2, 0, 0) if self.feed is None else (1, self.feed, self.position or 0)


@dataclass
class Report:
    """What was verified: leaves, the events that are there, those that certificates account for, and checkpoints.

    `outside` is the largest tree that something outside the database vouches for; `waiting` are events without a leaf.
    """

    size: int = 0
    events: int = 0
    destroyed: int = 0
    checkpoints: int = 0
    outside: int = 0
    waiting: int = 0
    findings: list[Finding] = field(default_factory=list)
    more: int = 0

    def add(self, finding: Finding) -> None:
        """Keep a finding, or count it where there are many."""
        if len(self.findings) < KEPT:
            self.findings.append(finding)
        else:
            self.more += 1

    @property
    def first(self) -> Finding | None:
        """The first bad position; None where the ledger is whole."""
        return min(self.findings, key=lambda finding: finding.rank, default=None)
