"""The pages in Chromium: served as they are in use, an identity provider beside them, for the people of a school."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright
from starlette.types import ASGIApp, Receive, Scope, Send

from access.configuration import SignIn
from app.server import Together, framed_pages
from commands.rates import Rates
from commands.terms import CURRENT_TERMS
from store.sign_in_attempts import Attempts
from tests.api.client import Person
from tests.api.conftest import Installation, installation, own_school, portal, school, shared
from tests.web.sign_in.conftest import SUBSTANTIAL, peer, provider, served
from tests.web.sign_in.peer import SECRET, Peer
from web.browser import SESSION_COOKIE
from web.oidc import OpenIdClient
from web.services import Services

__all__ = ["installation", "own_school", "peer", "portal", "school", "shared"]

CHROMIUM = "chromium"
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
Photograph = Callable[[Page, str], None]
"""Keeps what a page looks like under a name."""
PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1200, "height": 900}
WAYS: dict[str, tuple[str, str, list[str], str]] = {
    "eid": ("E-legitimation", "e-ID", ["guardian"], ""),
    "id-service": ("Umeå ID-tjänst", "Local ID service", ["guardian"], "Byt och glömt lösenord: umea.example/idtjanst"),
    "staff": ("Personalinloggning", "Staff sign-in", ["staff"], "Byt lösenord i kommunens datorinloggning"),
    "pupil": ("Elevinloggning", "Pupil sign-in", ["pupil"], "Byt lösenord på skolans datorer"),
}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium, one for all tests of this process; it speaks to nobody but our server."""
    path = shutil.which(CHROMIUM)
    if path is None:
        pytest.skip("there is no chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_ARGUMENTS))
        yield browser
        browser.close()


@dataclass
class Site:
    """The server with its pages, and windows opened on it."""

    base_url: str
    made: Installation
    peer: Peer
    chromium: Browser
    contexts: list[BrowserContext] = field(default_factory=list)

    def window(self, session_id: str | None = None, *, language: str = "sv-SE", **more: Any) -> Page:  # noqa: ANN401
        """A window of a browser of its own, with a session or without."""
        more = {"viewport": DESK, "locale": language, "base_url": self.base_url} | more
        context = self.chromium.new_context(**more)
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        page = context.new_page()
        if session_id is not None:
            self._give(page, session_id)
        return page

    def sign_in(self, page: Page, person: Person, *, level: int = 2) -> None:
        """Let the browser of this page have a session of the person's from now on."""
        self._give(page, self.made.issue(person.person_id, level))

    def _give(self, page: Page, session_id: str) -> None:
        over_tls = self.base_url.replace("http:", "https:")  # as it would be set; this machine counts as safe
        page.context.add_cookies([{"name": SESSION_COOKIE, "value": session_id, "url": over_tls, "secure": True}])

    def window_of(self, person: Person, *, level: int = 2, terms: str | None = "", **more: Any) -> Page:  # noqa: ANN401
        """A window of somebody who is signed in; `terms` are those the session knows as accepted."""
        known = CURRENT_TERMS if terms == "" else terms
        return self.window(self.made.issue(person.person_id, level, terms=known), **more)

    @staticmethod
    def person_id(person: Person) -> UUID:
        """Who one of the school's people is."""
        return UUID(person.person_id)


@pytest.fixture
def site(installation: Installation, peer: Peer, chromium: Browser) -> Iterator[Site]:
    """The pages on a port of this machine, with the four ways to sign in at one provider."""
    ways = {
        key: provider(
            peer.issuer,
            title={"sv": swedish, "en": english},
            **{"for": audiences},
            **({"password_help": {"sv": password, "en": password}} if password else {}),
        )
        for key, (swedish, english, audiences, password) in WAYS.items()
    }
    sign_in = SignIn.model_validate({"providers": ways})
    late: list[ASGIApp] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await late[0](scope, receive, send)

    with ExitStack() as opened:
        server = opened.enter_context(served(app))
        base_url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        clients = {
            key: OpenIdClient(key, each, SECRET, f"{base_url}/logga-in/svar") for key, each in sign_in.providers.items()
        }
        api = installation.services
        pages = Services(
            context=api.context,
            sessions=api.sessions,
            attempts=Attempts(api.sessions._pool),
            sign_in=sign_in,
            clients=clients,
            rates=Rates(),
            notices=api.notices,
            overviews=api.overviews,
            log=api.log,
            wait=api.wait,
            now=installation.clock,
        )
        late.append(Together(installation.api.app, framed_pages(pages), is_tls=False))
        peer.person = {"pnr": "", "acr": SUBSTANTIAL}
        made = Site(base_url, installation, peer, chromium)
        for client in clients.values():
            opened.callback(client.close)
        yield made
        for context in made.contexts:
            context.close()


@pytest.fixture
def photograph() -> Photograph:
    """Keeps what a page looks like in the folder LIGGARE_SCREENSHOTS, where one is named, for people to look at."""
    folder = os.environ.get("LIGGARE_SCREENSHOTS")

    def kept(page: Page, name: str) -> None:
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return kept
