"""What people do with a plan, in the words that they read: each at a window of their own, whatever the language."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.api.client import Person
from tests.api.school import School
from tests.web.browser.conftest import Site
from web.texts import translations

PUPIL = "Pupil Testpupil"
"""The name that everybody reads."""
YELLOW = "rgb(185, 137, 0)"
"""The colour by day of what waits for somebody."""


def named(words: str, about: str) -> str | re.Pattern[str]:
    """The whole name of a button or link, as a screen reader says it: the words that are seen and what it is about."""
    return re.compile(rf"^{re.escape(words)}\s*: {re.escape(about)}$") if about else words


@dataclass(frozen=True, slots=True)
class Someone:
    """A person at a window; `say` puts our English words into those of the page."""

    page: Page
    say: Callable[..., str]

    def begins(self) -> None:
        """Come to the own start page."""
        self.page.goto("/")

    def begins_with(self, *sections: str) -> None:
        """See these on the own start page and nothing else, before anything has happened (S-NAV-8, S-GEN-8)."""
        self.begins()
        expected = [self.say(section) for section in (*sections, "Your own")]
        expect(self.page.get_by_role("main").get_by_role("heading", level=2)).to_have_text(expected)

    def opens_the_plan(self) -> None:
        """From the start page, by the symbol on the pupil's card (S-NAV-6)."""
        self.begins()
        self.page.get_by_role("link", name="IUP").filter(has_text=PUPIL).click()

    def says(self, text: str, **words: str) -> str:
        """Our English words, with those in them, in the language of the page."""
        return str(self.say(text)) % {name: self.say(word) for name, word in words.items()}

    def follows(self, link: str, about: str = "", within: Locator | None = None) -> None:
        """Click a link by its words; `about` is what only a screen reader says of it."""
        (within or self.page).get_by_role("link", name=named(self.say(link), about), exact=True).click()

    def turns_to(self, tab: str) -> None:
        """Choose a page of the plan among its tabs (S-NAV-11)."""
        tabs = self.page.get_by_role("navigation", name=self.say("Pages of the plan"))
        self.follows(tab, within=tabs)
        expect(tabs.locator("[aria-current=page]")).to_have_text(self.say(tab))

    def unfolds(self, words: str, within: Locator | None = None) -> None:
        """Open what is folded, by the words that stand there."""
        (within or self.page).locator("summary").filter(has_text=self.say(words)).click()

    def writes(self, label: str, text: str, within: Locator | None = None) -> None:
        """Write in a box, by its label."""
        (within or self.page).get_by_label(self.say(label), exact=True).fill(text)

    def ticks(self, label: str, *, exact: bool = True) -> None:
        """Tick a box or choose one of several, by its label or the beginning of it."""
        self.page.get_by_label(self.say(label), exact=exact).check()

    def presses(self, button: str, about: str = "", within: Locator | None = None, **words: str) -> None:
        """Press a button; `about` is what only a screen reader says of it, where there are several alike."""
        name = named(self.says(button, **words), about)
        (within or self.page).get_by_role("button", name=name, exact=True).click()

    def is_told(self, words: str) -> None:
        """Read what was done, on the page that the button led to."""
        expect(self.page.get_by_role("status")).to_have_text(self.say(words))

    def reads(self, *texts: str, within: Locator | None = None) -> None:
        """Find each text on the page, to be seen."""
        for text in texts:
            expect((within or self.page.get_by_role("main")).get_by_text(self.say(text)).first).to_be_visible()

    def is_offered(self, button: str, *, times: int, **words: str) -> None:
        """See as many buttons that begin with these words."""
        said = re.compile(f"^{re.escape(self.says(button, **words))}")
        found = self.page.get_by_role("button", name=said)
        expect(found).to_have_count(times)

    def part(self, name: str) -> Locator:
        """The part of the page that is called this."""
        return self.page.get_by_role("region", name=self.say(name), exact=True)

    def goal(self, text: str) -> Locator:
        """A goal on the page of the goals."""
        return self.page.get_by_role("article", name=text, exact=True)

    def answers(self, question: str, text: str, choice: str = "") -> None:
        """Answer one question of the page and save it (S-QUE-5)."""
        asked = self.part(question)
        if choice:
            asked.get_by_label(choice, exact=True).check()
        self.writes("Your answer", text, asked)
        self.presses("Save answer", question, asked)
        self.is_told("Saved.")
        expect(self.part(question).get_by_label(self.say("Your answer"))).to_have_value(text)

    def is_not_asked(self, question: str) -> None:
        """Read a question that is directed to others."""
        expect(self.part(question)).to_be_visible()
        expect(self.part(question).get_by_text(self.say("To you"), exact=True)).to_have_count(0)
        expect(self.part(question).get_by_role("textbox")).to_have_count(0)

    def proposes(self, text: str, **more: str) -> None:
        """Propose a goal on the page of the goals (S-TPL-5)."""
        self.turns_to("Min IUP")
        self.unfolds("Propose a goal")
        self.writes("The goal", text)
        self.writes("Activities", more.get("activities", ""))
        self.writes("Responsibility", more.get("responsibility", ""))
        self.ticks("Matematik")
        self.presses("Propose the goal")
        self.is_told("Your proposal is here, and everybody concerned has been told.")

    def evaluates(self, goal: str, text: str) -> None:
        """Write in the box at the bottom of a goal (S-GOA-10)."""
        self.turns_to("Min IUP")
        self.unfolds("Evaluate the goal", self.goal(goal))
        self.writes("How did the work towards the goal go, and what did you learn?", text, self.goal(goal))
        self.presses("Save the evaluation", within=self.goal(goal))
        self.is_told("Saved.")

    def hears(self, what: str) -> None:
        """Follow an unread notice from the start page to its exact place; it is read then (S-NAV-3, S-NOT-4)."""
        self.begins()
        notices = self.page.locator(".notice").get_by_role("link")
        expect(self.page.locator(".notice").first).to_have_css("border-left-color", YELLOW)
        notice = notices.filter(has_text=self.say(what)).first
        number = notice.get_attribute("href")
        notice.click()
        place = self.page.url
        anchor = place.partition("#")[2]
        expect(self.page.locator(f'[id="{anchor}"]' if anchor else "h1")).to_be_in_viewport()
        self.begins()
        expect(self.page.locator(f'a[href="{number}"]')).to_have_count(0)
        self.page.goto(place)


@dataclass(frozen=True, slots=True)
class People:
    """The four of them, each in a browser of their own."""

    pupil: Someone
    guardian: Someone
    teacher: Someone
    mentor: Someone

    @property
    def all(self) -> Sequence[Someone]:
        """Everybody."""
        return self.pupil, self.guardian, self.teacher, self.mentor


def people(site: Site, school: School, *, language: str, scripts: bool) -> People:
    """A school's pupil, guardian, teacher of mathematics and mentor; the pupil has signed in as pupils do."""

    def window(person: Person, level: int = 2) -> Someone:
        page = site.window_of(person, level=level, language=language, java_script_enabled=scripts)
        return Someone(page, translations(language[:2]).gettext)

    return People(window(school.pupil, 1), window(school.guardian), window(school.teacher), window(school.mentor))
