"""The plans of a class, a reminder that arrives, and looking back: the archive and a plan as it was on a day."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.api.conftest import Installation
from tests.api.school import School, relate
from tests.web.browser.conftest import DESK, PHONE, Photograph, Site
from tests.web.browser.pages import faults, violations


@pytest.mark.requirement("S-GEN-8", surface="browser")
def test_a_mentor_follows_the_class_and_reminds(site: Site, own_school: School, photograph: Photograph) -> None:
    """Only one's own pupils, as a table at a desk and as cards on a phone; the guardian finds the reminder at once."""
    school = own_school
    plan = school.start()
    school.propose(plan)
    school.pupil.put(f"{plan}/answers/trivs", text="Bra")
    page = site.window_of(school.mentor)
    page.goto("/")
    page.get_by_role("link", name="Klassens planer").click()
    expect(page.get_by_role("rowheader")).to_have_text(["Pupil Testpupil"])
    own = school.mentor.acting_as
    relate(school, "mentor", school.other_student, "mentor")
    school.known.people["mentor"]["acting_as"] = own
    page.reload()
    expect(page.get_by_role("rowheader")).to_have_text(["Classmate Testclassmate", "Pupil Testpupil"])
    photograph(page, "class-desk")
    page.get_by_role("columnheader", name="Svar").get_by_role("link").click()
    expect(page.get_by_role("rowheader")).to_have_text(["Pupil Testpupil", "Classmate Testclassmate"])
    page.set_viewport_size(PHONE)
    photograph(page, "class-phone")
    assert faults(page) + violations(page) == []
    page.locator("tbody").get_by_role("button", name="Pupil Testpupil").click()
    expect(page.get_by_role("status")).to_contain_text("får en notis")
    photograph(page, "class-reminded")
    guardian = site.window_of(school.guardian, viewport=PHONE)
    guardian.goto("/")
    guardian.get_by_role("link", name="påminner dig om att förbereda").click()
    expect(guardian.get_by_role("heading", level=1)).to_contain_text("Pupil Testpupil")
    assert guardian.url.endswith(plan.rsplit("/", 1)[1])


@pytest.mark.requirement("S-ROL-6", surface="browser")
def test_a_principal_goes_from_the_schools_classes_to_a_plan(
    site: Site, own_school: School, photograph: Photograph
) -> None:
    """Start page, class, pupil: as others read it, with nothing to press that would be refused."""
    school = own_school
    school.start()
    page = site.window_of(school.principal)
    page.goto("/")
    expect(page.get_by_role("heading", name="Skolans klasser")).to_be_visible()
    page.get_by_role("link", name="Klassens planer").click()
    expect(page.get_by_role("rowheader")).to_have_text(["Classmate Testclassmate", "Pupil Testpupil"])
    expect(page.locator("main form")).to_have_count(0)
    photograph(page, "class-principal")
    assert faults(page) + violations(page) == []
    page.get_by_role("link", name="Pupil Testpupil").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Pupil Testpupil")
    expect(page.get_by_role("link", name="Om mig")).to_be_visible()


@pytest.mark.requirement("S-ARC-1", surface="browser")
@pytest.mark.requirement("S-ARC-2", surface="browser")
def test_a_guardian_looks_back(
    site: Site, own_school: School, installation: Installation, photograph: Photograph
) -> None:
    """The plan before stands in the archive as it was; a day of it is chosen, and every tab stays on that day."""
    school = own_school
    first, goal = school.locked_with_goal()
    installation.clock.offset = timedelta(days=1)
    school.guardian.put(f"{goal}/evaluation", text="Det gick fint")
    school.start(term="VT", carry_over=[goal.rsplit("/", 1)[1]])
    page = site.window_of(school.guardian)
    page.goto(f"/elever/{school.student}")
    page.get_by_role("link", name="Arkiv").click()
    expect(page.get_by_text("Mål som följde med till den här planen")).to_be_visible()
    photograph(page, "archive-desk")
    assert faults(page) + violations(page) == []
    page.get_by_role("link", name="höstterminen").click()
    expect(page.get_by_text("Den här planen är arkiverad")).to_be_visible()
    page.get_by_role("link", name="Vad som har hänt i planen").click()
    photograph(page, "history-desk")
    assert faults(page) + violations(page) == []
    page.locator("h2 a").last.click()
    expect(page.locator(".as-it-was")).to_contain_text("Så här såg det ut")
    page.get_by_role("link", name="Min IUP").click()
    expect(page.locator(".as-it-was")).to_be_visible()
    expect(page.get_by_text("Det gick fint")).to_have_count(0)
    expect(page.locator("main form")).to_have_count(0)
    page.set_viewport_size(PHONE)
    photograph(page, "as-it-was-phone")
    page.set_viewport_size(DESK)
    assert faults(page) + violations(page) == []
    page.get_by_role("link", name="Se hur det är nu").click()
    expect(page.get_by_text("Det gick fint")).to_have_count(1)
    assert first.rsplit("/", 1)[1] in page.url
