"""Checkpoints (C2SP tlog-checkpoint): which log, how many leaves, which root, as the text of a signed note."""

from collections.abc import Iterable
from typing import NamedTuple

from transparency.encoding import decimal, from_base64, to_base64
from transparency.errors import AnotherLog, Malformed, NotSigned
from transparency.notes import Signed, SigningKey, VerifierKey, open_note, sign
from transparency.tree import EMPTY_ROOT, HASH_BYTES


class Checkpoint(NamedTuple):
    """What a log says that it holds: `size` leaves with this root. The origin is the name of the log's key."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """The checkpoint of a note's text. Raises Malformed, also for extension lines: our logs write none."""
        lines = text.split("\n")
        if len(lines) != 4 or not lines[0] or lines[3]:  # noqa: PLR2004 - three lines, each ended
            msg = "a checkpoint is not three lines"
            raise Malformed(msg)
        checkpoint = cls(lines[0], decimal(lines[1]), from_base64(lines[2], HASH_BYTES))
        if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
            msg = "an empty tree has another root"
            raise Malformed(msg)
        return checkpoint

    def signed(self, key: SigningKey) -> bytes:
        """The checkpoint as a note by the key of the log. Raises AnotherLog for a key of another name."""
        if key.name != self.origin:
            msg = "the key is of another log than the checkpoint"
            raise AnotherLog(msg)
        return sign(self.text, key)


class Opened(NamedTuple):
    """A checkpoint that the log signed, and which of the known witnesses did too, and when."""

    checkpoint: Checkpoint
    witnesses: tuple[Signed, ...]


def open_checkpoint(note: bytes, key: VerifierKey, witnesses: Iterable[VerifierKey] = ()) -> Opened:
    """The checkpoint of a note that the log's key signed. Raises as `open_note` does, Malformed, and AnotherLog."""
    text, signers = open_note(note, (key, *witnesses))
    if key not in [signed.key for signed in signers]:
        msg = "the log has not signed the checkpoint"
        raise NotSigned(msg)
    checkpoint = Checkpoint.parse(text)
    if checkpoint.origin != key.name:
        msg = "the checkpoint is of another log than the key"
        raise AnotherLog(msg)
    return Opened(checkpoint, tuple(signed for signed in signers if signed.key != key))
