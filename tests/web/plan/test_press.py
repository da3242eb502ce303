"""Typesetting: whatever people have typed becomes text on paper, the same bytes each time, and never more."""

import io
import subprocess
import sys
import time
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from pypdf import PdfReader

from web.errors import PrintsTooMuch, TooLongToPrint
from web.plan.printed.blocks import facts, heading, paragraph, said, table
from web.plan.printed.glyphs import all_shown, plainest, printable
from web.plan.printed.press import _PLACES, LONGEST, typeset

AT = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)
HOSTILE = [
    '#import "x": *',
    "#panic()",
    "#sys.inputs",
    '#read("/etc/passwd")',
    "\\ \\u{41} \\#",
    "$ x^2 $ $",
    "@nobody <label>",
    "*b* _c_ `d` ``` e",
    "// not a comment /* nor this",
    "= no heading",
    "- no list\n+ nor this\n/ a: b",
    '"}],"title":"x',
    "]) } #",
    "~ --- ... -? 'quoted' \"quoted\"",
    "https://example.org/#a",
]


def document(*blocks: Any, title: str = "Plan", state: str = "") -> dict[str, Any]:  # noqa: ANN401 - blocks
    """A document with these parts."""
    return {
        "language": "sv",
        "region": "SE",
        "title": title,
        "state": state,
        "below": "Skolan · 2026/2027",
        "page": "Sida %(page)s av %(pages)s",
        "blocks": [heading(1, title), *blocks],
    }


def read(made: bytes) -> str:
    """What a reader of the PDF can mark and copy, without the places to break a line."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages).replace("\u200b", "")


def squeezed(text: str) -> str:
    """The text without white space: where a line ends on paper is not what is asked about."""
    return "".join(text.split())


@pytest.mark.parametrize("text", HOSTILE)
def test_what_looks_like_instructions_is_text(text: str) -> None:
    """Nothing that somebody types is carried out, changed or left out, wherever in the document it stands."""
    made = read(
        typeset(
            document(
                heading(2, text), paragraph(text), said(text, text), facts([(text, text)]), table([text], [[text]]),
                title=text, state=text,
            ),
            AT,
        )
    )  # fmt: skip
    assert squeezed(made).count(squeezed(text)) >= 9


def test_every_character_that_the_fonts_have_can_be_printed() -> None:
    """The list of them is true: no document fails for a character on it."""
    shown = all_shown()
    assert len(shown) > 5000
    assert set("åäöÅÄÖéüß”«»…€½→✓абвαβγשלום") < set(shown)
    assert typeset(document(paragraph(" ".join(shown))), AT).startswith(b"%PDF")


def test_a_character_that_no_font_has_stands_by_its_number() -> None:
    """Emoji and Chinese do not stop a plan from being printed, and it can be seen what stood there."""
    made = read(typeset(document(said("Bra 😀! 王小明 ❤️ 🏳️‍🌈 é", "Elin")), AT))
    assert "Bra [U+1F600]!" in made
    assert "[U+738B][U+5C0F][U+660E]" in made
    assert squeezed("❤[U+1F3F3]") in squeezed(made).replace("\u200d", "")


@pytest.mark.parametrize(
    "text",
    [
        "مرحبا بالعالم، اسمي إيلين",
        "שלום עולם",
        "Привет, мир! Καλημέρα",
        "x" * 4000,
        "ab\u0301\u0323\u0327\u0310\u0489 zalgo",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "Zażółć gęślą jaźń, ŋ ǩ ʒ",
        "\u0627\u0301\u200d\u064b" * 50,
        "a\n" * 1999,
        "\t\ttabb\u00a0hårt\u2003brett",
    ],
    ids=range(10),
)
def test_any_writing_becomes_a_document(text: str) -> None:
    """Letters of other scripts, marks on marks, the longest text without a space, and as many lines as can be sent."""
    assert typeset(document(said(text, "Elin"), heading(2, text[:300]), table(["A"], [[text]])), AT).startswith(b"%PDF")


def test_marks_heaped_by_one_take_no_letters_from_others() -> None:
    """What the compiler breaks on stands by number; Polish, Turkish and Russian names beside it stay as they are."""
    heaped = unicodedata.normalize("NFC", "".join(c for c in all_shown() if unicodedata.combining(c)) * 3)
    made = read(typeset(document(said(heaped, "Elin"), said("Łukasz Żuk ”Şeyma” Привет שלום", "Noor")), AT))
    assert "Łukasz Żuk ”Şeyma” Привет" in made
    assert "[U+0301]" in made


def test_a_long_word_stays_on_the_paper() -> None:
    """Every letter of it is there, in lines."""
    made = read(typeset(document(said("x" * 4000, "Elin")), AT))
    assert made.count("x") == 4000
    assert max(len(line) for line in made.splitlines()) < 130


def test_the_plainest_is_plain() -> None:
    """What is set where characters cannot stand together: western letters, the others by number."""
    assert plainest("Åsa 王 \u0301\tb\nc") == "Åsa [U+738B] [U+0301] b\nc"
    assert printable("Åsa\u00ad") == "Åsa"


def test_the_same_document_is_the_same_bytes_in_every_process() -> None:
    """A plan that is printed again can be compared with the first print, byte by byte."""
    asked = document(said("Åsa trivs.", "Elin"), table(["A", "B"], [["1", "2"]]))
    assert typeset(asked, AT) == typeset(asked, AT)
    assert typeset(asked, AT) != typeset(asked, datetime(2026, 11, 25, tzinfo=UTC))


def test_it_is_tagged_for_screen_readers_and_marked_for_the_archive() -> None:
    """Language, title, headings, table headings and page numbers; PDF/A-2a and PDF/UA-1 in its own description."""
    made = typeset(
        document(heading(2, "Om mig"), table(["Ämne", "Prognos"], [["Ma", "Bra"]]), paragraph("x\n" * 120)), AT
    )
    pdf = PdfReader(io.BytesIO(made))
    root: Any = pdf.trailer["/Root"]
    assert root["/Lang"] == "sv-SE"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    described = root["/Metadata"].get_object().get_data().decode()
    for words in (
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
    ):
        assert words in described
    kinds = set(tags(root["/StructTreeRoot"]))
    assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD"} <= kinds
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Plan"
    assert f"Sida 2 av {len(pdf.pages)}" in pdf.pages[1].extract_text()


def tags(node: Any) -> Sequence[str]:  # noqa: ANN401 - pypdf's objects
    """What kinds of parts the structure of a PDF has."""
    node = node.get_object()
    if isinstance(node, list):
        return [tag for each in node for tag in tags(each)]
    if not hasattr(node, "get"):
        return []
    own = [str(node["/S"])] if "/S" in node else []
    return own + (list(tags(node["/K"])) if "/K" in node else [])


def test_a_document_larger_than_any_plan_is_refused() -> None:
    """Before a process is begun for it."""
    with pytest.raises(TooLongToPrint):
        typeset(document(paragraph("x" * (LONGEST + 1))), AT)


def test_who_waits_too_long_is_told_so_and_the_process_is_ended() -> None:
    """A document that takes longer than a reader waits holds nothing up."""
    with pytest.raises(TooLongToPrint):
        typeset(document(paragraph("x")), AT, patience_seconds=0.01)


def test_who_comes_while_others_print_is_soon_told_so() -> None:
    """A request in line keeps a thread that answers other pages: a crowd of them must not hold up everybody."""
    held = [_PLACES.acquire(blocking=False) for _ in range(2)]
    begun = time.monotonic()
    try:
        with pytest.raises(PrintsTooMuch):
            typeset(document(paragraph("x")), AT)
    finally:
        for _ in filter(None, held):
            _PLACES.release()
    assert all(held)
    assert time.monotonic() - begun < 5


def test_the_longest_plan_is_set_while_the_reader_waits() -> None:
    """Every box filled to its last letter: what is refused is larger than that."""
    text = ("Det gick bra och jag vill lära mig mer om bråk och decimaltal. " * 70)[:4000]
    made = typeset(document(*[said(text, "Elin")] * 600), AT)
    assert len(PdfReader(io.BytesIO(made)).pages) > 300


def test_the_process_knows_nothing_of_ours() -> None:
    """It is started without our modules, so that it starts quickly and holds no key."""
    loaded = "import runpy, sys; runpy.run_path('web/plan/printed/typesetter.py'); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert not {"web", "store", "psycopg", "fastapi"} & set(done.stdout.split())
