"""How requests travel to `append_request` and back, in the database's binary form: one as it is, several as arrays."""

from collections.abc import Sequence
from struct import Struct
from typing import NamedTuple
from uuid import UUID

from store import packing
from store.appends import feed_of
from store.mapper import SealedEvent
from store.receipts import SealedReceipt

_ONE = b"select append_request($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
_SEVERAL = b"""
select append_request(
    r.feed, r.stream, r.expected, r.category, r.subject, r.subject_kind, r.mark,
    r.command, r.caller, r.body_hash, r.answer,
    ($13::text[])[r.first : r.last], ($14::timestamptz[])[r.first : r.last], ($15::uuid[])[r.first : r.last],
    ($16::bytea[])[r.first : r.last], ($17::bytea[])[r.first : r.last]
)
from (
    select a.*, sum(a.amount) over upto - a.amount + 1 as first, sum(a.amount) over upto as last
    from unnest(
        $1::smallint[], $2::uuid[], $3::bigint[], $4::text[], $5::uuid[], $6::text[], $7::bytea[],
        $8::uuid[], $9::uuid[], $10::bytea[], $11::bytea[], $12::integer[]
    ) with ordinality as a (
        feed, stream, expected, category, subject, subject_kind, mark, command, caller, body_hash, answer, amount, place
    )
    window upto as (order by a.place)
    order by a.place
) r
"""
_WORD_AT = 12
_WORD_LENGTH = Struct(">8xi")
_NUMBERS = Struct(">8xq8xh8xq4xi")
"""Of a record: the lengths and values of the columns after the word, the answer's length last (-1: none)."""
_FORMATS = ([1] * 16, [1] * 17)


class Request(NamedTuple):
    """One stream's part of an append, sealed; `mark` is what is left of the subject where it was erased."""

    stream_id: UUID
    expected_version: int
    category: str
    subject_id: UUID
    subject_kind: str
    mark: bytes
    events: Sequence[SealedEvent]
    receipt: SealedReceipt | None


class Outcome(NamedTuple):
    """What became of one request: appended, replayed, command_reused, conflict, subject_fenced, subject_erased."""

    outcome: str
    version: int
    feed: int
    position: int
    answer: bytes | None


class Call(NamedTuple):
    """A statement by the name it is prepared under, and its parameters, all binary."""

    name: bytes
    statement: bytes
    parameters: Sequence[bytes | None]
    formats: Sequence[int]


def call_of(requests: Sequence[Request]) -> Call:
    """The one statement that appends what the requests hold; several come sorted by feed."""
    if len(requests) == 1:
        return Call(b"append_request", _ONE, _values(requests[0]), _FORMATS[0])
    return Call(b"append_requests", _SEVERAL, _arrays(requests), _FORMATS[1])


def outcome(record: bytes) -> Outcome:
    """The answer to one request, from the record that `append_request` gave."""
    end = _WORD_AT + _WORD_LENGTH.unpack_from(record)[0]
    version, feed, position, length = _NUMBERS.unpack_from(record, end)
    answer = record[end + _NUMBERS.size :] if length >= 0 else None
    return Outcome(record[_WORD_AT:end].decode(), version, feed, position, answer)


def _values(request: Request) -> list[bytes | None]:
    receipt = request.receipt
    return [
        packing.smallint(feed_of(request.stream_id)),
        request.stream_id.bytes,
        packing.bigint(request.expected_version),
        request.category.encode(),
        request.subject_id.bytes,
        request.subject_kind.encode(),
        request.mark,
        *((receipt.command_id.bytes, receipt.caller.bytes, receipt.body_hash, receipt.answer) if receipt else _NONE),
        *_events(request.events),
    ]


def _arrays(requests: Sequence[Request]) -> list[bytes | None]:
    receipts = [request.receipt for request in requests]
    return [
        packing.smallints([feed_of(r.stream_id) for r in requests]),
        packing.uuids([r.stream_id for r in requests]),
        packing.bigints([r.expected_version for r in requests]),
        packing.texts([r.category for r in requests]),
        packing.uuids([r.subject_id for r in requests]),
        packing.texts([r.subject_kind for r in requests]),
        packing.byteas([r.mark for r in requests]),
        packing.uuids([r and r.command_id for r in receipts]),
        packing.uuids([r and r.caller for r in receipts]),
        packing.byteas([r and r.body_hash for r in receipts]),
        packing.byteas([r and r.answer for r in receipts]),
        packing.integers([len(r.events) for r in requests]),
        *_events([event for request in requests for event in request.events]),
    ]


def _events(events: Sequence[SealedEvent]) -> tuple[bytes, ...]:
    return (
        packing.texts([e.topic for e in events]),
        packing.moments([e.recorded_at for e in events]),
        packing.uuids([e.command_id for e in events]),
        packing.byteas([e.commitment for e in events]),
        packing.byteas([e.state for e in events]),
    )


_NONE = (None, None, None, None)
