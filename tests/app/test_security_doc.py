"""The page on security: the standard's requirements each once, the tests it names there, what is open said as open."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
SECTIONS = {6: (3, 12, 8, 6, 8, 4, 2, 4), 7: (3, 4, 2, 5, 3, 2), 8: (4, 4, 3, 2), 10: (2, 3, 5, 16, 5, 2, 3)}
"""How many requirements each section of the four chapters has in ASVS 5.0.0."""
ROWS = re.findall(r"^\| V([\d.]+) \| ([123]) \| [^|]+ \| (held|provider|n/a|open) \| ([^|]*)\|$", PAGE, re.MULTILINE)
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))
TEMPLATES = sorted((ROOT / "web" / "templates").rglob("*.html"))


def test_every_requirement_of_the_four_chapters_is_there_once() -> None:
    """In the standard's order, and in no other form."""
    asked = [
        f"{chapter}.{section}.{number}"
        for chapter, sections in SECTIONS.items()
        for section, count in enumerate(sections, start=1)
        for number in range(1, count + 1)
    ]
    assert [row[0] for row in ROWS] == asked
    assert len(re.findall(r"^\| V\d", PAGE, re.MULTILINE)) == len(asked)


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_every_test_that_the_page_names_is_there(path: str, name: str) -> None:
    """A test that gets another name gets it here too."""
    assert re.search(rf"^(async )?def {name}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)


def test_what_is_held_says_by_what() -> None:
    """A test, or the page or rule where it is written down."""
    assert not [row[0] for row in ROWS if row[2] == "held" and not row[3].strip()]


def test_what_is_open_is_said_once_more_with_what_could_be_done() -> None:
    """And what is not open is not."""
    said = PAGE[PAGE.index("## What is open") : PAGE.index("## OWASP ASVS")]
    assert set(re.findall(r"V([\d.]*\d)", said)) == {row[0] for row in ROWS if row[2] == "open"}
    entries = re.findall(r"^\d+\. (.*?)(?=^\d+\. |\Z)", said, re.MULTILINE | re.DOTALL)
    assert entries
    assert all("*Proposal:*" in entry for entry in entries)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([\w/.-]+\.md)\)", PAGE))))
def test_every_page_that_it_leads_to_is_there(link: str) -> None:
    """In the same folder or below."""
    assert (ROOT / "docs" / link).is_file()


@pytest.mark.requirement("S-ACC-7")
def test_no_page_asks_for_a_password() -> None:
    """They are typed at the providers, who keep them."""
    assert TEMPLATES
    for template in TEMPLATES:
        assert "password" not in re.findall(r'type="(\w+)"', template.read_text(encoding="utf-8")), template.name


@pytest.mark.requirement("S-ACC-10")
def test_every_page_has_a_way_to_sign_out() -> None:
    """The frame has it, and every page is in the frame."""
    frame = next(template for template in TEMPLATES if template.name == "base.html")
    assert "/logga-ut" in frame.read_text(encoding="utf-8")
    for template in TEMPLATES:
        text = template.read_text(encoding="utf-8")
        assert template == frame or "<html" not in text, template.name
