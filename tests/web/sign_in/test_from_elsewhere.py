"""A link on another site signs nobody in: what is signed in with is chosen on our own page."""

from urllib.parse import unquote

import pytest

from tests.web.sign_in.conftest import Pages


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_link_from_another_site_leads_to_the_choice_and_not_to_a_session(site: str, pages: Pages) -> None:
    """Though the provider would answer at once; from the choice it goes on to where the link led."""
    browser = pages.browser()
    sent = browser.get("/logga-in/eid?till=/installningar", **{"Sec-Fetch-Site": site})
    assert (sent.status_code, unquote(sent.headers["location"])) == (303, "/logga-in?till=/installningar")
    assert browser.session_id is None
    shown = browser.get(sent.headers["location"], **{"Sec-Fetch-Site": site})
    assert "/logga-in/eid?till=/installningar" in unquote(shown.text)


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_whoever_chose_is_sent_to_the_provider(site: str, pages: Pages) -> None:
    """On our page, or by an address of one's own."""
    sent = pages.browser().get("/logga-in/eid", **{"Sec-Fetch-Site": site})
    assert sent.headers["location"].startswith(pages.peer.issuer)
