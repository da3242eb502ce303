"""What is promised about verification: quiet about a whole ledger, it names the first place that was tampered with.

Whoever tampers here is a superuser: nothing in the database stops them, and the tree is what tells.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.postgres_roles import Urls
from store.database import Pool, open_pool
from tests.transparency.conftest import Kept
from tests.transparency.naive import grown, mth
from transparency.certificates import FORMAT, leaves_sha256
from transparency.checkpoints import Checkpoint
from transparency.destroyed import first_outside, joined
from transparency.evidence import Evidence
from transparency.findings import Finding, Kind, Report
from transparency.leaves import ENVELOPE, LeafMaker
from transparency.notary import leaf_hashes
from transparency.notes import SigningKey, sign
from transparency.opening import Opener
from transparency.stored import event_of, head, leaf_of, through
from transparency.tiles import Tile
from transparency.verification import verify

EVENTS = 700
RUN = UUID(int=5)
WRONG_CERTIFICATE = Finding(Kind.CERTIFICATE_WRONG, about=f"the certificate of item 1 of run {RUN}")


@dataclass
class Checked:
    """A kept ledger of some files, signed several times, and what an auditor has kept of it."""

    kept: Kept
    auditor: Pool
    streams: list[UUID]
    yesterday: bytes

    def verify(self, **evidence: Any) -> Report:  # noqa: ANN401 - the fields of Evidence
        """As `ledger verify` does with the folder and a checkpoint that was kept elsewhere."""
        given = Evidence(
            key=self.kept.key.verifier,
            kept=[("the published checkpoint", self.kept.folder.note() or b""), ("--from", self.yesterday)],
            folder=self.kept.folder,
        )
        return verify(self.auditor, "liggare", given._replace(**evidence))

    def certified(self, *notes: bytes) -> Report:
        """Verified with these as all the certificates that the database has."""
        self.tamper(
            "alter table purge_certificates drop constraint if exists purge_certificates_run_id_item_fkey",
            "truncate purge_certificates",
        )
        for item, note in enumerate(notes, 1):
            self.kept.owner.execute("insert into purge_certificates values (%s, %s, %s)", (RUN, item, note))
        return self.verify()

    def tamper(self, *statements: str) -> None:
        """As superuser."""
        self.kept.tamper(*statements)

    def leaf(self, stream: int, version: int) -> int:
        """The leaf of an event."""
        found = leaf_of(through(self.auditor), self.streams[stream], version)
        assert found is not None
        return found

    def leaves(self, stream: int) -> list[int]:
        """The leaves of a file."""
        rows = self.kept.owner.execute("select version from events where stream_id = %s", (self.streams[stream],))
        return sorted(self.leaf(stream, version) for (version,) in rows.fetchall())

    def place(self, leaf: int) -> tuple[int, int]:
        """The feed and position of a leaf."""
        found = event_of(through(self.auditor), leaf)
        assert found is not None
        return found


@pytest.fixture
def checked(kept: Kept, databases: Urls) -> Iterator[Checked]:
    """Seven hundred events in twelve files, signed four times, and four events that are not signed yet."""
    streams, yesterday = [], b""
    for turn in range(4):
        streams += [kept.write(count) for count in (EVENTS // 4 - 13, 10, 3)]
        kept.sign()
        yesterday = yesterday or kept.folder.note() or b""
        assert turn or yesterday
    streams.append(kept.write(3))
    kept.notary.advance()
    streams.append(kept.write(1))
    with open_pool(databases.read, schema="liggare", size=2, name="auditor") as auditor:
        yield Checked(kept, auditor, streams, yesterday)


def test_a_whole_ledger_is_whole(checked: Checked) -> None:
    """Every event, also those that are not signed or have no leaf yet; nothing is found, and it says what was seen."""
    report = checked.verify()
    assert report.findings == []
    assert report.first is None
    assert (report.size, report.events, report.destroyed, report.waiting) == (EVENTS + 3, EVENTS + 3, 0, 1)
    assert (report.checkpoints, report.outside) == (6, EVENTS)


def test_an_empty_ledger_is_whole(kept: Kept) -> None:
    """Before the first event and the first signature."""
    report = verify(kept.pool, "liggare", Evidence(kept.key.verifier))
    assert (report.findings, report.size) == ([], 0)


def test_progress_is_told_leaf_by_leaf(checked: Checked) -> None:
    """All of them, once."""
    told: list[int] = []
    verify(checked.auditor, "liggare", Evidence(checked.kept.key.verifier), tell=told.append)
    assert sum(told) == EVENTS + 3


def test_verification_sees_one_moment(checked: Checked) -> None:
    """What is appended, numbered and signed while it runs is none of its business."""

    def write(_: int) -> None:
        checked.kept.write(2)
        checked.kept.sign()

    assert verify(checked.auditor, "liggare", Evidence(checked.kept.key.verifier), tell=write).findings == []
    assert checked.verify(kept=[("--from", checked.yesterday)]).size > EVENTS + 3


def found(report: Report, kind: Kind, checked: Checked, leaf: int) -> None:
    """The first finding is of this kind, at this leaf and its event."""
    first = report.first
    assert first is not None
    assert (first.kind, first.leaf, first.feed, first.position) == (kind, leaf, *checked.place(leaf)), report.findings


CHANGES = {
    "sealed": "set_byte(sealed, 20, (get_byte(sealed, 20) + 1) % 256)",
    "commitment": "set_byte(commitment, 0, (get_byte(commitment, 0) + 1) % 256)",
    "kind": "'goal_withdrawn.v1'",
    "category": "'person'",
    "recorded_at": "recorded_at - interval '1 year'",
    "subject_id": "'11111111-1111-4111-8111-111111111111'",
    "command_id": "'11111111-1111-4111-8111-111111111111'",
}


@pytest.mark.parametrize("column", CHANGES)
def test_an_edited_event_is_named(checked: Checked, column: str) -> None:
    """Whatever is edited, in an event that is signed or one that is not yet."""
    for stream, version in ((0, 77), (12, 2)):
        leaf = checked.leaf(stream, version)
        where = f"stream_id = '{checked.streams[stream]}' and version = {version}"
        saved = checked.kept.value(f"select {column} from events where {where}")
        checked.tamper(f"update events set {column} = {CHANGES[column]} where {where}")
        found(checked.verify(), Kind.ALTERED, checked, leaf)
        checked.kept.owner.execute(f"update events set {column} = %s where {where}".encode(), (saved,))
    assert checked.verify().findings == []


def test_a_broken_row_is_named_and_stops_nothing(checked: Checked) -> None:
    """A commitment that no append stores; everything after it is verified too."""
    checked.tamper(f"update events set commitment = '\\x00' where stream_id = '{checked.streams[0]}' and version = 9")
    report = checked.verify()
    found(report, Kind.ALTERED, checked, checked.leaf(0, 9))
    assert report.events == EVENTS + 3


def test_reordered_events_are_named(checked: Checked) -> None:
    """Two events of a file change places, by position and by version."""
    stream = checked.streams[0]
    leaf = checked.leaf(0, 5)
    for column in ("position", "version"):
        one, other = (
            checked.kept.value(f"select position from events where stream_id = '{stream}' and version = {version}")
            for version in (5, 6)
        )
        at = {"position": (one, other), "version": (5, 6)}[column]
        for there, here in ((10**9, at[0]), (at[0], at[1]), (at[1], 10**9)):
            where = f"stream_id = '{stream}' and {column} = {here}"
            checked.tamper(f"update events set {column} = {there} where {where}")
        report = checked.verify()
        assert report.first is not None
        assert (report.first.kind, report.first.leaf) == (Kind.ALTERED, leaf), column
        for there, here in ((10**9, at[0]), (at[0], at[1]), (at[1], 10**9)):
            checked.tamper(f"update events set {column} = {there} where stream_id = '{stream}' and {column} = {here}")
        assert checked.verify().findings == []


def test_an_inserted_event_is_named(checked: Checked) -> None:
    """In a place of its own beyond the end of its feed; there is none between two events."""
    stream = checked.streams[1]
    feed, last = checked.kept.owner.execute(
        "select feed, last from feeds where feed = (select feed from events where stream_id = %s limit 1)", (stream,)
    ).fetchone() or (0, 0)
    checked.tamper(
        "insert into events select feed, "
        + str(last + 1)
        + ", stream_id, 999, subject_id, category, kind, recorded_at,"
        f" command_id, commitment, sealed from events where stream_id = '{stream}' and version = 1"
    )
    first = checked.verify().first
    assert first is not None
    assert (first.kind, first.feed, first.position) == (Kind.UNACCOUNTED, feed, last + 1)


FORGED = {"another's ciphertext": "e.sealed, e.commitment", "no ciphertext": "'\\x00', e.commitment"}


@pytest.mark.parametrize("columns", FORGED.values(), ids=FORGED)
def test_an_event_that_was_added_past_the_ledger_is_named_when_opened(checked: Checked, columns: str) -> None:
    """In the next place of its feed, numbered and signed like any other; but it does not open there."""
    opener = Opener(checked.kept.ledger.keys, "liggare")
    assert checked.verify(opener=opener).findings == []
    stream = checked.streams[1]
    checked.tamper(
        f"update feeds set last = last + 1 where feed = (select feed from events where stream_id = '{stream}' limit 1)",
        "insert into events (feed, position, stream_id, version, subject_id, category, kind, recorded_at, command_id,"
        " sealed, commitment) select e.feed, f.last, e.stream_id, 11, e.subject_id, e.category, e.kind, e.recorded_at,"
        f" e.command_id, {columns} from events as e join feeds as f on f.feed = e.feed"
        f" where e.stream_id = '{stream}' and e.version = 10",
    )
    checked.kept.sign()
    assert checked.verify().findings == []
    found(checked.verify(opener=opener), Kind.NOT_OURS, checked, checked.leaf(1, 11))


def test_an_event_whose_commitment_is_anothers_is_named_when_opened(checked: Checked) -> None:
    """Changed before it had a leaf: it opens, and nothing that is disclosed of it could be proven."""
    stream = checked.streams[13]
    checked.tamper(f"update events set commitment = sha256('x') where stream_id = '{stream}'")
    checked.kept.sign()
    assert checked.verify().findings == []
    opener = Opener(checked.kept.ledger.keys, "liggare")
    found(checked.verify(opener=opener), Kind.NOT_OURS, checked, checked.leaf(13, 1))


def test_a_missing_event_is_named(checked: Checked) -> None:
    """One row, in the middle of a feed, at the end of one, or one without a leaf yet."""
    for stream, version in ((0, 33), (1, 10), (12, 3)):
        leaf, place = checked.leaf(stream, version), checked.place(checked.leaf(stream, version))
        where = f"stream_id = '{checked.streams[stream]}' and version = {version}"
        checked.tamper(f"create table kept as select * from events where {where}", f"delete from events where {where}")
        first = checked.verify().first
        assert first == Finding(Kind.MISSING, leaf, *place)
        checked.tamper("insert into events select * from kept", "drop table kept")
    feed, position = checked.kept.owner.execute(
        "select feed, position from events where stream_id = %s", (checked.streams[13],)
    ).fetchone() or (0, 0)
    checked.tamper(f"delete from events where stream_id = '{checked.streams[13]}'")
    assert checked.verify().first == Finding(Kind.MISSING, None, feed, position)


def test_a_deleted_file_without_a_certificate_is_named(checked: Checked) -> None:
    """A whole stream is gone: its first leaf."""
    leaves = checked.leaves(3)
    checked.tamper(f"delete from events where stream_id = '{checked.streams[3]}'")
    report = checked.verify()
    found(report, Kind.MISSING, checked, leaves[0])
    assert report.destroyed == len(leaves)


def cut_events(checked: Checked, size: int) -> None:
    """The events behind the last leaves are deleted and their feeds end before them; the tree is left alone."""
    checked.tamper(
        f"delete from events as e using tree_runs as r where e.feed = r.feed and r.first_leaf >= {size}"
        " and e.position >= r.first_position",
        "update feeds as f set last = coalesce((select max(position) from events as e where e.feed = f.feed), 0)",
    )


def cut_tree(checked: Checked, size: int) -> None:
    """As after an older backup was put back: everything is as it was at that size, consistent in itself."""
    hashes = leaf_hashes(through(checked.auditor), 0, size - 1)
    cut_events(checked, size)
    tiles = grown(hashes)
    checked.tamper(
        f"delete from checkpoints where size > {size}",
        f"delete from tree_runs where first_leaf >= {size}",
        "truncate tree_tiles",
        f"update tree_head set size = {size}, root = '\\x{mth(hashes).hex()}'",
    )
    for level in range(2):
        for index in range((size >> 8 * (level + 1)) + 1):
            held = tiles.read([Tile(level, index)])[0]
            if held:
                checked.kept.owner.execute("insert into tree_tiles values (%s, %s, %s)", (level, index, held))


def boundary(checked: Checked) -> int:
    """A size at which the tree was signed, before the last."""
    size: int = checked.kept.value("select size from checkpoints order by size offset 2 limit 1")
    return size


def test_a_truncated_tail_is_named(checked: Checked) -> None:
    """The last events and the ends of their feeds are gone; the tree remembers where."""
    size = boundary(checked)
    cut_events(checked, size)
    report = checked.verify()
    found(report, Kind.MISSING, checked, size)


def test_a_rolled_back_database_is_named(checked: Checked) -> None:
    """Nothing in the database tells; the published checkpoint does, and so does one that an auditor kept."""
    size = boundary(checked)
    latest = checked.kept.folder.note() or b""
    cut_tree(checked, size)
    assert checked.verify(kept=()).findings == []
    first = Finding(Kind.ROLLED_BACK, size, about="the published checkpoint")
    assert checked.verify().findings == [first]
    assert checked.verify(kept=[("--from", latest)]).findings == [first._replace(about="--from")]
    assert checked.verify(kept=[("--from", checked.yesterday)]).findings == []


def rewrite(checked: Checked, leaf: int) -> None:
    """An event is another, and so are its leaf, every hash above it, the head and what was signed: but for the key."""
    feed, position = checked.place(leaf)
    checked.tamper(f"update events set kind = 'forged.v1' where feed = {feed} and position = {position}")
    size = checked.kept.value("select size from tree_head")
    hashes = leaf_hashes(through(checked.auditor), 0, size - 1)
    hashes[leaf] = _hash_of(checked, leaf)
    tiles = grown(hashes)
    for level, index in checked.kept.owner.execute("select level, index from tree_tiles").fetchall():
        held = tiles.read([Tile(level, index)])[0]
        checked.kept.owner.execute(
            "update tree_tiles set hashes = %s where level = %s and index = %s", (held, level, index)
        )
    checked.kept.owner.execute("update tree_head set root = %s", (mth(hashes),))


def _hash_of(checked: Checked, leaf: int) -> bytes:
    feed, position = checked.place(leaf)
    ((envelope, sealed),) = through(checked.auditor)(
        f"select {ENVELOPE} from events as e where e.feed = %b and e.position = %b", (feed, position)
    )
    return LeafMaker("liggare").hash(envelope, sealed)


def test_a_rewritten_tree_is_named_at_its_first_other_leaf(checked: Checked) -> None:
    """An event and every hash above it fit each other; the published tiles still name the very event."""
    leaf = checked.leaf(6, 100)
    rewrite(checked, leaf)
    found(checked.verify(), Kind.REWRITTEN, checked, leaf)
    only_checkpoints = checked.verify(folder=None)
    assert only_checkpoints.first is not None
    assert only_checkpoints.first.kind is Kind.REWRITTEN
    assert only_checkpoints.first.leaf == checked.kept.value(
        "select size from checkpoints order by size offset 1 limit 1"
    )


def test_a_rewritten_tree_without_its_signatures_is_named_by_what_was_kept(checked: Checked) -> None:
    """The database's own checkpoints are gone or made to fit nothing; yesterday's checkpoint is enough."""
    leaf = checked.leaf(0, 3)
    rewrite(checked, leaf)
    checked.tamper("delete from checkpoints")
    found(checked.verify(kept=[("--from", checked.yesterday)]), Kind.REWRITTEN, checked, leaf)
    assert checked.verify(kept=(), folder=None).findings == []


def test_a_swapped_key_is_named(checked: Checked) -> None:
    """A rewritten tree is signed anew by somebody's own key, in the database and in the folder."""
    rewrite(checked, checked.leaf(0, 3))
    thief = SigningKey.generate(checked.kept.key.name)
    tree = head(through(checked.auditor))
    forged = Checkpoint(thief.name, *tree).signed(thief)
    checked.tamper("delete from checkpoints")
    checked.kept.owner.execute("insert into checkpoints values (%s, %s, now())", (tree.size, forged))
    assert checked.verify(kept=[("the published checkpoint", forged)], key=thief.verifier, folder=None).findings == []
    with_known_key = checked.verify(kept=[("the published checkpoint", forged)])
    assert {one.kind for one in with_known_key.findings} == {Kind.ANOTHER_KEY}
    with_known_checkpoint = checked.verify(key=thief.verifier)
    assert Finding(Kind.ANOTHER_KEY, about="--from") in with_known_checkpoint.findings
    assert Finding(Kind.ANOTHER_KEY, about="the notary's key file") in checked.verify(holder=thief.verifier).findings


def test_a_damaged_tree_is_named(checked: Checked) -> None:
    """Its leaves, its upper hashes, its head, and which leaf is which event."""
    flip = "set_byte(hashes, {at}, (get_byte(hashes, {at}) + 1) % 256)"
    for level, at, kind, leaf in ((0, 64, Kind.ALTERED, 2), (1, 32, Kind.TILE_ALTERED, 256)):
        update = f"update tree_tiles set hashes = {flip.format(at=at)} where level = {level} and index = 0"
        checked.tamper("create table kept as select * from tree_tiles", update)
        first = checked.verify().first
        assert first is not None
        assert (first.kind, first.leaf) == (kind, leaf)
        checked.tamper("truncate tree_tiles", "insert into tree_tiles select * from kept", "drop table kept")
    checked.tamper("create table kept as select * from tree_head", "update tree_head set root = sha256('x')")
    assert checked.verify().findings == [Finding(Kind.HEAD_ALTERED)]
    checked.tamper("delete from tree_head")
    assert checked.verify().findings == [Finding(Kind.HEAD_ALTERED)]
    checked.tamper("insert into tree_head select * from kept", "drop table kept")
    checked.tamper(
        "delete from tree_runs where first_leaf = (select max(first_leaf) from tree_runs where first_leaf < 400)"
    )
    first = checked.verify().first
    assert first is not None
    assert first.kind is Kind.UNACCOUNTED


def purge(checked: Checked, stream: int, **change: Any) -> bytes:  # noqa: ANN401 - what is to be otherwise
    """Delete a file; the certificate of it, or a forged one."""
    leaves = change.get("leaves") or [(leaf, leaf) for leaf in checked.leaves(stream)]
    checked.tamper(f"delete from events where stream_id = '{checked.streams[stream]}'")
    ask = through(checked.auditor)
    hashes = [one for first, last in change.get("hashed", leaves) for one in leaf_hashes(ask, first, last)]
    return certify(leaves, hashes, change.get("key", checked.kept.key))


def certify(leaves: Sequence[tuple[int, int]], hashes: list[bytes], key: SigningKey) -> bytes:
    """A certificate as the purge writes it."""
    said = {"format": FORMAT, "item": 1, "leaves": leaves, "leaves_sha256": leaves_sha256(hashes)}
    return sign(json.dumps(said, sort_keys=True, separators=(",", ":")) + "\n", key)


def test_what_a_certificate_accounts_for_is_not_missing(checked: Checked) -> None:
    """The rest is as verifiable as before, also against a checkpoint from before the purge."""
    before = checked.verify().events
    certificates = [purge(checked, 3), purge(checked, 1)]
    report = checked.certified(*certificates)
    assert report.findings == []
    assert (report.destroyed, report.events) == (before - report.events, report.events)
    assert report.destroyed > 10
    leaf = checked.leaf(6, 50)
    checked.tamper(f"delete from events where stream_id = '{checked.streams[6]}' and version = 50")
    found(checked.certified(*certificates), Kind.MISSING, checked, leaf)


def test_a_forged_purge_record_accounts_for_nothing(checked: Checked) -> None:
    """By another key, about another number of leaves, over other hashes, or no certificate at all."""
    leaves = [(leaf, leaf) for leaf in checked.leaves(3)]
    thief = SigningKey.generate(checked.kept.key.name)
    good = purge(checked, 3, leaves=leaves)
    forged = {
        "another key": purge(checked, 3, leaves=leaves, key=thief),
        "other hashes": purge(checked, 3, leaves=leaves, hashed=[(leaf + 1, leaf + 1) for leaf, _ in leaves]),
        "edited": good.replace(b'"item":1', b'"item":2'),
        "a checkpoint": checked.yesterday,
        "nothing": b"",
        "beyond the tree": certify([(10**6, 10**6)], [bytes(32)], checked.kept.key),
    }
    for name, note in forged.items():
        report = checked.certified(note)
        found(report, Kind.MISSING, checked, leaves[0][0])
        assert WRONG_CERTIFICATE in report.findings, name
    assert checked.certified(good).findings == []
    assert checked.certified(b"", good).findings == [WRONG_CERTIFICATE]


def test_a_certificate_covers_no_more_than_its_leaves(checked: Checked) -> None:
    """One leaf too few is missing; one too many is said to be destroyed and is there."""
    leaves = [(leaf, leaf) for leaf in checked.leaves(3)]
    fewer = purge(checked, 3, leaves=leaves[1:])
    found(checked.certified(fewer), Kind.MISSING, checked, leaves[0][0])
    other = next(leaf for leaf in range(EVENTS) if (leaf, leaf) not in leaves)
    more = purge(checked, 3, leaves=sorted([*leaves, (other, other)]))
    found(checked.certified(more), Kind.PURGED_IS_BACK, checked, other)


def test_a_purged_file_that_is_put_back_is_named(checked: Checked) -> None:
    """From a backup, row by row as it was."""
    leaves = checked.leaves(3)
    checked.tamper(f"create table kept as select * from events where stream_id = '{checked.streams[3]}'")
    certificate = purge(checked, 3, leaves=[(leaf, leaf) for leaf in leaves])
    checked.tamper("insert into events select * from kept")
    found(checked.certified(certificate), Kind.PURGED_IS_BACK, checked, leaves[0])


def test_many_findings_are_counted_and_the_first_is_named(checked: Checked) -> None:
    """A hundred are kept."""
    checked.tamper("update events set kind = 'x'")
    report = checked.verify()
    found(report, Kind.ALTERED, checked, 0)
    assert (len(report.findings), report.more) == (100, EVENTS + 3 - 100)


@given(st.lists(st.integers(0, 40)), st.lists(st.integers(0, 40)))
def test_ranges_are_sets_of_leaves(ones: list[int], others: list[int]) -> None:
    """Joining loses nothing; the first that is not in the others is the first of the difference."""
    ranges, other_ranges = joined((at, at) for at in ones), joined((at, at) for at in others)
    assert [leaf for first, last in ranges for leaf in range(first, last + 1)] == sorted(set(ones))
    assert all(one[1] + 1 < other[0] for one, other in pairwise(ranges))
    assert first_outside(ranges, other_ranges) == min(set(ones) - set(others), default=None)
