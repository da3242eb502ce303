"""Reading a feed for one projection: what it folds is opened, what others fold is passed by, nothing is skipped."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from events.base import Recorded, UnknownEventCode, event_class
from store.errors import KeyMissing, KeyRingMismatch, NotAuthentic, SubjectErased
from store.ledger import Ledger
from store.mapper import Row

_SUBJECT, _KIND, _POSITION = (Row._fields.index(column) for column in ("subject_id", "kind", "position"))


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The event at which reading ends. The reasons are in `reason_of`."""

    position: int
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Events of a feed in order, the position up to which they cover it, and what made reading end there, if so."""

    events: Sequence[Recorded[Any]]
    position: int
    unreadable: Unreadable | None = None


def read_batch(ledger: Ledger, feed: int, after: int, limit: int, kinds: frozenset[str]) -> Batch:
    """At most `limit` events of the feed after a position, of which those of `kinds` are opened.

    Events of a subject whose key was destroyed are passed by: that subject is erased, here as everywhere. Everything
    else that cannot be read ends the batch.
    """
    rows = ledger.feed_rows(feed, after, limit)
    if not rows:
        return Batch((), after)
    known, unreadable = _known(rows)
    left = [row for row in known if row[_KIND] in kinds]
    ledger.keys.load({row[_SUBJECT] for row in left})
    events: list[Recorded[Any]] = []
    while left:
        opened = len(events)
        try:
            events.extend(ledger.open_rows(left))
        except SubjectErased:
            left = left[len(events) - opened + 1 :]
        except (UnknownEventCode, KeyMissing, KeyRingMismatch, NotAuthentic, ValidationError) as error:
            at = left[len(events) - opened]
            return Batch(events, at[_POSITION] - 1, Unreadable(at[_POSITION], at[_KIND], reason_of(error)))
        else:
            break
    return Batch(events, unreadable.position - 1 if unreadable else rows[-1][_POSITION], unreadable)


def reason_of(error: Exception) -> str:
    """The reason code of an error: nothing of what the event holds."""
    match error:
        case UnknownEventCode():
            return "unknown_kind"
        case KeyMissing() | KeyRingMismatch():
            return "key_missing"
        case NotAuthentic():
            return "not_authentic"
        case ValidationError():
            return "not_valid"
        case _:
            return "not_foldable"


def _known(rows: Sequence[tuple[Any, ...]]) -> tuple[Sequence[tuple[Any, ...]], Unreadable | None]:
    """The rows before the first whose kind this version does not know."""
    unknown = {kind for kind in {row[_KIND] for row in rows} if not _is_known(kind)}
    for index, row in enumerate(rows if unknown else ()):
        if row[_KIND] in unknown:
            return rows[:index], Unreadable(row[_POSITION], row[_KIND], "unknown_kind")
    return rows, None


def _is_known(kind: str) -> bool:
    try:
        event_class(kind)
    except UnknownEventCode:
        return False
    return True
