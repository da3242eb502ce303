"""The ledger's recorder: appends in one round trip, reads a stream or a feed, and never loses an answer."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
from eventsourcing.persistence import ApplicationRecorder, Notification, NotSupportedError, StoredEvent, Subscription
from psycopg import Connection
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.rows import TupleRow
from psycopg.types.numeric import Int2, Int8

from store.calling import Call, Outcome, Request, call_of, outcome
from store.database import ATTEMPTS, Pool, connection, fetch, is_worth_another_try
from store.errors import StoreUnavailable
from store.mapper import SealedEvent

_TRY_AGAIN = ("40001", "40P01", "23505")
_MAX_VERSION = 2**62

ONLY_APPEND = "events are recorded through Ledger.append"

_COLUMNS = "stream_id, version, subject_id, command_id, recorded_at, kind, sealed, position"
_STREAM = f"select {_COLUMNS}, commitment from events where stream_id = %b"  # noqa: S608 - columns are a constant
_ROWS = f"select {_COLUMNS} from events where stream_id = %b and version <= %b order by version"  # noqa: S608 - as above
_FEED = f"select {_COLUMNS} from events where feed = %b and position > %b order by position limit %b"  # noqa: S608 - as above
_STREAMS = f"select {_COLUMNS} from events where stream_id = any(%b) order by stream_id, version"  # noqa: S608 - as above
_STREAMS_OF_KINDS = f"""
select {_COLUMNS} from events where stream_id = any(%b) and kind = any(%b) order by stream_id, version
"""  # noqa: S608 - as above
_SUBJECTS = "select subject_id from subjects where subject_id = any(%b)"
_ANSWER = """
select subject_id, stream_id, body_hash, sealed_answer, version, feed, position from commands where command_id = %b
"""
_OURS = "select position from events where stream_id = %b and version = %b and commitment = %b"


class KeptAnswer(NamedTuple):
    """The row of a command that was answered before."""

    subject_id: UUID
    stream_id: UUID
    body_hash: bytes
    answer: bytes
    version: int
    feed: int
    position: int


class LedgerRecorder(ApplicationRecorder):
    """Stores sealed events through `append_request`. The ledger has one sequence a feed and none over all feeds."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._prepared: WeakKeyDictionary[Connection[TupleRow], set[bytes]] = WeakKeyDictionary()

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: object) -> Sequence[int] | None:
        """Not supported: an event is recorded with its stream's expected version, through `Ledger.append`."""
        raise NotSupportedError(ONLY_APPEND, stored_events, kwargs)

    def insert_requests(self, requests: Sequence[Request]) -> list[Outcome]:
        """Append what each request holds, in one statement, and say what became of each. Raises StoreUnavailable.

        The requests come sorted by feed. When the answer was lost on the way they are sent again: receipts and
        commitments tell what is already there.
        """
        call = call_of(requests)
        lost = False
        for attempt in range(1, ATTEMPTS + 1):
            try:
                outcomes = self._append(call)
            except psycopg.Error as error:
                if error.sqlstate not in _TRY_AGAIN or attempt == ATTEMPTS:
                    raise
            except StoreUnavailable as error:
                if attempt == ATTEMPTS or not is_worth_another_try(error):
                    raise
                lost = True
            else:
                break
        else:  # pragma: no cover - the last attempt raises or breaks
            raise StoreUnavailable
        return [self._recognise(r, o) for r, o in zip(requests, outcomes, strict=True)] if lost else outcomes

    def insert_within(self, conn: Connection[TupleRow], request: Request) -> Outcome:
        """Append in somebody's transaction, on a connection of a role that may append."""
        return self._append_on(conn, call_of((request,)))[0]

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
        query = [_STREAM]
        values: list[Any] = [originator_id]
        for condition, value in ((" and version > %b", gt), (" and version <= %b", lte)):
            if value is not None:
                query.append(condition)
                values.append(Int8(value))
        query.append(" order by version desc" if desc else " order by version")
        if limit is not None:
            query.append(" limit %b")
            values.append(Int8(limit))
        rows = self._fetch("".join(query), values)
        return [SealedEvent(r[0], r[1], r[5], r[6], r[2], r[4], r[3], r[8]) for r in rows]

    def select_rows(self, stream_id: UUID, version: int | None = None) -> list[Any]:
        """The columns of `Row` of a stream up to a version, from 1 on."""
        return self._fetch(_ROWS, (stream_id, Int8(_MAX_VERSION if version is None else version)))

    def select_streams(self, stream_ids: Sequence[UUID], kinds: Sequence[str] | None = None) -> list[Any]:
        """The columns of `Row` of many streams, each stream's together and in order; only of these kinds, if given."""
        if kinds is None:
            return self._fetch(_STREAMS, (list(stream_ids),))
        return self._fetch(_STREAMS_OF_KINDS, (list(stream_ids), list(kinds)))

    def select_feed(self, feed: int, after: int, limit: int) -> list[Any]:
        """The columns of `Row` of a feed after a position, in the order in which they were committed."""
        return self._fetch(_FEED, (Int2(feed), Int8(after), Int8(limit)))

    def feed_positions(self) -> dict[int, int]:
        """The position of the last event of each feed; 0 for an empty one."""
        return dict(self._fetch("select feed, last from feeds order by feed", ()))

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

    def known_subjects(self, subject_ids: Sequence[UUID]) -> set[UUID]:
        """Those about whom anything was ever appended."""
        return {row[0] for row in self._fetch(_SUBJECTS, (list(subject_ids),))}

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
        raise NotSupportedError(_PER_FEED, start, limit, stop, topics, inclusive_of_start)

    def max_notification_id(self) -> int | None:
        """Not supported: there is no sequence over all feeds."""
        raise NotSupportedError(_PER_FEED)

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        """Not supported: there is no sequence over all feeds."""
        raise NotSupportedError(_PER_FEED, gt, topics)

    def _append(self, call: Call) -> list[Outcome]:
        with connection(self._pool) as conn:
            return self._append_on(conn, call)

    def _append_on(self, conn: Connection[TupleRow], call: Call) -> list[Outcome]:
        """One prepared statement, sent and answered through libpq itself: a third of the time goes to nothing else."""
        pgconn = conn.pgconn
        prepared = self._prepared.setdefault(conn, set())
        if call.name not in prepared:
            _check(conn, pgconn.prepare(call.name, call.statement))
            prepared.add(call.name)
        values: Any = call.parameters  # null is allowed, though the annotation does not say so
        result = pgconn.exec_prepared(call.name, values, call.formats, 1)
        _check(conn, result)
        return [outcome(result.get_value(row, 0) or b"") for row in range(result.ntuples)]

    def _fetch(self, query: str, parameters: Sequence[Any]) -> list[Any]:
        return fetch(self._pool, query, parameters)

    def _recognise(self, request: Request, told: Outcome) -> Outcome:
        """Turn a conflict with our own earlier attempt into the success that it was: commitments are random."""
        if told.outcome != "conflict" or not request.events:
            return told
        version = request.expected_version + len(request.events)
        ours = self._fetch(_OURS, (request.stream_id, Int8(version), request.events[-1].commitment))
        return Outcome("appended", version, told.feed, ours[0][0], None) if ours else told


_PER_FEED = "the ledger has one sequence a feed; read the feeds with Ledger.read_feed"


def _check(conn: Connection[TupleRow], result: psycopg.pq.abc.PGresult) -> None:
    if result.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        return
    if conn.pgconn.status == ConnStatus.BAD:
        msg = "the connection was lost"
        raise psycopg.OperationalError(msg)
    raise psycopg.errors.error_from_result(result)
