"""The pages as they are served, an identity provider beside them, and a browser between the two."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

import httpx
import pytest
import uvicorn
from starlette.types import ASGIApp

from access.configuration import SignIn
from app.local import system_command
from app.server import Together, framed_pages
from commands.persons import register_person
from commands.rates import RATES, Rate, RateClass, Rates
from commands.sign_in_identifiers import give_sign_in_identifier, person_signing_in
from events.person import IdentifierKind
from store.sessions import Session
from store.sign_in_attempts import Attempts
from tests.api.conftest import Installation, installation, portal, school, shared
from tests.web.sign_in.peer import CLIENT, SECRET, Peer, running
from web.browser import SESSION_COOKIE
from web.oidc import OpenIdClient
from web.services import Services

__all__ = ["installation", "portal", "school", "shared"]

PERSONNUMMER = "191212121212"
LOW, SUBSTANTIAL, HIGH = "urn:test:low", "urn:test:substantial", "urn:test:high"


def provider(issuer: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - the file's own shapes
    """A provider as the configuration has it."""
    return {
        "title": {"sv": "E-legitimation", "en": "e-ID"},
        "for": ["guardian"],
        "issuer": issuer,
        "client_id": CLIENT,
        "client_secret_file": "secret",
        "identifier": {"kind": "personnummer", "claim": "pnr"},
        "levels": {SUBSTANTIAL: 2, HIGH: 3},
    } | more


class Browser:
    """A browser: it keeps our cookies, and treats this machine as safe, as browsers do and HTTP clients do not."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.cookies: dict[str, str] = {}
        self._http = httpx.Client(base_url=base_url, timeout=20, follow_redirects=False, trust_env=False)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def get(self, path: str, **headers: str) -> httpx.Response:
        """One request, no redirect followed."""
        return self._send("GET", path, headers)

    def post(self, path: str, form: dict[str, str], **headers: str) -> httpx.Response:
        """A form, sent from a page of ours unless the headers say otherwise."""
        return self._send("POST", path, {"Sec-Fetch-Site": "same-origin"} | headers, form)

    def follow(self, path: str) -> httpx.Response:
        """Go where one is sent, to the provider and back, until a page is shown."""
        response = self.get(path)
        while response.is_redirect:
            response = self.get(urljoin(str(response.url), response.headers["location"]))
        return response

    def _send(
        self, method: str, path: str, headers: dict[str, str], form: dict[str, str] | None = None
    ) -> httpx.Response:
        is_ours = path.startswith(("/", self.base_url))
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self._http.cookies.clear()
        sent = headers | ({"Cookie": cookies} if cookies and is_ours else {})
        response = self._http.request(method, path, data=form, headers=sent)
        for line in response.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
        return response

    @property
    def session_id(self) -> str | None:
        """The session's cookie."""
        return self.cookies.get(SESSION_COOKIE)


@dataclass
class Pages:
    """The server with its pages, the provider, and a registered person with a personal identity number."""

    made: Installation
    peer: Peer
    services: Services
    base_url: str
    person_id: UUID

    browsers: list[Browser] = field(default_factory=list)

    def browser(self) -> Browser:
        """A browser that nobody has used."""
        self.browsers.append(Browser(self.base_url))
        return self.browsers[-1]

    def signed_in(self, browser: Browser) -> Session | None:
        """The session that the browser's cookie stands for."""
        return self.services.sessions.holder(browser.session_id, self.made.clock()) if browser.session_id else None


@contextmanager
def served(app: ASGIApp) -> Iterator[uvicorn.Server]:
    """An application on a port of this machine."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    yield server
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture
def peer() -> Iterator[Peer]:
    """An identity provider."""
    with running() as made:
        yield made


@pytest.fixture
def pages(installation: Installation, peer: Peer) -> Iterator[Pages]:
    """The pages with one provider, and a second at the same peer that only pupils see."""
    peer.person = {"pnr": PERSONNUMMER, "acr": SUBSTANTIAL}
    pupil = provider(
        peer.issuer,
        levels={},
        identifier={"kind": "eppn", "claim": "eppn"},
        title={"sv": "Elevinloggning", "en": "Pupil"},
        **{"for": ["pupil"]},
    )
    with pages_with(installation, {"eid": provider(peer.issuer), "pupil": pupil}) as (services, base_url):
        given = Pages(installation, peer, services, base_url, _person(installation))
        yield given
        for browser in given.browsers:
            browser.close()


@contextmanager
def pages_with(made: Installation, providers: dict[str, Any]) -> Iterator[tuple[Services, str]]:
    """The pages and the API, served with these ways to sign in; and the address."""
    sign_in = SignIn.model_validate({"providers": providers})
    api = made.services
    late: list[ASGIApp] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
        await late[0](scope, receive, send)

    with served(app) as server:
        base_url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        clients = {
            key: OpenIdClient(key, each, SECRET, f"{base_url}/logga-in/svar") for key, each in sign_in.providers.items()
        }
        services = Services(
            context=api.context,
            sessions=api.sessions,
            attempts=Attempts(api.sessions._pool),
            sign_in=sign_in,
            clients=clients,
            rates=Rates({**RATES, RateClass.SIGN_IN: Rate(30, 0.5)}),
            notices=api.notices,
            overviews=api.overviews,
            log=api.log,
            wait=api.wait,
            now=made.clock,
        )
        late.append(Together(made.api.app, framed_pages(services), is_tls=False))
        yield services, base_url
        for client in clients.values():
            client.close()


def _person(made: Installation) -> UUID:
    """Whoever has the number; registered when the first test asks."""
    context = made.services.context
    found = person_signing_in(context, IdentifierKind.PERSONNUMMER, PERSONNUMMER)
    if found is not None:
        return found
    answer = register_person(context, system_command(), given_name="Vera", family_name="Vårdnadshavare")
    person_id = UUID(answer.resource_id)
    give_sign_in_identifier(context, system_command(), person_id, IdentifierKind.PERSONNUMMER, PERSONNUMMER)
    return person_id
