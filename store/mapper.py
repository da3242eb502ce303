"""Between events and sealed rows: canonical JSON, commitment and seal on the way in, the way back at full speed."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from events.base import Actor, Event, Recorded, event_class
from store import sealing
from store.errors import EventTooLarge, NotAuthentic
from store.keys import KeyRing
from store.sealing import ACTOR_AT, ACTOR_LENGTH, COMMITMENT_BYTES, EPOCH, NONCE_BYTES, ROW, canonical_json

_ACTORS_KEPT = 4096
_SPEAKERS_KEPT = 64

(
    _set_stream,
    _set_version,
    _set_subject,
    _set_event,
    _set_actor,
    _set_at,
    _set_command,
    _set_correlation,
) = (getattr(Recorded, field.name).__set__ for field in fields(Recorded))
"""What a frozen dataclass's own `__init__` does, in a third of its time: it was a tenth of loading a file."""


@dataclass(frozen=True)
class SealedEvent(StoredEvent):
    """An event as its row holds it: `topic` is the permanent code, `state` the ciphertext."""

    subject_id: UUID
    recorded_at: datetime
    command_id: UUID
    commitment: bytes


class Row(NamedTuple):
    """The columns that opening an event needs, in the order in which the recorder selects them."""

    stream_id: UUID
    version: int
    subject_id: UUID
    command_id: UUID
    recorded_at: datetime
    kind: str
    sealed: bytes
    position: int


class SealingMapper(Mapper[UUID]):
    """Seals events under their subject's key and opens them again."""

    def __init__(self, keys: KeyRing, *, tenant: str, max_event_bytes: int) -> None:
        super().__init__(JSONTranscoder())
        self.keys = keys
        self._prefix = sealing.binding_prefix("event", tenant)
        self._limit = max_event_bytes
        self._actors: dict[bytes, Actor] = {}
        self._spoken: dict[int, tuple[Actor, bytes]] = {}
        self._parsers: dict[str, Callable[[bytes], Event]] = {}

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> SealedEvent:
        """The row of an event. Raises EventTooLarge, SubjectErased or KeyMissing."""
        if not isinstance(domain_event, Recorded):
            msg = f"the ledger records only Recorded events, not {type(domain_event).__name__}"
            raise TypeError(msg)
        return self.seal_all((domain_event,))[0]

    def seal_all(self, events: Iterable[Recorded[Any]]) -> list[SealedEvent]:
        """The rows of the events of one append. Raises EventTooLarge, SubjectErased or KeyMissing."""
        prefix, randomness = self._prefix, os.urandom
        subject: int | None = None
        encrypt: Callable[[bytes, bytes, bytes], bytes] | None = None
        sealed = []
        for recorded in events:
            if encrypt is None or recorded.subject_id.int != subject:
                encrypt = self.keys.key(recorded.subject_id).encrypt
                subject = recorded.subject_id.int
            event = canonical_json(recorded.event)
            if len(event) > self._limit:
                raise EventTooLarge(len(event), self._limit)
            actor = self._actor_json(recorded.actor)
            random = randomness(COMMITMENT_BYTES + NONCE_BYTES)
            commits, seals = random[:COMMITMENT_BYTES], random[COMMITMENT_BYTES:]
            payload = sealing.Payload(commits, actor, event, recorded.correlation_id)
            sealed.append(
                SealedEvent(
                    recorded.originator_id,
                    recorded.originator_version,
                    recorded.event.code,
                    seals + encrypt(seals, sealing.frame(payload), sealing.row_binding(prefix, recorded)),
                    recorded.subject_id,
                    recorded.at,
                    recorded.command_id,
                    sealing.commitment(payload),
                )
            )
        return sealed

    def to_domain_event(self, stored_event: StoredEvent) -> Recorded[Event]:
        """The event of a row. Raises NotAuthentic, UnknownEventCode, ValidationError, SubjectErased or KeyMissing."""
        if not isinstance(stored_event, SealedEvent) or not isinstance(stored_event.originator_id, UUID):
            msg = f"the ledger opens only SealedEvent rows, not {type(stored_event).__name__}"
            raise TypeError(msg)
        sealed = stored_event
        row = (
            stored_event.originator_id,
            sealed.originator_version,
            sealed.subject_id,
            sealed.command_id,
            sealed.recorded_at,
            sealed.topic,
            sealed.state,
            0,
        )
        return next(self.open_rows((row,)))

    def open_rows(self, rows: Iterable[Row | tuple[Any, ...]]) -> Iterator[Recorded[Event]]:
        """The events of many rows, in order; raises at the row that cannot be opened what `to_domain_event` raises.

        The loop does what `sealing.row_binding`, `unseal` and `unframe` do, written out: calls were half of its time.
        """
        prefix, pack, length_at = self._prefix, ROW.pack, ACTOR_LENGTH.unpack_from
        parsers, actors = self._parsers, self._actors
        subjects: dict[int, tuple[Callable[[bytes, bytes, bytes], bytes], bytes]] = {}
        for stream_id, version, subject_id, command_id, at, kind, sealed, _ in rows:
            known = subjects.get(subject_id.int)
            if known is None:
                known = subjects[subject_id.int] = (self.keys.key(subject_id).decrypt, subject_id.bytes)
            decrypt, subject = known
            command = command_id.int.to_bytes(16, "big")
            since = at - EPOCH
            binding = prefix + pack(
                stream_id.int.to_bytes(16, "big"),
                version,
                subject,
                command,
                (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds,
            )
            try:
                plaintext = decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], binding + kind.encode())
            except (InvalidTag, ValueError):
                raise NotAuthentic from None
            actor_end = ACTOR_AT + length_at(plaintext, COMMITMENT_BYTES)[0]
            actor = plaintext[ACTOR_AT:actor_end]
            correlation = plaintext[actor_end : actor_end + 16]
            recorded = object.__new__(Recorded)
            _set_stream(recorded, stream_id)
            _set_version(recorded, version)
            _set_subject(recorded, subject_id)
            _set_event(recorded, (parsers.get(kind) or self._parser(kind))(plaintext[actor_end + 16 :]))
            _set_actor(recorded, actors.get(actor) or self._actor(actor))
            _set_at(recorded, at)
            _set_command(recorded, command_id)
            _set_correlation(recorded, command_id if correlation == command else UUID(bytes=correlation))
            yield recorded

    def payload(self, stored_event: SealedEvent) -> sealing.Payload:
        """What is sealed in a row, unparsed: with it a commitment can be checked."""
        key = self.keys.key(stored_event.subject_id)
        binding = sealing.row_binding(self._prefix, self.to_domain_event(stored_event))
        return sealing.unframe(sealing.unseal(key, stored_event.state, binding))

    def forget(self) -> None:
        """Drop the actors remembered from events."""
        self._actors.clear()
        self._spoken.clear()

    def _parser(self, kind: str) -> Callable[[bytes], Event]:
        parser: Callable[[bytes], Event] = event_class(kind).__pydantic_validator__.validate_json
        self._parsers[kind] = parser
        return parser

    def _actor_json(self, actor: Actor) -> bytes:
        """Canonical JSON of the actor, one object for all events of a command; while it is kept its id is its own."""
        kept = self._spoken.get(id(actor))
        if kept is not None and kept[0] is actor:
            return kept[1]
        if len(self._spoken) >= _SPEAKERS_KEPT:
            self._spoken.clear()
        written = canonical_json(actor)
        self._spoken[id(actor)] = (actor, written)
        return written

    def _actor(self, actor: bytes) -> Actor:
        if len(self._actors) >= _ACTORS_KEPT:
            self._actors.clear()
        self._actors[actor] = known = Actor.model_validate_json(actor)
        return known
