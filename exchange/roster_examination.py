"""What a roster would change in the ledger, stream by stream, and whether that is more than it may."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from commands.streams import Category
from events.person import IdentifierKind
from exchange.roster_changes import (
    Changes,
    NewId,
    Terms,
    absent_pupil_changes,
    group_changes,
    person_changes,
    pupil_changes,
    school_changes,
)
from exchange.roster_tables import Tables
from exchange.roster_wanted import Wanted, WantedGroup, WantedPerson, WantedPupil, WantedSchool

MOST_ENDED = 0.05
"""The share of relations that a roster may end without being told that it may (G-20)."""

Decide = Callable[[Any, NewId], Changes]
"""What the roster changes in one stream, told its state, or None where it is not there yet."""


@dataclass(frozen=True, slots=True)
class Streams:
    """The streams of one kind that the roster speaks of: for each its subject and the decision."""

    name: str
    category: Category[Any]
    decisions: dict[UUID, tuple[UUID, Decide]]
    kinds: tuple[str, ...] | None = None


@dataclass(slots=True)
class Examination:
    """What a roster says and what it would change. `changed` are the streams to change, for each part in order.

    `counts` are events by kind. `absent` relations are in the ledger but not in the roster: `ends` of them would end.
    """

    tables: Tables
    wanted: Wanted
    parts: list[Streams] = field(default_factory=list)
    changed: dict[str, list[UUID]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    held: int = 0
    absent: int = 0
    ends: int = 0
    lookups: dict[UUID, list[tuple[IdentifierKind, bytes]]] = field(default_factory=dict)

    def name_ended(self, pupil: UUID) -> None:
        """Name the row of a pupil of whom nothing is changed, since schooling has ended."""
        row = self.wanted.rows[pupil]
        self.tables.left_out.append(row.fault("", "schooling has ended; re-enrol by hand or correct the end date"))

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not self.counts

    @property
    def ends_too_many(self) -> bool:
        """Whether more would end than a roster may end without --allow-ends."""
        return self.ends > self.held * MOST_ENDED


def for_school(wanted: WantedSchool, terms: Terms) -> Decide:
    """What the roster changes at a school."""
    return lambda state, new_id: school_changes(state, wanted, terms, new_id)


def for_person(wanted: WantedPerson, source: str, lookups: Iterable[tuple[IdentifierKind, bytes]]) -> Decide:
    """What the roster, known as `source`, changes of a person; `lookups` are hashes of what the person signs in by."""
    return lambda state, new_id: person_changes(state, wanted, source=source, lookups=lookups, new_id=new_id)


def for_group(wanted: WantedGroup) -> Decide:
    """What the roster changes of a class or teaching group."""
    return lambda state, _: group_changes(state, wanted)


def for_pupil(wanted: WantedPupil, terms: Terms) -> Decide:
    """What the roster changes in the file of a pupil whom it has."""
    return lambda state, new_id: pupil_changes(state, wanted, terms, new_id)


def for_absent(terms: Terms) -> Decide:
    """What the roster changes in the file of a pupil whom it does not have."""
    return lambda state, _: absent_pupil_changes(state, terms) if state is not None else Changes()
