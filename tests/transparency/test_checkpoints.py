"""What a checkpoint promises: which log says that it holds how many leaves with which root."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transparency.checkpoints import Checkpoint, open_checkpoint
from transparency.errors import AnotherLog, Malformed, NotSigned, SignatureWrong, TransparencyError
from transparency.notes import SigningKey, sign
from transparency.tree import EMPTY_ROOT, leaf_hash

KEY = SigningKey("ledger.example/log", bytes(range(32)))
WITNESS = SigningKey("witness.example/w1", bytes(32))
AT = datetime(2026, 11, 23, 4, 5, 6, tzinfo=UTC)
ROOT = "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo="
CHECKPOINT = Checkpoint(KEY.name, 20_852_163, b"\xaa" * 32)


def test_a_checkpoint_is_three_lines() -> None:
    """C2SP tlog-checkpoint: the log's name, the number of leaves and the root."""
    assert CHECKPOINT.text == f"ledger.example/log\n20852163\n{ROOT}\n"
    assert Checkpoint.parse(CHECKPOINT.text) == CHECKPOINT


@settings(deadline=None)
@given(st.integers(1, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_every_checkpoint_comes_back(size: int, root: bytes) -> None:
    """Signed, opened and read."""
    checkpoint = Checkpoint(KEY.name, size, root)
    assert open_checkpoint(checkpoint.signed(KEY), KEY.verifier).checkpoint == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "log\n1\n",
        f"log\n1\n{ROOT}",
        f"log\n1\n{ROOT}\n\n",
        f"log\n1\n{ROOT}\nextension\n",
        f"\n1\n{ROOT}\n",
        f"log\n01\n{ROOT}\n",
        f"log\n-1\n{ROOT}\n",
        f"log\n1 \n{ROOT}\n",
        f"log\n9223372036854775808\n{ROOT}\n",
        f"log\n\n{ROOT}\n",
        "log\n1\nqqqq\n",
        f"log\n1\n{ROOT[:-2]}p=\n",
        f"log\n1\n{ROOT} \n",
        f"log\n0\n{ROOT}\n",
    ],
)
def test_a_text_that_is_no_checkpoint_is_refused(text: str) -> None:
    """Lines too few or too many, numbers and hashes spelt otherwise, and an empty tree with something in it."""
    with pytest.raises(Malformed):
        Checkpoint.parse(text)


def test_an_empty_log_has_a_checkpoint() -> None:
    """With the root of nothing."""
    assert Checkpoint.parse(Checkpoint("log", 0, EMPTY_ROOT).text).size == 0


def test_a_checkpoint_is_of_the_log_whose_key_signed_it() -> None:
    """A key signs for no other log, and what it signed in another's name is refused."""
    other = Checkpoint("another.example/log", 1, leaf_hash(b""))
    with pytest.raises(AnotherLog):
        other.signed(KEY)
    with pytest.raises(AnotherLog):
        open_checkpoint(sign(other.text, KEY), KEY.verifier)


def test_witnesses_are_told_and_do_not_stand_for_the_log() -> None:
    """Who saw the checkpoint and when; without the log's own signature it is nobody's checkpoint."""
    cosigned = WITNESS.cosignature(CHECKPOINT.text, AT).encode()
    opened = open_checkpoint(CHECKPOINT.signed(KEY) + cosigned, KEY.verifier, [WITNESS.cosigner])
    assert [(signed.key, signed.at) for signed in opened.witnesses] == [(WITNESS.cosigner, AT)]
    assert open_checkpoint(CHECKPOINT.signed(KEY) + cosigned, KEY.verifier).witnesses == ()
    with pytest.raises(NotSigned):
        open_checkpoint(CHECKPOINT.text.encode() + b"\n" + cosigned, KEY.verifier, [WITNESS.cosigner])


def test_a_witness_of_another_checkpoint_spoils_it() -> None:
    """A line that was taken from an older checkpoint is no witness to this one."""
    line = WITNESS.cosignature(CHECKPOINT._replace(size=7).text, AT).encode()
    with pytest.raises(SignatureWrong):
        open_checkpoint(CHECKPOINT.signed(KEY) + line, KEY.verifier, [WITNESS.cosigner])


def test_every_byte_of_a_checkpoint_counts() -> None:
    """Another size, another root, another name: all refused."""
    note = CHECKPOINT.signed(KEY)
    for at in range(len(note)):
        with pytest.raises(TransparencyError):
            open_checkpoint(note[:at] + bytes([note[at] ^ 1]) + note[at + 1 :], KEY.verifier)
