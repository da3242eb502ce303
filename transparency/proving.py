"""Proves one event: its leaf, the path to a root that was signed, and the checkpoint with the signature."""

from uuid import UUID

from transparency.checkpoints import Checkpoint
from transparency.errors import TransparencyError
from transparency.leaves import ENVELOPE, LeafMaker
from transparency.notes import text_of
from transparency.proofs import Proof
from transparency.stored import Ask, StoredTiles, covering_checkpoint, leaf_of, with_cosignatures
from transparency.tiles import inclusion_proof
from transparency.tree import leaf_hash, verify_inclusion

_ROW = f"select {ENVELOPE} from events as e where e.stream_id = %b and e.version = %b"  # noqa: S608 - a constant


class EventNotFound(TransparencyError):
    """No event has this stream and version: there never was one, or it was destroyed."""


class NotSignedYet(TransparencyError):
    """The event is in no tree that was signed; within a minute it is."""


def prove(ask: Ask, tenant: str, stream_id: UUID, version: int) -> Proof:
    """The proof that an event is in the last signed tree. Raises EventNotFound, NotSignedYet.

    A proof that would not hold is not given: ProofWrong or TileMissing then say that the ledger was tampered with.
    """
    rows = ask(_ROW, (stream_id, version))
    if not rows:
        msg = f"there is no event {version} of stream {stream_id}"
        raise EventNotFound(msg)
    leaf = leaf_of(ask, stream_id, version)
    signed = None if leaf is None else covering_checkpoint(ask, leaf)
    if leaf is None or signed is None:
        msg = "the event is in no checkpoint yet; one is signed each minute"
        raise NotSignedYet(msg)
    data = LeafMaker(tenant).data(*rows[0])
    path = inclusion_proof(leaf, signed.size, StoredTiles(ask))
    root = Checkpoint.parse(text_of(signed.note)).root
    verify_inclusion(leaf_hash(data), leaf, signed.size, path, root)
    return Proof(data, leaf, path, with_cosignatures(ask, signed))
