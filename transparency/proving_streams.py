"""Proves every event of a stream by one checkpoint: the first that was signed over all of them, so it stays."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from transparency.checkpoints import open_checkpoint
from transparency.leaves import ENVELOPE, LeafMaker
from transparency.notes import VerifierKey
from transparency.proving import EventNotFound, NotSignedYet
from transparency.stored import Ask, SignedRow, StoredTiles, leaf_of
from transparency.tiles import Tile, inclusion_proof
from transparency.tree import leaf_hash, verify_inclusion

_ROWS = f"select e.version, {ENVELOPE} from events as e where e.stream_id = %b order by e.version"  # noqa: S608 - a constant
_FIRST = "select size, note, signed_at from checkpoints where size > %b::bigint order by size limit 1"


class ProvenStream(NamedTuple):
    """The signed checkpoint and the key that signed it; of each event in order its leaf, the leaf's data, the path."""

    signed: SignedRow
    key: VerifierKey
    proofs: Sequence[tuple[int, bytes, Sequence[bytes]]]

    @property
    def checkpoint(self) -> bytes:
        """The checkpoint as a note, without the lines of witnesses: those come later."""
        return self.signed.note


def prove_stream(ask: Ask, tenant: str, stream_id: UUID, key: VerifierKey) -> ProvenStream:
    """The proofs of every event of a stream, each of them tried. Raises EventNotFound, NotSignedYet.

    ProofWrong, SignatureWrong or TileMissing say that the ledger was tampered with.
    """
    rows = ask(_ROWS, (stream_id,))
    if not rows:
        msg = f"there is no stream {stream_id}"
        raise EventNotFound(msg)
    leaves = [leaf for version, *_ in rows if (leaf := leaf_of(ask, stream_id, version)) is not None]
    found = ask(_FIRST, (max(leaves, default=0),))
    if len(leaves) < len(rows) or not found:
        msg = "an event is in no checkpoint yet; one is signed each minute"
        raise NotSignedYet(msg)
    signed = SignedRow(*found[0])
    checkpoint = open_checkpoint(signed.note, key).checkpoint
    reader, maker = _Kept(ask), LeafMaker(tenant)
    proofs = []
    for leaf, (_, envelope, sealed) in zip(leaves, rows, strict=True):
        data, path = maker.data(envelope, sealed), inclusion_proof(leaf, checkpoint.size, reader)
        verify_inclusion(leaf_hash(data), leaf, checkpoint.size, path, checkpoint.root)
        proofs.append((leaf, data, path))
    return ProvenStream(signed, key, proofs)


class _Kept:
    """The database's tiles, each read once: the paths of one stream's leaves share most of theirs."""

    def __init__(self, ask: Ask) -> None:
        self._stored = StoredTiles(ask)
        self._held: dict[Tile, bytes] = {}

    def read(self, tiles: Sequence[Tile]) -> list[bytes]:
        """As `TileReader`."""
        missing = [tile for tile in tiles if tile not in self._held]
        self._held.update(zip(missing, self._stored.read(missing), strict=True))
        return [self._held[tile] for tile in tiles]
