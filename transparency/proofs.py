"""Proof files (C2SP tlog-proof): a leaf, its path to a root, and the signed checkpoint of that root."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from transparency.checkpoints import Opened, open_checkpoint
from transparency.encoding import decimal, from_base64, to_base64
from transparency.errors import Malformed
from transparency.notes import MAX_NOTE_BYTES, VerifierKey
from transparency.tree import HASH_BYTES, leaf_hash, verify_inclusion

_FIRST_LINE = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True)
class Proof:
    """What a proof file holds; none of it is to be believed before it is checked.

    `leaf` is the data of the leaf, which the file carries as its extra data; `path` leads from it to the root.
    """

    leaf: bytes
    index: int
    path: Sequence[bytes]
    checkpoint: bytes

    @property
    def file(self) -> bytes:
        """The file; by custom its name ends in `.tlog-proof`."""
        lines = [_FIRST_LINE, f"extra {to_base64(self.leaf)}", f"index {self.index}", *map(to_base64, self.path)]
        return "\n".join((*lines, "", "")).encode() + self.checkpoint

    @classmethod
    def parse(cls, file: bytes) -> "Proof":
        """The proof of a file. Raises Malformed for any other spelling than `file` gives."""
        head, blank, checkpoint = file.partition(b"\n\n")
        if len(file) <= MAX_NOTE_BYTES and blank and head.isascii():
            first, *lines = head.decode("ascii").split("\n")
            if first == _FIRST_LINE and len(lines) >= 2:  # noqa: PLR2004 - the leaf and its number
                leaf, index, path = _after("extra ", lines[0]), _after("index ", lines[1]), lines[2:]
                return cls(from_base64(leaf), decimal(index), [from_base64(p, HASH_BYTES) for p in path], checkpoint)
        msg = "the file is not a proof with a leaf"
        raise Malformed(msg)

    def check(self, key: VerifierKey, witnesses: Iterable[VerifierKey] = ()) -> Opened:
        """The checkpoint that the log signed and that holds the leaf at this index.

        Raises as `open_checkpoint` does, and ProofWrong.
        """
        opened = open_checkpoint(self.checkpoint, key, witnesses)
        verify_inclusion(leaf_hash(self.leaf), self.index, opened.checkpoint.size, self.path, opened.checkpoint.root)
        return opened


def _after(word: str, line: str) -> str:
    if not line.startswith(word):
        msg = f"a line does not begin with {word.strip()}"
        raise Malformed(msg)
    return line.removeprefix(word)
