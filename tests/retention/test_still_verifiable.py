"""What is destroyed by decision leaves the rest as verifiable as it was, and nothing else is taken for it."""

from datetime import UTC, datetime

import pytest

from store.database import open_pool
from tests.retention.purging import World
from transparency.errors import ProofWrong
from transparency.evidence import Evidence
from transparency.findings import Kind, Report
from transparency.proving import EventNotFound, prove
from transparency.publishing import Folder
from transparency.stored import through
from transparency.verification import verify


def signed(world: World) -> bytes:
    """Everything numbered, signed and published; the checkpoint."""
    world.notary.advance()
    world.notary.sign(world.key, datetime.now(UTC), folder(world))
    note = folder(world).note()
    assert note is not None
    return note


def folder(world: World) -> Folder:
    """Where this ledger's checkpoints are."""
    return Folder(world.home / "checkpoints")


def verified(world: World, *kept: bytes) -> Report:
    """As `ledger verify` does, with checkpoints that were kept."""
    outside = world.purger.certificates
    evidence = Evidence(
        world.key.verifier,
        kept=[("--from", note) for note in kept],
        folder=folder(world),
        certificates=[path.read_bytes() for path in sorted(outside.glob("*.txt"))],
    )
    with open_pool(world.urls.read, schema="liggare", size=2, name="auditor") as pool:
        return verify(pool, "liggare", evidence)


def test_a_ledger_is_whole_before_and_after_a_purge(world: World) -> None:
    """Against yesterday's checkpoint too: what is missing is accounted for by the certificate, event for event."""
    gone, staying = world.pupil("Elsa Åkesson"), world.pupil("Nils Berg")
    yesterday = signed(world)
    before = verified(world, yesterday)
    assert (before.findings, before.destroyed) == ([], 0)
    world.begin_run(gone.stream).purge()
    after = verified(world, yesterday)
    assert (after.findings, after.destroyed) == ([], len(gone.past))
    assert verified(world, yesterday, signed(world)).findings == []
    assert staying.past


def test_what_was_proven_before_stays_proven(world: World) -> None:
    """Another's proof, and the proof of an event that was destroyed since; a new one of that is not given."""
    gone, staying = world.pupil("Elsa Åkesson"), world.pupil("Nils Berg")
    signed(world)
    ask = through(world.pool)
    proofs = [prove(ask, "liggare", story.stream, 3) for story in (gone, staying)]
    world.begin_run(gone.stream).purge()
    signed(world)
    for proof in (*proofs, prove(ask, "liggare", staying.stream, 3)):
        proof.check(world.key.verifier)
    with pytest.raises(EventNotFound):
        prove(ask, "liggare", gone.stream, 3)


def test_more_than_was_decided_is_found(world: World) -> None:
    """A certificate of one pupil covers no event of another."""
    gone, staying = world.pupil("Elsa Åkesson"), world.pupil("Nils Berg")
    yesterday = signed(world)
    world.begin_run(gone.stream).purge()
    world.owner.execute("delete from events where stream_id = %s and version = 2", (staying.stream,))
    first = verified(world, yesterday).first
    assert first is not None
    assert first.kind is Kind.MISSING
    world.owner.execute("delete from purge_certificates")
    first = verified(world, yesterday).first
    assert first is not None
    assert first.kind is Kind.MISSING


def test_who_is_put_back_is_found_by_the_certificate_that_was_kept_outside(world: World) -> None:
    """Rows from a copy, and nothing left in the database that says that they were destroyed."""
    gone = world.pupil("Elsa Åkesson")
    yesterday = signed(world)
    world.owner.execute("create temporary table kept as select * from events where subject_id = %s", (gone.stream,))
    world.begin_run(gone.stream).purge()
    assert verified(world, yesterday).findings == []
    world.owner.execute("insert into subjects (subject_id, kind) values (%s, 'student_file')", (gone.stream,))
    world.owner.execute("insert into events select * from kept")
    for table in ("purge_certificates", "disposal_items", "erased_subjects"):
        world.owner.execute(f"delete from {table}".encode())
    first = verified(world, yesterday).first
    assert first is not None
    assert first.kind is Kind.PURGED_IS_BACK


def test_a_proof_that_would_not_hold_is_not_given(world: World) -> None:
    """Of an event that was altered since it had its leaf."""
    story = world.pupil("Nils Berg")
    signed(world)
    world.owner.execute("update events set kind = 'x' where stream_id = %s and version = 3", (story.stream,))
    with pytest.raises(ProofWrong):
        prove(through(world.pool), "liggare", story.stream, 3)
