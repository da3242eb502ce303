"""Nobody goes through a class or a school page by page: what people look up is counted, on the pages as in the API."""

from datetime import timedelta

import pytest

from commands.rates import RATES, RateClass
from commands.terms import CURRENT_TERMS
from store.sessions import session_key
from tests.api.school import School
from tests.web.sign_in.conftest import Pages, installation, pages, peer, portal, school, shared
from web.browser import SESSION_COOKIE

__all__ = ["installation", "pages", "peer", "portal", "school", "shared"]


@pytest.mark.parametrize("address", ["/klasser/{group}/kontaktlista", "/personer/{pupil}"])
def test_whoever_has_looked_up_too_much_waits(pages: Pages, school: School, address: str) -> None:
    """The page says when to try again; what others look up, and the own start page, goes on."""
    path = address.format(group=school.group, pupil=school.pupil.person_id)
    browser, other = pages.browser(), pages.browser()
    for each, person in ((browser, school.guardian), (other, school.other_guardian)):
        each.cookies[SESSION_COOKIE] = pages.made.issue(person.person_id, terms=CURRENT_TERMS)
    assert browser.get(path).status_code == 200
    who, now = session_key(browser.session_id or "").hex(), pages.made.clock()
    for _ in range(RATES[RateClass.SEARCH].at_once):
        pages.services.rates.take(RateClass.SEARCH, who, (now + timedelta(hours=1)).timestamp())
    refused = browser.get(path)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    assert other.get(path).status_code == 200
    assert browser.get("/").status_code == 200
