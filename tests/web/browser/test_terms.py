"""The first sign-in, and what happens with a yes and a no."""

import re

import pytest
from playwright.sync_api import expect

from commands.terms import CURRENT_TERMS
from tests.accepted import accepted_by
from tests.api.school import School
from tests.web.browser.conftest import PHONE, Photograph, Site
from tests.web.browser.pages import faults

YES = "Ja, jag vill börja använda Liggare"
NO = "Nej, logga ut mig"


@pytest.mark.requirement("S-TRM-1", surface="browser")
@pytest.mark.requirement("S-TRM-2", surface="browser")
@pytest.mark.requirement("S-TRM-3", surface="browser")
@pytest.mark.requirement("S-SET-1", surface="browser")
def test_the_first_sign_in_meets_the_terms_and_one_button_leads_in(
    site: Site, school: School, photograph: Photograph
) -> None:
    """No page is reached before; a yes is stored, and the settings are offered right after."""
    page = site.window_of(school.guardian, terms=None, viewport=PHONE)
    page.goto("/installningar/inloggningar")
    expect(page).to_have_url(re.compile("/valkommen"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Välkommen till Liggare")
    assert faults(page) == []
    photograph(page, "welcome-phone")
    page.goto("/")
    page.get_by_role("button", name=YES).click()
    expect(page).to_have_url(re.compile("/installningar"))
    expect(page.get_by_text("Välkommen! Ta en minut")).to_be_visible()
    assert accepted_by(site.made.services.context, site.person_id(school.guardian)) == CURRENT_TERMS
    page.goto("/installningar/inloggningar")
    expect(page.get_by_role("heading", level=1)).to_have_text("Här är du inloggad")


@pytest.mark.requirement("S-TRM-2", surface="browser")
def test_a_no_stores_nothing_and_signs_out(site: Site, school: School, photograph: Photograph) -> None:
    """The page says what it means and how to come back; the session is gone."""
    page = site.window_of(school.guardian, terms=None)
    page.goto("/valkommen")
    page.get_by_role("button", name=NO).click()
    expect(page.get_by_text("Inget sparades om ditt svar")).to_be_visible()
    photograph(page, "declined")
    page.reload()
    expect(page.get_by_text("Inget sparades om ditt svar")).to_be_visible()
    assert accepted_by(site.made.services.context, site.person_id(school.guardian)) is None
    page.goto("/installningar")
    expect(page).to_have_url(re.compile("/logga-in"))


@pytest.mark.requirement("S-TRM-4", surface="browser")
@pytest.mark.requirement("S-TRM-5", surface="browser")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sv-SE", ["Hur uppgifterna används", "håll det hemligt", "inte skolans rättsliga grund"]),
        ("en-GB", ["How", "secret", "legal ground"]),
    ],
)
def test_the_terms_say_how_information_is_used_and_what_a_yes_concerns(
    site: Site, school: School, language: str, words: list[str]
) -> None:
    """In the reader's own language, on the page where one chooses."""
    page = site.window_of(school.guardian, terms=None, language=language)
    page.goto("/valkommen")
    said = page.get_by_role("main").inner_text()
    assert [word for word in words if word not in said] == []


@pytest.mark.requirement("S-TRM-2", surface="browser")
def test_new_terms_are_asked_about_again(site: Site, school: School) -> None:
    """A session that knows of an older version meets the page, which then leads to where one was going."""
    page = site.window_of(school.guardian, terms="2011-08-01")
    page.goto("/installningar/inloggningar")
    page.get_by_role("button", name=YES).click()
    expect(page).to_have_url(re.compile("/installningar"))
