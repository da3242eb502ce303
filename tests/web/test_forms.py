"""What a form may bring: so much and no more, of a kind that we read, from a page of ours."""

import re
from typing import TYPE_CHECKING

import httpx
import pytest

from commands.terms import CURRENT_TERMS
from tests.unfinished import answer_to_unfinished
from tests.web.sign_in.conftest import Browser, Pages, installation, pages, peer, portal, school, shared
from web.browser import SESSION_COOKIE, form_token
from web.forms import LARGEST_FILE, LARGEST_TEXT

if TYPE_CHECKING:
    from tests.api.school import School

__all__ = ["installation", "pages", "peer", "portal", "school", "shared"]

SETTINGS = "/installningar"
PICTURE = "/installningar/bild"


@pytest.fixture
def browser(pages: Pages, school: "School") -> Browser:
    """A guardian's browser."""
    given = pages.browser()
    given.cookies[SESSION_COOKIE] = pages.made.issue(school.guardian.person_id, terms=CURRENT_TERMS)
    return given


def send(browser: Browser, path: str, content: bytes, kind: str) -> httpx.Response:
    """Bytes as they are, from a page of ours."""
    headers = {
        "Content-Type": kind,
        "Cookie": f"{SESSION_COOKIE}={browser.session_id}",
        "Sec-Fetch-Site": "same-origin",
        "Accept-Language": "sv",
    }
    return httpx.post(browser.base_url + path, content=content, headers=headers, timeout=20, trust_env=False)


def multipart(fields: dict[str, str], file: bytes) -> tuple[bytes, str]:
    """A form with one file."""
    lines = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = (
        b'--b\r\nContent-Disposition: form-data; name="picture"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    )
    return b"".join([*lines, head, file, b"\r\n--b--\r\n"]), "multipart/form-data; boundary=b"


@pytest.mark.parametrize(
    ("path", "content", "kind", "status"),
    [
        (SETTINGS, b"description=" + b"x" * LARGEST_TEXT, "application/x-www-form-urlencoded", 413),
        (SETTINGS, b"{}", "application/json", 400),
        (SETTINGS, b"&".join(b"a=1" for _ in range(500)), "application/x-www-form-urlencoded", 400),
        (PICTURE, b"no boundary", "multipart/form-data", 400),
        (PICTURE, b"--b\r\nbroken", "multipart/form-data; boundary=b", 403),
    ],
)
def test_what_is_no_form_of_ours_is_refused_with_a_page(
    browser: Browser, path: str, content: bytes, kind: str, status: int
) -> None:
    """In words, with the status that says which it was; nothing of what was sent comes back."""
    answer = send(browser, path, content, kind)
    assert answer.status_code == status
    assert "Det gick inte" in answer.text
    assert len(answer.content) < 10_000


def test_a_text_that_is_too_large_is_not_called_a_picture(browser: Browser) -> None:
    """Nobody who wrote a text is told to choose a smaller picture."""
    answer = send(browser, SETTINGS, b"description=" + b"x" * LARGEST_TEXT, "application/x-www-form-urlencoded")
    assert "längre än vad som kan sparas på en gång" in answer.text
    assert "bild" not in answer.text


def test_a_picture_beyond_ten_megabytes_is_refused_by_name(browser: Browser, school: "School") -> None:
    """The page says how large it may be, and is a page of whoever is still signed in."""
    content, kind = multipart({"person": school.guardian.person_id}, b"x" * (LARGEST_FILE + LARGEST_TEXT))
    answer = send(browser, PICTURE, content, kind)
    assert answer.status_code == 413
    assert "en bild får vara högst 10 MB" in answer.text
    assert "Guardian Testguardian" in answer.text


def test_a_form_is_taken_only_with_the_mark_of_its_own_session(
    pages: Pages, browser: Browser, school: "School"
) -> None:
    """Another's mark, an old one or none is not enough, nor is the right one from another site."""
    other = pages.made.issue(school.other_guardian.person_id, terms=CURRENT_TERMS)
    form = {"description": "text", "theme": "paper", "version": "1"}
    own = form_token(browser.session_id or "")
    for token in ("", "0" * 64, form_token(other)):
        assert browser.post(SETTINGS, form | {"form_token": token}).status_code == 403
    assert browser.post(SETTINGS, form | {"form_token": own}, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert browser.post(SETTINGS, form | {"form_token": own}).status_code == 303


def test_what_was_typed_is_shown_as_text_and_never_as_page(browser: Browser) -> None:
    """Whatever stands in a field comes back quoted."""
    hostile = '"><script>alert(1)</script>'
    own = form_token(browser.session_id or "")
    answer = browser.post(SETTINGS, {"form_token": own, "email": hostile, "theme": "paper"})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    again = browser.post(SETTINGS, {"form_token": "old", "email": hostile})
    assert again.status_code == 403
    assert "<script>alert" not in again.text
    assert re.search(r'name="email"[^<>]*>[^<>]*alert', again.text)


def test_a_page_is_kept_by_nobody_and_framed_by_nobody(browser: Browser) -> None:
    """Personal pages leave no copy, and nothing from elsewhere runs or shows in them."""
    answer = browser.get(SETTINGS)
    assert answer.headers["cache-control"] == "no-store"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?! src=\"/static/)|\son\w+=|\sstyle=|javascript:", answer.text)


@pytest.mark.parametrize(("session_id", "status"), [("", 401), ("liggare_nobodys", 401)])
def test_a_picture_is_not_waited_for_before_it_is_known_who_sends_it(
    pages: Pages, session_id: str, status: int
) -> None:
    """Whoever is not signed in is answered though almost nothing of the ten megabytes ever comes."""
    kind = "multipart/form-data; boundary=b"
    cookie = {"Cookie": f"{SESSION_COOKIE}={session_id}"} if session_id else {}
    headers = {"Content-Type": kind, "Sec-Fetch-Site": "same-origin", **cookie}
    assert answer_to_unfinished(pages.base_url, PICTURE, headers) == status
