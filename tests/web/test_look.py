"""The colours can be told apart, in every look, by day and by night."""

import re
from pathlib import Path

import pytest

from events.person import Theme

CSS = (Path(__file__).parent.parent.parent / "web" / "static" / "liggare.css").read_text("utf-8")
TEXT, SHAPE = 4.5, 3.0
"""What WCAG 2.2 asks for: of text, and of what shows where a field or a choice is."""
PAIRS = [
    ("ink", "ground", TEXT),
    ("ink", "sheet", TEXT),
    ("ink", "yellow-tint", TEXT),
    ("ink", "green-tint", TEXT),
    ("ink", "red-tint", TEXT),
    ("faded", "ground", TEXT),
    ("faded", "sheet", TEXT),
    ("green", "ground", TEXT),
    ("green", "sheet", TEXT),
    ("green", "green-tint", TEXT),
    ("green", "yellow-tint", TEXT),
    ("green", "red-tint", TEXT),
    ("on-green", "green", TEXT),
    ("red", "ground", TEXT),
    ("red", "sheet", TEXT),
    ("focus", "ground", SHAPE),
    ("focus", "sheet", SHAPE),
    ("yellow", "yellow-tint", SHAPE - 0.5),  # a band beside words that say the same
    ("faded", "sheet", SHAPE),
]


def tokens(theme: Theme, night: int) -> dict[str, str]:
    """Each colour of a look: by day (0) or by night (1)."""
    blocks = [CSS.split(":root {", 1)[1].split("}", 1)[0]]
    blocks += re.findall(rf'\[data-theme="{theme}"\] {{([^}}]*)}}', CSS)
    return {
        name: (day, dark)[night]
        for block in blocks
        for name, day, dark in re.findall(r"--([a-z-]+): light-dark\((#\w{6}), (#\w{6})\)", block)
    }


def contrast(one: str, other: str) -> float:
    """How far apart two colours are, from 1 to 21, as WCAG counts it."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """How bright a colour is."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("night", [0, 1])
@pytest.mark.parametrize("theme", Theme)
def test_words_stand_out_from_what_they_stand_on(theme: Theme, night: int) -> None:
    """Whoever sees badly reads them too; a look changes the ground and must leave this as it is."""
    found = tokens(theme, night)
    weak = {
        (a, b): round(contrast(found[a], found[b]), 2) for a, b, least in PAIRS if contrast(found[a], found[b]) < least
    }
    assert weak == {}


@pytest.mark.parametrize("theme", [theme for theme in Theme if theme is not Theme.PAPER])
def test_every_look_but_the_first_has_a_ground_of_its_own(theme: Theme) -> None:
    """A look that looks like the first would be no choice (S-SET-4)."""
    assert tokens(theme, 0)["ground"] != tokens(Theme.PAPER, 0)["ground"]
    assert tokens(theme, 1)["ground"] != tokens(Theme.PAPER, 1)["ground"]
