"""What is promised about the notary: a leaf for every event, never another, and no signature under a rewritten tree."""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from uuid import UUID, uuid4

import psycopg
import pytest

from app.postgres_roles import Urls
from tests.store.making import append, stream_in
from tests.transparency.conftest import NOW, PATH, Kept
from tests.transparency.naive import mth
from transparency.alarms import (
    Alarm,
    AlreadyPublished,
    AnotherKey,
    CheckpointsMissing,
    FeedHasGap,
    NotALeaf,
    NotNumbered,
    TreeRewritten,
    TreeRolledBack,
)
from transparency.checkpoints import open_checkpoint
from transparency.leaves import ENVELOPE, LeafMaker
from transparency.notary import BATCH, leaf_hashes
from transparency.notes import SigningKey
from transparency.publishing import Folder
from transparency.stored import StoredTiles, event_of, head, leaf_of, through
from transparency.tiles import inclusion_proof, root
from transparency.tree import EMPTY_ROOT, verify_inclusion


def hashes_by_run(kept: Kept) -> list[bytes]:
    """The leaf hash of every event, in the order of the leaves, made from the rows."""
    rows = through(kept.pool)(
        f"select {ENVELOPE} from tree_runs as r join events as e on e.feed = r.feed"
        " and e.position between r.first_position and r.first_position + r.count - 1 order by r.first_leaf, e.position",
        (),
    )
    return [LeafMaker("liggare").hash(*row) for row in rows]


def test_every_event_gets_a_leaf_in_the_order_of_its_feed(kept: Kept) -> None:
    """The tree of the database is the tree over the rows, however it grew; what was there keeps its leaf."""
    assert kept.notary.advance() == 0
    for events in (1, 3, 255, 700):
        kept.write(events)
        kept.write(2)
        before = leaf_hashes(through(kept.pool), 0, 4000)
        assert kept.notary.advance() == events + 2
        found = hashes_by_run(kept)
        assert found[: len(before)] == before
        tree = head(through(kept.pool))
        assert (tree.size, tree.root) == (len(found), mth(found))
        assert root(tree.size, StoredTiles(through(kept.pool))) == tree.root
    assert kept.notary.advance() == 0


def test_more_than_a_batch_is_numbered_by_one_call(kept: Kept) -> None:
    """A catch-up takes short transactions, and all of them."""
    kept.write(BATCH + 10)
    assert kept.notary.advance() == BATCH + 10
    assert head(through(kept.pool)).root == mth(hashes_by_run(kept))


def test_notaries_at_once_give_no_event_two_leaves(kept: Kept) -> None:
    """Several processes number while others append."""
    given: list[int] = []

    def number() -> None:
        given.extend(kept.notary.advance() for _ in range(10))

    def write() -> None:
        for _ in range(10):
            kept.write(7)

    threads = [Thread(target=work) for work in (number, write, number, write)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    given.append(kept.notary.advance())
    assert sum(given) == 140 == kept.value("select size from tree_head") == kept.value("select count(*) from events")
    assert head(through(kept.pool)).root == mth(hashes_by_run(kept))


def test_numbering_and_appending_do_not_wait_for_each_other(kept: Kept) -> None:
    """While somebody has the tree, appends go on."""
    kept.write()
    with kept.pool.connection() as conn, conn.transaction():
        conn.execute("select lock_tree()")
        kept.write()
    assert kept.notary.advance() == 2


def test_a_leaf_is_found_from_its_event_and_back(kept: Kept) -> None:
    """Also with many runs; an event without a leaf, or that is not there, has none."""
    ask = through(kept.pool)
    streams = []
    for _ in range(20):
        streams.append(kept.write(3))
        kept.notary.advance()
    hashes = hashes_by_run(kept)
    for stream in streams:
        for version in (1, 2, 3):
            leaf = leaf_of(ask, stream, version)
            assert leaf is not None
            envelope, sealed, *place = ask(
                f"select {ENVELOPE}, feed, position from events as e where stream_id = %b and version = %b",
                (stream, version),
            )[0]
            assert LeafMaker("liggare").hash(envelope, sealed) == hashes[leaf]
            assert event_of(ask, leaf) == tuple(place)
            tree = head(ask)
            proof = inclusion_proof(leaf, tree.size, StoredTiles(ask))
            verify_inclusion(hashes[leaf], leaf, tree.size, proof, tree.root)
    late = kept.write()
    assert leaf_of(ask, late, 1) is None
    assert leaf_of(ask, streams[0], 4) is None
    assert event_of(ask, 60) is None


def test_the_leaves_of_a_subject_come_as_ranges(kept: Kept) -> None:
    """In order, first and last included, in the caller's transaction; an event without a leaf is refused by name."""
    feed, first, second = 3, stream_in(3), stream_in(3)
    positions = [kept.ledger.append(append(uuid4(), stream_id=stream, count=2)).position for stream in (first, second)]
    kept.notary.advance()
    positions.append(kept.ledger.append(append(uuid4(), stream_id=stream_in(3))).position)
    with kept.pool.connection() as conn, conn.cursor(binary=True) as cursor:
        assert kept.notary.leaf_ranges(cursor, {}) == []
        assert kept.notary.leaf_ranges(cursor, {feed: [1, 2, 4]}) == [(0, 1), (3, 3)]
        assert kept.notary.leaf_ranges(cursor, {feed: [4, 3, 2, 1]}) == [(0, 3)]
        with pytest.raises(NotNumbered):
            kept.notary.leaf_ranges(cursor, {feed: [1, positions[-1]]})
        with pytest.raises(NotNumbered):
            kept.notary.leaf_ranges(cursor, {5: [1]})
    assert kept.notary.leaf_hashes([(1, 2)]) == hashes_by_run(kept)[1:3]


def test_a_gap_in_a_feed_stops_the_notary(kept: Kept) -> None:
    """Events that were deleted before they had a leaf are missed, by name, and nothing is numbered past them."""
    kept.ledger.append(append(uuid4(), stream_id=stream_in(2), count=4))
    kept.tamper("delete from events where position = 3")
    with pytest.raises(FeedHasGap) as gap:
        kept.notary.advance()
    assert (gap.value.feed, gap.value.position) == (2, 3)
    kept.tamper("delete from events where position = 4")
    with pytest.raises(FeedHasGap):
        kept.notary.advance()
    assert head(through(kept.pool)) == (0, EMPTY_ROOT)


def test_a_row_that_is_no_event_stops_the_notary(kept: Kept) -> None:
    """It gets no leaf."""
    kept.write()
    kept.tamper("update events set commitment = '\\x00'")
    with pytest.raises(NotALeaf):
        kept.notary.advance()


def test_what_is_signed_is_published_outside(kept: Kept) -> None:
    """A note by the key, in the database and the folder, with the tiles of its tree; nothing new, nothing signed."""
    assert kept.sign() is None
    for events in (1, 260, 5):
        kept.write(events)
        signed = kept.sign()
        assert signed is not None
        assert signed == kept.folder.last(kept.key.verifier)
        assert signed.root == mth(hashes_by_run(kept))
        assert kept.value("select note from checkpoints order by size desc limit 1") == kept.folder.note()
        assert root(signed.size, Published(kept)) == signed.root
        assert kept.sign(NOW + timedelta(minutes=1)) is None
    assert kept.folder.key() == kept.key.verifier
    assert kept.value("select count(*) from checkpoints") == 3
    assert not (kept.folder.path / "tile/0/000.p").exists()


class Published:
    """The tiles of the folder."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def read(self, tiles: object) -> list[bytes]:
        return [(self._kept.folder.path / tile.path).read_bytes() for tile in tiles]  # type: ignore[attr-defined]


def test_each_day_keeps_its_last_checkpoint(kept: Kept) -> None:
    """By the day where the schools are: yesterday's is there to verify with."""
    kept.write()
    first = kept.sign(NOW.replace(hour=22, minute=30))
    kept.write()
    kept.sign(NOW.replace(hour=23, minute=30))
    days = kept.folder.path / "days"
    assert sorted(path.name for path in days.iterdir()) == ["2026-11-23", "2026-11-24"]
    assert open_checkpoint((days / "2026-11-23").read_bytes(), kept.key.verifier).checkpoint == first


def test_a_signature_whose_publishing_failed_is_published_the_next_time(kept: Kept) -> None:
    """What stands in the database alone is put outside, the same note."""
    kept.write()
    kept.sign()
    kept.write()
    kept.notary.advance()
    (kept.folder.path / "checkpoint").rename(kept.folder.path / "kept")
    (kept.folder.path / "checkpoint").mkdir()
    with pytest.raises(OSError, match="directory"):
        kept.notary.sign(kept.key, NOW, kept.folder)
    (kept.folder.path / "checkpoint").rmdir()
    (kept.folder.path / "kept").rename(kept.folder.path / "checkpoint")
    assert kept.value("select count(*) from checkpoints") == 1
    assert kept.sign() == kept.folder.last(kept.key.verifier)


def cut(kept: Kept) -> None:
    """The database is put back to how it was after three events, whole as it was then."""
    kept.tamper(
        "truncate checkpoints cascade",
        "delete from tree_runs where first_leaf >= 3",
        "update tree_tiles set hashes = substring(hashes from 1 for 96) where level = 0",
        f"update tree_head set size = 3, root = '\\x{mth(leaf_hashes(through(kept.pool), 0, 2)).hex()}'",
    )


def rewrite(kept: Kept) -> None:
    """An event's hash is another, and everything above it was made anew."""
    hashes = leaf_hashes(through(kept.pool), 0, 4)
    hashes[1] = bytes(32)
    kept.tamper(
        f"update tree_tiles set hashes = '\\x{b''.join(hashes).hex()}' where level = 0",
        f"update tree_head set root = '\\x{mth(hashes).hex()}'",
    )


def rewrite_and_resign(kept: Kept) -> None:
    """As before, and what the database kept of signatures is gone."""
    rewrite(kept)
    kept.tamper("truncate checkpoints cascade")


def lose_the_folder(kept: Kept) -> None:
    """Somebody empties the folder, so that nothing remembers."""
    (kept.folder.path / "checkpoint").unlink()


def swap_the_key(kept: Kept) -> None:
    """Another key file stands where the notary's was."""
    kept.key = SigningKey.generate(kept.key.name)


def forge_the_folder(kept: Kept) -> None:
    """The published checkpoint is by somebody else."""
    swapped = SigningKey.generate(kept.key.name)
    note = kept.folder.last(kept.key.verifier)
    assert note is not None
    (kept.folder.path / "checkpoint").write_bytes(note.signed(swapped))


def damage_a_tile(kept: Kept) -> None:
    """The head is what it was, and a hash below it is not."""
    kept.tamper("update tree_tiles set hashes = set_byte(hashes, 70, (get_byte(hashes, 70) + 1) % 256) where level = 0")


@pytest.mark.parametrize(
    ("change", "alarm"),
    [
        (cut, TreeRolledBack),
        (rewrite, TreeRewritten),
        (rewrite_and_resign, TreeRewritten),
        (damage_a_tile, TreeRewritten),
        (lose_the_folder, CheckpointsMissing),
        (swap_the_key, AnotherKey),
        (forge_the_folder, AnotherKey),
    ],
)
def test_a_tree_that_does_not_follow_from_what_was_signed_is_not_signed(
    kept: Kept, change: Callable[[Kept], None], alarm: type[Alarm]
) -> None:
    """Each is an alarm of its own name, and neither the database nor the folder has a new signature."""
    kept.write(5)
    kept.sign()
    change(kept)
    before = kept.folder.note(), kept.value("select count(*) from checkpoints")
    if change is not cut:
        kept.write(1)
        kept.notary.advance()
    with pytest.raises(alarm):
        kept.notary.sign(kept.key, NOW, kept.folder)
    assert (kept.folder.note(), kept.value("select count(*) from checkpoints")) == before


def test_an_older_copy_that_has_grown_again_is_not_signed(kept: Kept) -> None:
    """As long as before, or longer, but with other events than those that were signed."""
    kept.write(5)
    kept.sign()
    cut(kept)
    kept.tamper("delete from events", "delete from tree_runs", "delete from tree_tiles", "update feeds set last = 0")
    kept.tamper(f"update tree_head set size = 0, root = '\\x{EMPTY_ROOT.hex()}'")
    kept.write(9)
    with pytest.raises(TreeRewritten):
        kept.sign()


def test_an_older_copy_goes_on_in_a_new_folder_on_purpose(kept: Kept) -> None:
    """After a restore that lost events: the old folder is kept and tells, a new one is filled, and signing goes on."""
    kept.write(3)
    first = kept.sign()
    kept.tamper("create table kept as select * from checkpoints")
    kept.write(2)
    lost = kept.sign()
    cut(kept)
    kept.tamper(
        "insert into checkpoints select * from kept",
        "delete from events as e where not exists (select 1 from tree_runs as r where e.feed = r.feed"
        " and e.position between r.first_position and r.first_position + r.count - 1)",
        "update feeds as f set last = coalesce((select max(position) from events as e where e.feed = f.feed), 0)",
    )
    with pytest.raises(TreeRolledBack):
        kept.sign()
    with pytest.raises(AlreadyPublished):
        kept.notary.publish_anew(kept.key, NOW, kept.folder)
    old, kept.folder = kept.folder, Folder(kept.folder.path.with_name("anew"))
    with pytest.raises(CheckpointsMissing):
        kept.sign()
    assert kept.notary.publish_anew(kept.key, NOW, kept.folder) == 3
    assert kept.folder.last(kept.key.verifier) == first
    kept.write(4)
    assert kept.sign() == kept.folder.last(kept.key.verifier)
    assert old.last(kept.key.verifier) == lost


def refused(url: str, statement: str) -> bool:
    """Whether the database refuses the statement."""
    with psycopg.connect(url, autocommit=True, options=PATH) as connection:
        try:
            connection.execute(statement.encode())
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.CheckViolation):
            return True
    return False


NO_EXTENSION = {
    "a run that has leaves already": (4, "[{feed}], [1], [1], [], [], []"),
    "a run that leaves one out": (4, "[{feed}], [6], [1], [], [], []"),
    "a run of events that are not there": (4, "[{feed}], [5], [9], [], [], []"),
    "another size": (3, "[{feed}], [5], [1], [], [], []"),
    "a negative run": (4, "[{feed}], [5], [-1], [], [], []"),
    "a tile changed": (4, "[], [], [], [0], [0], [{other}]"),
    "a tile cut": (4, "[], [], [], [0], [0], [{short}]"),
    "half a hash": (4, "[], [], [], [0], [0], [{long}]"),
}


@pytest.mark.parametrize("what", NO_EXTENSION)
def test_the_application_makes_the_tree_longer_and_nothing_else(kept: Kept, databases: Urls, what: str) -> None:
    """Through the one function, which changes no leaf, no run and no tile that is there."""
    kept.ledger.append(append(uuid4(), stream_id=stream_in(6), count=4))
    kept.notary.advance()
    kept.ledger.append(append(uuid4(), stream_id=stream_in(6)))
    tile = bytes(kept.value("select hashes from tree_tiles where level = 0"))
    tiles = {"other": bytes(len(tile)), "short": tile[:-32], "long": tile + b"half"}
    literals = {name: f"'\\x{value.hex()}'::bytea" for name, value in tiles.items()}
    size, arrays = NO_EXTENSION[what]
    kinds = ("smallint[]", "bigint[]", "bigint[]", "smallint[]", "bigint[]", "bytea[]")
    values = ", ".join(
        f"array{array}::{kind}"
        for array, kind in zip(arrays.format(feed=6, **literals).split(", "), kinds, strict=True)
    )
    assert refused(databases.app, f"select extend_tree({size}, {values}, sha256(''))")


FORBIDDEN = (
    "update tree_head set size = 0",
    "delete from tree_head",
    "update tree_runs set feed = 3",
    "delete from tree_runs",
    "insert into tree_runs values (1, 1, 1, 1)",
    "update tree_tiles set hashes = ''",
    "delete from tree_tiles",
    "insert into tree_tiles values (9, 9, '')",
    "update checkpoints set note = ''",
    "delete from checkpoints",
    "update cosignatures set line = ''",
    "delete from cosignatures",
    "truncate tree_tiles",
    "select * from tree_head for update",
    "create or replace function lock_tree() returns int language sql as 'select 1'",
)


def test_no_role_rewrites_the_tree(kept: Kept, databases: Urls) -> None:
    """Neither the application nor the purge nor the reader; all of them read it."""
    kept.write()
    kept.sign()
    for url in (databases.app, databases.purge, databases.read):
        assert [statement for statement in FORBIDDEN if not refused(url, statement)] == []
        assert not refused(url, "select * from tree_head, tree_runs, tree_tiles, checkpoints, cosignatures")
    for url in (databases.purge, databases.read):
        assert refused(url, "select lock_tree()")
        assert refused(url, "insert into checkpoints values (1, '', now())")


def test_a_made_up_hash_of_the_application_is_not_signed_unseen(kept: Kept) -> None:
    """Somebody with the application's password can give a new event a false leaf; the row then tells (verification)."""
    stream: UUID = kept.write()
    kept.owner.execute(
        "select extend_tree(0, %s::smallint[], '{1}', '{1}', '{0}', '{0}', array[%s]::bytea[], %s)",
        ([kept.value("select feed from events")], bytes(32), bytes(32)),
    )
    assert leaf_of(through(kept.pool), stream, 1) == 0
    assert leaf_hashes(through(kept.pool), 0, 0) == [bytes(32)]
    assert hashes_by_run(kept) != [bytes(32)]
