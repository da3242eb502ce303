"""The contact list of a class, for those who may see it, and what each shows there."""

import pytest
from playwright.sync_api import expect

from tests.api.school import School
from tests.web.browser.conftest import PHONE, Photograph, Site
from tests.web.browser.pages import faults
from tests.web.browser.test_settings import BOXES, SETTINGS, save


@pytest.mark.requirement("S-CON-2", surface="browser")
@pytest.mark.requirement("S-CON-3", surface="browser")
@pytest.mark.requirement("S-CON-4", surface="browser")
def test_the_class_sees_a_guardians_details_once_the_box_is_unticked(
    site: Site, own_school: School, photograph: Photograph
) -> None:
    """Hidden from the class until then, never from the child's teacher."""
    school = own_school
    address = f"/klasser/{school.group}/kontaktlista"
    guardian, teacher, other = (
        site.window_of(person, viewport=PHONE) for person in (school.guardian, school.teacher, school.outsider)
    )
    guardian.goto(SETTINGS)
    guardian.get_by_label("Mobil").fill("070-123 45 67")
    guardian.get_by_label("E-post", exact=True).fill("en.adress.som.inte.ryms.pa.en.rad@telefonskarm.exempel.se")
    save(guardian)
    for page, sees in ((teacher, True), (other, False)):
        page.goto(address)
        child = page.get_by_role("article", name="Pupil Testpupil")
        expect(child.get_by_role("heading", name="Guardian Testguardian")).to_be_visible()
        expect(child.get_by_role("link", name="070-123 45 67")).to_have_count(int(sees))
    guardian.get_by_label(BOXES[0]).uncheck()
    save(guardian)
    other.goto(address)
    expect(other.get_by_role("link", name="070-123 45 67")).to_have_attribute("href", "tel:0701234567")
    assert faults(other) == []
    photograph(other, "contact-list-shown")


def test_nobody_from_elsewhere_reaches_the_list(site: Site, school: School, own_school: School) -> None:
    """The page is that of a class that does not exist."""
    page = site.window_of(school.outsider)
    answers = []
    for group in (own_school.group, "00000000-0000-4000-8000-000000000000"):
        response = page.goto(f"/klasser/{group}/kontaktlista")
        assert response
        answers.append((response.status, page.get_by_role("main").inner_text()))
    assert answers[0] == answers[1]
    assert answers[0][0] == 404


@pytest.mark.requirement("S-SET-2", surface="browser")
@pytest.mark.requirement("S-SET-5", surface="browser")
def test_the_class_and_the_staff_read_what_a_person_says_of_oneself(
    site: Site, own_school: School, school: School, photograph: Photograph
) -> None:
    """From the contact list; somebody who has nothing to do with the class meets a page that does not exist."""
    guardian = site.window_of(own_school.guardian)
    guardian.goto(SETTINGS)
    guardian.get_by_label("Beskriv dig själv").fill("Förälder till Pupil.\nSpelar tuba.")
    save(guardian)
    page = site.window_of(own_school.outsider, viewport=PHONE)
    page.goto(f"/klasser/{own_school.group}/kontaktlista")
    page.get_by_role("link", name="Guardian Testguardian").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Guardian Testguardian")
    expect(page.get_by_text("Spelar tuba.")).to_be_visible()
    photograph(page, "profile")
    assert faults(page) == []
    address = page.url
    for person, status in ((own_school.staff, 200), (school.outsider, 404)):
        response = site.window_of(person).goto(address)
        assert response
        assert response.status == status
