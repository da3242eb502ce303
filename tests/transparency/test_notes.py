"""What a signed note promises: its text is what the named keys signed, to the last byte."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transparency.encoding import decimal, from_base64, to_base64
from transparency.errors import Malformed, NotSigned, SignatureWrong, SignedTwice, TransparencyError
from transparency.notes import MAX_NOTE_BYTES, Kind, SigningKey, VerifierKey, open_note, sign, text_of

KEY = SigningKey("ledger.example/log", bytes(range(32)))
OTHER = SigningKey("ledger.example/log", bytes(32))
WITNESS = SigningKey("witness.example/w1", bytes(range(32, 64)))
TEXT = "Fem ris,\n\noch de står än.\n"
AT = datetime(2026, 11, 23, 4, 5, 6, tzinfo=UTC)
NOTE = sign(TEXT, KEY)


def test_a_note_is_the_text_a_blank_line_and_the_signatures() -> None:
    """C2SP signed-note, byte by byte; Ed25519 signs the same text always the same, so this note is for ever."""
    signature = "EWOd1GSsOBMjGLoI/GB1SF7VK/xxqFSAkuVyN/25EDosvrbHplpAvK69y3QAMCZYUpxjCYCLVOUvn1/023jPtOsJaQs="
    assert NOTE.decode() == f"Fem ris,\n\noch de står än.\n\n— ledger.example/log {signature}\n"


def test_a_note_is_opened_by_its_key() -> None:
    """The text with its last end of line and without the blank one; blank lines of its own are its own."""
    opened = open_note(NOTE, [KEY.verifier])
    assert opened.text == text_of(NOTE) == TEXT
    assert [signed.key for signed in opened.signers] == [KEY.verifier]
    assert opened.signers[0].at is None


@settings(deadline=None)
@given(
    st.text(st.characters(blacklist_categories=["Cc", "Cs"])), st.text(st.characters(codec="utf-8", categories=["L"]))
)
def test_every_text_comes_back(first: str, second: str) -> None:
    """Whatever is written, in any language, with blank lines or what looks like a signature."""
    for text in (f"{first}\n", f"{first}\n\n{second}\n\n", f"\n{NOTE.decode()}{second}\n"):
        assert open_note(sign(text, KEY), [KEY.verifier]).text == text


def test_keys_that_are_not_known_count_for_nothing() -> None:
    """Not by their name alone, not by their id alone, and whatever they hold; alone they sign nothing."""
    both = sign(TEXT, OTHER, KEY, WITNESS)
    assert [signed.key for signed in open_note(both, [KEY.verifier]).signers] == [KEY.verifier]
    stranger = f"— ledger.example/log {to_base64(b'1234' + bytes(5))}\n".encode()
    assert open_note(NOTE + stranger + stranger, [KEY.verifier]).text == TEXT
    for keys in ([OTHER.verifier], [KEY.cosigner], [WITNESS.verifier], []):
        with pytest.raises(NotSigned):
            open_note(NOTE, keys)


def test_one_wrong_signature_by_a_known_key_spoils_the_note() -> None:
    """A good one beside it does not mend it: somebody has been at the note."""
    line = f"— {WITNESS.name} {to_base64(WITNESS.verifier.key_id + bytes(64))}\n".encode()
    with pytest.raises(SignatureWrong):
        open_note(NOTE + line, [KEY.verifier, WITNESS.verifier])


def test_a_known_key_signs_once() -> None:
    """Two lines by one key are refused, even where both are right."""
    line = KEY.line(TEXT).encode()
    with pytest.raises(SignedTwice):
        open_note(NOTE + line, [KEY.verifier])


def test_every_byte_of_a_note_counts() -> None:
    """Whichever byte is another, or is gone, the note is refused."""
    for at in range(len(NOTE)):
        for bad in (NOTE[:at] + bytes([NOTE[at] ^ 1]) + NOTE[at + 1 :], NOTE[:at] + NOTE[at + 1 :]):
            with pytest.raises(TransparencyError):
                open_note(bad, [KEY.verifier])


SIGNATURE = KEY.line(TEXT).removeprefix(f"— {KEY.name} ").strip()


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ("", "no signature"),
        ("- ledger.example/log {}\n", "a hyphen for a dash"),
        ("—  ledger.example/log {}\n", "two spaces"),
        ("— ledger.example/log  {}\n", "two spaces"),
        ("— ledger.example/log {} \n", "a space at the end"),
        ("— ledger.example/log {}", "no end of line"),
        ("— ledger.example/log {}\r\n", "an end of line of another kind"),
        ("— {}\n", "no name"),
        ("— ledger.example+log {}\n", "a plus in the name"),
        ("— ledger.example\u00a0log {}\n", "a space in the name"),
        ("— ledger.example/log AAAA\n", "a signature too short to name a key"),
        ("— ledger.example/log {}\ntrailing\n", "a line that is no signature"),
        ("— ledger.example/log {}\n" * 65, "more signatures than anybody makes"),
    ],
)
def test_a_note_that_is_not_written_as_one_is_refused(lines: str, what: str) -> None:
    """Before any signature is looked at; no reader is left to guess what was meant."""
    assert what
    with pytest.raises(Malformed):
        open_note((TEXT + "\n" + lines.replace("{}", SIGNATURE)).encode(), [KEY.verifier])


@pytest.mark.parametrize("bad", [b"\xff", b"\x00", b"\t", b"\r", b"\xed\xa0\x80", b"\x1f"])
def test_a_note_is_text(bad: bytes) -> None:
    """UTF-8 without control characters, in the text and after it."""
    for note in (bad + NOTE, NOTE + bad, NOTE.replace(b"ris", bad)):
        with pytest.raises(Malformed):
            open_note(note, [KEY.verifier])


def test_a_huge_note_is_not_read() -> None:
    """Refused for its size alone; and none such is made."""
    with pytest.raises(Malformed, match="too large"):
        open_note(b"a" * MAX_NOTE_BYTES + NOTE, [KEY.verifier])
    with pytest.raises(Malformed, match="too large"):
        sign("a" * MAX_NOTE_BYTES + "\n", KEY)


@pytest.mark.parametrize("text", ["", "no end", "tab\t\n", "\ud800\n", "bell\a\n"])
def test_a_text_that_no_note_can_hold_is_not_signed(text: str) -> None:
    """Whoever reads it would refuse it."""
    with pytest.raises(Malformed):
        sign(text, KEY)


def test_a_note_without_signatures_is_not_made() -> None:
    """It would be no note."""
    with pytest.raises(Malformed):
        sign(TEXT)


def test_a_key_in_note_form() -> None:
    """Name, id and key, with plus signs between; the id is made of all three (C2SP signed-note)."""
    vkey = "ledger.example/log+11639dd4+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
    named = hashlib.sha256(b"ledger.example/log\n\x01" + KEY.verifier.public).hexdigest()
    assert named.startswith("11639dd4")
    assert str(KEY.verifier) == vkey
    assert VerifierKey.parse(vkey) == KEY.verifier
    assert VerifierKey.parse(str(KEY.cosigner)) == KEY.cosigner
    assert KEY.verifier.key_id != KEY.cosigner.key_id != OTHER.cosigner.key_id


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "ledger.example/log",
        str(KEY.verifier).replace("ledger", "lodger"),
        str(KEY.verifier) + "\n",
        str(KEY.verifier)[:-4] + "AAAA",
        str(KEY.verifier)[:-4],
        "+" + KEY.verifier.key_id.hex() + "+" + str(KEY.verifier).split("+", 2)[2],
        f"a b+00000000+{to_base64(bytes([1]) + bytes(32))}",
        f"a+00000000+{to_base64(bytes([2]) + bytes(32))}",
        f"a+00000000+{to_base64(bytes([1]) + bytes(32))}",
        f"{KEY.name}+{KEY.verifier.key_id.hex().upper()}X+{to_base64(bytes([1]) + KEY.verifier.public)}",
    ],
)
def test_a_key_that_is_not_written_as_one_is_refused(vkey: str) -> None:
    """Also one that was mistyped: its id gives it away."""
    with pytest.raises(Malformed):
        VerifierKey.parse(vkey)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u2003b", "a\tb"])
def test_a_key_has_a_name_that_a_note_can_hold(name: str) -> None:
    """Nobody finds out at the first signature."""
    with pytest.raises(Malformed):
        SigningKey.generate(name)


def test_a_new_key_is_like_no_other_and_never_printed() -> None:
    """Random, and its secret in no log."""
    one, two = SigningKey.generate("a"), SigningKey.generate("a")
    assert one.verifier != two.verifier
    assert repr(one) == "SigningKey('a')"
    assert open_note(sign(TEXT, one, two), [one.verifier, two.verifier]).text == TEXT


def test_a_witness_says_when_it_saw_the_text() -> None:
    """C2SP tlog-cosignature: its line holds the second, and the second is signed with the text."""
    note = NOTE + WITNESS.cosignature(TEXT, AT + timedelta(milliseconds=900)).encode()
    signers = open_note(note, [KEY.verifier, WITNESS.cosigner]).signers
    assert [(signed.key, signed.at) for signed in signers] == [(KEY.verifier, None), (WITNESS.cosigner, AT)]
    assert signers[1].key.kind is Kind.COSIGNATURE


def test_a_witness_s_time_cannot_be_changed_nor_its_line_be_taken_for_another_kind() -> None:
    """The eight bytes of the time count as all others do; and what a witness signed no log has signed."""
    line = WITNESS.cosignature(TEXT, AT).removeprefix(f"— {WITNESS.name} ").strip()
    data = from_base64(line)
    for at in range(4, len(data)):
        bad = to_base64(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        with pytest.raises((SignatureWrong, Malformed)):
            open_note(NOTE + f"— {WITNESS.name} {bad}\n".encode(), [KEY.verifier, WITNESS.cosigner])
    as_log = f"— {WITNESS.name} {to_base64(WITNESS.verifier.key_id + data[4:])}\n".encode()
    with pytest.raises(SignatureWrong):
        open_note(NOTE + as_log, [WITNESS.verifier])


@pytest.mark.parametrize("length", [0, 3, 8, 71, 73])
def test_a_witness_s_line_of_another_length_is_wrong(length: int) -> None:
    """Never an error of another name."""
    line = f"— {WITNESS.name} {to_base64(WITNESS.cosigner.key_id + bytes(length))}\n".encode()
    with pytest.raises((SignatureWrong, Malformed)):
        open_note(NOTE + line, [KEY.verifier, WITNESS.cosigner])


@pytest.mark.parametrize(
    "text", ["", "00", "01", "-1", "+1", " 1", "1 ", "1_0", "1.0", "\u0661", "9223372036854775808", "9" * 30]
)
def test_a_number_has_one_spelling(text: str) -> None:
    """No sign, no leading zero, no other digits, and no more than the database counts."""
    with pytest.raises(Malformed):
        decimal(text)


def test_numbers_that_are_read() -> None:
    """From none to the largest."""
    assert [decimal("0"), decimal("10"), decimal("9223372036854775807")] == [0, 10, 2**63 - 1]


@pytest.mark.parametrize("text", ["AB==", "AA", "A", "AAA=\n", "A A=", "_-8=", "AAA==", "AAAA====", "åäö="])
def test_bytes_have_one_spelling(text: str) -> None:
    """Bits that mean nothing are nought, the padding is there, and nothing is skipped."""
    with pytest.raises(Malformed):
        from_base64(text)
