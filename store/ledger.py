"""The ledger: load a stream, append what was decided, read the feeds; everything is sealed on its way in."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from eventsourcing.application import AggregateNotFoundError, Application, Repository
from eventsourcing.persistence import Tracking
from eventsourcing.utils import Environment, EnvType
from pydantic import ValidationError

from events.base import Event, Recorded, UnknownEventCode
from store.errors import (
    CommandReused,
    KeyMissing,
    NotAuthentic,
    StoreError,
    StreamNotFound,
    SubjectErased,
    TooManyEvents,
    UnreadableEvent,
    VersionConflict,
)
from store.factory import LedgerFactory, SealedEventStore, refuse_unsafe, surroundings
from store.keys import KeyRing
from store.mapper import SealingMapper
from store.recorder import FEEDS, Batch, LedgerRecorder, Outcome, Request, SealedReceipt, feed_of
from store.sealing import binding_prefix, seal, unseal
from store.settings import StoreSettings

State = TypeVar("State")

__all__ = ["FEEDS", "Append", "Appended", "CommandReceipt", "FeedEvent", "Ledger", "feed_of"]


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

    `subject_kind` is "person" or "school". Several appends with one command id in one batch answer the later ones as
    replayed: a command appends to one stream, or gives each stream a command id of its own.
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


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """An event and its position in the feed it was read from."""

    position: int
    recorded: Recorded[Any]


class Ledger(Application[UUID]):
    """Every fact of one tenant, append only, each sealed under the key of its subject."""

    name = "liggare"

    def __init__(self, settings: StoreSettings) -> None:
        """Open the ledger. Raises UnsafeSetting, KeyRingError, StoreUnavailable."""
        self.settings = settings
        self._place = binding_prefix("place", settings.tenant)
        self._answers = binding_prefix("answer", settings.tenant)
        super().__init__()

    @cached_property
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
        """The state of a stream, now or as it was at a version. Raises StreamNotFound, SubjectErased, KeyMissing."""
        get: Any = self.repository.get
        try:
            state: State = get(stream_id, version=version, projector_func=fold)
        except AggregateNotFoundError:
            raise StreamNotFound(stream_id) from None
        return state

    def append(self, append: Append) -> Appended:
        """Append to one stream, whole or not at all, in one round trip.

        Raises VersionConflict, CommandReused, SubjectErased, KeyMissing, EventTooLarge, TooManyEvents, StoreUnavailable.
        After StoreUnavailable the same append with the same receipt is safe: it is answered as it was the first time.
        """
        (answer,) = self.append_many((append,))
        if isinstance(answer, StoreError):
            raise answer
        return answer

    def append_many(self, appends: Sequence[Append]) -> list[Appended | StoreError]:
        """Append to several streams in one transaction and answer each on its own, in the order given.

        A refused append changes nothing and stops no other. Raises only StoreUnavailable.
        """
        answers: list[Appended | StoreError] = []
        accepted: list[tuple[int, Append]] = []
        for at, append in enumerate(appends):
            try:
                self._admit(append)
            except StoreError as error:
                answers.append(error)
            else:
                answers.append(KeyMissing(append.subject_id))
                accepted.append((at, append))
        accepted.sort(key=lambda pair: feed_of(pair[1].stream_id))
        for (at, append), outcome in zip(accepted, self._record_all([a for _, a in accepted]), strict=True):
            answers[at] = self._answer(append, outcome)
        return answers

    def answered(self, command_id: UUID, body_hash: bytes) -> Appended | None:
        """What the command was answered before, or None when it is new. Raises CommandReused, SubjectErased."""
        kept = self._records.select_answer(command_id)
        if kept is None:
            return None
        if kept.body_hash != self._keyed(body_hash):
            raise CommandReused(command_id)
        answer = unseal(self.keys.key(kept.subject_id), kept.answer, self._answers + command_id.bytes)
        return Appended(kept.stream_id, kept.version, kept.feed, kept.position, answer, replayed=True)

    def read_feed(self, feed: int, after: int, limit: int) -> list[FeedEvent]:
        """The events of a feed after a position, in the order in which they were committed, at most `limit`.

        Stops before an event that cannot be read; raises UnreadableEvent when that is the first.
        """
        rows = self._records.select_feed(feed, after, limit)
        self.keys.load({row.subject_id for _, row in rows})
        opened = self._mapper.open_rows(row for _, row in rows)
        events: list[FeedEvent] = []
        try:
            events.extend(FeedEvent(position, recorded) for (position, _), recorded in zip(rows, opened, strict=True))
        except (StoreError, UnknownEventCode, ValidationError) as error:
            if not events:
                position, row = rows[0]
                raise UnreadableEvent(feed, position, row.kind, _why(error)) from error
        return events

    def feed_positions(self) -> dict[int, int]:
        """The position of the last event of each feed; 0 for an empty one."""
        return self._records.feed_positions()

    def tracking(self, feed: int, position: int) -> Tracking:
        """The library's name for a position of a feed."""
        return Tracking(f"{self.settings.tenant}/{feed:02}", position)

    def seal(self, subject_id: UUID, plaintext: bytes, place: bytes) -> bytes:
        """Seal a text for a read model. `place` says where it will stand; it opens nowhere else."""
        return seal(self.keys.key(subject_id), plaintext, self._place + subject_id.bytes + place)

    def open(self, subject_id: UUID, sealed: bytes, place: bytes) -> bytes:
        """Open what `seal` made for this place. Raises NotAuthentic, SubjectErased, KeyMissing."""
        return unseal(self.keys.key(subject_id), sealed, self._place + subject_id.bytes + place)

    def forget(self, subject_id: UUID | None = None) -> None:
        """Drop from memory what opens the subject's data, or everybody's; a purge calls it in every process."""
        self.keys.forget(subject_id)
        self._mapper.forget()

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """Nothing from the process environment: it is only searched for what would make the ledger unsafe."""
        refuse_unsafe(surroundings())
        return Environment(name, env)

    def construct_factory(self, env: Environment) -> LedgerFactory:
        """The factory of our own parts."""
        self._parts = LedgerFactory(env, self.settings)
        return self._parts

    def construct_mapper(self) -> SealingMapper:
        """The mapper that seals."""
        self._mapper = self._parts.mapper()
        return self._mapper

    def construct_recorder(self) -> LedgerRecorder:
        """The recorder of feeds."""
        self._records = self._parts.application_recorder()
        return self._records

    def construct_event_store(self) -> SealedEventStore:
        """The event store that opens whole streams."""
        return self._parts.event_store(self._mapper, self._records)

    def construct_repository(self) -> Repository[UUID]:
        """The library's repository, without cache or snapshots."""
        return Repository(self.events)

    def _admit(self, append: Append) -> None:
        if len(append.events) > self.settings.max_events:
            raise TooManyEvents(len(append.events), self.settings.max_events)
        for version, recorded in enumerate(append.events, append.expected_version + 1):
            if (recorded.originator_id, recorded.originator_version) != (append.stream_id, version):
                msg = f"event {recorded.event.code} does not follow version {append.expected_version} of its stream"
                raise ValueError(msg)
            if recorded.subject_id != append.subject_id:
                msg = f"event {recorded.event.code} is about another subject than its append"
                raise ValueError(msg)
        self._key_for(append)

    def _key_for(self, append: Append) -> AESGCM:
        """The key of the subject, made now only when the ledger has never heard of the subject."""
        try:
            return self.keys.key(append.subject_id)
        except KeyMissing:
            if self._records.has_subject(append.subject_id):
                return self.keys.key(append.subject_id)
            return self.keys.begin(append.subject_id, append.subject_kind)

    def _record_all(self, appends: Sequence[Append]) -> list[Outcome]:
        if not appends:
            return []
        batch = Batch([self._request(append) for append in appends])
        self.save(*(event for append in appends for event in append.events), batch=batch)
        return batch.outcomes

    def _request(self, append: Append) -> Request:
        receipt = append.receipt
        kept = receipt and SealedReceipt(
            receipt.command_id,
            receipt.caller_id,
            self._keyed(receipt.body_hash),
            seal(self.keys.key(append.subject_id), receipt.answer, self._answers + receipt.command_id.bytes),
        )
        return Request(
            append.stream_id,
            append.expected_version,
            append.category,
            append.subject_id,
            append.subject_kind,
            len(append.events),
            kept,
        )

    def _answer(self, append: Append, outcome: Outcome) -> Appended | StoreError:
        receipt = append.receipt
        version = outcome.version or 0
        if outcome.outcome == "conflict":
            return VersionConflict(append.stream_id, append.expected_version, version)
        if outcome.outcome == "subject_erased":
            self.forget(append.subject_id)
            return SubjectErased(append.subject_id)
        if receipt is not None and outcome.outcome == "command_reused":
            return CommandReused(receipt.command_id)
        answer = receipt and receipt.answer
        if receipt is not None and outcome.answer is not None:
            binding = self._answers + receipt.command_id.bytes
            answer = unseal(self.keys.key(append.subject_id), outcome.answer, binding)
        replayed = outcome.outcome == "replayed"
        return Appended(append.stream_id, version, outcome.feed, outcome.position, answer, replayed)

    def _keyed(self, body_hash: bytes) -> bytes:
        return self.keys.lookup_digest(b"command body\x00" + body_hash)


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
