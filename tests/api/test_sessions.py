"""Who calls: a session as a bearer or as the browser's cookie."""

import pytest

from api.signed_in import COOKIE
from tests.api.client import Answer
from tests.api.school import School

OWN = {"Sec-Fetch-Site": "same-origin"}


def _with_cookie(school: School, method: str, path: str, headers: dict[str, str]) -> Answer:
    cookie = {"Cookie": f"{COOKIE}={school.pupil.token}"}
    more = {"json": {"as": school.pupil.acting_as, "text": "Hej"}} if method == "POST" else {}
    return school.api.request(method, f"/api/v1/{path}", headers=cookie | headers, **more)


def test_the_browser_s_cookie_speaks_for_its_person(school: School) -> None:
    """It reads from anywhere, as no page of another site sees the answer; a bearer beside it counts before it."""
    assert _with_cookie(school, "GET", "me", {}).body["person_id"] == school.pupil.person_id
    both = {"Authorization": f"Bearer {school.mentor.token}"}
    assert _with_cookie(school, "GET", "me", both).body["person_id"] == school.mentor.person_id
    assert _with_cookie(school, "GET", "me", {"Authorization": "Bearer nonsense"}).problem == "not-signed-in"


@pytest.mark.parametrize(
    ("headers", "is_ours"),
    [
        (OWN, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Origin": "http://liggare.test"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://liggare.test"}, False),
        ({"Origin": "http://elak.test"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://liggare.test:81"}, False),
        ({}, False),
    ],
    ids=str,
)
def test_a_write_with_the_cookie_comes_from_a_page_of_our_own(
    school: School, headers: dict[str, str], *, is_ours: bool
) -> None:
    """The browser says where from; what says nothing, or another place, changes nothing (CSRF)."""
    answer = _with_cookie(school, "POST", f"{school.path}/learning-notes", headers)
    assert (answer.status, answer.problem) == ((201, None) if is_ours else (403, "cross-site-request"))
    assert ("learning_note_posted.v1" in school.codes()) is is_ours


def test_two_who_call_at_once_are_nobody(school: School) -> None:
    """It is not left to chance which of two bearers counts."""
    answer = school.api.request("GET", "/api/v1/me", headers=[*school.pupil.signed(), *school.mentor.signed()])
    assert answer.problem == "not-signed-in"
