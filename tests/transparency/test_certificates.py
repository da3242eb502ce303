"""What a certificate of destruction promises: it is of these leaves and no others, and the notary has signed it."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from deploy import verify
from tests.transparency.naive import leaf_hashes
from transparency.certificates import FORMAT, leaves_sha256, open_certificate
from transparency.errors import Malformed, NotSigned, TransparencyError
from transparency.notes import SigningKey, sign, text_of

KEY = SigningKey("ledger.example/log", bytes(range(32)))
HASHES = leaf_hashes(20)
RANGES = [(3, 5), (9, 9), (11, 19)]
GONE = [HASHES[leaf] for first, last in RANGES for leaf in range(first, last + 1)]
SAID = {"decision": "Nämndens beslut § 17", "run": "r", "item": 3, "transferred": None}


def certified(leaves: Sequence[Sequence[Any]], hashes: Sequence[bytes]) -> bytes:
    """The note of a certificate."""
    said = {**SAID, "format": FORMAT, "leaves": leaves, "leaves_sha256": leaves_sha256(hashes)}
    return sign(json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n", KEY)


NOTE = certified(RANGES, GONE)


def test_a_certificate_is_of_its_leaves() -> None:
    """Their numbers, and that their hashes are those."""
    certificate = open_certificate(NOTE, KEY.verifier)
    assert certificate.leaves == tuple(RANGES)
    assert certificate.said["decision"] == SAID["decision"]
    assert certificate.fits(GONE)


def test_it_fits_no_other_leaves() -> None:
    """Not fewer, not more, not in another order, and none that was altered."""
    certificate = open_certificate(NOTE, KEY.verifier)
    for others in (GONE[:-1], [*GONE, HASHES[0]], GONE[::-1], [HASHES[0], *GONE[1:]], []):
        assert not certificate.fits(others)


def test_its_text_is_one_line_of_json_in_one_spelling() -> None:
    """Keys in order, nothing between them; the file for outsiders reads the same."""
    text = text_of(NOTE)
    assert text.startswith(
        '{"decision":"Nämndens beslut § 17","format":"liggare-purge-certificate/1","item":3,"leaves":[[3,5],'
    )
    assert text.count("\n") == 1
    assert json.loads(text).keys() == SAID.keys() | {"format", "leaves", "leaves_sha256"}
    assert "Nämndens beslut § 17" in verify.check_certificate(NOTE, verify.keys_of([str(KEY.verifier)]))


def test_an_item_without_events_has_a_certificate_too() -> None:
    """A month of the access record is no event; its certificate is of no leaf."""
    note = certified([], [])
    assert open_certificate(note, KEY.verifier).fits([])
    assert verify.check_certificate(note, verify.keys_of([str(KEY.verifier)]))


@pytest.mark.parametrize(
    "leaves", [[(3, 2)], [(1, 4), (4, 5)], [(5, 6), (1, 2)], [(-1, 2)], [(0, 2**63)], [(True, True)]]
)
def test_leaves_that_are_named_twice_or_out_of_order_are_refused(leaves: list[tuple[int, int]]) -> None:
    """By ours and by the outsider's file."""
    note = certified(leaves, GONE)
    with pytest.raises(Malformed):
        open_certificate(note, KEY.verifier)
    with pytest.raises(verify.Wrong):
        verify.check_certificate(note, verify.keys_of([str(KEY.verifier)]))


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (FORMAT, "liggare-purge-certificate/2"),
        ('"item":3', '"item": 3'),
        ('"item":3', '"item":3,"item":4'),
        ('"leaves":[[3,5]', '"leaves":[[3,"5"]'),
        ('"leaves":[[3,5]', '"leaves":[[3]'),
        ('"leaves":[[3,5],[9,9],[11,19]]', '"leaves":7'),
        ('"leaves":', '"others":'),
        ("leaves_sha256", "leaves_sha512"),
        ('"leaves_sha256":"', '"leaves_sha256":"00'),
        ("}\n", "}\n\n"),
        ("{", "[{"),
        ("{", ""),
    ],
)
def test_a_note_that_is_no_certificate_is_refused(was: str, becomes: str) -> None:
    """Though the right key signed it; the outsider's file says the same."""
    text = text_of(NOTE)
    assert was in text
    note = sign(text.replace(was, becomes, 1), KEY)
    with pytest.raises(Malformed):
        open_certificate(note, KEY.verifier)
    with pytest.raises(verify.Wrong):
        verify.check_certificate(note, verify.keys_of([str(KEY.verifier)]))


def test_only_the_notary_certifies() -> None:
    """Every byte counts, and another's key is nobody's."""
    with pytest.raises(NotSigned):
        open_certificate(NOTE, SigningKey(KEY.name, bytes(32)).verifier)
    for at in range(len(NOTE)):
        with pytest.raises(TransparencyError):
            open_certificate(NOTE[:at] + bytes([NOTE[at] ^ 1]) + NOTE[at + 1 :], KEY.verifier)
