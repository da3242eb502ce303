"""The bytes of the ledger: how an event is framed, committed to, sealed under a subject's key, and bound to its row."""

import hmac
import json
import os
from datetime import UTC, datetime
from struct import Struct
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel

from events.base import Recorded
from store.errors import NotAuthentic

NONCE_BYTES = 12
COMMITMENT_BYTES = 32
KEY_BYTES = 32
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ROW = Struct(">16sQ16s16sq")
"""Stream, version, subject, command, microseconds since 1970: the clear columns of a row; its kind follows them."""
ACTOR_LENGTH = Struct(">H")
ACTOR_AT = COMMITMENT_BYTES + ACTOR_LENGTH.size

_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False).encode


class Payload(NamedTuple):
    """What is sealed of one event: the nonce of its commitment, canonical JSON of actor and event, and the request."""

    commitment_nonce: bytes
    actor: bytes
    event: bytes
    correlation_id: UUID


def canonical_json(model: BaseModel) -> bytes:
    """The one JSON text of a model: all fields, keys sorted, no white space, UTF-8."""
    return _canonical(model.__pydantic_serializer__.to_python(model, mode="json")).encode()


def commitment(payload: Payload) -> bytes:
    """HMAC-SHA-256 over the canonical payload, keyed by the sealed nonce; 32 bytes.

    Whoever knows the event and the nonce can prove it; whoever knows neither can confirm no guess.
    """
    return hmac.digest(payload.commitment_nonce, b'{"actor":%b,"event":%b}' % (payload.actor, payload.event), "sha256")


def microseconds(at: datetime) -> int:
    """Whole microseconds from 1970 (UTC) to this moment: what the database keeps of a time, without rounding."""
    since = at - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def row_binding(prefix: bytes, recorded: Recorded[Any]) -> bytes:
    """The associated data of an event: what stands in the clear beside it, so that it opens in its own row alone.

    `prefix` is `binding_prefix` of the tenant. The position is not bound: it is given after the sealing.
    """
    row = ROW.pack(
        recorded.originator_id.int.to_bytes(16, "big"),
        recorded.originator_version,
        recorded.subject_id.int.to_bytes(16, "big"),
        recorded.command_id.int.to_bytes(16, "big"),
        microseconds(recorded.at),
    )
    code: str = recorded.event.code
    return prefix + row + code.encode()


def binding_prefix(purpose: str, tenant: str) -> bytes:
    """What every binding of this purpose in this tenant begins with; no two purposes or tenants share a prefix."""
    name = tenant.encode()
    return b"liggare %b\x00" % purpose.encode() + ACTOR_LENGTH.pack(len(name)) + name


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
    return b"".join((nonce, ACTOR_LENGTH.pack(len(actor)), actor, correlation_id.bytes, event))


def unframe(plaintext: bytes) -> Payload:
    """The payload that `frame` made."""
    actor_end = ACTOR_AT + ACTOR_LENGTH.unpack_from(plaintext, COMMITMENT_BYTES)[0]
    event_at = actor_end + 16
    return Payload(
        plaintext[:COMMITMENT_BYTES],
        plaintext[ACTOR_AT:actor_end],
        plaintext[event_at:],
        UUID(bytes=plaintext[actor_end:event_at]),
    )
