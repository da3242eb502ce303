"""Signs one of the demo's people in as a browser would: over HTTP, through the server and the demo's provider."""

import re
from dataclasses import dataclass
from html import unescape
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit
from uuid import UUID

import httpx

from app.demo.address import address_in
from app.demo.people import PARTS, DemoPeople, DemoPerson, in_part, played_in
from app.demo_provider.issuers import ISSUERS, Issuer, Way
from app.errors import NotAble, RefusedByRule
from app.settings import Settings

COOKIE = "__Host-liggare"
_HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
_SECONDS = 30


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session by its id, which is a secret; at which level and provider."""

    session: str
    level: int
    provider: str


def sign_in(settings: Settings, who: UUID | str, *, level: int | None, accept_terms: bool) -> SignedIn:
    """Sign a person of the demo in, by id or part; without a level, in the usual way of the first provider for them.

    Raises RefusedByRule where there is no such person or way, or the server lets nobody in by it, and NotAble where
    server or provider does not answer.
    """
    person_id = _person(settings, who)
    issuer, way, person = _way(settings, person_id, level)
    with httpx.Client(timeout=_SECONDS, trust_env=False) as http:
        browser = _Browser(http, server := address_in(settings.home) or settings.address)
        try:
            session = _walk(browser, issuer, way, person)
            if accept_terms:
                _accept_terms(browser, session)
        except httpx.HTTPError as problem:
            why = f"{type(problem).__name__} at {server}"
            msg = f"Liggare or the demo's identity provider does not answer ({why}). Is it running?"
            raise NotAble(msg) from None
    return SignedIn(session, way.level, issuer.key)


def _person(settings: Settings, who: UUID | str) -> UUID:
    found = in_part(settings.home, who) if isinstance(who, str) else who
    if found is not None:
        return found
    msg = f"There is no demo school in this data folder, or nobody in that part. The parts: {', '.join(PARTS)}."
    raise RefusedByRule(msg)


def _way(settings: Settings, person_id: UUID, level: int | None) -> tuple[Issuer, Way, DemoPerson]:
    """The first provider and way that give this person the level."""
    played = played_in(settings.home)
    everybody = DemoPeople(played, tenant=settings.tenant).everybody if played else ()
    theirs = [person for person in everybody if person.id == person_id]
    ways = [
        (issuer, way, person)
        for issuer in ISSUERS
        for person in theirs
        for way in issuer.ways
        if person.part in issuer.parts and person.identifiers.of_kind(issuer.identifier)
    ]
    if not ways:
        msg = "Nobody in the demo school has this id."
        raise RefusedByRule(msg)
    for found in ways:
        if level in {None, found[1].level}:
            return found
    msg = f"This person can sign in at level {', '.join(sorted({str(way.level) for _, way, _ in ways}))}."
    raise RefusedByRule(msg)


def _walk(browser: "_Browser", issuer: Issuer, way: Way, person: DemoPerson) -> str:
    """From the server to the provider, the choice, and back with the session's id."""
    asked = browser.get(f"/logga-in/{issuer.key}")
    if not asked.has_redirect_location:
        msg = f"The server sends nobody to the provider {issuer.key} (status {asked.status_code}).{_heading(asked)}"
        raise RefusedByRule(msg)
    address = urlsplit(asked.headers["Location"])
    choice = dict(parse_qsl(address.query)) | {"person": str(person.id), "acr": way.acr}
    answered = browser.post(address._replace(query="").geturl(), choice)
    ended = browser.get(answered.headers.get("Location", ""))
    if COOKIE not in browser.cookies:
        msg = f"The server let nobody in (status {ended.status_code}).{_heading(ended)}"
        raise RefusedByRule(msg)
    return browser.cookies[COOKIE]


def _accept_terms(browser: "_Browser", session: str) -> None:
    version = browser.get("/api/v1/terms").json()["version"]
    answer = browser.bearing(session, "/api/v1/me/terms", {"version": version})
    if not answer.is_success:
        msg = f"The terms could not be accepted (status {answer.status_code})."
        raise RefusedByRule(msg)


def _heading(page: httpx.Response) -> str:
    """What a page says on top, after a space; nothing where it has no heading."""
    found = _HEADING.search(page.text)
    words = re.sub(r"<[^>]*>|\s+", " ", unescape(found[1])).strip() if found else ""
    return f" {words}" if words else ""


class _Browser:
    """As much of a browser as a sign-in needs. Pages come in English, as the command speaks.

    It keeps the cookies itself and gives them to the server alone: over http httpx would not send a `Secure` one, as
    browsers do to this machine.
    """

    def __init__(self, http: httpx.Client, server: str) -> None:
        self._http, self._server = http, server
        self.cookies: dict[str, str] = {}

    def get(self, address: str) -> httpx.Response:
        return self._send("GET", urljoin(self._server, address))

    def post(self, address: str, form: dict[str, str]) -> httpx.Response:
        return self._send("POST", urljoin(self._server, address), data=form)

    def bearing(self, session: str, address: str, body: dict[str, str]) -> httpx.Response:
        """Send JSON as a program does that was given the session, not as a browser."""
        headers = {"Authorization": f"Bearer {session}"}
        return self._http.post(urljoin(self._server, address), headers=headers, json=body)

    def _send(self, method: str, address: str, **more: Any) -> httpx.Response:  # noqa: ANN401 - httpx's own
        is_servers = address.startswith(f"{self._server}/")
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Accept-Language": "en"} | ({"Cookie": cookies} if is_servers and cookies else {})
        answer = self._http.request(method, address, headers=headers, **more)
        self._http.cookies.clear()
        for line in answer.headers.get_list("Set-Cookie") if is_servers else ():
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0" or not morsel.value:
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
        return answer
