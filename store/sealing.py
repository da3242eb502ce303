"""The bytes of the ledger: how an event is framed, committed to, sealed under its subject's key, and bound to its row."""

import hmac
import json
import os
from datetime import UTC, datetime
from struct import Struct
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel

from store.errors import NotAuthentic

NONCE_BYTES = 12
COMMITMENT_BYTES = 32
KEY_BYTES = 32

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ROW = Struct(">16sQ16s16sq")
_LENGTH = Struct(">H")
_ACTOR_AT = COMMITMENT_BYTES + _LENGTH.size
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


class Payload(NamedTuple):
    """What is sealed of one event: the nonce of its commitment, canonical JSON of actor and event, and the request."""

    commitment_nonce: bytes
    actor: bytes
    event: bytes
    correlation_id: UUID


def canonical_json(model: BaseModel) -> bytes:
    """The one JSON text of a model: all fields, keys sorted, no white space, UTF-8."""
    return _canonical(model.model_dump(mode="json")).encode()


def commitment(payload: Payload) -> bytes:
    """HMAC-SHA-256 over the canonical payload, keyed by the sealed nonce; 32 bytes.

    Whoever knows the event and the nonce can prove it; whoever knows neither can confirm no guess.
    """
    return hmac.digest(payload.commitment_nonce, b'{"actor":%b,"event":%b}' % (payload.actor, payload.event), "sha256")


def microseconds(at: datetime) -> int:
    """Whole microseconds from 1970 (UTC) to this moment: what the database keeps of a time, without rounding."""
    delta = at - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def row_binding(  # noqa: PLR0913 - one argument for each bound column
    prefix: bytes, stream_id: UUID, version: int, subject_id: UUID, command_id: UUID, at: datetime, kind: str
) -> bytes:
    """The associated data of an event: every column that is in the clear, so that a ciphertext opens in its row alone.

    `prefix` is `binding_prefix` of the tenant. The position is not bound: it is given after the sealing.
    """
    row = _ROW.pack(stream_id.bytes, version, subject_id.bytes, command_id.bytes, microseconds(at))
    return prefix + row + kind.encode()


def binding_prefix(purpose: str, tenant: str) -> bytes:
    """What every binding of this purpose in this tenant begins with; no two purposes or tenants share a prefix."""
    name = tenant.encode()
    return b"liggare %b\x00" % purpose.encode() + _LENGTH.pack(len(name)) + name


def seal(key: AESGCM, plaintext: bytes, binding: bytes) -> bytes:
    """Nonce and AES-256-GCM ciphertext."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + key.encrypt(nonce, plaintext, binding)


def unseal(key: AESGCM, sealed: bytes, binding: bytes) -> bytes:
    """The plaintext. Raises NotAuthentic when it was altered, moved, or sealed under another key."""
    try:
        return key.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], binding)
    except (InvalidTag, ValueError):
        raise NotAuthentic from None


def frame(payload: Payload) -> bytes:
    """Nonce, length of the actor, actor, correlation id, event."""
    nonce, actor, event, correlation_id = payload
    return b"".join((nonce, _LENGTH.pack(len(actor)), actor, correlation_id.bytes, event))


def unframe(plaintext: bytes) -> Payload:
    """The payload that `frame` made."""
    actor_end = _ACTOR_AT + _LENGTH.unpack_from(plaintext, COMMITMENT_BYTES)[0]
    event_at = actor_end + 16
    return Payload(
        plaintext[:COMMITMENT_BYTES],
        plaintext[_ACTOR_AT:actor_end],
        plaintext[event_at:],
        UUID(bytes=plaintext[actor_end:event_at]),
    )
