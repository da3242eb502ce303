"""The word of a new way to sign in, as it is seen: on every page, on a phone too, until it is known."""

from uuid import uuid4

from playwright.sync_api import expect

from app.local import system_command
from commands.sign_in_identifiers import give_sign_in_identifier
from events.person import IdentifierKind
from tests.accepted import accepts
from tests.api.school import School
from tests.web.browser.conftest import Photograph, Site
from tests.web.browser.pages import faults


def test_a_new_way_to_sign_in_is_seen_and_acknowledged(site: Site, school: School, photograph: Photograph) -> None:
    """The word leads to the page that names it; pressed once, it is gone."""
    context, person_id = site.made.services.context, site.person_id(school.guardian)
    accepts(context, person_id)
    account = f"{uuid4().hex}@umea.example"
    give_sign_in_identifier(context, system_command(), person_id, IdentifierKind.EPPN, account)
    page = site.window_of(school.guardian, viewport={"width": 320, "height": 640})
    page.goto("/installningar")
    word = page.get_by_text("Någon har lagt till ett nytt sätt att logga in som du.")
    expect(word).to_be_visible()
    assert faults(page) == []
    page.get_by_role("link", name="Se vilket").click()
    expect(page.get_by_text("Ny inloggning kopplad: ett kontonamn")).to_be_visible()
    assert faults(page) == []
    photograph(page, "new-sign-in")
    page.get_by_role("button", name="Jag känner till det").click()
    expect(page.get_by_role("status")).to_have_text("Det är noterat att du känner till de nya sätten att logga in.")
    expect(word).to_have_count(0)
