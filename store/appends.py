"""What is asked of the ledger and what it answers: appends, receipts, events of a feed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID
from zlib import crc32

from events.base import Recorded
from store.errors import StoreError

FEEDS = 16
"""How many sequences a tenant's ledger has; permanent, since the feed of a stream follows from it."""


def feed_of(stream_id: UUID) -> int:
    """The feed of a stream; it never changes."""
    return crc32(stream_id.bytes) % FEEDS


@dataclass(frozen=True)
class CommandReceipt:
    """What a retry of a command is recognised by, and what it is then answered.

    `body_hash` is any hash of the whole request; the ledger keeps only a keyed hash of it. `answer` is sealed under the
    key of the subject.
    """

    command_id: UUID
    caller_id: UUID
    body_hash: bytes
    answer: bytes


@dataclass(frozen=True)
class Append:
    """Events for one stream, decided on its state at `expected_version` (0: the stream is new).

    `category` is the kind of stream (student_file, person, school, group, template, planning_document), `subject_kind`
    is person or school. One command appends to one stream; a command id given to two appends makes the later a replay.
    """

    category: str
    subject_kind: str
    subject_id: UUID
    stream_id: UUID
    expected_version: int
    events: Sequence[Recorded[Any]]
    receipt: CommandReceipt | None = None


@dataclass(frozen=True)
class Appended:
    """Where the append ended: the stream's version, the feed and the position of its last event there.

    `answer` is what the receipt held, or what an earlier receipt of the same command held when `replayed`.
    """

    stream_id: UUID
    version: int
    feed: int
    position: int
    answer: bytes | None = None
    replayed: bool = False


class FeedEvent(NamedTuple):
    """An event and its position in the feed it was read from."""

    position: int
    recorded: Recorded[Any]


@dataclass
class Batch:
    """Appends on their way through the library into the ledger, sorted by feed, and the answer to each."""

    appends: Sequence[Append]
    answers: list[Appended | StoreError] = field(default_factory=list)
