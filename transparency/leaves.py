"""What a leaf is made of: one event's envelope, its commitment and the hash of its ciphertext, in one fixed spelling.

An auditor needs no key to make it from a row, and nobody can make it from a guess: the commitment is keyed by a random
nonce that is sealed with the event.
"""

from datetime import timedelta
from hashlib import sha256
from struct import Struct, error
from typing import NamedTuple
from uuid import UUID

from store.sealing import COMMITMENT_BYTES, EPOCH, binding_prefix
from transparency.alarms import NotALeaf

ENVELOPE = (
    "record_send(row(e.feed, e.position, e.stream_id, e.version, e.subject_id, e.command_id, e.recorded_at,"
    " e.commitment, e.category, e.kind)), e.sealed"
)
"""Two columns of `events as e`: what is clear of the row, as the database writes it in binary, and the ciphertext."""

_ROW = Struct(">4x 8xh 8xq 8x16s 8xq 8x16s 8x16s 8xq")
_LENGTH = Struct(">4xi")
_FIXED = Struct(">hq16sq16s16sq")
_SHORT = Struct(">H")
_YEAR_2000 = 946_684_800_000_000
_HASHES = COMMITMENT_BYTES + sha256().digest_size
_PURPOSE = binding_prefix("leaf", "")[: -_SHORT.size]


class Columns(NamedTuple):
    """What is clear of a row; `at` in microseconds since 1970."""

    feed: int
    position: int
    stream: bytes
    version: int
    subject: bytes
    command: bytes
    at: int
    commitment: bytes
    category: bytes
    kind: bytes


def columns(envelope: bytes) -> Columns:
    """What the first column of `ENVELOPE` holds. Raises NotALeaf for what no append stores."""
    try:
        feed, position, stream, version, subject, command, at = _ROW.unpack_from(envelope)
        commitment, category, kind = _variable(envelope, _ROW.size)
        if len(commitment) == COMMITMENT_BYTES:
            at += _YEAR_2000
            return Columns(feed, position, stream, version, subject, command, at, commitment, category, kind)
    except (error, ValueError, TypeError):  # a length out of range, or a null
        pass
    msg = "a row holds what no event has"
    raise NotALeaf(msg)


class LeafMaker:
    """Makes the leaves of one tenant's ledger."""

    def __init__(self, tenant: str) -> None:
        self._prefix = binding_prefix("leaf", tenant)

    def data(self, envelope: bytes, sealed: bytes) -> bytes:
        """The leaf of the columns of `ENVELOPE`. Raises NotALeaf for what no append stores.

        After the tenant's prefix, big-endian: feed (2 bytes), position (8), stream (16), version (8), subject (16),
        command (16), microseconds since 1970 (8), commitment (32), SHA-256 of the ciphertext (32), and with their
        lengths (2) before them category and kind.
        """
        row = columns(envelope)
        try:
            head = _FIXED.pack(*row[:7]) + row.commitment + sha256(sealed).digest()
            lengths = _SHORT.pack(len(row.category)), _SHORT.pack(len(row.kind))
        except (error, TypeError):  # a time or length out of range, or a null
            msg = "a row holds what no event has"
            raise NotALeaf(msg) from None
        return b"".join((self._prefix, head, lengths[0], row.category, lengths[1], row.kind))

    def hash(self, envelope: bytes, sealed: bytes) -> bytes:
        """The hash of the leaf, as the tree has it. Raises NotALeaf."""
        return sha256(b"\x00" + self.data(envelope, sealed)).digest()


def described(leaf: bytes) -> dict[str, str]:
    """What a leaf says of its event, by name; of what is in the event it holds hashes only. Raises NotALeaf."""
    try:
        if leaf.startswith(_PURPOSE):
            return _said(leaf.removeprefix(_PURPOSE))
    except (error, ValueError, OverflowError):
        pass
    msg = "this is no leaf of a ledger"
    raise NotALeaf(msg)


def _said(leaf: bytes) -> dict[str, str]:
    """Raises struct.error, ValueError, OverflowError for what no leaf says."""
    tenant, rest = _counted(leaf)
    feed, position, stream, version, subject, command, at = _FIXED.unpack_from(rest)
    hashes, texts = rest[_FIXED.size : _FIXED.size + _HASHES], rest[_FIXED.size + _HASHES :]
    category, texts = _counted(texts)
    kind, texts = _counted(texts)
    if texts:
        raise ValueError
    return {
        "ledger": tenant,
        "feed": str(feed),
        "position": str(position),
        "category": category,
        "stream": str(UUID(bytes=stream)),
        "version": str(version),
        "kind": kind,
        "subject": str(UUID(bytes=subject)),
        "recorded at": (EPOCH + timedelta(microseconds=at)).isoformat(),
        "command": str(UUID(bytes=command)),
        "commitment": hashes[:COMMITMENT_BYTES].hex(),
        "sealed sha256": hashes[COMMITMENT_BYTES:].hex(),
    }


def _counted(data: bytes) -> tuple[str, bytes]:
    """A text that begins with its length, and what follows it. Raises struct.error, ValueError."""
    end = _SHORT.size + _SHORT.unpack_from(data)[0]
    text = data[_SHORT.size : end].decode()
    if len(data) < end or not text.isprintable():
        raise ValueError
    return text, data[end:]


def _variable(envelope: bytes, at: int) -> list[bytes]:
    """The columns from here on, each with its length before it. Raises struct.error, ValueError for a null."""
    found = []
    while at < len(envelope):
        length = _LENGTH.unpack_from(envelope, at)[0]
        at += _LENGTH.size
        if length < 0 or at + length > len(envelope):
            raise ValueError
        found.append(envelope[at : at + length])
        at += length
    return found
