"""What is promised about leaves: one spelling, of everything that stands in a row."""

from datetime import timedelta
from hashlib import sha256
from struct import pack

import pytest

from store.sealing import EPOCH
from tests.transparency.conftest import Kept
from transparency.alarms import NotALeaf
from transparency.leaves import ENVELOPE, LeafMaker, described
from transparency.stored import through


def the_leaf(kept: Kept) -> bytes:
    """The leaf of the only row."""
    ((envelope, sealed),) = through(kept.pool)(f"select {ENVELOPE} from events as e", ())
    return LeafMaker("liggare").data(envelope, sealed)


def test_the_bytes_of_a_leaf_are_as_documented(kept: Kept) -> None:
    """Written out by hand from the columns, as an auditor would."""
    kept.write()
    row = kept.owner.execute(
        "select feed, position, stream_id, version, subject_id, command_id, recorded_at, commitment, sealed,"
        " category, kind from events"
    ).fetchone()
    assert row is not None
    feed, position, stream, version, subject, command, at, commitment, sealed, category, kind = row
    expected = b"liggare leaf\x00" + pack(">H", 7) + b"liggare"
    expected += pack(">hq", feed, position) + stream.bytes + pack(">q", version) + subject.bytes + command.bytes
    expected += pack(">q", (at - EPOCH) // timedelta(microseconds=1)) + commitment + sha256(sealed).digest()
    for text in (category, kind):
        expected += pack(">H", len(text)) + text.encode()
    assert the_leaf(kept) == expected


CHANGES = {
    "feed": "(feed + 1) % 16",
    "position": "position + 1",
    "stream_id": "'11111111-1111-4111-8111-111111111111'",
    "version": "version + 1",
    "subject_id": "'11111111-1111-4111-8111-111111111111'",
    "command_id": "'11111111-1111-4111-8111-111111111111'",
    "recorded_at": "recorded_at + interval '1 microsecond'",
    "commitment": "set_byte(commitment, 31, (get_byte(commitment, 31) + 1) % 256)",
    "sealed": "set_byte(sealed, 40, (get_byte(sealed, 40) + 1) % 256)",
    "category": "'person'",
    "kind": "kind || ' '",
}


@pytest.mark.parametrize(("column", "value"), CHANGES.items())
def test_every_column_is_in_the_leaf(kept: Kept, column: str, value: str) -> None:
    """Whatever is altered in a row makes another leaf; a column that is new must be thought of here."""
    kept.write()
    columns = {
        row[0]
        for row in kept.owner.execute("select column_name from information_schema.columns where table_name = 'events'")
    }
    assert columns == set(CHANGES)
    before = the_leaf(kept)
    kept.tamper(f"update events set {column} = {value}")
    assert the_leaf(kept) != before


def test_another_tenant_has_other_leaves(kept: Kept) -> None:
    """A row that is moved to another municipality's ledger is another leaf there."""
    kept.write()
    ((envelope, sealed),) = through(kept.pool)(f"select {ENVELOPE} from events as e", ())
    assert LeafMaker("grann").data(envelope, sealed) != LeafMaker("liggare").data(envelope, sealed)


@pytest.mark.parametrize(
    "change",
    ["commitment = substring(commitment from 2)", "commitment = null", "kind = repeat('x', 70000)", "stream_id = null"],
)
def test_what_no_append_stores_is_no_leaf(kept: Kept, change: str) -> None:
    """A short commitment could be made up for by the bytes beside it; nulls and huge kinds have no spelling."""
    kept.write()
    column = change.split(maxsplit=1)[0]
    kept.tamper("alter table events drop constraint events_pkey")
    kept.tamper(f"alter table events alter column {column} drop not null", f"update events set {change}")
    with pytest.raises(NotALeaf):
        the_leaf(kept)


def test_a_leaf_says_what_its_event_is(kept: Kept) -> None:
    """To whoever reads a proof; cut, added to or of another purpose it says nothing."""
    stream = kept.write()
    leaf = the_leaf(kept)
    said = described(leaf)
    row = kept.owner.execute("select feed, position, kind, commitment, recorded_at from events").fetchone()
    assert row is not None
    assert (said["ledger"], said["stream"], said["version"], said["category"]) == (
        "liggare",
        str(stream),
        "1",
        "student_file",
    )
    assert (said["feed"], said["position"], said["kind"]) == (str(row[0]), str(row[1]), row[2])
    assert (said["commitment"], said["recorded at"]) == (row[3].hex(), row[4].isoformat())
    for wrong in (leaf[:-1], leaf + b"x", leaf[1:], b"", leaf[:40], leaf.replace(b"student", b"stud\x00nt")):
        with pytest.raises(NotALeaf):
            described(wrong)
