"""Between events and sealed rows: canonical JSON, commitment and seal on the way in, the way back at full speed."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from events.base import Actor, Event, Recorded, event_class
from store import sealing
from store.errors import EventTooLarge
from store.keys import KeyRing

_ACTORS_KEPT = 4096


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


class SealingMapper(Mapper[UUID]):
    """Seals events under their subject's key and opens them again."""

    def __init__(self, keys: KeyRing, *, tenant: str, max_event_bytes: int) -> None:
        super().__init__(JSONTranscoder())
        self._keys = keys
        self._prefix = sealing.binding_prefix("event", tenant)
        self._limit = max_event_bytes
        self._actors: dict[bytes, Actor] = {}

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> SealedEvent:
        """The row of an event. Raises EventTooLarge, SubjectErased or KeyMissing."""
        if not isinstance(domain_event, Recorded):
            msg = f"the ledger records only Recorded events, not {type(domain_event).__name__}"
            raise TypeError(msg)
        recorded: Recorded[Event] = domain_event
        payload = self._payload(recorded)
        code = recorded.event.code
        return SealedEvent(
            originator_id=recorded.originator_id,
            originator_version=recorded.originator_version,
            topic=code,
            state=sealing.seal(
                self._keys.key(recorded.subject_id),
                sealing.frame(payload),
                sealing.row_binding(
                    self._prefix,
                    recorded.originator_id,
                    recorded.originator_version,
                    recorded.subject_id,
                    recorded.command_id,
                    recorded.at,
                    code,
                ),
            ),
            subject_id=recorded.subject_id,
            recorded_at=recorded.at,
            command_id=recorded.command_id,
            commitment=sealing.commitment(payload),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Recorded[Event]:
        """The event of a row. Raises NotAuthentic, UnknownEventCode, ValidationError, SubjectErased or KeyMissing."""
        if not isinstance(stored_event, SealedEvent):
            msg = f"the ledger opens only SealedEvent rows, not {type(stored_event).__name__}"
            raise TypeError(msg)
        sealed = stored_event
        stream_id = sealed.originator_id
        if not isinstance(stream_id, UUID):
            msg = "stream ids are UUIDs"
            raise TypeError(msg)
        row = Row(
            stream_id,
            sealed.originator_version,
            sealed.subject_id,
            sealed.command_id,
            sealed.recorded_at,
            sealed.topic,
            sealed.state,
        )
        return next(self.open_rows((row,)))

    def open_rows(self, rows: Iterable[Row | tuple[Any, ...]]) -> Iterator[Recorded[Event]]:
        """The events of many rows, in order; raises at the row that cannot be opened what `to_domain_event` raises."""
        key = self._keys.key
        parse = self._parse
        prefix = self._prefix
        for stream_id, version, subject_id, command_id, at, kind, sealed in rows:
            binding = sealing.row_binding(prefix, stream_id, version, subject_id, command_id, at, kind)
            plaintext = sealing.unseal(key(subject_id), sealed, binding)
            payload = sealing.unframe(plaintext)
            yield Recorded(
                stream_id,
                version,
                subject_id,
                event_class(kind).model_validate_json(payload.event),
                parse(payload.actor),
                at,
                command_id,
                payload.correlation_id,
            )

    def payload(self, row: Row | tuple[Any, ...]) -> sealing.Payload:
        """What is sealed in a row, unparsed: with it a commitment can be checked."""
        stream_id, version, subject_id, command_id, at, kind, sealed = row
        binding = sealing.row_binding(self._prefix, stream_id, version, subject_id, command_id, at, kind)
        return sealing.unframe(sealing.unseal(self._keys.key(subject_id), sealed, binding))

    def forget(self) -> None:
        """Drop the actors remembered from opened events."""
        self._actors.clear()

    def _payload(self, recorded: Recorded[Event]) -> sealing.Payload:
        event = sealing.canonical_json(recorded.event)
        if len(event) > self._limit:
            raise EventTooLarge(len(event), self._limit)
        actor = sealing.canonical_json(recorded.actor)
        return sealing.Payload(os.urandom(sealing.COMMITMENT_BYTES), actor, event, recorded.correlation_id)

    def _parse(self, actor: bytes) -> Actor:
        known = self._actors.get(actor)
        if known is None:
            if len(self._actors) >= _ACTORS_KEPT:
                self._actors.clear()
            known = self._actors[actor] = Actor.model_validate_json(actor)
        return known
