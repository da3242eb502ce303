"""The conversation in a browser: read, talk about, look at a text, agree, lock, follow up, and start the next plan."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.api.client import Person
from tests.api.school import School
from tests.web.browser.conftest import DESK, PHONE, Photograph, Site

TEXT = "Jag trivs bra med matten."


def kept(page: Page, photograph: Photograph, name: str) -> None:
    """Photographs the page as people meet it."""
    for width, size in (("phone", PHONE), ("desk", DESK)):
        page.set_viewport_size(size)
        photograph(page, f"{name}-{width}")


class Conversation:
    """A plan of a school, and the windows of those who hold the conversation about it."""

    def __init__(self, site: Site, school: School) -> None:
        self.site, self.school = site, school
        plan = school.start()
        assert school.pupil.put(f"{plan}/answers/trivs", text=TEXT).status == 200
        self.plan = plan
        self.address = f"/elever/{school.student}/iup/{plan.rsplit('/', 1)[-1]}"

    def window(self, person: Person, page: str = "samtalet", **more: Any) -> Page:  # noqa: ANN401 - of a browser
        """A window of the person's own, with a page of the plan in it."""
        level = 1 if person.person_id == self.school.pupil.person_id else 2
        window = self.site.window_of(person, level=level, **more)
        window.goto(f"{self.address}/{page}")
        return window


@pytest.fixture
def conversation(site: Site, school: School) -> Conversation:
    """A plan in which the pupil has answered."""
    return Conversation(site, school)


@pytest.mark.requirement("S-SAM-1", surface="browser")
@pytest.mark.requirement("S-SAM-2", surface="browser")
@pytest.mark.requirement("S-SAM-3", surface="browser")
@pytest.mark.requirement("S-FRE-6", surface="browser")
@pytest.mark.requirement("S-AGR-1", surface="browser")
@pytest.mark.requirement("S-AGR-2", surface="browser")
@pytest.mark.requirement("S-AGR-3", surface="browser")
def test_from_reading_to_the_locked_plan(conversation: Conversation, school: School, photograph: Photograph) -> None:
    """A guardian on a phone reads, writes, asks about a text and agrees; the mentor looks at it, and alone locks."""
    guardian = conversation.window(school.guardian, viewport=PHONE)
    guardian.get_by_role("button", name="Jag har läst planen").click()
    expect(guardian.get_by_role("status")).to_contain_text("Du har bekräftat")
    guardian.get_by_label("Vad vill du ta upp på samtalet?").fill("Läxorna tar lång tid.")
    guardian.get_by_role("region", name="Att prata om").get_by_role("button", name="Spara").click()
    expect(guardian.get_by_role("status")).to_have_text("Sparat.")

    guardian.goto(f"{conversation.address}/om-mig")
    guardian.get_by_role("link", name=re.compile("Säg till mentorn om texten.*trivs")).click()
    expect(guardian.get_by_text(TEXT)).to_be_visible()
    kept(guardian, photograph, "concern")
    guardian.get_by_label("Vad ska mentorn titta på?").fill("Ska det verkligen stå här?")
    guardian.get_by_role("button", name="Säg till mentorn").click()
    expect(guardian.get_by_role("link", name="Mentorn har blivit ombedd att titta på texten")).to_be_visible()

    mentor = conversation.window(school.mentor)
    expect(mentor.get_by_text("Läxorna tar lång tid.")).to_be_visible()
    expect(mentor.get_by_role("article", name=re.compile("^Svar")).get_by_text(TEXT)).to_be_visible()
    kept(mentor, photograph, "conversation-mentor")
    mentor.get_by_label("Vad kom du fram till, och vad gjordes?").fill("Vi är överens om att det får stå.")
    mentor.get_by_role("button", name="Avsluta").click()
    expect(mentor.get_by_role("article", name=re.compile("^Svar"))).to_contain_text("Genomgången")

    guardian.goto(f"{conversation.address}/samtalet")
    for window in (guardian, conversation.window(school.pupil)):
        expect(window.get_by_role("button", name="Markera överenskommen")).to_have_count(0)
        window.get_by_role("button", name="Jag är överens om planen").click()
        expect(window.get_by_role("status")).to_contain_text("Du är överens")
    mentor.reload()
    mentor.get_by_role("button", name="Markera överenskommen").click()
    expect(mentor.get_by_role("status")).to_contain_text("Planen är låst som överenskommen")
    kept(mentor, photograph, "conversation-locked")

    guardian.goto(f"{conversation.address}/samtalet")
    expect(guardian.get_by_role("region", name="Överenskommelse")).to_contain_text("Planen är låst som överenskommen.")
    guardian.get_by_label("Hur var samtalet, och vad kan bli bättre nästa gång?").fill("Vi fick tid.")
    guardian.get_by_role("region", name="Hur samtalet gick").get_by_role("button", name="Spara").click()
    expect(guardian.get_by_role("status")).to_have_text("Sparat.")
    kept(guardian, photograph, "conversation-guardian")


@pytest.mark.requirement("S-AGR-4", surface="browser")
@pytest.mark.requirement("S-ARC-1", surface="browser")
def test_a_plan_is_followed_evaluated_and_archived_by_the_next(
    conversation: Conversation, school: School, photograph: Photograph
) -> None:
    """All read the locked plan during the term; it is evaluated before the mentor starts the next, without a script."""
    goal = school.propose(conversation.plan)
    school.accept(goal)
    mentor = conversation.window(school.mentor, java_script_enabled=False)
    reasons = mentor.get_by_label(re.compile("Varför låser du planen ändå"))
    expect(reasons).to_have_count(2)
    mentor.get_by_role("button", name="Markera överenskommen").click()
    expect(mentor.get_by_role("alert").get_by_role("link")).to_have_count(2)
    kept(mentor, photograph, "lock-wrong")
    for number in (0, 1):
        reasons.nth(number).fill("De kunde inte komma, vi har talats vid.")
    mentor.get_by_role("button", name="Markera överenskommen").click()
    expect(mentor.get_by_role("status")).to_contain_text("Planen är låst som överenskommen")
    for person in (school.pupil, school.guardian, school.teacher):
        expect(conversation.window(person, "min-iup").get_by_text("tiokamraterna").first).to_be_visible()

    start = f"/elever/{school.student}/iup/ny"
    mentor.goto(start)
    expect(mentor.get_by_text("1 mål i den är inte utvärderat.")).to_be_visible()
    kept(mentor, photograph, "start-hindered")
    assert school.guardian.put(f"{goal}/evaluation", text="Hon räknar snabbare nu.").status == 200
    mentor.goto(start)
    mentor.get_by_label("Jag vill kunna tiokamraterna").check()
    kept(mentor, photograph, "start")
    mentor.get_by_role("button", name="Starta planen").click()
    expect(mentor.get_by_role("status")).to_contain_text("Den nya planen är startad")
    assert conversation.address not in mentor.url
    mentor.goto(f"{conversation.address}/samtalet")
    expect(mentor.get_by_role("region", name="Överenskommelse")).to_contain_text("Planen är låst som överenskommen.")
    expect(mentor.locator("main form")).to_have_count(0)
