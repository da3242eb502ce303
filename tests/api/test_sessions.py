"""Who calls: a session as a bearer or as the browser's cookie."""

from dataclasses import replace
from datetime import timedelta

import pytest
from anyio.from_thread import BlockingPortal

from api.application import make_application
from api.signed_in import COOKIE
from commands.rates import Rate, RateClass, Rates
from tests.api.client import Answer, Api, Person
from tests.api.conftest import Installation
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


@pytest.mark.requirement("S-ACC-10", surface="api")
def test_a_person_sees_where_she_is_signed_in_and_ends_it(installation: Installation, school: School) -> None:
    """One of the others by its key, this one, or all; nothing that is listed signs anybody in."""
    first = Person(school.api, school.pupil.person_id, installation.issue(school.pupil.person_id))
    second = Person(school.api, school.pupil.person_id, installation.issue(school.pupil.person_id, 2, terms=None))
    listed = first.get("me/sessions").body["items"]
    assert [row["is_this"] for row in listed].count(True) == 1
    assert {row["level"] for row in listed} == {1, 2}
    other = next(row["key"] for row in second.get("me/sessions").body["items"] if row["is_this"])
    for row in listed:
        assert Person(school.api, "", row["key"]).get("me").problem == "not-signed-in"
    assert first.delete(f"me/sessions/{other}").body == {"ended": 1}
    assert second.get("me").problem == "not-signed-in"
    assert first.post("me/sign-out").body == {"ended": 1}
    assert first.get("me").problem == "not-signed-in"
    third = Person(school.api, school.pupil.person_id, installation.issue(school.pupil.person_id))
    assert third.post("me/sign-out", everywhere=True).body == {"ended": 2}
    assert school.pupil.get("me").problem == "not-signed-in"


def test_nobody_ends_the_session_of_another(school: School) -> None:
    """It is as if it were not there; and so is what is no key."""
    pupil = Person(school.api, school.pupil.person_id, school.pupil.token)
    theirs = school.mentor.get("me/sessions").body["items"][0]["key"]
    for key in (theirs, "0" * 64, "x", theirs.upper(), "0" * 63):
        answer = pupil.delete(f"me/sessions/{key}")
        assert (answer.status, answer.problem) == (404, "session-not-found")
    assert school.mentor.get("me").status == 200


def test_what_runs_over_a_whole_school_is_asked_for_only_so_often(
    installation: Installation, school: School, portal: BlockingPortal
) -> None:
    """Each caller has an own measure, and is told when to come back; other routes go on."""
    services = installation.services
    rates = Rates({RateClass.SEARCH: Rate(3, 0.1)})
    few = replace(services, programs=replace(services.programs, rates=rates))
    api = Api(make_application(few), portal, installation.api.description)
    mentor, pupil = (Person(api, person.person_id, person.token) for person in (school.mentor, school.pupil))
    assert [mentor.get("students").status for _ in range(4)] == [200, 200, 200, 429]
    refused = mentor.get("students")
    assert (refused.problem, refused.headers["retry-after"]) == ("too-many-requests", "10")
    assert mentor.get("me").status == 200
    assert pupil.get("students").status == 200
    installation.clock.offset = timedelta(seconds=11)
    assert mentor.get("students").status == 200
