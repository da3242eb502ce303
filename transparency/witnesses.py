"""Witnesses (C2SP tlog-witness): what a log sends one so that it cosigns a checkpoint, and what it sends back."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple

from transparency.checkpoints import Checkpoint
from transparency.encoding import decimal, to_base64
from transparency.errors import Malformed, NotSigned, TransparencyError
from transparency.notes import VerifierKey, open_note
from transparency.tiles import TileReader, consistency_proof

SIZE_TYPE = "text/x.tlog.size"
MOST_BYTES = 16_384
"""The longest answer that is read."""
_OK, _CONFLICT = 200, 409


class Witness(NamedTuple):
    """Somebody who cosigns: by which key, and at which address."""

    key: VerifierKey
    address: str

    @property
    def name(self) -> str:
        """The key's name and id, by which its cosignatures are kept."""
        return f"{self.key.name}+{self.key.key_id.hex()}"

    @classmethod
    def parse(cls, text: str) -> "Witness":
        """A verifier key in note form, a space, and the address. Raises Malformed."""
        vkey, _, address = text.strip().partition(" ")
        if not address.startswith(("https://", "http://")) or " " in address:
            msg = "a witness is a verifier key, a space and an address"
            raise Malformed(msg)
        return cls(VerifierKey.parse(vkey), address.rstrip("/"))


class Answered(NamedTuple):
    """What came back: the status, the media type and the body."""

    status: int
    media_type: str
    body: bytes


class WitnessRefused(TransparencyError):
    """The witness did not cosign; why is for its holder to say."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the witness answered {status}")
        self.status = status


Send = Callable[[str, bytes], Answered]
"""Posts a body to an address."""


def cosign(witness: Witness, note: bytes, checkpoint: Checkpoint, seen: int, reader: TileReader, send: Send) -> str:
    """The witness's line for the checkpoint; `seen` is the size at which it cosigned last.

    One that remembers another size says so and is asked once more from there. Raises WitnessRefused, and as
    `open_note` does for a line that is not the witness's over this checkpoint.
    """
    answer = send(f"{witness.address}/add-checkpoint", request(note, checkpoint, seen, reader))
    if answer.status == _CONFLICT and answer.media_type.partition(";")[0].strip() == SIZE_TYPE:
        known = decimal(answer.body.decode("ascii", "replace").strip())
        if known > checkpoint.size:
            raise WitnessRefused(answer.status)
        answer = send(f"{witness.address}/add-checkpoint", request(note, checkpoint, known, reader))
    if answer.status != _OK or len(answer.body) > MOST_BYTES:
        raise WitnessRefused(answer.status)
    return line_of(answer.body, checkpoint.text, witness.key)


def request(note: bytes, checkpoint: Checkpoint, old: int, reader: TileReader) -> bytes:
    """The body of `add-checkpoint`: from which size, the proof from there on, and the checkpoint."""
    old = min(old, checkpoint.size)
    proof: Sequence[bytes] = consistency_proof(old, checkpoint.size, reader)
    return "".join((f"old {old}\n", *(f"{to_base64(one)}\n" for one in proof), "\n")).encode() + note


def line_of(body: bytes, text: str, key: VerifierKey) -> str:
    """The line of this key, of those that came back. Raises as `open_note` does."""
    for line in body.decode("utf-8", "replace").splitlines(keepends=True):
        with suppress(NotSigned):
            open_note(f"{text}\n{line}".encode(), [key])
            return line
    msg = "the witness sent no line of its own"
    raise NotSigned(msg)
