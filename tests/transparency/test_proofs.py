"""What a proof file promises: this leaf is in the log that this key signs, and nothing else passes for it."""

import pytest

from tests.transparency.naive import grown
from transparency.checkpoints import Checkpoint
from transparency.encoding import to_base64
from transparency.errors import Malformed, NotSigned, ProofWrong, TransparencyError
from transparency.notes import SigningKey
from transparency.proofs import Proof
from transparency.tiles import inclusion_proof, root
from transparency.tree import leaf_hash

KEY = SigningKey("ledger.example/log", bytes(range(32)))
DATA = [f"leaf {number}".encode() for number in range(300)]
TILES = grown([leaf_hash(data) for data in DATA])
SIZE = len(DATA)
NOTE = Checkpoint(KEY.name, SIZE, root(SIZE, TILES)).signed(KEY)


def proof_of(index: int) -> Proof:
    """The proof of one leaf."""
    return Proof(DATA[index], index, inclusion_proof(index, SIZE, TILES), NOTE)


def test_a_proof_file_is_lines_and_the_checkpoint_as_it_stands() -> None:
    """C2SP tlog-proof, with the leaf as its extra data."""
    proof = proof_of(0)
    head = ["c2sp.org/tlog-proof@v1", f"extra {to_base64(b'leaf 0')}", "index 0"]
    assert proof.file.decode().split("\n\n", 1) == ["\n".join([*head, *map(to_base64, proof.path)]), NOTE.decode()]


@pytest.mark.parametrize("index", [0, 1, 128, 255, 256, 299])
def test_a_proof_file_proves_its_leaf(index: int) -> None:
    """With the log's public key and nothing else."""
    proof = Proof.parse(proof_of(index).file)
    assert proof == proof_of(index)
    assert proof.check(KEY.verifier).checkpoint == Checkpoint(KEY.name, SIZE, root(SIZE, TILES))


def test_the_only_leaf_of_a_log_has_no_path() -> None:
    """The file then has no line between the number and the checkpoint."""
    note = Checkpoint(KEY.name, 1, leaf_hash(b"")).signed(KEY)
    proof = Proof(b"", 0, [], note)
    assert Proof.parse(proof.file) == proof
    proof.check(KEY.verifier)


def test_another_leaf_or_another_place_is_not_proven() -> None:
    """The path holds for one leaf at one place."""
    proof = proof_of(7)
    for bad in (Proof(DATA[8], 7, proof.path, NOTE), Proof(DATA[7], 8, proof.path, NOTE), Proof(DATA[7], 7, [], NOTE)):
        with pytest.raises(ProofWrong):
            bad.check(KEY.verifier)
    with pytest.raises(NotSigned):
        proof.check(SigningKey("ledger.example/log", bytes(32)).verifier)


def test_every_byte_of_a_proof_file_counts() -> None:
    """Whichever byte is another, or is gone, the file is refused."""
    file = proof_of(256).file
    for at in range(len(file)):
        for bad in (file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :], file[:at] + file[at + 1 :]):
            with pytest.raises(TransparencyError):
                Proof.parse(bad).check(KEY.verifier)


LEAF = to_base64(DATA[0])
PATH = "\n".join(map(to_base64, proof_of(0).path))


@pytest.mark.parametrize(
    "head",
    [
        "",
        "c2sp.org/tlog-proof@v1",
        f"c2sp.org/tlog-proof@v2\nextra {LEAF}\nindex 0\n{PATH}",
        f"c2sp.org/tlog-proof@v1\nindex 0\n{PATH}",
        f"c2sp.org/tlog-proof@v1\nindex 0\nextra {LEAF}\n{PATH}",
        f"c2sp.org/tlog-proof@v1\nextra {LEAF}\nindex 00\n{PATH}",
        f"c2sp.org/tlog-proof@v1\nextra {LEAF}\nindex -1\n{PATH}",
        f"c2sp.org/tlog-proof@v1\nextra {LEAF}\nindex 9223372036854775808\n{PATH}",
        f"c2sp.org/tlog-proof@v1\nextra  {LEAF}\nindex 0\n{PATH}",
        f"c2sp.org/tlog-proof@v1\nextra {LEAF}\nindex 0 \n{PATH}",
        f"c2sp.org/tlog-proof@v1\r\nextra {LEAF}\r\nindex 0\r\n{PATH}",
        f"c2sp.org/tlog-proof@v1\nextra {LEAF}\nindex 0\n{PATH}\nAAAA",
        f"c2sp.org/tlog-proof@v1\nextra {LEAF}\nindex 0\nå",
    ],
)
def test_a_file_that_is_not_written_as_a_proof_is_refused(head: str) -> None:
    """By name, before anything is computed. Without its leaf it proves nothing to whoever has only the file."""
    with pytest.raises(Malformed):
        Proof.parse(head.encode() + b"\n\n" + NOTE).check(KEY.verifier)


def test_one_blank_line_parts_the_path_from_the_checkpoint() -> None:
    """A second one would be the checkpoint's, which has none there."""
    file = proof_of(0).file
    with pytest.raises(TransparencyError):
        Proof.parse(file.replace(b"\n\n", b"\n\n\n", 1)).check(KEY.verifier)


@pytest.mark.parametrize("after", [b"\n", b"trailing", NOTE, b"\0"])
def test_nothing_follows_the_checkpoint(after: bytes) -> None:
    """The file ends with the last signature."""
    with pytest.raises(TransparencyError):
        Proof.parse(proof_of(0).file + after).check(KEY.verifier)
