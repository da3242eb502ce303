import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from events.base import Actor, Role
from events.plan import PlanStarted, ViewpointGiven
from events.syllabus import SyllabusItem, SyllabusKind
from events.template import Link
from events.text import Code, Line, Name, Prose
from tests.aggregates.given import PLAN, PUPIL, TEMPLATE, a_template_content

NAME, LINE, PROSE, CODE = (TypeAdapter[str](kind) for kind in (Name, Line, Prose, Code))
EVERY_TEXT = pytest.mark.parametrize("kind", [NAME, LINE, PROSE], ids=["name", "line", "prose"])
GROWS_IN_NFC = "\u0958"
"""One character that NFC writes as two."""

CONTROLS = [chr(number) for number in (*range(0x20), *range(0x7F, 0xA0))]
ANY_TEXT = st.text(st.one_of(st.characters(codec=None, exclude_categories=()), st.sampled_from("a å\n\t\x00\u0301")))


@EVERY_TEXT
@settings(deadline=None)
@given(text=ANY_TEXT)
@example(text=GROWS_IN_NFC * 4000)
@example(text=GROWS_IN_NFC * 2000)
@example(text="\u2000 e\u0301 \u0301")
def test_a_text_is_refused_or_reads_back_as_it_was_kept(kind: TypeAdapter[str], text: str) -> None:
    """What is kept once stays what it is: in NFC, and the same however often it is read."""
    try:
        kept = kind.validate_python(text)
    except ValidationError:
        return
    assert unicodedata.is_normalized("NFC", kept)
    assert kept == kept.strip() != ""
    assert kind.validate_python(kept) == kept
    assert kind.validate_json(kind.dump_json(kept)) == kept


@EVERY_TEXT
@pytest.mark.parametrize("control", [c for c in CONTROLS if c not in "\n\t"], ids=lambda c: f"U+{ord(c):04X}")
def test_no_text_holds_a_control_character(kind: TypeAdapter[str], control: str) -> None:
    """NUL, escape, carriage return and their like are refused wherever they stand within a text."""
    with pytest.raises(ValidationError):
        kind.validate_python(f"a{control}b")


@pytest.mark.parametrize("kind", [NAME, LINE], ids=["name", "line"])
@pytest.mark.parametrize("separator", ["\n", "\t", "\u2028", "\u2029"], ids=ascii)
def test_a_name_and_a_line_are_one_line(kind: TypeAdapter[str], separator: str) -> None:
    """Line feed, tab and the separators of lines and paragraphs belong in prose alone."""
    with pytest.raises(ValidationError):
        kind.validate_python(f"a{separator}b")
    assert PROSE.validate_python(f"a{separator}b") == f"a{separator}b"


FORMATS = [c for c in map(chr, range(0x110000)) if unicodedata.category(c) == "Cf"]
"""Every format character that this version of Unicode knows: most are never seen, some turn the text around them."""
FOR_WRITING = "\u200c\u200d\xad"
"""What joins and parts letters (Persian, Kurdish, emoji), and the soft hyphen that comes with pasted text."""


@pytest.mark.parametrize("format_character", FORMATS, ids=lambda c: f"U+{ord(c):04X}")
def test_nothing_that_hides_or_turns_text_is_taken(format_character: str) -> None:
    """No format character in a name; in other texts those alone that writing needs."""
    text = f"a{format_character}b"
    with pytest.raises(ValidationError):
        NAME.validate_python(text)
    for kind in (LINE, PROSE):
        if format_character in FOR_WRITING:
            assert kind.validate_python(text) == text
        else:
            with pytest.raises(ValidationError):
                kind.validate_python(text)


@pytest.mark.parametrize(
    "text", ["می\u200cرود", "👩\u200d🏫", "Skol\xadmatte\xadmatik", "שלום, hej", "Anaïs 🙂\ufe0f"], ids=ascii
)
def test_what_languages_and_emoji_need_is_kept(text: str) -> None:
    """The mother tongue's joiners, a teacher as one emoji, a soft hyphen, letters that run from right to left."""
    for kind in (LINE, PROSE):
        assert kind.validate_python(text) == text
        assert kind.validate_json(kind.dump_json(text)) == text


@pytest.mark.parametrize("kind", [LINE, PROSE], ids=["line", "prose"])
@pytest.mark.parametrize("text", ["\u200d", "\xad", " \u200c\xa0\xad ", "\u200d \u200d"], ids=ascii)
def test_what_cannot_be_seen_is_not_a_text(kind: TypeAdapter[str], text: str) -> None:
    """Characters that only part and join say nothing by themselves."""
    with pytest.raises(ValidationError):
        kind.validate_python(text)


@EVERY_TEXT
@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\udc00\ud800"], ids=ascii)
def test_a_lone_surrogate_is_refused(kind: TypeAdapter[str], text: str) -> None:
    """Half of a character cannot be written down, neither as text nor as a JSON escape."""
    with pytest.raises(ValidationError):
        kind.validate_python(text)
    with pytest.raises(ValidationError):
        kind.validate_json('"' + ascii(text)[1:-1] + '"')


@pytest.mark.parametrize(
    ("kind", "longest"), [(NAME, 200), (LINE, 300), (PROSE, 4000), (CODE, 60)], ids=["name", "line", "prose", "code"]
)
def test_a_text_has_a_longest_length(kind: TypeAdapter[str], longest: int) -> None:
    """The longest is kept whole, one character more is refused, and so is none."""
    assert kind.validate_python("x" * longest) == "x" * longest
    for text in ("", "x" * (longest + 1)):
        with pytest.raises(ValidationError):
            kind.validate_python(text)


@pytest.mark.parametrize(("kind", "longest"), [(NAME, 200), (LINE, 300), (PROSE, 4000)], ids=["name", "line", "prose"])
def test_a_text_is_measured_as_it_is_kept(kind: TypeAdapter[str], longest: int) -> None:
    """A text that grows past its limit by NFC would be kept and never read again; it is refused instead."""
    with pytest.raises(ValidationError):
        kind.validate_python(GROWS_IN_NFC * (longest // 2 + 1))
    assert len(kind.validate_python(GROWS_IN_NFC * (longest // 2))) == longest


@EVERY_TEXT
def test_the_same_letter_is_always_written_the_same_way(kind: TypeAdapter[str]) -> None:
    """A and a ring beside it are kept as Å, so that equal texts compare equal."""
    assert kind.validate_python("A\u030asa") == "Åsa"


@EVERY_TEXT
@pytest.mark.parametrize("text", [" ", "\u00a0", "\u2003\u3000"], ids=ascii)
def test_blank_is_not_a_text(kind: TypeAdapter[str], text: str) -> None:
    """Spaces of any kind alone say nothing."""
    with pytest.raises(ValidationError):
        kind.validate_python(text)


@pytest.mark.parametrize("code", ["MA", "GRGRMAT01", "om-mig/trivs", "SVÅÄÖ_1.2:3+4"])
def test_a_code_has_letters_digits_and_a_few_marks(code: str) -> None:
    """Subject codes, question keys and scale steps as schools write them."""
    assert CODE.validate_python(code) == code


@pytest.mark.parametrize("code", ["two words", "a\n", "tab\t", "<b>", "A\u030a", "é", "٣", "a;b", "{x}"], ids=ascii)
def test_a_code_has_nothing_else(code: str) -> None:
    """No space, no markup, no letter that could be written in two ways."""
    with pytest.raises(ValidationError):
        CODE.validate_python(code)


@pytest.mark.parametrize("school_year", ["2026-2027", "26/27", "٢٠٢٦/٢٠٢٧", "2026/2027\n"], ids=ascii)
def test_a_school_year_is_written_with_plain_digits(school_year: str) -> None:
    """Two years with a slash between, nothing else."""
    with pytest.raises(ValidationError):
        PlanStarted(
            plan_id=PLAN,
            template_id=TEMPLATE,
            template_version=1,
            template=a_template_content(),
            school_year=school_year,
            term="HT",
        )


@pytest.mark.parametrize("years", ["4-", "٤-٦", "100", "4--6"], ids=ascii)
def test_the_years_of_a_syllabus_are_written_with_plain_digits(years: str) -> None:
    """One year, or two with a hyphen between."""
    with pytest.raises(ValidationError):
        SyllabusItem(subject="MA", years=years, kind=SyllabusKind.AIM, ordinal=1, version="0" * 64)


@pytest.mark.requirement("S-TPL-6")
@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "kursplan"])
def test_a_link_leads_to_the_web(url: str) -> None:
    """A template cannot carry an address that a browser would run."""
    with pytest.raises(ValidationError):
        Link.model_validate({"title": "Kursplan", "url": url})


def test_an_unknown_field_is_refused() -> None:
    """An event holds what its class says; nothing rides along."""
    with pytest.raises(ValidationError):
        ViewpointGiven.model_validate({"plan_id": PLAN, "text": "Läxor", "mood": "glad"})


def test_an_event_cannot_be_edited() -> None:
    """What became true stays as it was written."""
    event = ViewpointGiven(plan_id=PLAN, text="Läxor")
    with pytest.raises(ValidationError):
        event.text = "Inga läxor"
    with pytest.raises(ValidationError):
        PUPIL.name = "Någon annan"


@pytest.mark.requirement("S-ACC-6")
def test_who_wrote_is_always_named() -> None:
    """There is no actor without a person and a role."""
    for missing in ("person_id", "role", "name"):
        with pytest.raises(ValidationError):
            Actor.model_validate({"person_id": PLAN, "role": Role.PUPIL, "name": "Elsa"} | {missing: None})
