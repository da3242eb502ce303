"""Where a mail address comes from: a pupil's with the roster, a guardian's from the guardian."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.api.test_own_settings import from_a_roster
from tests.web.browser.conftest import PHONE, Photograph, Site
from tests.web.browser.pages import faults
from tests.web.browser.test_settings import SETTINGS, save


@pytest.mark.requirement("S-ACC-12", surface="browser")
def test_a_pupil_has_the_schools_mail_address_and_a_guardian_types_the_own(
    site: Site, tmp_path: Path, photograph: Photograph
) -> None:
    """The pupil sees it without having written anything; what a roster says of a guardian's is left alone."""
    people = from_a_roster(site.made, tmp_path, p1="p1@elev.umea.example", g1="roster@hemma.example")
    pupil, guardian = (site.window_of(people[one], viewport=PHONE) for one in ("p1", "g1"))
    pupil.goto(SETTINGS)
    expect(pupil.get_by_text("Skolan har gett dig p1@elev.umea.example")).to_be_visible()
    expect(pupil.get_by_label("E-post", exact=True)).to_have_value("")
    assert faults(pupil) == []
    photograph(pupil, "mail-address-of-the-school")
    guardian.goto(SETTINGS)
    expect(guardian.get_by_label("E-post", exact=True)).to_have_value("")
    assert "roster@hemma.example" not in guardian.content()
    guardian.get_by_label("E-post", exact=True).fill("mamma@hemma.example")
    save(guardian)
    guardian.goto(SETTINGS)
    expect(guardian.get_by_label("E-post", exact=True)).to_have_value("mamma@hemma.example")
