"""What is no honest answer of the provider, or not to this browser, makes no session: a clear page and a log line."""

import base64
import hashlib
import hmac
import json
import threading
import time
import warnings
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import structlog
from joserfc.errors import SecurityWarning
from joserfc.jwk import OctKey, RSAKey

from tests.web.sign_in.conftest import PERSONNUMMER, SUBSTANTIAL, Browser, Pages, provider
from tests.web.sign_in.peer import SECRET, Claims, Peer, new_key
from web.oidc import OpenIdClient

MINUTE = 60
Logged = list[Any]


def _callback(browser: Browser, path: str = "/logga-in/eid") -> str:
    """The address that the provider sends the browser back to."""
    return str(browser.get(browser.get(path).headers["location"]).headers["location"])


def _refused(pages: Pages, browser: Browser, path: str, event: str, because: str | None = None) -> httpx.Response:
    """The page of a sign-in that came to nothing."""
    with structlog.testing.capture_logs() as lines:
        shown = browser.get(path)
    found = [line for line in lines if line["event"].startswith("sign_in_")]
    assert [(line["event"], line["because"]) for line in found] == [(event, because)], lines
    assert pages.signed_in(browser) is None
    assert "set-cookie" not in shown.headers
    assert shown.status_code >= 400
    assert shown.headers["content-type"].startswith("text/html")
    assert "<h1>" in shown.text
    assert 'href="/logga-in' in shown.text
    given = [value for value in httpx.URL(path).params.values() if len(value) > 3]
    for secret in (PERSONNUMMER, "anybody", *given):
        assert secret not in str(lines) + shown.text
    return shown


def test_an_answer_is_used_once(pages: Pages) -> None:
    """Whoever sends it again, in the same browser or another, gets nothing."""
    browser = pages.browser()
    path = _callback(browser)
    assert browser.get(path).status_code == 303
    browser.cookies.pop("__Host-liggare")
    _refused(pages, browser, path, "sign_in_state_unknown")


@pytest.mark.parametrize("state", ["state=forged", "", "state=", "state=a&state=b", "state=%00", "state=" + "x" * 5000])
def test_a_state_that_we_did_not_give_is_refused(pages: Pages, state: str) -> None:
    """Whatever it looks like."""
    browser = pages.browser()
    browser.get("/logga-in/eid")
    _refused(pages, browser, f"/logga-in/svar?code=x&{state}", "sign_in_state_unknown")


def test_an_answer_is_taken_in_the_browser_that_asked(pages: Pages) -> None:
    """A link with somebody else's answer signs nobody in (login CSRF), and is used up by the attempt."""
    browser, victim = pages.browser(), pages.browser()
    path = _callback(browser)
    victim.get("/logga-in/eid")
    _refused(pages, victim, path, "sign_in_other_browser")
    _refused(pages, browser, path, "sign_in_state_unknown")


def test_a_sign_in_may_take_ten_minutes(pages: Pages) -> None:
    """After that it is begun again."""
    browser = pages.browser()
    path = _callback(browser)
    pages.made.clock.offset = timedelta(minutes=10, seconds=1)
    _refused(pages, browser, path, "sign_in_state_expired")


def test_who_breaks_off_at_the_provider_is_told_so(pages: Pages) -> None:
    """And can begin again."""
    pages.peer.answer = {"error": "access_denied", "error_description": "Hemligt ord"}
    browser = pages.browser()
    shown = _refused(pages, browser, _callback(browser), "sign_in_declined")
    assert "Hemligt" not in shown.text
    pages.peer.answer = None
    browser.follow("/logga-in/eid")
    assert pages.signed_in(browser) is not None


@pytest.mark.parametrize(
    ("answer", "because"),
    [
        ({"error": "server_error"}, "error_in_answer"),
        ({"error": "<script>"}, "error_in_answer"),
        ({}, "no_code"),
        ({"code": "not one that was given"}, "code_not_taken"),
        ({"code": "å" * 10}, "no_code"),
    ],
)
def test_an_error_of_the_provider_is_its_own(pages: Pages, answer: Claims, because: str) -> None:
    """Nothing of its words reaches page or log."""
    pages.peer.answer = answer
    browser = pages.browser()
    shown = _refused(pages, browser, _callback(browser), "sign_in_provider_refused", because)
    assert shown.status_code == 502
    assert "<script>" not in shown.text


def test_an_answer_in_another_provider_s_name_is_refused(pages: Pages) -> None:
    """Where the answer says whose it is (RFC 9207), and where the provider says that it always does."""
    browser = pages.browser()
    pages.peer.answer = {"code": "x", "iss": "https://elak.test"}
    _refused(pages, browser, _callback(browser), "sign_in_token_refused", "answer_of_another_issuer")


def test_a_provider_that_names_itself_always_does(pages: Pages) -> None:
    """One that promised to and does not is not the one that answered."""
    pages.peer.discovery = {"authorization_response_iss_parameter_supported": True}
    browser = pages.browser()
    _refused(pages, browser, _callback(browser), "sign_in_token_refused", "answer_of_another_issuer")


def _b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _unsigned(claims: Claims) -> str:
    header = json.dumps({"alg": "none"}).encode()
    return f"{_b64(header)}.{_b64(json.dumps(claims).encode())}."


def _with_secret(secret: bytes, claims: Claims) -> str:
    header = json.dumps({"alg": "HS256", "kid": "first"}).encode()
    text = f"{_b64(header)}.{_b64(json.dumps(claims).encode())}"
    return f"{text}.{_b64(hmac.digest(secret, text.encode(), hashlib.sha256))}"


def _forged(peer: Peer) -> dict[str, tuple[Callable[[Claims], str], str]]:
    """Tokens that the provider did not sign, and what is wrong with each."""
    other = Peer(key=new_key("first"))
    stripped = lambda claims: ".".join(peer.signed(claims).split(".")[:2]) + "."  # noqa: E731 - one of a row
    return {
        "none": (_unsigned, "algorithm"),
        "hmac with the public key": (
            lambda claims: _with_secret(peer.key.as_pem(private=False), claims),
            "algorithm",
        ),
        "hmac with the client's secret": (lambda claims: _with_secret(SECRET.encode(), claims), "algorithm"),
        "another's key under the same name": (other.signed, "bad_signature"),
        "no signature": (stripped, "bad_signature"),
        "an unknown key": (Peer(key=new_key("unknown")).signed, "unknown_key"),
        "not a token": (lambda _: "a.b", "malformed"),
        "empty": (lambda _: "", "malformed"),
        "no object": (lambda _: peer.signed({}).split(".")[0] + ".W10.x", "bad_signature"),
    }


@pytest.mark.parametrize("kind", sorted(_forged(Peer())))
def test_a_token_that_the_provider_did_not_sign_is_refused(pages: Pages, kind: str) -> None:
    """Unsigned, signed with what others know, or signed by somebody else."""
    sign, because = _forged(pages.peer)[kind]
    pages.peer.sign = sign
    browser = pages.browser()
    _refused(pages, browser, _callback(browser), "sign_in_token_refused", because)


def _but(**changed: Any) -> Callable[[Claims], Claims]:  # noqa: ANN401 - claims
    """The claims, changed; None takes one away."""
    return lambda claims: {k: v for k, v in (claims | changed).items() if v is not None}


NOW = "now"
WRONG: dict[str, tuple[Claims, str]] = {
    "another issuer": ({"iss": "https://elak.test"}, "wrong_issuer"),
    "issuer with a slash more": ({"iss": "slash"}, "wrong_issuer"),
    "no issuer": ({"iss": None}, "claim_missing"),
    "another audience": ({"aud": "somebody-else"}, "wrong_audience"),
    "no audience": ({"aud": None}, "claim_missing"),
    "several audiences and no party": ({"aud": ["liggare-test", "somebody-else"]}, "claim_missing"),
    "another party": ({"azp": "somebody-else"}, "wrong_party"),
    "another nonce": ({"nonce": "another"}, "wrong_nonce"),
    "no nonce": ({"nonce": None}, "claim_missing"),
    "expired": ({"exp": -2 * MINUTE}, "expired"),
    "no end": ({"exp": None}, "claim_missing"),
    "an end in words": ({"exp": "soon"}, "wrong_claim"),
    "issued in the future": ({"iat": 2 * MINUTE}, "clock_skew"),
    "issued before it was asked for": ({"iat": -2 * MINUTE}, "issued_before_it_was_asked_for"),
    "not valid yet": ({"nbf": 2 * MINUTE}, "clock_skew"),
    "no subject": ({"sub": None}, "claim_missing"),
    "another's access token": ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "wrong_access_token"),
}


@pytest.mark.parametrize("kind", sorted(WRONG))
def test_a_token_that_is_not_for_us_now_is_refused(pages: Pages, kind: str) -> None:
    """Each claim is checked, with a minute for clocks that differ."""
    changed, because = WRONG[kind]
    now = int(time.time())
    known = {
        name: now + value if name in {"exp", "iat", "nbf"} and isinstance(value, int) else value
        for name, value in changed.items()
    }
    if known.get("iss") == "slash":
        known["iss"] = pages.peer.issuer + "/"
    pages.peer.change = _but(**known)
    browser = pages.browser()
    _refused(pages, browser, _callback(browser), "sign_in_token_refused", because)


@pytest.mark.parametrize("claims", [{"iat": 50}, {"exp": -50}, {"nbf": 50}])
def test_clocks_may_differ_by_a_minute(pages: Pages, claims: Claims) -> None:
    """In either direction."""
    now = int(time.time())
    pages.peer.change = _but(**{name: now + seconds for name, seconds in claims.items()})
    browser = pages.browser()
    browser.follow("/logga-in/eid")
    assert pages.signed_in(browser) is not None


def test_a_token_for_us_among_others_says_whom_it_was_given_to(pages: Pages) -> None:
    """Several audiences are taken where we are the party."""
    pages.peer.change = _but(aud=["liggare-test", "other"], azp="liggare-test")
    browser = pages.browser()
    browser.follow("/logga-in/eid")
    assert pages.signed_in(browser) is not None


def test_a_provider_may_change_its_keys(pages: Pages) -> None:
    """A key that is not known is looked for once more; the last one goes on as long as it is published."""
    browser = pages.browser()
    browser.follow("/logga-in/eid")
    first, second = pages.peer.key, RSAKey.generate_key(2048, {"kid": "second", "use": "sig", "alg": "RS256"})
    pages.peer.key, pages.peer.algorithm, pages.peer.published = second, "RS256", [first, second]
    discovery = pages.services.clients["eid"]._discovery
    assert discovery._keys is not None
    discovery._keys = (discovery._keys[0] - 31, discovery._keys[1])  # half a minute later
    fetched = pages.peer.fetched.count("/jwks")
    other = pages.browser()
    other.follow("/logga-in/eid")
    assert pages.signed_in(other) is not None
    assert pages.peer.fetched.count("/jwks") == fetched + 1


def test_unknown_keys_do_not_make_us_ask_again_and_again(pages: Pages) -> None:
    """At most twice a minute, however many tokens name one."""
    pages.peer.sign = Peer(key=new_key("unknown")).signed
    for _ in range(4):
        browser = pages.browser()
        _refused(pages, browser, _callback(browser), "sign_in_token_refused", "unknown_key")
    assert pages.peer.fetched.count("/jwks") == 1
    assert pages.peer.fetched.count("/.well-known/openid-configuration") == 1


def test_a_provider_that_publishes_shared_secrets_or_weak_keys_has_none(pages: Pages) -> None:
    """What everybody can read signs nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)  # the weak ones are made on purpose
        weak = RSAKey.generate_key(1024, {"kid": "first"})
        pages.peer.published = [weak, OctKey.import_key("shared", {"kid": "first"})]
    browser = pages.browser()
    _refused(pages, browser, _callback(browser), "sign_in_provider_down", "no_keys")


@pytest.mark.parametrize(
    ("discovery", "because"),
    [
        ({"issuer": "https://elak.test"}, "another_issuer"),
        ({"token_endpoint": None}, "address_missing_or_unsafe"),
        ({"token_endpoint": "http://elak.test/token"}, "address_missing_or_unsafe"),
        ({"jwks_uri": "file:///etc/passwd"}, "address_missing_or_unsafe"),
    ],
)
def test_a_provider_that_does_not_say_who_it_is_is_not_used(pages: Pages, discovery: Claims, because: str) -> None:
    """Before anybody is sent there."""
    pages.peer.discovery = discovery
    _refused(pages, pages.browser(), "/logga-in/eid", "sign_in_provider_down", because)


def test_a_provider_that_does_not_answer_is_said_to_be_down(pages: Pages) -> None:
    """Within five seconds, and the next who asks is told at once."""
    pages.peer.delay = 7
    started = time.monotonic()
    _refused(pages, pages.browser(), "/logga-in/eid", "sign_in_provider_down", "no_answer")
    assert time.monotonic() - started < 6.5
    started = time.monotonic()
    _refused(pages, pages.browser(), "/logga-in/eid", "sign_in_provider_down", "no_answer")
    assert time.monotonic() - started < 1


def test_a_provider_that_hangs_keeps_only_a_few_waiting(pages: Pages) -> None:
    """The others are told soon, and the rest of the server goes on."""
    client = pages.services.clients["eid"]
    client._seats = threading.BoundedSemaphore(1)
    slow, quick = pages.browser(), pages.browser()
    path = _callback(slow)
    pages.peer.delay = 3
    waiting = threading.Thread(target=slow.get, args=(path,))
    waiting.start()
    while "/token" not in pages.peer.fetched:
        assert waiting.is_alive()
    started = time.monotonic()
    _refused(pages, quick, "/logga-in/eid", "sign_in_provider_down", "too_many_wait")
    assert time.monotonic() - started < 2.5
    waiting.join()
    assert pages.signed_in(slow) is not None


def test_a_provider_that_goes_down_in_the_middle_is_said_to_be(pages: Pages) -> None:
    """Nobody is half signed in."""
    browser = pages.browser()
    path = _callback(browser)
    pages.peer.token_status = 503
    _refused(pages, browser, path, "sign_in_provider_down", "no_token")


def test_the_wrong_verifier_gets_no_token(pages: Pages) -> None:
    """PKCE: who steals the code and not the browser's sign-in has nothing."""
    browser = pages.browser()
    path = _callback(browser)
    for given in pages.peer.codes.values():
        given["code_challenge"] = "A" * 43
    _refused(pages, browser, path, "sign_in_provider_refused", "code_not_taken")


def test_whoever_is_not_registered_gets_the_same_page(pages: Pages) -> None:
    """Unknown, malformed or missing: nothing shows who exists."""
    shown = []
    for pnr in ("198112189876", "not a number", "", None, 1, PERSONNUMMER + "0", "x" * 1000):
        pages.peer.person = {"pnr": pnr, "acr": SUBSTANTIAL}
        browser = pages.browser()
        answer = _refused(pages, browser, _callback(browser), "sign_in_person_unknown")
        assert answer.status_code == 403
        shown.append(answer.text)
    assert len(set(shown)) == 1


def test_a_provider_speaks_only_for_its_own_kind_of_identifier(pages: Pages) -> None:
    """A pupil account cannot claim to be somebody by a personal identity number."""
    pages.peer.person = {"pnr": PERSONNUMMER, "eppn": PERSONNUMMER, "acr": SUBSTANTIAL}
    browser = pages.browser()
    _refused(pages, browser, _callback(browser, "/logga-in/pupil"), "sign_in_person_unknown")


def test_the_answer_s_address_without_an_answer_is_the_sign_in_page(pages: Pages) -> None:
    """As from a bookmark, or the choice of another language on a page that said no."""
    assert pages.browser().get("/logga-in/svar").headers["location"] == "/logga-in"


def test_no_address_of_sign_in_leads_to_a_provider_that_is_not_configured(pages: Pages) -> None:
    """It is a page that does not exist."""
    assert pages.browser().get("/logga-in/nobody").status_code == 404


def test_redirects_of_a_provider_are_not_followed(pages: Pages) -> None:
    """Its documents stand where it says, not where somebody leads us to."""
    pages.peer.discovery = {"jwks_uri": f"{pages.peer.issuer}/authorize?redirect_uri={pages.base_url}/&state=x"}
    browser = pages.browser()
    _refused(pages, browser, _callback(browser), "sign_in_provider_down", "status")


def test_a_client_with_a_private_key_shows_who_it_is_by_a_signature(pages: Pages) -> None:
    """Where the provider wants no shared secret (private_key_jwt)."""
    from access.configuration import Provider

    settings = Provider.model_validate(
        {k: v for k, v in provider(pages.peer.issuer).items() if k != "client_secret_file"} | {"client_key_file": "k"}
    )
    taken: list[dict[str, str]] = []
    token = pages.peer.token

    def asked(form: dict[str, str], _: str) -> tuple[int, Claims]:
        taken.append(form)
        credentials = base64.b64encode(f"liggare-test:{SECRET}".encode()).decode()
        return token(form, f"Basic {credentials}")

    pages.peer.token = asked  # type: ignore[method-assign,assignment]  # the provider's own way to look at the client
    redirect_uri = f"{pages.base_url}{urlsplit('/logga-in/svar').path}"
    with closing(OpenIdClient("eid", settings, new_key("client"), redirect_uri)) as client:
        before = pages.services.clients["eid"]
        pages.services.clients["eid"] = client  # type: ignore[index]  # a dict in tests
        browser = pages.browser()
        browser.follow("/logga-in/eid")
        pages.services.clients["eid"] = before  # type: ignore[index]  # as above
    assert pages.signed_in(browser) is not None
    assert taken[0]["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    assert taken[0]["client_assertion"].count(".") == 2
    assert SECRET not in str(taken)
