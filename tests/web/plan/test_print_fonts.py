"""Scripts that the print's own fonts lack, and what an independent reader says of the PDF."""

import io
import shutil
import struct
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.web.plan.test_press import document, read
from web.plan.printed.blocks import said, table
from web.plan.printed.fonts import characters_of
from web.plan.printed.press import typeset

AT = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)
SORANI = "Ez ڕێگا ڵێرە"
"""Letters of Kurdish that our fonts lack."""
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")


@pytest.fixture
def fonts(tmp_path: Path) -> Path:
    """A folder with a font that has them, and with a file that is no font."""
    if not FONT.exists():
        pytest.skip("DejaVu Sans is not on this machine")
    shutil.copy(FONT, tmp_path)
    (tmp_path / "broken.ttf").write_bytes(b"\0\1\0\0\xff")
    return tmp_path


def test_what_our_fonts_lack_is_printed_where_the_operator_has_added_one(fonts: Path) -> None:
    """By its letters and not by their numbers; a character that neither has stands by its number still."""
    asked = document(said(f"{SORANI} ሰላም", "Elin"))
    assert "[U+0695]" in read(typeset(asked, AT))
    made = read(typeset(asked, AT, fonts=fonts))
    assert set("ڕڵێ") <= set(made)
    assert "[U+0695]" not in made
    assert "[U+1230]" in made


def test_who_needs_no_added_font_gets_the_same_bytes_with_them(fonts: Path) -> None:
    """Two machines make the same record, whatever fonts one of them has."""
    asked = document(said("Åsa trivs. Привет مرحبا", "Elin"), table(["A"], [["1"]]))
    assert typeset(asked, AT, fonts=fonts) == typeset(asked, AT)
    needs = document(said(SORANI, "Elin"))
    assert typeset(needs, AT, fonts=fonts) == typeset(needs, AT, fonts=fonts)


def test_the_characters_of_a_font_are_those_with_a_glyph(fonts: Path) -> None:
    """As its own tables say; nothing that cannot be seen, and nothing from a file that is no font."""
    found = characters_of(fonts)
    assert set("aåЖڕێ😀") <= found
    assert not {"\n", " ", "\u200d", "ሰ", "王"} & found


def test_a_font_without_unicode_has_nothing(tmp_path: Path) -> None:
    """A font whose characters nobody can name is no help."""
    (tmp_path / "empty.otf").write_bytes(b"OTTO" + struct.pack(">4H", 0, 0, 0, 0))
    assert characters_of(tmp_path) == frozenset()


@pytest.mark.parametrize("profile", ["2a", "ua1"])
def test_an_independent_reader_finds_nothing_against_it(profile: str, tmp_path: Path) -> None:
    """What the PDF says of itself holds: for the archive (PDF/A-2a) and for who reads by ear (PDF/UA-1)."""
    program = shutil.which("verapdf")
    if program is None:
        pytest.skip("veraPDF is not on this machine")
    blocks = (
        said("Åsa trivs. Привет مرحبا 😀\nRad två.", "Elin"),
        table(["Ämne", "Prognos"], [["Matematik", "Bra"]] * 80),
    )
    made = tmp_path / "plan.pdf"
    made.write_bytes(typeset(document(*blocks), AT))
    assert len(PdfReader(io.BytesIO(made.read_bytes())).pages) > 1
    done = subprocess.run(
        [program, "--flavour", profile, "--format", "text", made], capture_output=True, text=True, check=False
    )
    assert done.stdout.startswith("PASS"), done.stdout + done.stderr
