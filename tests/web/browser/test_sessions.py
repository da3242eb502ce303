"""Where one is signed in, and how to end it."""

import re

import pytest
from playwright.sync_api import expect

from tests.api.school import School
from tests.web.browser.conftest import PHONE, Site


@pytest.mark.requirement("S-ACC-10", surface="browser")
def test_a_sign_in_elsewhere_is_ended_from_here(site: Site, school: School) -> None:
    """The other browser is signed out, this one goes on; then everywhere."""
    here = site.window_of(school.other_guardian, viewport=PHONE)
    elsewhere = site.window_of(school.other_guardian)
    elsewhere.goto("/")
    here.goto("/installningar/inloggningar")
    ends = here.get_by_role("button", name=re.compile("^Avsluta den här inloggningen"))
    expect(ends).to_have_count(2)  # the browser elsewhere, and the session that the API's tests use
    here.get_by_role("button", name="Avsluta alla andra").click()
    expect(here.get_by_role("status")).to_be_visible()
    expect(ends).to_have_count(0)
    elsewhere.goto("/")
    expect(elsewhere).to_have_url(re.compile("/logga-in"))
    here.get_by_role("button", name="Logga ut överallt").click()
    here.goto("/")
    expect(here).to_have_url(re.compile("/logga-in"))
