"""What is promised about witnesses: they are sent what they need, and only their own line counts."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from tests.transparency.naive import consistency, grown, leaf_hashes, mth
from transparency.checkpoints import Checkpoint, open_checkpoint
from transparency.encoding import from_base64
from transparency.errors import Malformed, NotSigned, SignatureWrong
from transparency.notes import SigningKey
from transparency.tree import verify_consistency
from transparency.witnesses import MOST_BYTES, SIZE_TYPE, Answered, Witness, WitnessRefused, cosign

LOG = SigningKey("test.example/ledger", bytes(32))
KEY = SigningKey("witness.example/w1", bytes(range(32)))
WITNESS = Witness(KEY.cosigner, "https://witness.example/w1")
AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
LEAVES = leaf_hashes(300)
TILES = grown(LEAVES)


def checkpoint(size: int) -> Checkpoint:
    """The checkpoint of the first leaves."""
    return Checkpoint(LOG.name, size, mth(LEAVES[:size]))


@dataclass
class Seer:
    """A witness as the specification has it, that has seen the log at some size."""

    size: int = 0
    asked: list[str] = field(default_factory=list)

    def __call__(self, address: str, body: bytes) -> Answered:
        self.asked.append(address)
        head, _, note = body.decode().partition("\n\n")
        first, *lines = head.split("\n")
        old = int(first.removeprefix("old "))
        new = open_checkpoint(note.encode(), LOG.verifier).checkpoint
        if old != self.size:
            return Answered(409, SIZE_TYPE, f"{self.size}\n".encode())
        verify_consistency(old, mth(LEAVES[:old]), new.size, new.root, [from_base64(line) for line in lines])
        self.size = new.size
        return Answered(200, "text/plain", KEY.cosignature(new.text, AT).encode())


def asked(send: object, size: int = 300, seen: int = 0) -> str:
    """What `cosign` gives for this tree."""
    new = checkpoint(size)
    return cosign(WITNESS, new.signed(LOG), new, seen, TILES, send)  # type: ignore[arg-type]


def test_a_witness_cosigns_what_follows_from_what_it_saw() -> None:
    """The first time from nothing; the line makes the note one that both signed, and says when."""
    seer = Seer()
    for size, seen in ((40, 0), (300, 40), (300, 300)):
        line = asked(seer, size, seen)
        opened = open_checkpoint(checkpoint(size).signed(LOG) + line.encode(), LOG.verifier, [KEY.cosigner])
        assert [(signed.key, signed.at) for signed in opened.witnesses] == [(KEY.cosigner, AT)]
    assert seer.asked == ["https://witness.example/w1/add-checkpoint"] * 3


def test_a_witness_that_remembers_another_size_is_asked_from_there() -> None:
    """Once more; after a restore of ours, or of theirs."""
    seer = Seer(size=40)
    assert asked(seer, 300, 0)
    assert len(seer.asked) == 2
    with pytest.raises(WitnessRefused):
        asked(Seer(size=300), 40)


@pytest.mark.parametrize("status", [403, 404, 422, 500])
def test_a_witness_that_does_not_sign_is_refused_by_its_status(status: int) -> None:
    """Whatever it says beside it."""
    with pytest.raises(WitnessRefused, match=str(status)):
        asked(lambda *_: Answered(status, "text/plain", KEY.cosignature(checkpoint(300).text, AT).encode()))


def test_only_the_witness_own_line_over_this_checkpoint_counts() -> None:
    """Others' lines are passed by; a line over another tree, or too much, is refused."""
    text, other = checkpoint(300).text, SigningKey("other.example", bytes(32))
    good = KEY.cosignature(text, AT)
    assert asked(lambda *_: Answered(200, "", (other.cosignature(text, AT) + good).encode())) == good
    for body, error in (
        (b"", NotSigned),
        (other.cosignature(text, AT).encode(), NotSigned),
        (KEY.line(text).encode(), NotSigned),
        (KEY.cosignature(checkpoint(40).text, AT).encode(), SignatureWrong),
        (b"\xff\n", Malformed),
        (good.encode() + b" " * MOST_BYTES, WitnessRefused),
    ):
        with pytest.raises(error):
            asked(lambda *_, body=body: Answered(200, "", body))


def test_the_proof_is_the_specifications() -> None:
    """Old size, a line for each hash, an empty line, the note."""
    sent: list[bytes] = []

    def send(_: str, body: bytes) -> Answered:
        sent.append(body)
        return Answered(403, "", b"")

    with pytest.raises(WitnessRefused):
        asked(send, 300, 40)
    head, _, note = sent[0].decode().partition("\n\n")
    first, *lines = head.split("\n")
    assert first == "old 40"
    assert [from_base64(line) for line in lines] == consistency(40, LEAVES)
    assert note.encode() == checkpoint(300).signed(LOG)


@pytest.mark.parametrize("text", ["", "x", f"{KEY.cosigner}", f"{KEY.cosigner} ftp://x", f"{KEY.cosigner} https://x y"])
def test_what_is_no_witness_is_malformed(text: str) -> None:
    """In the settings."""
    with pytest.raises(Malformed):
        Witness.parse(text)
    assert Witness.parse(f" {KEY.cosigner} https://witness.example/w1/ ") == WITNESS
