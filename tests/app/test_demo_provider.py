"""The demo's identity provider: real OpenID Connect, spoken to over HTTP by Authlib's client."""

import re
import socket
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit
from uuid import UUID

import httpx
import pytest
import uvicorn
import yaml
from authlib.oauth2.auth import ClientAuth  # type: ignore[import-untyped]
from authlib.oauth2.client import OAuth2Client  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError
from joserfc.jwk import KeySet

from access.configuration import SignIn
from app.cli import main
from app.demo.cast import cast_of
from app.demo.identifiers import identifiers_of
from app.demo.people import PARTS, STRANGER, DemoPeople, DemoPerson, Played, in_part, keep, parts_of, played_in
from app.demo_provider.application import provider
from app.demo_provider.asked import Client
from app.demo_provider.guard import DemoProviderForbidden, refuse_outside_demo
from app.demo_provider.issuers import EPPN_CLAIM, ISSUERS, PERSONNUMMER_CLAIM
from app.demo_provider.sign_in_file import client as client_of
from app.demo_provider.sign_in_file import remove_sign_in_file, write_sign_in_file
from app.demo_texts.personal_numbers import check_digit
from app.errors import NotAble
from app.settings import URLS, Settings
from exchange.roster_words import RosterIds

TENANT = "liggare"
CALLBACK = "http://127.0.0.1:8000/logga-in/svar"
CLIENT = Client("liggare-demo", "hemligt-4711", frozenset({CALLBACK}))
VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
LOA3 = "http://id.elegnamnden.se/loa/1.0/loa3"
ASKED = {
    "client_id": CLIENT.id,
    "redirect_uri": CALLBACK,
    "response_type": "code",
    "scope": "openid",
    "state": "här-var-jag",
    "nonce": "en-gång",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


class Sending:
    """What Authlib's client sends its token request with."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def post(self, url: str, *, data: dict[str, str], headers: dict[str, str], auth: ClientAuth) -> httpx.Response:
        url, headers, body = auth.prepare("POST", url, headers, urlencode(data))
        return self._http.post(url, content=body, headers=headers)


def _played(pupils: int = 30, years: int = 1, seed: int = 1) -> Played:
    ids = RosterIds(TENANT, "demo")
    parts = parts_of(cast_of(pupils=pupils, years=years, seed=seed))
    return Played(pupils, years, seed, date(2026, 11, 22), {part: ids.person(of.id) for part, of in parts.items()})


@dataclass
class Peer:
    """The provider as it is served; `skew` sets its clock, in seconds."""

    address: str
    http: httpx.Client
    people: tuple[DemoPerson, ...]
    skew: float = 0

    def one(self, part: str) -> DemoPerson:
        return next(person for person in self.people if person.part == part)

    def choose(self, issuer: str, person: UUID, *, acr: str, **asked: str) -> dict[str, str]:
        form = ASKED | asked | {"person": str(person), "acr": acr}
        answer = self.http.post(f"/{issuer}/authorize", data=form)
        assert answer.status_code == 303
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))

    def redeem(self, issuer: str, code: str, **changed: str) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }
        return self.http.post(f"/{issuer}/token", data=form | changed, auth=(CLIENT.id, CLIENT.secret))

    def keys(self, issuer: str) -> KeySet:
        return KeySet.import_key_set(self.http.get(f"/{issuer}/jwks").json())


@pytest.fixture(scope="module")
def _served() -> Iterator[Peer]:
    people = DemoPeople(_played(), tenant=TENANT).everybody
    peer = Peer("", httpx.Client(), people)
    server = uvicorn.Server(uvicorn.Config("unused", host="127.0.0.1", port=0, log_config=None, access_log=False))
    listening = server.config.bind_socket()
    listening.listen()
    peer.address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.config.app = provider(peer.address, CLIENT, people, now=lambda: time.time() + peer.skew)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    with httpx.Client(base_url=peer.address, timeout=10) as http:
        peer.http = http
        yield peer
    server.should_exit = True
    thread.join(20)
    listening.close()


@pytest.fixture
def peer(_served: Peer) -> Peer:
    """The provider, with its clock right."""
    _served.skew = 0
    return _served


@pytest.mark.parametrize(
    ("issuer", "part", "claim"),
    [
        ("staff", "mentor", EPPN_CLAIM),
        ("eid", "guardian", PERSONNUMMER_CLAIM),
        ("id-service", "guardian", PERSONNUMMER_CLAIM),
        ("pupil", "pupil", EPPN_CLAIM),
    ],
)
def test_authlibs_client_gets_an_id_token_for_whoever_was_chosen(
    peer: Peer, issuer: str, part: str, claim: str
) -> None:
    """From the discovery document to the token, with PKCE, state and nonce, at each of the four ways (S-ACC-1)."""
    found = peer.http.get(f"/{issuer}/.well-known/openid-configuration").json()
    assert found["issuer"] == f"{peer.address}/{issuer}"
    person, acr = peer.one(part), found["acr_values_supported"][0]
    client = OAuth2Client(
        Sending(peer.http),
        CLIENT.id,
        CLIENT.secret,
        scope="openid",
        redirect_uri=CALLBACK,
        code_challenge_method="S256",
    )
    url, state = client.create_authorization_url(
        found["authorization_endpoint"], code_verifier=VERIFIER, nonce="en-gång", acr_values=acr
    )
    page = peer.http.get(url)
    assert person.name in page.text
    asked = dict(parse_qsl(urlsplit(url).query))
    chosen = peer.http.post(found["authorization_endpoint"], data=asked | {"person": str(person.id), "acr": acr})
    answer = parse_qs(urlsplit(chosen.headers["Location"]).query)
    assert answer["state"] == [state]
    assert answer["iss"] == [found["issuer"]]
    token = client.fetch_token(
        found["token_endpoint"], authorization_response=chosen.headers["Location"], code_verifier=VERIFIER
    )
    keys = KeySet.import_key_set(peer.http.get(found["jwks_uri"]).json())
    claims = jwt.decode(token["id_token"], keys, algorithms=["ES256"]).claims
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (found["issuer"], CLIENT.id, "en-gång")
    assert claims["acr"] == acr
    assert claims["auth_time"] <= claims["iat"] < claims["exp"]
    assert claims[claim] in {person.identifiers.eppn, person.identifiers.personnummer}
    assert person.name not in str(claims)


def test_a_code_is_good_once(peer: Peer) -> None:
    """Whoever sends it again gets nothing."""
    code = peer.choose("eid", peer.one("guardian").id, acr=LOA3)["code"]
    assert peer.redeem("eid", code).status_code == 200
    again = peer.redeem("eid", code)
    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})


@pytest.mark.parametrize(("seconds", "status"), [(59, 200), (62, 400), (-5, 400)])
def test_a_code_is_good_for_a_minute(peer: Peer, seconds: int, status: int) -> None:
    """And not before it was given."""
    code = peer.choose("eid", peer.one("guardian").id, acr=LOA3)["code"]
    peer.skew = seconds
    assert peer.redeem("eid", code).status_code == status


@pytest.mark.parametrize(
    "changed",
    [
        {"code_verifier": "w" * 43},
        {"code_verifier": ""},
        {"code_verifier": CHALLENGE},
        {"redirect_uri": "http://127.0.0.1:8000/"},
        {"code": "gissad"},
        {"code": ""},
    ],
)
def test_a_code_is_good_only_for_the_client_that_asked(peer: Peer, changed: dict[str, str]) -> None:
    """Who holds the verifier; an attempt without it uses the code up."""
    code = peer.choose("eid", peer.one("guardian").id, acr=LOA3)["code"]
    refused = peer.redeem("eid", **({"code": code} | changed))
    assert (refused.status_code, refused.json()) == (400, {"error": "invalid_grant"})
    if "code" not in changed:
        assert peer.redeem("eid", code).status_code == 400


def test_a_code_of_one_issuer_is_not_good_at_another(peer: Peer) -> None:
    """Nor does one issuer's key check another's token."""
    guardian = peer.one("guardian").id
    code = peer.choose("eid", guardian, acr=LOA3)["code"]
    assert peer.redeem("id-service", code).json() == {"error": "invalid_grant"}
    token = peer.redeem("eid", peer.choose("eid", guardian, acr=LOA3)["code"]).json()["id_token"]
    with pytest.raises((BadSignatureError, InvalidKeyIdError)):
        jwt.decode(token, peer.keys("id-service"), algorithms=["ES256"])


@pytest.mark.parametrize(
    ("auth", "form", "error"),
    [
        ((CLIENT.id, "fel"), {}, "invalid_client"),
        (("någon", CLIENT.secret), {}, "invalid_client"),
        (None, {"client_id": CLIENT.id}, "invalid_client"),
        (None, {"client_id": CLIENT.id, "client_secret": "fel"}, "invalid_client"),
        ((CLIENT.id, CLIENT.secret), {"client_secret": CLIENT.secret}, "invalid_request"),
        ((CLIENT.id, CLIENT.secret), {"grant_type": "password"}, "unsupported_grant_type"),
        (None, {"client_id": CLIENT.id, "client_secret": CLIENT.secret}, None),
    ],
)
def test_the_client_says_who_it_is(
    peer: Peer, auth: tuple[str, str] | None, form: dict[str, str], error: str | None
) -> None:
    """In one way only, and before its code is looked at: a stranger cannot use up somebody's code."""
    code = peer.choose("eid", peer.one("guardian").id, acr=LOA3)["code"]
    whole = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    answer = peer.http.post("/eid/token", data=whole | form, auth=auth or httpx.Auth())
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json().get("error") == error
    assert answer.status_code == {None: 200, "invalid_client": 401}.get(error, 400)
    if error is not None:
        assert peer.redeem("eid", code).status_code == 200


@pytest.mark.parametrize("authorization", ["Basic", "Basic %%%", "Basic aGVq", "Bearer abc", "Basic w6X/"])
def test_credentials_that_cannot_be_read_are_refused(peer: Peer, authorization: str) -> None:
    """By name."""
    answer = peer.http.post("/eid/token", data={"grant_type": "x"}, headers={"Authorization": authorization})
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"request": "e30.e30."}, "request_not_supported"),
        ({"request_uri": "http://127.0.0.1/x"}, "request_uri_not_supported"),
        ({"prompt": "none"}, "login_required"),
    ],
)
def test_a_request_with_a_fault_is_sent_back_with_the_error(peer: Peer, changed: dict[str, str], error: str) -> None:
    """With the state, and whose answer it is."""
    answer = peer.http.get("/eid/authorize", params=ASKED | changed)
    assert answer.status_code == 303
    back = dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
    assert back == {"error": error, "state": ASKED["state"], "iss": f"{peer.address}/eid"}


def test_a_parameter_given_twice_is_a_fault(peer: Peer) -> None:
    """Two readers might take different ones."""
    answer = peer.http.get(f"/eid/authorize?{urlencode(ASKED)}&scope=openid")
    assert "error=invalid_request" in answer.headers["Location"]


@pytest.mark.parametrize(
    "changed",
    [{"client_id": "annan"}, {"redirect_uri": "http://evil.example/"}, {"redirect_uri": f"{CALLBACK}?mer"}],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_is_sent_to_an_address_that_is_not_known(peer: Peer, changed: dict[str, str], method: str) -> None:
    """A page says that it cannot be answered."""
    asked = ASKED | changed | {"decline": "yes"}
    sent: dict[str, Any] = {"params": asked} if method == "GET" else {"data": asked}
    answer = peer.http.request(method, "/eid/authorize", **sent)
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert "evil" not in answer.text


def test_whoever_declines_is_sent_back_without_a_code(peer: Peer) -> None:
    """As a provider does when somebody closes the e-ID app."""
    answer = peer.http.post("/eid/authorize", data=ASKED | {"decline": "yes"})
    back = dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
    assert back == {"error": "access_denied", "state": ASKED["state"], "iss": f"{peer.address}/eid"}


def test_nobody_can_be_chosen_who_is_not_the_issuers(peer: Peer) -> None:
    """A pupil has no e-ID here, and nobody a way that the issuer lacks."""
    assert peer.choose("eid", peer.one("pupil").id, acr=LOA3)["error"] == "invalid_request"
    guardian = peer.one("guardian").id
    assert peer.choose("eid", guardian, acr="urn:liggare:demo:card")["error"] == "invalid_request"


def test_the_page_has_nothing_inline_and_may_send_only_to_the_server(peer: Peer) -> None:
    """Chromium holds a form to the policy also where it is redirected."""
    page = peer.http.get("/staff/authorize", params=ASKED)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://127.0.0.1:8000" in policy
    assert "unsafe" not in policy
    assert page.headers["Cache-Control"] == "no-store"
    assert not re.search(r"<script|<style| style=| on[a-z]+=", page.text)
    assert "Lärare" in page.text
    assert "Elever" not in page.text
    assert peer.http.get("/style.css").headers["Content-Type"].startswith("text/css")


def test_people_are_found_by_name_and_class(peer: Peer) -> None:
    """What was asked for is carried along; text in the search is text."""
    pupil = peer.one("pupil")
    found = peer.http.get("/pupil/authorize", params=ASKED | {"search": f"{pupil.name.upper()} {pupil.where}"}).text
    assert f'value="{pupil.id}"' in found
    others = [p.id for p in peer.people if p.part == "pupil" and p.name != pupil.name]
    assert not any(f'value="{other}"' in found for other in others)
    assert f'value="{CHALLENGE}"' in found
    none = peer.http.get("/pupil/authorize", params=ASKED | {"search": '"><b>'}).text
    assert "Ingen här heter så" in none
    assert "<b>" not in none


def test_the_wished_level_is_chosen_beforehand(peer: Peer) -> None:
    """The first that the issuer has; else its usual one."""

    def checked(wished: str) -> list[str]:
        page = peer.http.get("/staff/authorize", params=ASKED | {"acr_values": wished}).text
        return re.findall(r'value="([^"]*)"\s+checked', page)

    assert checked("urn:x urn:liggare:demo:card urn:liggare:demo:password") == ["urn:liggare:demo:card"]
    assert checked("") == checked("urn:x") == ["urn:liggare:demo:two-factor"]


def test_a_page_elsewhere_cannot_point_its_own_name_here(peer: Peer) -> None:
    """The Host header is this machine's, or nothing is answered."""
    answer = peer.http.get("/eid/jwks", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "keys" not in answer.text
    assert "d" not in peer.http.get("/eid/jwks").json()["keys"][0]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "localhost", "example.org", ""])  # noqa: S104 - it is refused
def test_it_refuses_an_address_that_others_can_reach(host: str) -> None:
    """A name too: it may point anywhere."""
    with pytest.raises(DemoProviderForbidden, match=r"127\.0\.0\.1"):
        refuse_outside_demo(Settings(), host)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_it_runs_on_this_machine(host: str) -> None:
    """Beside the embedded PostgreSQL."""
    refuse_outside_demo(Settings(), host)


def test_it_refuses_production_and_other_databases(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command ends with the name of the reason, and writes nothing."""
    monkeypatch.setenv("LIGGARE_HOME", str(tmp_path))
    keep(tmp_path, _played())
    for name in URLS:
        monkeypatch.setenv(f"LIGGARE_{name.upper()}", "postgresql://x@/y")
    assert main(["demo", "provider"]) == 1
    assert "databases of your own" in capsys.readouterr().err
    for name in URLS:
        monkeypatch.delenv(f"LIGGARE_{name.upper()}")
    monkeypatch.setenv("LIGGARE_ENVIRONMENT", "production")
    assert main(["demo", "provider"]) == 1
    assert "LIGGARE_ENVIRONMENT is production" in capsys.readouterr().err
    monkeypatch.setenv("LIGGARE_ENVIRONMENT", "demo")
    assert main(["demo", "provider", "--host", "192.0.2.1"]) == 1
    assert "other machines" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["demo-people.json"]


def test_without_a_demo_school_there_is_nobody(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And so no provider."""
    monkeypatch.setenv("LIGGARE_HOME", str(tmp_path))
    assert main(["demo", "provider"]) == 1
    assert "no demo school" in capsys.readouterr().err


def test_a_sign_in_without_school_server_or_sense_is_told_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each with its own exit code."""
    monkeypatch.setenv("LIGGARE_HOME", str(tmp_path))
    monkeypatch.setenv("PORT", str(_free_port()))
    assert main(["demo", "login", "mentor"]) == 1
    assert "no demo school" in capsys.readouterr().err
    keep(tmp_path, _played())
    assert main(["demo", "login", "mentor"]) == 3
    assert "Is it running?" in capsys.readouterr().err
    assert main(["demo", "login", "11111111-1111-4111-8111-111111111111"]) == 1
    assert main(["demo", "login", "nobody"]) == 2
    assert main(["demo", "login", "mentor", "--level", "4"]) == 2


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_the_sign_in_file_names_each_issuer_and_somebodys_own_stays(tmp_path: Path) -> None:
    """The demo writes over what it wrote itself, and over nothing else; the secret is not in it."""
    path, settings = tmp_path / "sign-in.yaml", Settings.model_validate({"home": tmp_path, "PORT": 8010})
    assert write_sign_in_file(settings, path)
    written = path.read_text("utf-8")
    providers: dict[str, dict[str, Any]] = yaml.safe_load(written)["providers"]
    assert providers.keys() == {issuer.key for issuer in ISSUERS}
    read = SignIn.model_validate({"providers": providers})
    assert [key for key, _ in read.shown_to("guardian")] == ["eid", "id-service"]
    people = DemoPeople(_played(), tenant=TENANT).everybody
    assert {p.part for p in people if read.providers["pupil"].identifier.believes(p.identifiers.eppn)} == {"pupil"}
    assert providers["eid"]["issuer"] == "http://127.0.0.1:8011/eid"
    assert providers["eid"]["levels"][LOA3] == 3
    client = client_of(settings)
    assert client.secret not in written + repr(client)
    assert (tmp_path / "demo-provider-secret").stat().st_mode & 0o777 == 0o600
    assert write_sign_in_file(settings, path)
    path.write_text("providers: {}\n")
    assert not write_sign_in_file(settings, path)
    remove_sign_in_file(path)
    assert path.read_text() == "providers: {}\n"


def test_the_demos_own_sign_in_file_goes_with_it(tmp_path: Path) -> None:
    """A start without the provider offers no way that leads nowhere; where there is no file, nothing happens."""
    path = tmp_path / "sign-in.yaml"
    remove_sign_in_file(path)
    write_sign_in_file(Settings(home=tmp_path), path)
    remove_sign_in_file(path)
    assert not path.exists()


def test_the_people_of_a_demo_are_found_again(tmp_path: Path) -> None:
    """By id and part, from what the data folder keeps, which is no name; everybody in each part they have."""
    played = _played(60)
    keep(tmp_path, played)
    assert played_in(tmp_path) == played
    people = DemoPeople(played, tenant=TENANT).everybody
    by_id = {person.id: person for person in people}
    kept = (tmp_path / "demo-people.json").read_text()
    assert not any(person.name in kept for person in people)
    for part in PARTS:
        found = in_part(tmp_path, part)
        assert found in by_id
        assert by_id[found].part in {part.removeprefix("new-"), "mentor", "guardian", "officer"}
    assert in_part(tmp_path, "stranger") == STRANGER
    pairs = [(person.id, person.part, person.where) for person in people]
    assert len(pairs) == len(set(pairs))
    assert {person.part for person in people} >= {"pupil", "guardian", "teacher", "mentor", "administrator"}


def test_a_demo_of_other_numbers_or_of_an_earlier_version_is_named(tmp_path: Path) -> None:
    """Rather than signing in as somebody else."""
    with pytest.raises(NotAble, match="another tenant"):
        DemoPeople(_played(), tenant="annan")
    (tmp_path / "demo-people.json").write_text('{"mentor": "x"}')
    with pytest.raises(NotAble, match="earlier version"):
        played_in(tmp_path)


def test_identifiers_are_each_persons_own() -> None:
    """Two of one name have two account names; a personal number is a test number or none."""
    cast = cast_of(pupils=2_000, years=1, seed=1)
    found = identifiers_of(cast)
    assert len({identifiers.eppn for identifiers in found.values()}) == len(found)
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+[0-9]*@(elev\.)?demokommunen\.example", i.eppn) for i in found.values())
    numbers = [i.personnummer for i in found.values() if i.personnummer]
    assert len(set(numbers)) == len(numbers) == len(found)
    assert all(check_digit(number[2:11]) == int(number[11]) for number in numbers)
