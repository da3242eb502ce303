"""Whoever asks for the head of a page gets it, and nothing happens that looking at the page would do."""

import httpx
import pytest

from commands.terms import CURRENT_TERMS
from tests.api.school import School
from tests.web.sign_in.conftest import Pages, installation, pages, peer, portal, school, shared
from web.browser import SESSION_COOKIE

__all__ = ["installation", "pages", "peer", "portal", "school", "shared"]


def _head(pages: Pages, path: str, session_id: str = "") -> httpx.Response:
    cookies = {"Cookie": f"{SESSION_COOKIE}={session_id}"} if session_id else {}
    return httpx.head(pages.base_url + path, headers=cookies, timeout=20, trust_env=False)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/om", 200),
        ("/logga-in", 200),
        ("/static/liggare.css", 200),
        ("/", 303),
        ("/notiser", 303),
        ("/finns-inte", 404),
    ],
)
def test_a_page_has_a_head(pages: Pages, path: str, status: int) -> None:
    """With the status that the page would have, and without the page."""
    answer = _head(pages, path)
    assert (answer.status_code, answer.content) == (status, b"")


def test_the_head_of_a_notice_leaves_it_unread(pages: Pages, school: School) -> None:
    """Programs that look whether a link works read no notice."""
    plan = school.start()
    school.pupil.put(f"{plan}/answers/trivs", text="Bra")
    (notice, *_) = school.guardian.get("notices").body["items"]
    session_id = pages.made.issue(school.guardian.person_id, terms=CURRENT_TERMS)
    answer = _head(pages, f"/notiser/{notice['id']}", session_id)
    assert answer.headers["location"] == "/notiser"
    assert notice["id"] in {one["id"] for one in school.guardian.get("notices").body["items"]}


def test_the_head_of_a_providers_answer_uses_it_not_up(pages: Pages) -> None:
    """It is used by whoever came back, once."""
    browser = pages.browser()
    back = browser.get(browser.get("/logga-in/eid").headers["location"]).headers["location"]
    assert _head(pages, back.removeprefix(pages.base_url)).status_code == 303
    assert browser.get(back).status_code == 303
    assert pages.signed_in(browser) is not None
