"""The way in: what a page that needs no sign-in says, and how each kind of person is led."""

import re

import pytest
from playwright.sync_api import expect

from app.local import system_command
from commands.sign_in_identifiers import give_sign_in_identifier
from events.person import IdentifierKind
from tests.api.school import School
from tests.web.browser.conftest import PHONE, Photograph, Site
from tests.web.browser.pages import faults


@pytest.mark.requirement("S-ACC-1", surface="browser")
@pytest.mark.requirement("S-ACC-2", surface="browser")
@pytest.mark.requirement("S-ACC-3", surface="browser")
@pytest.mark.requirement("S-ACC-4", surface="browser")
@pytest.mark.requirement("S-ACC-5", surface="browser")
def test_each_kind_of_person_finds_the_own_ways_to_sign_in(site: Site, photograph: Photograph) -> None:
    """A guardian has three, an e-ID first and recommended; staff and pupils use the account they have."""
    page = site.window(viewport=PHONE)
    page.goto("/")
    expect(page).to_have_url(re.compile("/logga-in$"))
    ways = {
        "Jag är vårdnadshavare": ["E-legitimation", "Umeå ID-tjänst"],
        "Jag är elev": ["Elevinloggning"],
        "Jag arbetar på skolan": ["Personalinloggning"],
    }
    for who, names in ways.items():
        part = page.get_by_role("region", name=who)
        assert sorted(part.get_by_role("link").all_inner_texts()) == sorted(names)
    said = page.get_by_role("main").inner_text()
    for words in (
        "säkraste sättet för vårdnadshavare",
        "inte samma sak som internetbanken",
        "är gratis",
        "använder du personalinloggningen",
    ):
        assert words in said
    assert "Du behöver inget annat" in page.get_by_role("region", name="Jag är elev").inner_text()
    assert faults(page) == []
    photograph(page, "sign-in-phone")


@pytest.mark.requirement("S-ACC-6", surface="browser")
@pytest.mark.requirement("S-ACC-7", surface="browser")
@pytest.mark.requirement("S-ACC-8", surface="browser")
@pytest.mark.requirement("S-ACC-9", surface="browser")
def test_the_page_says_how_to_look_after_the_own_sign_in(site: Site) -> None:
    """Sign in as oneself, never save the password, change it where it came from; in both languages."""
    page = site.window()
    page.goto("/logga-in")
    said = page.get_by_role("main").inner_text()
    for words in (
        "aldrig med ditt barns inloggning",
        "Spara ALDRIG lösenordet i webbläsaren",
        "Det går inte att byta lösenord här",
        "glömt lösenord: umea.example/idtjanst",
    ):
        assert words in said
    page.get_by_role("button", name="English").click()
    expect(page.get_by_text("Never let the browser save your password.")).to_be_visible()


@pytest.mark.requirement("S-ACC-1", surface="browser")
@pytest.mark.requirement("S-ACC-3", surface="browser")
@pytest.mark.requirement("S-ACC-10", surface="browser")
@pytest.mark.requirement("S-NAV-2", surface="browser")
def test_a_guardian_signs_in_with_an_e_id_and_out_again(site: Site, school: School, photograph: Photograph) -> None:
    """Through the provider and back, over the terms, to the page one wanted; and out with one button."""
    person_id, number = site.person_id(school.guardian), "191212121212"
    give_sign_in_identifier(
        site.made.services.context, system_command(), person_id, IdentifierKind.PERSONNUMMER, number
    )
    site.peer.person |= {"pnr": number}
    page = site.window()
    page.goto("/installningar/inloggningar")
    page.get_by_role("link", name="E-legitimation").click()
    page.get_by_role("button", name="Ja, jag vill börja använda Liggare").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Här är du inloggad")
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hej Guardian")
    page.get_by_role("main").get_by_role("link", name="Inställningar och kontaktuppgifter").click()
    page.get_by_role("button", name="Logga ut", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Du är utloggad här")
    photograph(page, "signed-out")
    page.goto("/")
    expect(page).to_have_url(re.compile("/logga-in"))


@pytest.mark.requirement("S-GEN-10", surface="browser")
@pytest.mark.parametrize("language", ["sv-SE", "en-GB"])
def test_a_page_for_everybody_explains_plans_and_public_records(site: Site, language: str) -> None:
    """What they are, that they are public records, what not to write, how they are protected, whom to ask."""
    page = site.window(language=language)
    page.goto("/")
    page.locator("footer").get_by_role("link").last.click()
    assert len(page.get_by_role("heading", level=2).all()) == 6
    said = page.get_by_role("main").inner_text()
    assert ("allmän handling" if language == "sv-SE" else "public record") in said
    assert ("registrator" if language == "sv-SE" else "registrar") in said
    assert ("fyllt i här hur du når den" if language == "sv-SE" else "not filled in here how you reach it") in said


def test_a_page_can_be_used_with_the_keyboard_alone(site: Site) -> None:
    """The first stop jumps over what every page has; where one is can always be seen."""
    page = site.window()
    page.goto("/logga-in")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Gå till innehållet")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px"
