"""Goals in a browser: proposed, agreed on, taken up the staircase, written about in the learning blog, evaluated."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.api.client import Person
from tests.api.school import School
from tests.web.browser.conftest import DESK, PHONE, Photograph, Site
from tests.web.browser.pages import faults

TEXT = "Läsa en bok i veckan"


def kept(page: Page, photograph: Photograph, name: str) -> None:
    """Photographs the page as people meet it, and looks for what they would stumble on."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width, size in (("phone", PHONE), ("desk", DESK)):
            page.set_viewport_size(size)
            photograph(page, f"{name}-{width}-{scheme}")
    page.set_viewport_size({"width": 320, "height": 640})
    assert faults(page) == []


class Goals:
    """A plan of a school, and the windows of those who have goals in it."""

    def __init__(self, site: Site, school: School) -> None:
        self.site, self.school, self.plan = site, school, school.start()
        self.address = f"/elever/{school.student}/iup/{self.plan.rsplit('/', 1)[-1]}/min-iup"

    def window(self, person: Person) -> Page:
        """A window of the person's own, with the goals in it."""
        window = self.site.window_of(person, level=1 if person.person_id == self.school.pupil.person_id else 2)
        window.goto(self.address)
        return window


def the_goal(page: Page) -> Locator:
    """The goal that the story is about."""
    return page.get_by_role("article", name=TEXT)


def step(page: Page) -> Locator:
    """The step that the goal is on."""
    return the_goal(page).locator("[aria-current=step]")


def propose(page: Page, photograph: Photograph) -> None:
    """The pupil proposes a goal with all that belongs to it."""
    page.get_by_text("Föreslå ett mål").click()
    page.get_by_label("Målet").fill(TEXT)
    page.get_by_label("Aktiviteter").fill("Läsa en stund varje kväll.")
    page.get_by_label("Ansvar").fill("Jag väljer böcker, mamma påminner.")
    page.get_by_label("Svenska").check()
    kept(page, photograph, "goal-new")
    page.get_by_role("button", name="Föreslå målet").click()
    expect(page.get_by_role("status")).to_contain_text("Ditt förslag finns här")


@pytest.mark.requirement("S-TPL-5", surface="browser")
@pytest.mark.requirement("S-GOA-1", surface="browser")
@pytest.mark.requirement("S-GOA-2", surface="browser")
@pytest.mark.requirement("S-GOA-3", surface="browser")
@pytest.mark.requirement("S-GOA-4", surface="browser")
@pytest.mark.requirement("S-GOA-5", surface="browser")
@pytest.mark.requirement("S-GOA-6", surface="browser")
@pytest.mark.requirement("S-GOA-7", surface="browser")
@pytest.mark.requirement("S-GOA-8", surface="browser")
@pytest.mark.requirement("S-GOA-9", surface="browser")
@pytest.mark.requirement("S-GOA-10", surface="browser")
@pytest.mark.requirement("S-BLG-3", surface="browser")
def test_from_a_proposal_to_what_came_of_it(site: Site, school: School, photograph: Photograph) -> None:
    """The pupil proposes, all see it, the mentor accepts; it climbs to Klart, a teacher confirms, all evaluate."""
    goals = Goals(site, school)
    pupil, mentor = goals.window(school.pupil), goals.window(school.mentor)
    propose(pupil, photograph)
    guardian = goals.window(school.guardian)
    expect(the_goal(guardian)).to_contain_text("Föreslaget av Pupil Testpupil, elev")
    expect(the_goal(guardian)).to_contain_text("Läsa en stund varje kväll.")
    expect(the_goal(guardian).get_by_role("button")).to_have_count(0)
    mentor.reload()
    kept(mentor, photograph, "goal-proposed")
    the_goal(mentor).get_by_role("button", name="Godta målet").click()
    expect(step(mentor)).to_contain_text("Nytt")
    school.lock(goals.plan)
    _climb(pupil, photograph)
    _confirm(goals, photograph)
    _look_back(goals, guardian, photograph)


def _climb(pupil: Page, photograph: Photograph) -> None:
    """The pupil starts the goal, writes about it, and finds it done; further the pupil does not come."""
    pupil.reload()
    the_goal(pupil).get_by_role("button", name="Till Påbörjat").click()
    expect(step(pupil)).to_contain_text("Påbörjat")
    kept(pupil, photograph, "goal-started")
    the_goal(pupil).get_by_role("link", name="Skriv i lärbloggen om målet").click()
    expect(pupil.get_by_label(TEXT)).to_be_checked()
    pupil.get_by_label("Vad har du gjort").fill("Jag har läst tre böcker och berättat om dem.")
    pupil.get_by_role("button", name="Skriv i lärbloggen").click()
    expect(pupil.get_by_role("article")).to_contain_text("tre böcker")
    kept(pupil, photograph, "learning-blog")
    pupil.get_by_role("article").get_by_role("link", name=TEXT).click()
    the_goal(pupil).get_by_role("button", name="Till Klart").click()
    expect(step(pupil)).to_contain_text("Klart")
    expect(the_goal(pupil).locator(".staircase button")).to_have_count(0)


def _confirm(goals: Goals, photograph: Photograph) -> None:
    """The mentor opens it again with a reason, and a teacher confirms it in the end."""
    mentor = goals.window(goals.school.mentor)
    the_goal(mentor).get_by_text("Öppna målet igen").first.click()
    the_goal(mentor).get_by_label("Varför fortsätter arbetet?").fill("En bok till.")
    kept(mentor, photograph, "goal-done")
    the_goal(mentor).get_by_role("button", name="Öppna målet igen").click()
    expect(step(mentor)).to_contain_text("Påbörjat")
    the_goal(mentor).get_by_role("button", name="Till Klart").click()
    teacher = goals.window(goals.school.teacher)
    the_goal(teacher).get_by_role("button", name="Till Uppnått").click()
    expect(step(teacher)).to_contain_text("Uppnått")


def _look_back(goals: Goals, guardian: Page, photograph: Photograph) -> None:
    """A guardian evaluates at the bottom of the goal, and finds every goal under Focus."""
    guardian.reload()
    the_goal(guardian).get_by_text("Utvärdera målet").click()
    the_goal(guardian).get_by_label("Hur gick arbetet mot målet").fill("Hon läser av sig själv nu.")
    the_goal(guardian).get_by_role("button", name="Spara utvärderingen").click()
    expect(guardian.get_by_role("status")).to_have_text("Sparat.")
    kept(guardian, photograph, "goal-achieved")
    guardian.goto(f"/elever/{goals.school.student}/fokus")
    expect(guardian.get_by_role("heading", name=TEXT)).to_be_visible()
    expect(guardian.locator("[aria-current=step]")).to_contain_text("Uppnått")
    kept(guardian, photograph, "focus")
    guardian.get_by_role("link", name=TEXT).click()
    expect(the_goal(guardian)).to_contain_text("Till Uppnått: bekräftar att målet är nått: Teacher Testteacher, lärare")
