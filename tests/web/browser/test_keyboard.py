"""A plan by keyboard alone: each stop is seen, and whatever a pointer does is done with Tab, Enter and Space."""

from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.api.school import School
from tests.web.browser.conftest import Site

_MOST_STOPS = 80
_HERE = """() => {
  const here = document.activeElement, look = getComputedStyle(here), box = here.getBoundingClientRect();
  const label = here.labels && here.labels.length ? here.labels[0].innerText : here.innerText;
  return {
    words: label.trim(), id: here.id, kind: here.localName,
    ring: look.outlineStyle === 'none' ? 0 : parseFloat(look.outlineWidth),
    seen: box.width > 1 && box.bottom > 0 && box.top < innerHeight,
  };
}"""


@dataclass(frozen=True, slots=True)
class Keyboard:
    """Somebody at a page who has no pointer."""

    page: Page

    def here(self) -> dict[str, Any]:
        """Where the keyboard is."""
        found: dict[str, Any] = self.page.evaluate(_HERE)
        return found

    def presses(self, key: str) -> None:
        """Press a key."""
        self.page.keyboard.press(key)

    def comes_to(self, words: str, kind: str, key: str = "Tab") -> None:
        """Press Tab until the stop with these words; every stop on the way has a ring round it, on the screen."""
        for _ in range(_MOST_STOPS):
            self.presses(key)
            here = self.here()
            assert here["ring"] >= 2, here
            assert here["seen"], here
            if here["kind"] == kind and here["words"].startswith(words):
                return
        pytest.fail(f"no stop is called {words}")

    def skips(self) -> None:
        """Take the link at the top of the page that leads past what stands on every page."""
        self.comes_to("Gå till innehållet", "a")
        self.presses("Enter")
        assert self.here()["id"] == "innehall"

    def goes_to_tab(self, title: str) -> None:
        """Choose one of the plan's pages."""
        self.skips()
        self.comes_to(title, "a")
        self.presses("Enter")
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(title)

    def is_told(self, words: str) -> None:
        """Read what was done."""
        expect(self.page.get_by_role("status")).to_contain_text(words)


def test_a_pupil_prepares_and_agrees_without_a_pointer(site: Site, school: School) -> None:
    """Answers in words and on a scale, turns to other pages, proposes a goal after an error, and agrees."""
    plan = f"/elever/{school.student}/iup/{school.start().rsplit('/', 1)[-1]}"
    page = site.window_of(school.pupil, level=1)
    keyboard = Keyboard(page)
    page.goto(f"{plan}/om-mig")
    keyboard.skips()
    keyboard.comes_to("Ditt svar", "textarea")
    page.keyboard.type("Bra med kompisarna.")
    keyboard.comes_to("Spara svar", "button")
    keyboard.presses("Enter")
    keyboard.is_told("Sparat.")
    expect(page.get_by_label("Ditt svar")).to_have_value("Bra med kompisarna.")

    page.goto(f"{plan}/om-mig")
    keyboard.goes_to_tab("Min utveckling")
    keyboard.comes_to("Lätt", "input")
    keyboard.presses("Space")
    expect(page.get_by_label("Lätt")).to_be_checked()
    keyboard.comes_to("Spara svar", "button")
    keyboard.presses("Space")
    keyboard.is_told("Sparat.")

    page.goto(f"{plan}/om-mig")
    keyboard.goes_to_tab("Min IUP")
    keyboard.comes_to("Föreslå ett mål", "summary")
    keyboard.presses("Enter")
    keyboard.comes_to("Föreslå målet", "button")
    keyboard.presses("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    keyboard.comes_to("", "a")
    keyboard.presses("Enter")
    expect(page.get_by_label("Målet", exact=True)).to_be_focused()
    page.keyboard.type("Jag vill kunna tiokamraterna")
    keyboard.comes_to("Föreslå målet", "button")
    keyboard.presses("Enter")
    keyboard.is_told("Ditt förslag finns här")

    page.goto(f"{plan}/om-mig")
    keyboard.goes_to_tab("Samtalet")
    keyboard.comes_to("Jag är överens om planen", "button")
    keyboard.presses("Space")
    keyboard.is_told("Du är överens")
