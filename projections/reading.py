"""Reading a feed for one projection: what it folds is opened, what others fold is passed by, nothing is skipped."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from events.base import Recorded, UnknownEventCode, event_class
from store.errors import KeyMissing, KeyRingMismatch, NotAuthentic, SubjectErased
from store.ledger import Ledger
from store.mapper import Row as RowOfFeed

Row = tuple[Any, ...]
_STREAM, _SUBJECT, _KIND, _POSITION = map(RowOfFeed._fields.index, ("stream_id", "subject_id", "kind", "position"))


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The event at which reading ends. The reasons are in `reason_of`."""

    position: int
    kind: str
    reason: str


class Batch:
    """Events of a feed in order, opened one by one as they are asked for: each is folded while it is fresh in memory.

    `streams` are those that the events belong to, known before any is opened. Once all were asked for, `position` is
    how far they cover the feed, `unreadable` what made them end before the last, and `count` how many they were.
    `is_full`: there may be more.
    """

    def __init__(self, ledger: Ledger, rows: Sequence[Row], position: int, *, is_full: bool) -> None:
        self.streams: list[UUID] = list({row[_STREAM].int: row[_STREAM] for row in rows}.values())
        self.position = position
        self.unreadable: Unreadable | None = None
        self.count = 0
        self.is_full = is_full
        self._ledger = ledger
        self._rows = rows

    @property
    def kinds(self) -> list[str]:
        """The kind of each event."""
        return [row[_KIND] for row in self._rows]

    def ends_before(self, unreadable: Unreadable) -> None:
        """Let the batch end before an event."""
        self.unreadable, self.position, self.is_full = unreadable, unreadable.position - 1, True

    def __iter__(self) -> Iterator[Recorded[Any]]:
        """The events, from the first."""
        self.count = 0
        rows = self._rows
        self._ledger.keys.load({row[_SUBJECT].int: row[_SUBJECT] for row in rows}.values())
        while rows:
            opened = 0
            try:
                for recorded in self._ledger.open_rows(rows):
                    opened += 1
                    yield recorded
            except SubjectErased:
                rows = rows[opened + 1 :]
            except (UnknownEventCode, KeyMissing, KeyRingMismatch, NotAuthentic, ValidationError) as error:
                at = rows[opened]
                self.ends_before(Unreadable(at[_POSITION], at[_KIND], reason_of(error)))
                rows = ()
            else:
                rows = ()
            self.count += opened


class FeedReader:
    """Reads feeds batch by batch. Projections that stand at the same place of a feed share what was read."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._place: tuple[int, int, int, UUID] | None = None
        self._rows: Sequence[Row] = ()

    def forget(self) -> None:
        """Read anew."""
        self._place = None

    def read(self, feed: int, after: int, limit: int, kinds: frozenset[str], purged: UUID) -> Batch:
        """At most `limit` events of the feed after a position, of which those of `kinds` will be opened.

        `purged` is what the locked checkpoint says of the last purge in the feed: what was read before it is read anew.

        Events of a subject whose key was destroyed are passed by: that subject is erased, here as everywhere.
        Everything else that cannot be read ends the batch.
        """
        rows = self._rows_after((feed, after, limit, purged))
        known, unknown = _known(rows)
        wanted = [row for row in known if row[_KIND] in kinds]
        position = rows[-1][_POSITION] if rows else self._end_of(feed, after)
        batch = Batch(self._ledger, wanted, position, is_full=len(rows) == limit)
        if unknown:
            batch.ends_before(unknown)
        return batch

    def _end_of(self, feed: int, after: int) -> int:
        """How far a feed without rows is read: over the positions of the destroyed, which may have been the last."""
        last = self._ledger.feed_positions()[feed]  # asked before the rows are: those up to here are all to be seen
        return after if last <= after or self._ledger.feed_rows(feed, after, 1) else last

    def _rows_after(self, place: tuple[int, int, int, UUID]) -> Sequence[Row]:
        """The rows, those read before where they are the same: only a purge takes some of a feed away."""
        if self._place != place:
            feed, after, limit, _ = place
            self._rows = self._ledger.feed_rows(feed, after, limit)
            self._place = place if self._rows else None
        return self._rows


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
