"""Signing in at a real provider over HTTP, becoming surer, and signing out."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, quote, urlsplit
from uuid import UUID

import pytest
import structlog

from app.local import system_command
from commands.persons import register_person
from commands.sign_in_identifiers import give_sign_in_identifier, person_signing_in
from commands.terms import CURRENT_TERMS
from events.person import IdentifierKind
from store.sessions import session_key
from store.sign_in_attempts import digest
from tests.web.sign_in.conftest import HIGH, PERSONNUMMER, Browser, Pages
from web.browser import ATTEMPT_COOKIE, SESSION_COOKIE, form_token


def test_a_person_signs_in_at_a_provider_and_goes_where_she_was_going(pages: Pages) -> None:
    """By code, PKCE, state and nonce; the session knows who, how surely and by whom, and stands in a guarded cookie."""
    browser = pages.browser()
    asked = browser.get("/logga-in/eid?till=/om")
    query = {name: values[0] for name, values in parse_qs(urlsplit(asked.headers["location"]).query).items()}
    assert (query["response_type"], query["scope"], query["code_challenge_method"]) == ("code", "openid", "S256")
    assert min(len(query[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    with structlog.testing.capture_logs() as lines:
        back = browser.get(browser.get(asked.headers["location"]).headers["location"])
    assert back.status_code == 303, lines
    assert back.headers["location"] == "/om"
    cookie = back.headers["set-cookie"]
    assert cookie.startswith(f"{SESSION_COOKIE}=liggare_")
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    session = pages.signed_in(browser)
    assert session is not None
    assert (session.person_id, session.level, session.provider) == (pages.person_id, 2, "eid")
    (line,) = [line for line in lines if line["event"] == "signed_in"]
    assert (line["person_id"], line["assurance"]) == (str(pages.person_id), 2)
    assert PERSONNUMMER not in str(lines)


def test_one_session_reaches_pages_and_api(pages: Pages) -> None:
    """The cookie is the same for both."""
    browser = pages.browser()
    browser.follow("/logga-in/eid")
    assert browser.get("/api/v1/me").json()["person_id"] == str(pages.person_id)


@pytest.mark.requirement("S-ACC-1")
def test_the_sign_in_page_shows_each_way_to_those_whom_it_is_for(pages: Pages) -> None:
    """In the language that the browser asks for."""
    shown = pages.browser().get("/logga-in", **{"Accept-Language": "en"})
    assert shown.status_code == 200
    assert '<a class="button" href="/logga-in/eid?till=/">e-ID</a>' in shown.text
    assert '<a class="button" href="/logga-in/pupil?till=/">Pupil</a>' in shown.text
    assert shown.headers["cache-control"] == "no-store"


def test_pages_are_guarded_by_their_headers(pages: Pages) -> None:
    """Nothing from elsewhere, nothing inline, in no frame; nothing personal is kept."""
    headers = pages.browser().get("/logga-in").headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert {"frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} <= set(policy.split("; "))
    assert "unsafe" not in policy
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "same-origin")
    page = pages.browser().get("/logga-in").text
    assert page.count("<script") == page.count('<script src="/static/')
    assert "<style" not in page
    assert " style=" not in page


@pytest.mark.parametrize(
    "path",
    ["https://elak.test/", "//elak.test", "/\\elak.test", "/%5C/../logga-in/eid", "/logga-in/eid", "javascript:x"],
)
def test_nobody_is_led_to_another_site_or_round_in_a_circle(pages: Pages, path: str) -> None:
    """Where to go on is a page of ours, else the start (open redirects)."""
    browser = pages.browser()
    response = browser.get(f"/logga-in/eid?till={quote(path)}")
    back = browser.get(browser.get(response.headers["location"]).headers["location"])
    where = back.headers["location"]
    assert where == "/" or (where.startswith("/%5C") and urlsplit(where).netloc == "")


def test_a_new_sign_in_has_a_new_id_and_ends_the_old_one(pages: Pages) -> None:
    """An id that somebody planted before is worth nothing after (session fixation)."""
    browser = pages.browser()
    browser.follow("/logga-in/eid")
    first = browser.session_id
    browser.follow("/logga-in/eid")
    assert browser.session_id != first
    assert first is not None
    assert pages.services.sessions.holder(first, pages.made.clock()) is None
    planted = pages.browser()
    planted.cookies[SESSION_COOKIE] = "liggare_planted"
    planted.follow("/logga-in/eid")
    assert pages.signed_in(planted) is not None
    assert pages.services.sessions.holder("liggare_planted", pages.made.clock()) is None


def test_two_tabs_sign_in_beside_each_other(pages: Pages) -> None:
    """The second does not make the first one's answer unusable."""
    browser = pages.browser()
    first, second = browser.get("/logga-in/eid?till=/om"), browser.get("/logga-in/eid?till=/sprak")
    for asked, where in ((first, "/om"), (second, "/sprak")):
        back = browser.get(browser.get(asked.headers["location"]).headers["location"])
        assert back.headers["location"] == where


@pytest.mark.requirement("S-ACC-11")
def test_a_stronger_sign_in_comes_back_to_the_same_place_under_a_new_id(pages: Pages) -> None:
    """The provider is asked for the level by its own words, and to ask the person anew."""
    browser = pages.browser()
    browser.follow("/logga-in/eid")
    before = browser.session_id
    pages.peer.person["acr"] = HIGH
    asked = browser.get("/logga-in/hojd?till=/om&niva=3")
    assert pages.peer.asked[-1].get("acr_values") is None
    back = browser.get(browser.get(asked.headers["location"]).headers["location"])
    assert (pages.peer.asked[-1]["acr_values"], pages.peer.asked[-1]["prompt"]) == (HIGH, "login")
    assert back.headers["location"] == "/om"
    session = pages.signed_in(browser)
    assert session is not None
    assert (session.level, session.person_id) == (3, pages.person_id)
    assert browser.session_id != before
    assert before is not None
    assert pages.services.sessions.holder(before, pages.made.clock()) is None
    assert browser.get("/logga-in/hojd?till=/om&niva=3").headers["location"] == "/om"


def test_a_stronger_sign_in_that_is_no_stronger_changes_nothing(pages: Pages) -> None:
    """It is said, so that nobody is sent round in a circle."""
    browser = pages.browser()
    browser.follow("/logga-in/eid")
    before = browser.session_id
    shown = browser.follow("/logga-in/hojd?till=/om&niva=3")
    assert shown.status_code == 403
    assert browser.session_id == before
    session = pages.signed_in(browser)
    assert session is not None
    assert session.level == 2


def test_somebody_else_cannot_make_my_session_stronger(pages: Pages) -> None:
    """The one who comes back must be the one who went."""
    browser = pages.browser()
    browser.follow("/logga-in/eid")
    pages.peer.person = {"pnr": "198112189876", "acr": HIGH}
    assert browser.follow("/logga-in/hojd?niva=3").status_code == 403
    session = pages.signed_in(browser)
    assert session is not None
    assert (session.person_id, session.level) == (pages.person_id, 2)


@pytest.mark.parametrize(
    ("why", "status", "heading"),
    [
        ("broken off", 400, "Du avbröt inloggningen"),
        ("another person", 403, "Någon annan loggade in"),
        ("not stronger", 403, "Inloggningen blev inte säkrare"),
        ("the provider refuses", 502, "Inloggningstjänsten sa nej"),
    ],
)
def test_who_comes_back_no_surer_is_told_so_and_led_back(pages: Pages, why: str, status: int, heading: str) -> None:
    """Nobody who is signed in reads of not being so; the way on is to the page that one came from."""
    browser = pages.browser()
    browser.follow("/logga-in/eid")
    match why:
        case "another person":
            pages.peer.person = {"pnr": "198112189876", "acr": HIGH}
            _register(pages, "198112189876")
        case "broken off":
            pages.peer.answer = {"error": "access_denied"}
        case "the provider refuses":
            pages.peer.answer = {"error": "server_error"}
        case _:
            pass
    shown = browser.follow("/logga-in/hojd?niva=3&till=/installningar/inloggningar")
    text = unescape(shown.text)
    assert (shown.status_code, heading in text) == (status, True)
    assert "inte inloggad" not in text
    assert "Vera Vårdnadshavare" in text
    assert re.findall(r'<a class="button" href="([^"]*)"', text) == ["/installningar/inloggningar"]


def _register(pages: Pages, number: str) -> None:
    """Let somebody be known by a personal identity number, if nobody is yet."""
    context = pages.made.services.context
    if person_signing_in(context, IdentifierKind.PERSONNUMMER, number) is None:
        person_id = UUID(register_person(context, system_command(), given_name="Sven", family_name="Ek").resource_id)
        give_sign_in_identifier(context, system_command(), person_id, IdentifierKind.PERSONNUMMER, number)


def test_who_breaks_off_a_sign_in_comes_to_the_page_after_all(pages: Pages) -> None:
    """The next try leads to the page that was asked for."""
    browser = pages.browser()
    pages.peer.answer = {"error": "access_denied"}
    shown = browser.follow("/logga-in/eid?till=/installningar")
    assert "Du är inte inloggad." in unescape(shown.text)
    assert 'href="/logga-in?till=%2Finstallningar"' in shown.text


def test_an_assurance_that_is_not_configured_is_the_lowest_level(pages: Pages) -> None:
    """Missing, unknown, or of another kind than text."""
    for acr in (None, "urn:unknown", 3, [HIGH, HIGH], True):
        pages.peer.person["acr"] = acr
        browser = pages.browser()
        browser.follow("/logga-in/eid")
        session = pages.signed_in(browser)
        assert session is not None
        assert session.level == 1, acr


@pytest.mark.requirement("S-ACC-10")
def test_signing_out_ends_the_session_here_or_everywhere(pages: Pages) -> None:
    """On the server as well as in the browser: the old cookie is worth nothing."""
    browsers = [pages.browser() for _ in range(3)]
    for browser in browsers:
        browser.follow("/logga-in/eid")
    ids = [browser.session_id or "" for browser in browsers]

    def alive() -> list[bool]:
        return [pages.services.sessions.holder(each, pages.made.clock()) is not None for each in ids]

    first = browsers[0].post("/logga-ut", {"form_token": form_token(ids[0])})
    assert first.headers["location"] == "/logga-in?utloggad=ja"
    assert browsers[0].session_id is None
    assert alive() == [False, True, True]
    pages.services.sessions.accept(session_key(ids[1]), CURRENT_TERMS)
    form = {"form_token": form_token(ids[1]), "vilka": "alla"}
    with structlog.testing.capture_logs() as lines:
        last = browsers[1].post("/installningar/inloggningar/alla", form)
    assert last.headers["location"] == first.headers["location"]
    assert first.headers["clear-site-data"] == last.headers["clear-site-data"] == '"cache", "storage"'
    assert [line["person_id"] for line in lines if line["event"] == "signed_out"] == [str(pages.person_id)]
    assert browsers[1].session_id is None
    assert alive() == [False, False, False]


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, "right"),
        ({"Sec-Fetch-Site": "same-site"}, "right"),
        ({"Sec-Fetch-Site": "same-origin"}, "wrong"),
        ({"Sec-Fetch-Site": "same-origin"}, "missing"),
        ({"Sec-Fetch-Site": "same-origin"}, "another session's"),
    ],
)
def test_a_form_from_elsewhere_changes_nothing(pages: Pages, headers: dict[str, str], token: str) -> None:
    """Neither another site's nor another session's (CSRF)."""
    browser, other = pages.browser(), pages.browser()
    for each in (browser, other):
        each.follow("/logga-in/eid")
    assert browser.session_id
    assert other.session_id
    tokens = {
        "right": form_token(browser.session_id),
        "wrong": "x" * 64,
        "missing": "",
        "another session's": form_token(other.session_id),
    }
    assert browser.post("/logga-ut", {"form_token": tokens[token]}, **headers).status_code == 403
    assert pages.signed_in(browser) is not None


def test_the_session_ends_by_its_limits(pages: Pages) -> None:
    """The cookie may be there still; nobody is signed in by it."""
    browser = pages.browser()
    browser.follow("/logga-in/eid")
    pages.made.clock.offset = pages.services.sessions.limits.absolute + timedelta(seconds=1)
    assert pages.signed_in(browser) is None
    assert browser.get("/api/v1/me").status_code == 401


def test_a_claim_that_only_userinfo_has_is_fetched_there(pages: Pages) -> None:
    """Where the provider's token does not say who it is; about the same subject, or nobody is believed."""
    pages.peer.person = {"acr": HIGH}
    pages.peer.userinfo = {"sub": "anybody", "pnr": PERSONNUMMER}
    browser = pages.browser()
    browser.follow("/logga-in/eid")
    assert pages.signed_in(browser) is not None
    pages.peer.userinfo = {"sub": "somebody else", "pnr": PERSONNUMMER}
    other = pages.browser()
    assert other.follow("/logga-in/eid").status_code == 502
    assert other.session_id is None


def test_what_is_kept_of_a_sign_in_on_its_way_is_hashes_and_goes_when_it_is_used(pages: Pages) -> None:
    """The state and the browser's cookie are not in the database."""
    browser = pages.browser()
    asked = browser.get("/logga-in/eid")
    state = parse_qs(urlsplit(asked.headers["location"]).query)["state"][0]
    attempts = pages.services.attempts
    with attempts._pool.connection() as connection:
        rows = connection.execute("select a::text from sign_in_attempts a").fetchall()
    text = str(rows)
    assert state not in text
    assert browser.cookies[ATTEMPT_COOKIE] not in text
    assert digest(state).hex() in text
    browser.get(browser.get(asked.headers["location"]).headers["location"])
    with attempts._pool.connection() as connection:
        left = str(connection.execute("select a::text from sign_in_attempts a").fetchall())
    assert digest(state).hex() not in left


def test_a_session_is_known_to_the_database_by_hash_alone(pages: Pages) -> None:
    """Whoever reads the table signs in as nobody."""
    browser: Browser = pages.browser()
    browser.follow("/logga-in/eid")
    assert browser.session_id
    with pages.services.attempts._pool.connection() as connection:
        text = str(connection.execute("select s::text from sessions s").fetchall())
    assert browser.session_id not in text
    assert session_key(browser.session_id).hex() in text


def test_too_many_sign_ins_from_one_address_are_told_to_wait(pages: Pages) -> None:
    """With when to try again; nothing is asked of the provider meanwhile."""
    browser = pages.browser()
    answers = [browser.get("/logga-in/eid") for _ in range(31)]
    assert {answer.status_code for answer in answers[:30]} == {303}
    assert answers[30].status_code == 429
    assert int(answers[30].headers["retry-after"]) >= 1
    pages.made.clock.offset = timedelta(minutes=1)
    assert browser.get("/logga-in/eid").status_code == 303
