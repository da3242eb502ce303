"""Certificates of destruction: one line of JSON, signed by the notary, that says which leaves' events are gone.

What can go wrong is that a certificate is taken to cover what was not destroyed by a decision. So it names the
leaves, in order and each once, and holds the hash over exactly their hashes: it fits no others, in no other order.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from transparency.encoding import LARGEST
from transparency.errors import Malformed
from transparency.notes import SigningKey, VerifierKey, open_note, sign
from transparency.tree import HASH_BYTES

FORMAT = "liggare-purge-certificate/1"
_OWN = {"format", "leaves", "leaves_sha256"}
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


@dataclass(frozen=True)
class Certificate:
    """What a certificate says: of which leaves, as ranges with first and last included, and all its statements."""

    leaves: tuple[tuple[int, int], ...]
    leaves_sha256: bytes
    said: Mapping[str, Any]

    @property
    def count(self) -> int:
        """How many leaves, and so events, it is of."""
        return sum(last - first + 1 for first, last in self.leaves)

    def fits(self, leaf_hashes: Iterable[bytes]) -> bool:
        """Whether these, in the order of the leaves, are the hashes of the leaves that it is of."""
        return _over(leaf_hashes) == (self.leaves_sha256, self.count)


def certify(
    said: Mapping[str, Any], leaves: Sequence[tuple[int, int]], leaf_hashes: Iterable[bytes], key: SigningKey
) -> bytes:
    """The certificate that says this of these leaves, signed. `leaf_hashes` are all of theirs, in order.

    Raises Malformed where the leaves are out of order or not as many as the hashes, or the statements are no JSON.
    """
    over, count = _over(leaf_hashes)
    ranges = _in_order([list(pair) for pair in leaves])
    if _OWN & said.keys() or count != sum(last - first + 1 for first, last in ranges):
        msg = "the certificate does not say of each of its leaves one thing"
        raise Malformed(msg)
    own = {"format": FORMAT, "leaves": ranges, "leaves_sha256": over.hex()}
    try:
        text = _encode({**said, **own}) + "\n"
    except (TypeError, ValueError) as error:
        msg = "the certificate says what JSON cannot"
        raise Malformed(msg) from error
    return sign(text, key)


def open_certificate(note: bytes, key: VerifierKey) -> Certificate:
    """The certificate of a note that the notary's key signed. Raises as `open_note` does, and Malformed."""
    text = open_note(note, [key]).text
    try:
        said = json.loads(text)
        found = Certificate(tuple(_in_order(said["leaves"])), bytes.fromhex(said["leaves_sha256"]), said)
        right = said["format"] == FORMAT and said["leaves_sha256"] == found.leaves_sha256.hex()
        if right and len(found.leaves_sha256) == HASH_BYTES and _encode(said) + "\n" == text:
            return found
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    msg = "the note is not a certificate of destruction"
    raise Malformed(msg)


def _over(leaf_hashes: Iterable[bytes]) -> tuple[bytes, int]:
    """The hash over the hashes, one after the other, and how many there are. Raises Malformed for what is no hash."""
    over, count = sha256(), 0
    for leaf_hash in leaf_hashes:
        if len(leaf_hash) != HASH_BYTES:
            msg = "a leaf's hash is not one"
            raise Malformed(msg)
        over.update(leaf_hash)
        count += 1
    return over.digest(), count


def _in_order(ranges: Any) -> list[tuple[int, int]]:  # noqa: ANN401 - as it was read from a file
    """The ranges, each after the one before. Raises Malformed, TypeError or ValueError for anything else."""
    found: list[tuple[int, int]] = []
    before = -1
    for first, last in ranges:
        if type(first) is not int or type(last) is not int or not before < first <= last <= LARGEST:
            msg = "the leaves of a certificate are named twice or out of order"
            raise Malformed(msg)
        found.append((first, last))
        before = last
    return found
