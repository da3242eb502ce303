"""The ledger: load a stream, append what was decided, read the feeds; everything is sealed on its way in."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar
from uuid import UUID

from eventsourcing.application import AggregateNotFoundError, Application, Repository
from eventsourcing.persistence import Tracking
from eventsourcing.utils import Environment, EnvType
from psycopg import Connection
from psycopg.rows import TupleRow
from pydantic import ValidationError

from events.base import Recorded, UnknownEventCode
from store.appends import FEEDS, Append, Appended, Batch, CommandReceipt, FeedEvent, feed_of
from store.errors import (
    CommandReused,
    KeyMissing,
    NotAuthentic,
    StoreError,
    StreamNotFound,
    SubjectErased,
    TooManyEvents,
    UnreadableEvent,
)
from store.eventstore import SealedEventStore
from store.factory import LedgerFactory, refuse_unsafe
from store.keys import KeyRing
from store.mapper import Row, SealingMapper
from store.recorder import LedgerRecorder
from store.sealing import Payload, binding_prefix, seal, unseal
from store.settings import StoreSettings

State = TypeVar("State")

__all__ = ["FEEDS", "Append", "Appended", "CommandReceipt", "FeedEvent", "Ledger", "feed_of"]


class Ledger(Application[UUID]):
    """Every fact of one tenant, append only, each sealed under the key of its subject. Safe for many threads."""

    name = "liggare"

    def __init__(self, settings: StoreSettings) -> None:
        """Open the ledger. Raises UnsafeSetting, KeyRingError or StoreUnavailable."""
        self.settings = settings
        self._place = binding_prefix("place", settings.tenant)
        super().__init__()

    @property
    def keys(self) -> KeyRing:
        """The data keys of the subjects."""
        return self._parts.keys

    def load(
        self,
        stream_id: UUID,
        fold: Callable[[State | None, Iterable[Recorded[Any]]], State | None],
        *,
        version: int | None = None,
    ) -> State:
        """The state of a stream, now or as it was at a version.

        Raises StreamNotFound, SubjectErased, KeyMissing, NotAuthentic, UnknownEventCode, StoreUnavailable.
        """
        get: Any = self.repository.get
        try:
            state: State = get(stream_id, version=version, projector_func=fold)
        except AggregateNotFoundError:
            raise StreamNotFound(stream_id) from None
        return state

    def append(self, append: Append) -> Appended:
        """Append to one stream, whole or not at all, in one round trip.

        Raises VersionConflict, CommandReused, SubjectErased, KeyMissing, EventTooLarge, TooManyEvents; and
        StoreUnavailable, after which the same append with the same receipt is safe: it is answered as the first time.
        """
        self._admit(append)
        (answer,) = self._put((append,))
        if isinstance(answer, StoreError):
            raise answer
        return answer

    def append_within(self, conn: Connection[TupleRow], append: Append) -> Appended:
        """Append in the transaction of a connection, to be kept or undone with what else is done there.

        The feed is locked from here until the transaction ends: let it be the last that is done. Raises as `append`.
        """
        self._admit(append)
        return self._store.put_within(conn, append)

    def append_many(self, appends: Sequence[Append]) -> list[Appended | StoreError]:
        """Append to several streams in one transaction and answer each on its own, in the order given.

        A refused append changes nothing and stops no other. Raises only StoreUnavailable, and ValueError when events do
        not follow the version, stream and subject of their append.
        """
        answers: dict[int, Appended | StoreError] = {}
        admitted: list[int] = []
        for at, append in enumerate(appends):
            try:
                self._admit(append)
            except StoreError as refusal:
                answers[at] = refusal
            else:
                admitted.append(at)
        admitted.sort(key=lambda at: feed_of(appends[at].stream_id))
        answers.update(zip(admitted, self._put([appends[at] for at in admitted]), strict=True))
        return [answers[at] for at in range(len(appends))]

    def answered(self, command_id: UUID, body_hash: bytes) -> Appended | None:
        """What the command was answered before, or None when it is new. Raises CommandReused, SubjectErased."""
        kept = self._records.select_answer(command_id)
        if kept is None:
            return None
        receipts = self._store.receipts
        if kept.body_hash != receipts.keyed(body_hash):
            raise CommandReused(command_id)
        answer = receipts.open(kept.subject_id, command_id, kept.answer)
        return Appended(kept.stream_id, kept.version, kept.feed, kept.position, answer, replayed=True)

    def read_feed(self, feed: int, after: int, limit: int) -> list[FeedEvent]:
        """The events of a feed after a position, in the order in which they were committed, at most `limit`.

        Stops before an event that cannot be read; raises UnreadableEvent when that is the first.
        """
        rows = self._records.select_feed(feed, after, limit)
        self.keys.load({row[2] for row in rows})
        opened = self._mapper.open_rows(rows)
        events: list[FeedEvent] = []
        try:
            for row, recorded in zip(rows, opened, strict=True):
                events.append(FeedEvent(row[7], recorded))
        except (StoreError, UnknownEventCode, ValidationError) as error:
            if not events:
                first = Row(*rows[0])
                raise UnreadableEvent(feed, first.position, first.kind, _why(error)) from error
        return events

    def feed_rows(self, feed: int, after: int, limit: int) -> list[tuple[Any, ...]]:
        """The columns of `Row` of a feed after a position, still sealed, for who opens only some of them."""
        return self._records.select_feed(feed, after, limit)

    def open_rows(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[Recorded[Any]]:
        """The events of rows that `feed_rows` gave, in order.

        Raises UnknownEventCode, ValidationError, NotAuthentic, SubjectErased or KeyMissing at the row it cannot open.
        """
        return self._mapper.open_rows(rows)

    def payloads(self, stream_id: UUID) -> list[Payload]:
        """What is sealed of each event of a stream, unparsed, in order: with it an event is held against its leaf.

        Raises SubjectErased, KeyMissing or NotAuthentic.
        """
        return [self._mapper.payload(row) for row in self._records.select_events(stream_id)]

    def feed_positions(self) -> dict[int, int]:
        """The position of the last event of each feed; 0 for an empty one."""
        return self._records.feed_positions()

    def tracking(self, feed: int, position: int) -> Tracking:
        """The library's name for a position of a feed."""
        return Tracking(f"{self.settings.tenant}/{feed:02}", position)

    def seal(self, subject_id: UUID, plaintext: bytes, place: bytes) -> bytes:
        """Seal a text for a read model. `place` says where it will stand; it opens nowhere else.

        Raises SubjectErased or KeyMissing.
        """
        return seal(self.keys.key(subject_id), plaintext, self._place + subject_id.bytes + place)

    def open(self, subject_id: UUID, sealed: bytes, place: bytes) -> bytes:
        """Open what `seal` made for this place. Raises NotAuthentic, SubjectErased or KeyMissing."""
        return unseal(self.keys.key(subject_id), sealed, self._place + subject_id.bytes + place)

    def forget(self, subject_id: UUID | None = None) -> None:
        """Drop from memory what opens the subject's data, or everybody's; a purge calls it in every process."""
        self.keys.forget(subject_id)
        self._mapper.forget()

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """Nothing from the process environment: it is only searched for what would make the ledger unsafe."""
        refuse_unsafe(os.environ)
        return Environment(name, env)

    def construct_factory(self, env: Environment) -> LedgerFactory:
        """The factory of our own parts."""
        self._parts = LedgerFactory(env, self.settings)
        return self._parts

    def construct_mapper(self) -> SealingMapper:
        """The mapper that seals."""
        mapper: SealingMapper = self._parts.mapper()
        self._mapper = mapper
        return mapper

    def construct_recorder(self) -> LedgerRecorder:
        """The recorder of feeds."""
        self._records = self._parts.application_recorder()
        return self._records

    def construct_event_store(self) -> SealedEventStore:
        """The event store that seals batches and opens whole streams."""
        store: SealedEventStore = self._parts.event_store(self._mapper)
        self._store = store
        return store

    def construct_repository(self) -> Repository[UUID]:
        """The library's repository, without cache or snapshots."""
        return Repository(self.events)

    def _put(self, appends: Sequence[Append]) -> Sequence[Appended | StoreError]:
        """Record what was admitted, sorted by feed; the answer to each."""
        batch = Batch(appends)
        self.events.put([event for append in appends for event in append.events], batch=batch)
        for answer in batch.answers:
            if isinstance(answer, SubjectErased):
                self.forget(answer.subject_id)
        return batch.answers

    def _admit(self, append: Append) -> None:
        if len(append.events) > self.settings.max_events:
            raise TooManyEvents(len(append.events), self.settings.max_events)
        stream, subject = append.stream_id.int, append.subject_id.int
        for version, recorded in enumerate(append.events, append.expected_version + 1):
            if recorded.originator_version != version or recorded.originator_id.int != stream:
                msg = f"event {recorded.event.code} does not follow version {append.expected_version} of its stream"
                raise ValueError(msg)
            if recorded.subject_id.int != subject:
                msg = f"event {recorded.event.code} is about another subject than its append"
                raise ValueError(msg)
        self._know(append)

    def _know(self, append: Append) -> None:
        """See that the subject has a key; it gets one only when the ledger has never heard of the subject."""
        try:
            self.keys.key(append.subject_id)
        except KeyMissing:
            if self._records.has_subject(append.subject_id):
                self.keys.key(append.subject_id)
            else:
                self.keys.begin(append.subject_id, append.subject_kind)


def _why(error: Exception) -> str:
    match error:
        case UnknownEventCode():
            return "unknown_kind"
        case SubjectErased():
            return "subject_erased"
        case KeyMissing():
            return "key_missing"
        case NotAuthentic():
            return "not_authentic"
        case _:
            return "not_valid"
