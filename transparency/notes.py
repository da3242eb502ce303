"""Signed notes (C2SP signed-note): a text, and lines of signatures by keys that have a name.

Two kinds of signature: a log's own (Ed25519 over the text), and a witness's cosignature (C2SP tlog-cosignature,
`cosignature/v1`), which also says when the witness saw the checkpoint.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from transparency.encoding import LARGEST, from_base64, to_base64
from transparency.errors import Malformed, NotSigned, SignatureWrong, SignedTwice

MAX_NOTE_BYTES = 4 * 1024 * 1024
"""The largest note that is read; a certificate of a file with many leaf ranges is the largest we write."""

MAX_SIGNATURES = 64
"""The most signature lines that are read; C2SP asks for at least 16."""

_DASH = "\N{EM DASH} "
_ID_BYTES = 4
_TIME_BYTES = 8
_NOT_PLAIN = re.compile("[\x00-\x09\x0b-\x1f\ud800-\udfff]")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Kind(IntEnum):
    """What a key signs; the byte that stands for it in a verifier key and in the key's id."""

    NOTE = 1
    COSIGNATURE = 4


@dataclass(frozen=True)
class VerifierKey:
    """The public half of a key: who may be known by it, and for which kind of signature."""

    name: str
    public: bytes
    kind: Kind = Kind.NOTE

    def __post_init__(self) -> None:
        _require(_is_name(self.name), "a key's name is empty, or holds a space or a plus sign")
        _require(len(self.public) == 32, "a key is not an Ed25519 key")  # noqa: PLR2004 - RFC 8032

    @classmethod
    def parse(cls, vkey: str) -> "VerifierKey":
        """A key in note form, `name+id+key`. Raises Malformed, also when the id is not the key's."""
        name, _, rest = vkey.partition("+")
        key_id, _, encoded = rest.partition("+")
        kind, public = (data := from_base64(encoded, 33))[0], data[1:]
        _require(kind in set(Kind), "a key is of a kind that is not known here")
        key = cls(name, public, Kind(kind))
        _require(key.key_id.hex() == key_id, "a key has another key's id")
        return key

    def __str__(self) -> str:
        """The key in note form, as `parse` reads it."""
        return f"{self.name}+{self.key_id.hex()}+{to_base64(bytes([self.kind]) + self.public)}"

    @cached_property
    def key_id(self) -> bytes:
        """Four bytes by which a signature line names the key. Not a fingerprint: others can be made to have it."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:_ID_BYTES]

    def verify(self, text: str, signature: bytes) -> datetime | None:
        """When a witness says that it signed; None for a log's own signature. Raises SignatureWrong, Malformed."""
        signed_at = None
        message = text.encode()
        if self.kind is Kind.COSIGNATURE:
            seconds, signature = int.from_bytes(signature[:_TIME_BYTES], "big"), signature[_TIME_BYTES:]
            signed_at = _moment(seconds)
            message = _cosigned(text, seconds)
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            msg = "a signature is not by the key that it names"
            raise SignatureWrong(msg) from None
        return signed_at


@dataclass(frozen=True, repr=False)
class SigningKey:
    """A name and the private half of an Ed25519 key; never printed."""

    name: str
    seed: bytes

    @classmethod
    def generate(cls, name: str) -> "SigningKey":
        """A new random key of this name. Raises Malformed for a name that no key may have."""
        key = cls(name, Ed25519PrivateKey.generate().private_bytes_raw())
        _require(_is_name(name), "a key's name is empty, or holds a space or a plus sign")
        return key

    def __repr__(self) -> str:
        """The name only."""
        return f"SigningKey({self.name!r})"

    @property
    def verifier(self) -> VerifierKey:
        """The public half, for notes that this key signs as a log."""
        return VerifierKey(self.name, self._private.public_key().public_bytes_raw())

    @property
    def cosigner(self) -> VerifierKey:
        """The public half, for checkpoints that this key signs as a witness."""
        return VerifierKey(self.name, self._private.public_key().public_bytes_raw(), Kind.COSIGNATURE)

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    def line(self, text: str) -> str:
        """The signature line of a log."""
        return _line(self.verifier, self._private.sign(text.encode()))

    def cosignature(self, text: str, at: datetime) -> str:
        """The signature line of a witness that saw this checkpoint then, to the second."""
        seconds = int((at - _EPOCH).total_seconds())
        signature = self._private.sign(_cosigned(text, seconds))
        return _line(self.cosigner, seconds.to_bytes(_TIME_BYTES, "big") + signature)


class Signed(NamedTuple):
    """One signature that was verified: by which key, and, of a witness, when it says that it signed."""

    key: VerifierKey
    at: datetime | None


class Opened(NamedTuple):
    """A note whose signatures by known keys all hold: its text, and who signed, in the order of the lines."""

    text: str
    signers: tuple[Signed, ...]


def sign(text: str, *keys: SigningKey) -> bytes:
    """The text as a note signed by these keys. Raises Malformed for a text that no note can hold."""
    _require(text.endswith("\n") and _is_plain(text), "a note's text ends its lines and holds no control characters")
    _require(bool(keys), "a note has at least one signature")
    note = (text + "\n" + "".join(key.line(text) for key in keys)).encode()
    _require(len(note) <= MAX_NOTE_BYTES, "the note is too large")
    return note


def open_note(note: bytes, keys: Iterable[VerifierKey]) -> Opened:
    """The note's text and which of these keys signed it, at least one; lines by other keys count for nothing.

    Raises Malformed, NotSigned, SignatureWrong (one known key's line is wrong: the whole note is) or SignedTwice.
    """
    known = {(key.name, key.key_id): key for key in keys}
    text, lines = _parts(note)
    signers: list[Signed] = []
    for name, key_id, signature in lines:
        key = known.get((name, key_id))
        if key is None:
            continue
        if any(signed.key == key for signed in signers):
            msg = "a key signed the note more than once"
            raise SignedTwice(msg)
        signers.append(Signed(key, key.verify(text, signature)))
    if not signers:
        msg = "none of the known keys has signed the note"
        raise NotSigned(msg)
    return Opened(text, tuple(signers))


def text_of(note: bytes) -> str:
    """The text of a note, whoever signed it: to be believed by nobody. Raises Malformed."""
    return _parts(note)[0]


def _parts(note: bytes) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """The text, and of each signature line its name, key id and signature."""
    _require(len(note) <= MAX_NOTE_BYTES, "the note is too large")
    try:
        whole = note.decode("utf-8")
    except UnicodeDecodeError:
        whole = "\0"
    _require(_is_plain(whole), "the note is not text")
    text, blank, signatures = whole.rpartition("\n\n")
    *lines, end = signatures.split("\n")
    _require(bool(blank) and bool(lines) and not end, "the note has no signatures, or does not end with one")
    _require(len(lines) <= MAX_SIGNATURES, "the note has too many signatures")
    return text + "\n", [_signature(line) for line in lines]


def _signature(line: str) -> tuple[str, bytes, bytes]:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    _require(line.startswith(_DASH) and _is_name(name), "a signature line is not written as one")
    data = from_base64(encoded)
    _require(len(data) > _ID_BYTES, "a signature is too short")
    return name, data[:_ID_BYTES], data[_ID_BYTES:]


def _line(key: VerifierKey, signature: bytes) -> str:
    return f"{_DASH}{key.name} {to_base64(key.key_id + signature)}\n"


def _cosigned(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _moment(seconds: int) -> datetime:
    _require(seconds <= LARGEST, "a time is out of range")
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        msg = "a time is out of range"
        raise Malformed(msg) from None


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(character.isspace() for character in name) and _is_plain(name)


def _is_plain(text: str) -> bool:
    """Whether the text has no control characters but ends of lines, and can be written as UTF-8."""
    return not _NOT_PLAIN.search(text)


def _require(holds: bool, otherwise: str) -> None:  # noqa: FBT001 - read aloud: require this, otherwise say that
    if not holds:
        raise Malformed(otherwise)
