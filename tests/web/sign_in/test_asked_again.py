"""A surer sign-in is one that the person has just made, where the provider says when."""

from datetime import timedelta

import pytest

from tests.web.sign_in.conftest import HIGH, Pages

PATH = "/logga-in/hojd?till=/installningar"


@pytest.mark.parametrize(
    ("ago", "level"),
    [(timedelta(0), 3), (timedelta(seconds=50), 3), (timedelta(minutes=2), 2), (timedelta(hours=3), 2), (None, 3)],
)
@pytest.mark.requirement("S-ACC-11")
def test_an_old_sign_in_at_the_provider_makes_no_session_surer(ago: timedelta | None, level: int, pages: Pages) -> None:
    """Whoever sits down where the provider remembers another gets no further; one that says nothing is believed."""
    browser = pages.browser()
    browser.follow("/logga-in/eid")
    pages.peer.person["acr"] = HIGH
    if ago is not None:
        pages.peer.person["auth_time"] = int((pages.made.clock() - ago).timestamp())
    browser.follow(PATH)
    session = pages.signed_in(browser)
    assert session is not None
    assert session.level == level
