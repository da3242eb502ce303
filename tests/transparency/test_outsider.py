"""What the notary publishes is all that an outsider with `deploy/verify.py` and the public key needs."""

from datetime import timedelta

from deploy import verify
from tests.transparency.conftest import NOW, Kept
from transparency.leaves import ENVELOPE, LeafMaker
from transparency.proofs import Proof
from transparency.stored import StoredTiles, leaf_of, through
from transparency.tiles import inclusion_proof


def keys(kept: Kept) -> list[verify.Key]:
    """The ledger's key, as it is published."""
    return verify.keys_of([(kept.folder.path / "key").read_text()])


def test_the_published_folder_shows_that_nothing_was_altered(kept: Kept) -> None:
    """Yesterday's checkpoint, today's, and the folder: each checkpoint follows from the one kept before."""
    notes = []
    for day, events in enumerate((1, 300, 90, 700)):
        kept.write(events)
        kept.sign(NOW + timedelta(days=day))
        notes.append((kept.folder.path / "checkpoint").read_bytes())
        for old in notes:
            said = verify.check_consistency(old, notes[-1], [str(kept.folder.path)], keys(kept))
            assert said.endswith(f"of the {sum((1, 300, 90, 700)[: day + 1])} of the new one, unaltered")


def test_a_leaf_of_an_event_is_read_out_as_its_row(kept: Kept) -> None:
    """What the file says of a proven event is what the columns of its row say."""
    kept.write(5)
    stream = kept.write(3)
    signed = kept.sign()
    assert signed
    ask = through(kept.pool)
    index = leaf_of(ask, stream, 2)
    assert index is not None
    (row,) = ask(f"select {ENVELOPE} from events as e where e.stream_id = %b and e.version = 2", (stream,))
    path = inclusion_proof(index, signed.size, StoredTiles(ask))
    file = Proof(LeafMaker("liggare").data(*row), index, path, (kept.folder.path / "checkpoint").read_bytes()).file
    said = verify.check_proof(file, keys(kept))
    clear = "feed, position, category, version, subject_id, kind, command_id, encode(commitment, 'hex')"
    where = f"stream_id = '{stream}' and version = 2"
    columns = kept.value(f"select row_to_json(r) from (select {clear} as commitment from events where {where}) as r")
    for expected in (
        f"ledger: liggare\n  feed: {columns['feed']}, position {columns['position']}",
        f"stream: {columns['category']} {stream}, version 2\n  event: {columns['kind']}",
        f"subject: {columns['subject_id']}",
        f"command: {columns['command_id']}\n  commitment to its content: {columns['commitment']}",
    ):
        assert expected in said
