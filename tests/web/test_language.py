"""Changing the language of the pages: one stays where one is, on the way where one was going."""

from urllib.parse import urlencode

import httpx
from bs4 import BeautifulSoup

from tests.web.sign_in.conftest import Pages, installation, pages, peer, portal, school, shared

__all__ = ["installation", "pages", "peer", "portal", "school", "shared"]


def kept(page: httpx.Response) -> str:
    """The address that the form of languages comes back to."""
    (field,) = BeautifulSoup(page.text, "html.parser").select('form[action="/sprak"] [name=till]')
    return str(field["value"])


def test_the_way_on_from_the_sign_in_page_outlives_a_change_of_language(pages: Pages) -> None:
    """Whoever was on the way to a page comes there, in the language of the choice."""
    browser = pages.browser()
    address = "/logga-in?till=%2Finstallningar"
    chosen = browser.get("/sprak?" + urlencode({"till": kept(browser.get(address)), "till_sprak": "en"}))
    assert chosen.headers["location"] == address
    page = browser.get(address)
    assert page.headers["content-language"] == "en"
    assert 'href="/logga-in/eid?till=/installningar"' in page.text


def test_what_a_provider_answered_stands_in_no_form(pages: Pages) -> None:
    """A page about a sign-in that failed leads on without the answer's secrets."""
    page = pages.browser().get("/logga-in/svar?state=hemligt&code=hemligt")
    assert kept(page) == "/logga-in/svar"
    assert "hemligt" not in page.text
