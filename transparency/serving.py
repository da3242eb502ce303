"""What anybody may ask of the tree: the last checkpoint with its cosignatures, tiles and proofs, all of it signed."""

from typing import NamedTuple

from store.database import Pool
from transparency.errors import TransparencyError
from transparency.notes import VerifierKey
from transparency.publishing import Folder
from transparency.stored import SignedRow, StoredTiles, newest_checkpoint, through, with_cosignatures
from transparency.tiles import Tile, consistency_proof, inclusion_proof
from transparency.tree import HASH_BYTES


class NotThere(TransparencyError):
    """Nothing is signed yet, or the signed tree has no such tile."""


class NotSoLong(TransparencyError):
    """The tree that was signed last has no such leaf or size."""


class ProofAnswer(NamedTuple):
    """The hashes of a proof in the tree of `size` leaves."""

    size: int
    hashes: list[bytes]


class PublicLog:
    """The signed tree, as it is served. `folder` is where the notary publishes; the key is read from there."""

    def __init__(self, pool: Pool, folder: Folder) -> None:
        self._ask = through(pool)
        self._folder = folder

    def key(self) -> VerifierKey:
        """The key that signs. Raises NotThere before the first checkpoint, and Malformed."""
        key = self._folder.key()
        if key is None:
            raise NotThere
        return key

    def checkpoint(self) -> bytes:
        """The last checkpoint as a note, the lines of its witnesses included. Raises NotThere."""
        row = self.last()
        return with_cosignatures(self._ask, row)

    def last(self) -> SignedRow:
        """The last checkpoint as the notary signed it, and when. Raises NotThere."""
        row = newest_checkpoint(self._ask)
        if row is None:
            raise NotThere
        return row

    def tile(self, tile: Tile) -> bytes:
        """The hashes of a tile, 32 bytes each. Raises NotThere where the signed tree has it not, or not so wide."""
        if tile.index * 256 + tile.width > self.last().size >> 8 * tile.level:
            raise NotThere
        hashes = StoredTiles(self._ask).read([tile])[0]
        if len(hashes) != tile.width * HASH_BYTES:
            raise NotThere
        return hashes

    def inclusion(self, leaf: int, size: int | None = None) -> ProofAnswer:
        """That a leaf is in the tree of a size, of the last checkpoint where none is given. Raises NotSoLong."""
        size = self._within(size)
        if leaf >= size:
            raise NotSoLong
        return ProofAnswer(size, inclusion_proof(leaf, size, StoredTiles(self._ask)))

    def consistency(self, old: int, size: int | None = None) -> ProofAnswer:
        """That a tree begins with an older one. Raises NotSoLong."""
        size = self._within(size)
        if old > size:
            raise NotSoLong
        return ProofAnswer(size, consistency_proof(old, size, StoredTiles(self._ask)))

    def _within(self, size: int | None) -> int:
        signed = self.last().size
        if size is not None and size > signed:
            raise NotSoLong
        return signed if size is None else size
