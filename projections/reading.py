"""Reading a feed for one projection: what it folds is opened, what others fold is passed by, nothing is skipped."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from events.base import Recorded, UnknownEventCode, event_class
from store.errors import KeyMissing, KeyRingMismatch, NotAuthentic, SubjectErased
from store.ledger import Ledger
from store.mapper import Row as RowOfFeed

Row = tuple[Any, ...]
_SUBJECT, _KIND, _POSITION = (RowOfFeed._fields.index(column) for column in ("subject_id", "kind", "position"))


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The event at which reading ends. The reasons are in `reason_of`."""

    position: int
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Events of a feed in order, the position up to which they cover it, and what made reading end there, if so.

    `is_full`: there may be more.
    """

    events: Sequence[Recorded[Any]]
    position: int
    unreadable: Unreadable | None = None
    is_full: bool = False


class FeedReader:
    """Reads feeds batch by batch. Projections that stand at the same place of a feed share what was read and opened."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._place: tuple[int, int, int] | None = None
        self._rows: Sequence[Row] = ()
        self._opened: dict[int, Recorded[Any] | None] = {}
        """The events of the rows by position, as far as they were opened; None for an erased subject's."""

    def forget(self) -> None:
        """Read and open anew."""
        self._place = None

    def read(self, feed: int, after: int, limit: int, kinds: frozenset[str]) -> Batch:
        """At most `limit` events of the feed after a position, of which those of `kinds` are opened.

        Events of a subject whose key was destroyed are passed by: that subject is erased, here as everywhere.
        Everything else that cannot be read ends the batch.
        """
        rows = self._rows_after(feed, after, limit)
        if not rows:
            return Batch((), after)
        known, unreadable = _known(rows)
        wanted = [row for row in known if row[_KIND] in kinds]
        unreadable = self._open([row for row in wanted if row[_POSITION] not in self._opened]) or unreadable
        if unreadable:
            self.forget()  # it may be whole again the next time
        position = unreadable.position - 1 if unreadable else rows[-1][_POSITION]
        opened = [self._opened[row[_POSITION]] for row in wanted if row[_POSITION] <= position]
        events = [recorded for recorded in opened if recorded is not None]
        return Batch(events, position, unreadable, is_full=len(rows) == limit or unreadable is not None)

    def _rows_after(self, feed: int, after: int, limit: int) -> Sequence[Row]:
        """The rows, those read before where they are the same: what was committed in a feed never changes."""
        if self._place != (feed, after, limit):
            self._rows = self._ledger.feed_rows(feed, after, limit)
            self._place = (feed, after, limit) if self._rows else None
            self._opened = {}
        return self._rows

    def _open(self, rows: Sequence[Row]) -> Unreadable | None:
        """Open rows up to the first that cannot be read; answers that one."""
        self._ledger.keys.load({row[_SUBJECT] for row in rows})
        while rows:
            count = 0
            try:
                for recorded in self._ledger.open_rows(rows):
                    self._opened[rows[count][_POSITION]] = recorded
                    count += 1
            except SubjectErased:
                self._opened[rows[count][_POSITION]] = None
                rows = rows[count + 1 :]
            except (UnknownEventCode, KeyMissing, KeyRingMismatch, NotAuthentic, ValidationError) as error:
                at = rows[count]
                return Unreadable(at[_POSITION], at[_KIND], reason_of(error))
            else:
                return None
        return None


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


def _known(rows: Sequence[Row]) -> tuple[Sequence[Row], Unreadable | None]:
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
