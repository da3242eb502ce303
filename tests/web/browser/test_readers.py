"""A guardian sees who reads about the child, lets another adult read for a time, and ends it."""

from datetime import timedelta

from playwright.sync_api import expect

from tests.api.school import School
from tests.web.browser.conftest import PHONE, Photograph, Site
from tests.web.browser.pages import faults


def test_another_adult_reads_by_a_guardians_leave_until_it_is_ended(
    site: Site, school: School, photograph: Photograph
) -> None:
    """From the number that the adult sees among the own settings; the adult sees the page then and changes nothing."""
    adult = site.window_of(school.outsider)
    adult.goto("/installningar")
    number = adult.locator("code").inner_text()
    address = f"/elever/{school.student}/lasratt"
    response = adult.goto(address)
    assert response
    assert response.status == 404
    page = site.window_of(school.guardian, viewport=PHONE)
    page.goto("/")
    page.get_by_role("link", name="Vem som får läsa").click()
    page.get_by_role("button", name="Låt den vuxna läsa").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(3)
    photograph(page, "readers-wrong")
    assert faults(page) == []
    page.get_by_label("Den vuxnas nummer i Liggare").fill(number)
    page.get_by_label("Sista dagen").fill((site.made.clock() + timedelta(days=30)).date().isoformat())
    page.get_by_label("Jag samtycker till").check()
    page.get_by_role("button", name="Låt den vuxna läsa").click()
    expect(page.get_by_role("status")).to_have_text("Nu kan den vuxna läsa.")
    photograph(page, "readers-saved")
    adult.goto(address)
    expect(adult.get_by_role("heading", level=1)).to_contain_text("Pupil Testpupil")
    expect(adult.get_by_role("button", name="Låt den vuxna läsa")).to_have_count(0)
    page.get_by_role("listitem").filter(has_text="Outsider Testoutsider").get_by_role("button").click()
    expect(page.get_by_role("status")).to_have_text("Den vuxna kan inte läsa längre.")
    response = adult.goto(address)
    assert response
    assert response.status == 404


def test_the_adult_gives_the_reading_up(site: Site, school: School) -> None:
    """From the start page, without asking anybody; then the child is not there any more."""
    until = (site.made.clock() + timedelta(days=30)).date().isoformat()
    school.guardian.post(f"{school.path}/delegations", person_id=school.outsider.person_id, until=until)
    page = site.window_of(school.outsider)
    page.goto("/")
    card = page.get_by_role("listitem").filter(has_text="läser med vårdnadshavares samtycke")
    card.get_by_role("link", name="Vem som får läsa").click()
    page.get_by_role("button", name="Avsluta").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hej Outsider")
    expect(card).to_have_count(0)
