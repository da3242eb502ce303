"""The ledger's recorder: appends in one round trip, reads a stream or a feed, and never loses an answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID
from zlib import crc32

import psycopg
from eventsourcing.persistence import ApplicationRecorder, Notification, NotSupportedError, StoredEvent, Subscription
from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.types.numeric import Int2, Int4, Int8
from psycopg_pool import ConnectionPool

from store.database import connection
from store.errors import StoreUnavailable
from store.mapper import Row, SealedEvent

FEEDS = 16
_ATTEMPTS = 5
_TRY_AGAIN = ("40001", "40P01", "23505")

_APPEND = """
select outcome, out_version, out_feed, out_position, out_answer from append_events(
    %b::smallint[], %b::uuid[], %b::bigint[], %b::text[], %b::uuid[], %b::text[], %b::integer[],
    %b::uuid[], %b::uuid[], %b::bytea[], %b::bytea[],
    %b::text[], %b::timestamptz[], %b::uuid[], %b::bytea[], %b::bytea[])
"""
_COLUMNS = "stream_id, version, subject_id, command_id, recorded_at, kind, sealed"
_STREAM = f"select {_COLUMNS}, commitment from events where stream_id = %b"
_ROWS = f"select {_COLUMNS} from events where stream_id = %b and version <= %b order by version"
_FEED = f"select position, {_COLUMNS} from events where feed = %b and position > %b order by position limit %b"
_POSITIONS = "select feed, last from feeds order by feed"
_ANSWER = "select subject_id, stream_id, body_hash, sealed_answer, version, feed, position from commands where command_id = %b"
_OURS = "select position from events where stream_id = %b and version = %b and commitment = %b"
_MAX_VERSION = 2**62


def feed_of(stream_id: UUID) -> int:
    """The feed of a stream; it never changes."""
    return crc32(stream_id.bytes) % FEEDS


class SealedReceipt(NamedTuple):
    """A command receipt as its row holds it."""

    command_id: UUID
    caller_id: UUID
    body_hash: bytes
    answer: bytes


class Request(NamedTuple):
    """One stream's part of an append; its events are the next `count` of the batch."""

    stream_id: UUID
    expected_version: int
    category: str
    subject_id: UUID
    subject_kind: str
    count: int
    receipt: SealedReceipt | None


class Outcome(NamedTuple):
    """What became of one request: appended, replayed, command_reused, conflict or subject_erased."""

    outcome: str
    version: int | None
    feed: int
    position: int
    answer: bytes | None


class KeptAnswer(NamedTuple):
    """The row of a command that was answered before."""

    subject_id: UUID
    stream_id: UUID
    body_hash: bytes
    answer: bytes
    version: int
    feed: int
    position: int


@dataclass
class Batch:
    """Requests on their way in, sorted by feed, and what became of each of them."""

    requests: Sequence[Request]
    outcomes: list[Outcome] = field(default_factory=list)


class LedgerRecorder(ApplicationRecorder):
    """Stores sealed events through `append_events`. The ledger has one sequence a feed and none over all feeds."""

    def __init__(self, pool: ConnectionPool[Connection[TupleRow]]) -> None:
        self._pool = pool

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Append the batch given as `batch`; its outcomes are left there. Raises StoreUnavailable.

        A batch whose answer was lost on the way is sent again: receipts and commitments tell what is already there.
        """
        batch = kwargs.get("batch")
        if not isinstance(batch, Batch):
            msg = "events are recorded through Ledger.append"
            raise TypeError(msg)
        events = [event for event in stored_events if isinstance(event, SealedEvent)]
        parameters = _parameters(batch.requests, events)
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                batch.outcomes = self._append(parameters)
            except psycopg.Error as error:
                if error.sqlstate not in _TRY_AGAIN or attempt == _ATTEMPTS:
                    raise
            except StoreUnavailable:
                if attempt == _ATTEMPTS:
                    raise
            else:
                if attempt > 1:
                    self._recognise(batch, events)
                break
        return None

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[SealedEvent]:
        """The rows of a stream."""
        bounds = [_STREAM]
        values: list[Any] = [originator_id]
        for condition, value in ((" and version > %b", gt), (" and version <= %b", lte)):
            if value is not None:
                bounds.append(condition)
                values.append(Int8(value))
        bounds.append(" order by version desc" if desc else " order by version")
        if limit is not None:
            bounds.append(" limit %b")
            values.append(Int8(limit))
        rows = self._fetch("".join(bounds), values)
        return [SealedEvent(r[0], r[1], r[5], r[6], r[2], r[4], r[3], r[7]) for r in rows]

    def select_rows(self, stream_id: UUID, version: int | None = None) -> list[Any]:
        """The columns of `Row` of a stream up to a version, from 1 on."""
        return self._fetch(_ROWS, (stream_id, Int8(_MAX_VERSION if version is None else version)))

    def select_feed(self, feed: int, after: int, limit: int) -> list[tuple[int, Row]]:
        """Positions and rows of a feed, in the order in which they were committed."""
        return [(row[0], Row(*row[1:])) for row in self._fetch(_FEED, (Int2(feed), Int8(after), Int8(limit)))]

    def feed_positions(self) -> dict[int, int]:
        """The position of the last event of each feed; 0 for an empty one."""
        return dict(self._fetch(_POSITIONS, ()))

    def select_answer(self, command_id: UUID) -> KeptAnswer | None:
        """The row of a command, if it was answered before."""
        rows = self._fetch(_ANSWER, (command_id,))
        return KeptAnswer(*rows[0]) if rows else None

    def is_empty(self) -> bool:
        """Whether nothing was ever appended."""
        return not self._fetch("select 1 from subjects limit 1", ())

    def has_subject(self, subject_id: UUID) -> bool:
        """Whether anything was ever appended about the subject."""
        return bool(self._fetch("select 1 from subjects where subject_id = %b", (subject_id,)))

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Not supported: there is no sequence over all feeds."""
        raise _no_single_sequence()

    def max_notification_id(self) -> int | None:
        """Not supported: there is no sequence over all feeds."""
        raise _no_single_sequence()

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        """Not supported: there is no sequence over all feeds."""
        raise _no_single_sequence()

    def _append(self, parameters: Sequence[Any]) -> list[Outcome]:
        with connection(self._pool) as conn, conn.cursor(binary=True) as cursor:
            return [Outcome(*row) for row in cursor.execute(_APPEND, parameters, prepare=True).fetchall()]

    def _fetch(self, query: str, parameters: Sequence[Any]) -> list[Any]:
        with connection(self._pool) as conn, conn.cursor(binary=True) as cursor:
            return cursor.execute(query.encode(), parameters, prepare=True).fetchall()

    def _recognise(self, batch: Batch, events: Sequence[SealedEvent]) -> None:
        """Turn a conflict with our own earlier attempt into the success that it was: commitments are random."""
        done = 0
        for at, (request, outcome) in enumerate(zip(batch.requests, batch.outcomes, strict=True)):
            done += request.count
            if outcome.outcome == "conflict" and request.count:
                version = request.expected_version + request.count
                ours = self._fetch(_OURS, (request.stream_id, Int8(version), events[done - 1].commitment))
                if ours:
                    batch.outcomes[at] = Outcome("appended", version, outcome.feed, ours[0][0], None)


def _parameters(requests: Sequence[Request], events: Sequence[SealedEvent]) -> list[Any]:
    receipts = [request.receipt for request in requests]
    return [
        [Int2(feed_of(r.stream_id)) for r in requests],
        [r.stream_id for r in requests],
        [Int8(r.expected_version) for r in requests],
        [r.category for r in requests],
        [r.subject_id for r in requests],
        [r.subject_kind for r in requests],
        [Int4(r.count) for r in requests],
        [r and r.command_id for r in receipts],
        [r and r.caller_id for r in receipts],
        [r and r.body_hash for r in receipts],
        [r and r.answer for r in receipts],
        [e.topic for e in events],
        [e.recorded_at for e in events],
        [e.command_id for e in events],
        [e.commitment for e in events],
        [e.state for e in events],
    ]


def _no_single_sequence() -> NotSupportedError:
    return NotSupportedError("the ledger has one sequence a feed; read the feeds with Ledger.read_feed")
