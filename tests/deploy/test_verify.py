"""What an outsider's `deploy/verify.py` promises: never right of what is wrong, nor wrong of what is missing."""

import http.server
import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from struct import pack
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy import verify
from events.retention import DisposalAction, DocumentClass
from retention.certificates import Destroyed, Mandate, Officer
from retention.certificates import certificate as certificate_text
from retention.items import Item
from tests.transparency.naive import grown
from transparency.certificates import leaves_sha256, open_certificate
from transparency.checkpoints import Checkpoint
from transparency.errors import TransparencyError
from transparency.notes import SigningKey, sign
from transparency.proofs import Proof
from transparency.tiles import HeldTiles, Tile, grow, inclusion_proof, root
from transparency.tree import leaf_hash

KEY = SigningKey("ledger.example/kommun", bytes(range(32)))
OTHER = SigningKey("ledger.example/kommun", bytes(32))
WITNESS = SigningKey("witness.example/w1", bytes(range(32, 64)))
VKEY = str(KEY.verifier)
AT = datetime(2026, 11, 23, 4, 5, 6, tzinfo=UTC)
STREAM = UUID("0f0e0d0c-0b0a-4908-8706-050403020100")
RIGHT, WRONG, CANNOT_TELL = 0, 1, 2
DATA = [f"leaf {number}".encode() for number in range(70_000)]
HASHES = [leaf_hash(data) for data in DATA]
SCRIPT = Path(verify.__file__)
CERTIFICATE = {
    "format": "liggare-purge-certificate/1",
    "item": 3,
    "klass": "elevakt",
    "leaves": [[1, 4], [6, 6]],
    "leaves_sha256": "0f" * 32,
}


def run(*words: object, at: Path) -> tuple[int, str]:
    """What a copy of the file does far from our code: its exit code, and all that it prints."""
    copy = at / "copy" / "verify.py"
    copy.parent.mkdir(exist_ok=True)
    copy.write_bytes(SCRIPT.read_bytes())
    program = [sys.executable, "-I", str(copy), *map(str, words)]
    ended = subprocess.run(program, capture_output=True, check=False, cwd=at, timeout=60)
    return ended.returncode, (ended.stdout + ended.stderr).decode()


def note(size: int, tiles: HeldTiles, *witnesses: SigningKey, key: SigningKey = KEY) -> bytes:
    """The checkpoint of a tree of this size."""
    checkpoint = Checkpoint(KEY.name, size, root(size, tiles))
    return checkpoint.signed(key) + "".join(each.cosignature(checkpoint.text, AT) for each in witnesses).encode()


def written(place: Path, content: bytes) -> Path:
    """The file, with this in it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return place


def publish(folder: Path, size: int) -> Path:
    """All tiles of a tree of this size, as C2SP tlog-tiles lays them out."""
    for tile, hashes in grow(0, [], HASHES[:size]).items():
        written(folder / tile.path, hashes)
    return folder


@pytest.fixture(scope="module")
def tiles() -> HeldTiles:
    """A tree of three levels."""
    return grown(HASHES)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its tiles, published."""
    return publish(tmp_path_factory.mktemp("tiles"), len(HASHES))


def proof_of(data: bytes, index: int = 1) -> Proof:
    """The proof of this leaf, third from the end of a small tree."""
    hashes = [*HASHES[:index], leaf_hash(data), *HASHES[:2]]
    tree = grown(hashes)
    return Proof(data, index, inclusion_proof(index, len(hashes), tree), note(len(hashes), tree, WITNESS))


def event_leaf() -> bytes:
    """A leaf as the notary makes it of an event."""
    ids = (STREAM.bytes, 7, UUID(int=1).bytes, UUID(int=2).bytes, 1_795_406_706_000_001)
    words = b"".join(pack(">H", len(word)) + word for word in (b"student_file", b"goal_proposed.v1"))
    return b"liggare leaf\0" + pack(">H", 6) + b"kommun" + pack(">hq16sq16s16sq", 3, 12, *ids) + bytes(64) + words


def test_a_proof_is_right_and_says_what_is_proven(tmp_path: Path) -> None:
    """The envelope of the event, in words; its content is not in the file."""
    file = written(tmp_path / "x.tlog-proof", proof_of(event_leaf()).file)
    code, said = run("proof", file, "--key", VKEY, at=tmp_path)
    assert code == RIGHT
    for part in (
        "RIGHT: leaf 1 of the 4",
        KEY.name,
        "kommun",
        str(STREAM),
        "version 7",
        "feed: 3, position 12",
        "goal_proposed.v1",
    ):
        assert part in said
    assert "recorded: 2026-11-23T04:05:06.000001+00:00" in said


def test_a_leaf_of_another_kind_is_proven_and_not_explained(tmp_path: Path) -> None:
    """What the file does not understand it shows as it is."""
    for leaf in (b"something else", event_leaf() + b"!", event_leaf()[:-1], b"liggare leaf\0"):
        file = written(tmp_path / "x.tlog-proof", proof_of(leaf).file)
        code, said = run("proof", file, "--key", VKEY, at=tmp_path)
        assert (code, said.splitlines()[1]) == (RIGHT, f"  {leaf.hex()}")


@pytest.mark.parametrize("index", [0, 1, 255, 256, 65_535, 65_536, 69_999])
def test_every_leaf_of_a_large_tree_is_proven(index: int, tiles: HeldTiles) -> None:
    """At the edges of tiles, and across levels."""
    proof = Proof(DATA[index], index, inclusion_proof(index, len(DATA), tiles), note(len(DATA), tiles))
    assert verify.check_proof(proof.file, verify.keys_of([VKEY])).startswith(f"leaf {index} of the 70000")


def test_every_byte_of_a_proof_counts() -> None:
    """Changed or gone, it is wrong; and nothing but wrong."""
    file, keys = proof_of(b"leaf").file, verify.keys_of([VKEY, str(WITNESS.cosigner)])
    verify.check_proof(file, keys)
    for at in range(len(file)):
        for bad in (file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :], file[:at] + file[at + 1 :], file[:at]):
            with pytest.raises(verify.Wrong):
                verify.check_proof(bad, keys)
    for after in (b"\n", b"x", file):
        with pytest.raises(verify.Wrong):
            verify.check_proof(file + after, keys)


def wrong_here(file: bytes) -> bool:
    """Whether the outsider's file calls a proof wrong."""
    with suppress(verify.Wrong):
        verify.check_proof(file, verify.keys_of([VKEY, str(WITNESS.cosigner)]))
        return False
    return True


def wrong_there(file: bytes) -> bool:
    """Whether ours does, and asks for the same witness."""
    with suppress(TransparencyError):
        opened = Proof.parse(file).check(KEY.verifier, [WITNESS.cosigner])
        return not opened.witnesses
    return True


SIGNED = proof_of(b"leaf").file
PIECES = [
    *(line + b"\n" for line in SIGNED.splitlines()),
    b"\n",
    b" ",
    b"\r",
    b"=",
    b"+",
    b"0",
    b"index 01\n",
    b"extra \n",
    "— stranger.example AAAAAAA=\n".encode(),
    "— stranger.example AAAAAAB=\n".encode(),
    "— stran+ger AAAAAAA=\n".encode(),
    "— stran\u2003ger AAAAAAA=\n".encode(),
    "— stranger.example AAAA\n".encode(),
    "— stranger.example AAAAAA==\n".encode(),
    b"\xff",
    b"\0",
]


@settings(deadline=None, max_examples=400)
@given(
    st.lists(st.tuples(st.integers(0, len(SIGNED)), st.integers(0, 100), st.sampled_from(PIECES)), max_size=2),
    st.lists(st.sampled_from(PIECES[-9:]), max_size=3),
)
def test_the_outsiders_file_and_ours_never_differ(cuts: list[tuple[int, int, bytes]], after: list[bytes]) -> None:
    """Two readings of the formats, written apart: whatever is cut out, put in or added, both say the same."""
    file = SIGNED
    for at, length, piece in cuts:
        file = file[:at] + piece + file[at + length :]
    file += b"".join(after)
    assert wrong_here(file) == wrong_there(file)


def test_lines_by_strangers_count_for_nothing_and_a_second_by_the_ledger_spoils_it() -> None:
    """As C2SP has it, and as ours has it."""
    line = KEY.line(proof_of(b"leaf").check(KEY.verifier).checkpoint.text).encode()
    for after, wrong in (("— stranger.example AAAAAAA=\n".encode(), False), (line, True)):
        assert (wrong_here(SIGNED + after), wrong_there(SIGNED + after)) == (wrong, wrong)


def test_a_proof_of_another_place_is_wrong(tmp_path: Path) -> None:
    """One leaf has one number."""
    file = written(tmp_path / "x.tlog-proof", replace(proof_of(b"leaf"), index=2).file)
    assert run("proof", file, "--key", VKEY, at=tmp_path)[0] == WRONG


def test_only_the_ledgers_own_key_makes_it_right(tmp_path: Path) -> None:
    """A key of the same name is not enough, nor is a ledger that signs in another's name."""
    file = written(tmp_path / "x.tlog-proof", proof_of(b"leaf").file)
    assert run("proof", file, "--key", OTHER.verifier, at=tmp_path)[0] == WRONG
    another = replace(proof_of(b"leaf"), checkpoint=sign(Checkpoint("other", 1, leaf_hash(b"leaf")).text, KEY))
    assert run("proof", written(file, another.file), "--key", VKEY, at=tmp_path)[0] == WRONG


def test_a_witness_that_is_asked_for_must_have_signed(tmp_path: Path) -> None:
    """Who is not asked for does not matter."""
    proof = proof_of(b"leaf")
    file = written(tmp_path / "x.tlog-proof", proof.file)
    assert run("proof", file, "--key", VKEY, "--witness", WITNESS.cosigner, at=tmp_path)[0] == RIGHT
    code, said = run("proof", file, "--key", VKEY, "--witness", OTHER.cosigner, at=tmp_path)
    assert code == WRONG
    assert "has not signed" in said


@pytest.mark.parametrize(
    "sizes", [(1, 2), (3, 7), (64, 100), (257, 70_000), (65_536, 70_000), (69_999, 70_000), (5, 5), (0, 9)]
)
def test_a_ledger_that_only_grew_is_right(
    sizes: tuple[int, int], tiles: HeldTiles, folder: Path, tmp_path: Path
) -> None:
    """From any size to any other."""
    old, new = sizes
    place = folder if new == len(DATA) else publish(tmp_path / "tiles", new)
    said = verify.check_consistency(note(old, tiles), note(new, tiles), [str(place)], verify.keys_of([VKEY]))
    assert said.startswith(f"all {old} leaves")


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    """The folder, served on this machine."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name it has
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_tiles_come_from_a_folder_or_an_address(tiles: HeldTiles, folder: Path, address: str, tmp_path: Path) -> None:
    """The first place that has a tile is enough; offline, a copy of the folder is."""
    old, new = written(tmp_path / "old", note(300, tiles)), written(tmp_path / "new", note(70_000, tiles, WITNESS))
    nowhere, empty = "http://127.0.0.1:9/", tmp_path / "empty"
    for places in ([folder], [address], [nowhere, empty, address], [f"{folder}/"]):
        code, said = run("consistency", old, new, "--key", VKEY, "--tiles", *places, at=tmp_path)
        assert (code, "all 300 leaves" in said) == (RIGHT, True), said
    witness = ("--witness", WITNESS.cosigner)
    assert run("consistency", old, new, "--key", VKEY, *witness, "--tiles", folder, at=tmp_path)[0] == RIGHT


def test_a_ledger_that_was_rewritten_is_wrong(tiles: HeldTiles, tmp_path: Path) -> None:
    """One old leaf is another, and everything since was signed anew by the right key: the kept checkpoint tells."""
    hashes = [*HASHES[:40], leaf_hash(b"rewritten"), *HASHES[41:700]]
    rewritten, place = grown(hashes), tmp_path / "tiles"
    for tile, content in grow(0, [], hashes).items():
        written(place / tile.path, content)
    old, new = written(tmp_path / "old", note(300, tiles)), written(tmp_path / "new", note(700, rewritten))
    code, said = run("consistency", old, new, "--key", VKEY, "--tiles", place, at=tmp_path)
    assert code == WRONG
    assert "was altered" in said


def test_a_ledger_that_was_rolled_back_is_wrong(tiles: HeldTiles, folder: Path, tmp_path: Path) -> None:
    """It has fewer leaves than it had signed for."""
    old, new = written(tmp_path / "old", note(300, tiles)), written(tmp_path / "new", note(299, tiles))
    code, said = run("consistency", old, new, "--key", VKEY, "--tiles", folder, at=tmp_path)
    assert code == WRONG
    assert "rolled back" in said


@pytest.mark.parametrize("old", [0, 500, 513, 700])
def test_tiles_that_are_not_the_ledgers_are_wrong(old: int, tiles: HeldTiles, tmp_path: Path) -> None:
    """One byte of any tile that is needed; nothing that a publisher puts there makes a wrong thing right."""
    place = publish(tmp_path / "tiles", 700)
    keys = verify.keys_of([VKEY])
    needed = verify.Tiles([str(place)], 700)
    if old:
        verify.two_roots(needed, 0, old, 700)
    else:
        needed.root(0, 700)
    for level, index in needed.read:
        path = place / Tile(level, index, min(256, (700 >> 8 * level) - 256 * index)).path
        whole = path.read_bytes()
        changed = 0
        for at in range(0, len(whole), 5 * 32):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            with suppress(verify.Wrong):
                verify.check_consistency(note(old, tiles), note(700, tiles), [str(place)], keys)
                continue
            changed += 1
        path.write_bytes(whole)
        assert changed


def test_a_tile_that_is_missing_tells_nothing(tiles: HeldTiles, tmp_path: Path) -> None:
    """Missing or cut short is not wrong: who has it not says so."""
    place = publish(tmp_path / "tiles", 700)
    old, new = written(tmp_path / "old", note(300, tiles)), written(tmp_path / "new", note(700, tiles))
    edge = place / Tile(0, 2, 188).path
    for content in (edge.read_bytes()[:-32], b""):
        edge.write_bytes(content)
        code, said = run("consistency", old, new, "--key", VKEY, "--tiles", place, at=tmp_path)
        assert (code, "tile/0/002" in said) == (CANNOT_TELL, True)
    edge.unlink()
    assert run("consistency", old, new, "--key", VKEY, "--tiles", place, at=tmp_path)[0] == CANNOT_TELL


def test_a_tile_that_has_become_full_serves_for_what_it_was(tiles: HeldTiles, folder: Path) -> None:
    """A publisher keeps no narrow state of a tile that is full."""
    said = verify.check_consistency(note(300, tiles), note(400, tiles), [str(folder)], verify.keys_of([VKEY]))
    assert said.startswith("all 300")


def certificate(said: object) -> bytes:
    """The note of a certificate, spelt as one."""
    return sign(json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n", KEY)


def test_a_certificate_is_right_and_is_read_out(tmp_path: Path) -> None:
    """Each of its statements on a line."""
    file = written(tmp_path / "certificate.txt", certificate(CERTIFICATE))
    code, said = run("certificate", file, "--key", VKEY, at=tmp_path)
    assert code == RIGHT
    assert '  klass: "elevakt"\n' in said
    assert run("certificate", file, "--key", OTHER.verifier, at=tmp_path)[0] == WRONG


def test_the_certificate_that_a_purge_makes_is_one(tmp_path: Path) -> None:
    """Of a pupil's file, and of a month of the access record, which is of no leaf."""
    officer, by = Officer(UUID(int=9), "Åsa Öst"), [[3, 5], [6, 9]]
    mandate = Mandate("Arkivlagen 10 §", "Nämnden § 17", officer, officer, officer, (UUID(int=4), "aa" * 32))
    for document_class, leaves in ((DocumentClass.STUDENT_FILE, by), (DocumentClass.ACCESS_RECORD, [])):
        item = Item(
            run_id=STREAM,
            item=1,
            document_class=document_class,
            subject_id=None,
            subject_kind="student_file",
            month=None,
            commitment=bytes(32),
            nonce=None,
            due_on=AT.date(),
            schedule_id=STREAM,
            action=DisposalAction.PURGE,
        )
        destroyed = Destroyed([(first, last) for first, last in leaves], leaves_sha256(HASHES[:7]), 7, {"events": 7})
        note = sign(certificate_text(item, mandate, destroyed, at=AT, final_by=AT.date()), KEY)
        assert open_certificate(note, KEY.verifier).leaves == tuple(map(tuple, leaves))
        code, said = run("certificate", written(tmp_path / "1.txt", note), "--key", VKEY, at=tmp_path)
        assert code == RIGHT
        assert f'  class: "{document_class}"\n' in said
        assert '  decision_reference: "Nämnden § 17"\n' in said
        assert f"  leaves: {leaves}\n" in said


def test_every_byte_of_a_certificate_counts() -> None:
    """As of a proof."""
    note_, keys = certificate(CERTIFICATE), verify.keys_of([VKEY])
    verify.check_certificate(note_, keys)
    for at in range(len(note_)):
        for bad in (note_[:at] + bytes([note_[at] ^ 1]) + note_[at + 1 :], note_[:at] + note_[at + 1 :]):
            with pytest.raises(verify.Wrong):
                verify.check_certificate(bad, keys)


def test_nothing_that_is_read_out_reaches_the_terminal_as_a_command() -> None:
    """Not from a certificate and not from a leaf, whoever signed it: control characters are shown spelt out."""
    keys, escape = verify.keys_of([VKEY]), "\x1b[2J \x9b2J \u202e"
    said = verify.check_certificate(
        certificate(CERTIFICATE | {"reason": escape, escape: [escape], "ort": "Åmål"}), keys
    )
    said += verify.check_proof(proof_of(event_leaf().replace(b"goal_", b"\x1b[2J_")).file, keys)
    assert all(line.isprintable() for line in said.splitlines())
    assert r"\u001b[2J" in said
    assert '  ort: "Åmål"' in said


@pytest.mark.parametrize("leaves", [[[4, 1]], [[1, 4], [4, 5]], [[3, 4], [1, 2]], [[1]], [[1, 2, 3]]])
def test_a_certificate_names_each_leaf_once(leaves: Sequence[Sequence[int]]) -> None:
    """In order, first and last included."""
    with pytest.raises(verify.Wrong):
        verify.check_certificate(certificate(CERTIFICATE | {"leaves": leaves}), verify.keys_of([VKEY]))


def test_a_checkpoint_is_no_certificate_nor_the_other_way(tiles: HeldTiles, folder: Path) -> None:
    """Both are by the same key; what is one cannot be read as the other."""
    keys = verify.keys_of([VKEY])
    with pytest.raises(verify.Wrong):
        verify.check_certificate(note(5, tiles), keys)
    with pytest.raises(verify.Wrong):
        verify.check_certificate(sign('{"leaves":[], "a":1}\n', KEY), keys)
    with pytest.raises(verify.Wrong):
        verify.check_consistency(certificate(CERTIFICATE), note(5, tiles), [str(folder)], keys)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["proof"],
        ["proof", "file"],
        ["consistency", "file", "--key", VKEY, "--tiles", "x"],
        ["consistency", "file", "file", "--key", VKEY],
        ["proof", "missing", "--key", VKEY],
        ["proof", ".", "--key", VKEY],
        ["proof", "file", "--key", "ledger.example/kommun"],
        ["proof", "file", "--key", VKEY.replace("ledger", "lodger")],
        ["proof", "file", "--key", str(KEY.cosigner)],
        ["proof", "file", "--key", VKEY, "--witness", VKEY],
        ["surprise", "file", "--key", VKEY],
    ],
)
def test_what_was_asked_wrongly_says_nothing_of_the_ledger(words: list[str], tmp_path: Path) -> None:
    """A missing file, a mistyped key or command is neither right nor wrong."""
    written(tmp_path / "file", proof_of(b"leaf").file)
    assert run(*words, at=tmp_path)[0] == CANNOT_TELL


def test_a_huge_file_is_not_believed(tmp_path: Path) -> None:
    """Nothing that the ledger signs is that large."""
    file = written(tmp_path / "huge", b"a" * (verify.LARGEST_FILE + 1))
    assert run("certificate", file, "--key", VKEY, at=tmp_path)[0] == WRONG


def test_the_file_says_how_it_is_used(tmp_path: Path) -> None:
    """Whoever got only the file needs no other page."""
    code, said = run("--help", at=tmp_path)
    assert code == 0
    for command in ("proof FILE --key KEY", "consistency OLD NEW --key KEY --tiles", "certificate FILE --key KEY"):
        assert command in said
