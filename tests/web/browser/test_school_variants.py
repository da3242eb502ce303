"""What differs from school to school and from year to year: the modules, the template, and who writes for a child."""

import pytest
from playwright.sync_api import expect

from tests.api.school import School, add_pupil
from tests.api.template import approved, template
from tests.web.browser.conftest import Site
from tests.web.browser.year import PUPIL, Someone, people

PLAY = "Vad tycker du om att leka?"
LIKES = "Jag tycker om att bygga."


@pytest.mark.requirement("S-NAV-7", surface="browser")
@pytest.mark.requirement("S-GEN-9", surface="browser")
@pytest.mark.requirement("S-MOD-1", surface="browser")
def test_a_pupil_has_the_modules_that_the_school_uses(site: Site, own_school: School) -> None:
    """Each with a symbol of its own; what is switched off is neither offered nor found by its address."""
    own_school.start()
    guardian = people(site, own_school, language="sv-SE", scripts=True).guardian
    modules = guardian.page.locator(".cards").get_by_role("heading")
    guardian.begins()
    guardian.follows(PUPIL)
    expect(modules).to_have_text(["IUP", "Fokus", "Bedömning", "Lärblogg", "Arkiv"])
    symbols = guardian.page.locator(".cards img.symbol")
    assert len({symbols.nth(each).get_attribute("src") for each in range(symbols.count())}) == 5
    guardian.page.wait_for_function("[...document.images].every((image) => image.naturalWidth)")
    guardian.follows("Fokus")
    address = guardian.page.url
    assert own_school.principal.put(f"schools/{own_school.id}/modules", modules=["assessment"]).status == 200
    guardian.begins()
    guardian.follows(PUPIL)
    expect(modules).to_have_text(["IUP", "Bedömning", "Arkiv"])
    answer = guardian.page.goto(address)
    assert answer
    assert answer.status == 404


def start_from_the_only_template(mentor: Someone, school: School, name: str) -> None:
    """The mentor is offered what fits the pupil's year, and nothing else."""
    mentor.page.goto(f"/elever/{school.student}/iup")
    mentor.follows("Start a plan")
    expect(mentor.page.get_by_role("group", name="Mall").get_by_role("radio")).to_have_count(1)
    mentor.reads(name)
    mentor.presses("Start the plan")
    mentor.is_told("The new plan is started, and everybody has been told.")
    mentor.turns_to("Om mig")


@pytest.mark.requirement("S-TPL-7", surface="browser")
@pytest.mark.requirement("S-TPL-10", surface="browser")
@pytest.mark.requirement("S-GEN-7", surface="browser")
def test_in_the_preschool_class_adults_write_with_the_child(site: Site, own_school: School) -> None:
    """Each year has its own questions; who wrote in the child's field, and for whom, stands there."""
    content = template("IUP förskoleklass", (0,), proxy=True)
    content["pages"][0]["questions"][0]["text"] = PLAY
    approved(own_school, content)
    older = people(site, own_school, language="sv-SE", scripts=True)
    start_from_the_only_template(older.mentor, own_school, "IUP år 4-6")
    older.guardian.opens_the_plan()
    older.guardian.turns_to("Om mig")
    older.guardian.is_not_asked("Hur trivs du i skolan?")

    school = add_pupil(site.made.api, own_school.known, site.made.issue, grade=0)
    young = people(site, school, language="sv-SE", scripts=True)
    start_from_the_only_template(young.mentor, school, "IUP förskoleklass")
    young.mentor.is_not_asked(PLAY)
    young.guardian.opens_the_plan()
    young.guardian.turns_to("Om mig")
    asked = young.guardian.part(PLAY)
    asked.get_by_label(f"Vad {PUPIL} säger; skriv det tillsammans").fill(LIKES)
    young.guardian.presses("Save answer", PLAY, asked)
    young.guardian.is_told("Saved.")
    young.mentor.page.reload()
    young.mentor.reads(LIKES, f"Skrivet av Guardian Testguardian för {PUPIL}", within=young.mentor.part(PLAY))
