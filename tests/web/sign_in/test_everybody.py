"""Everybody round a pupil signs in where they always do, at a provider that others made, and reaches the same plan."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urljoin
from uuid import UUID

import httpx
import pytest

from app.local import system_command
from commands.sign_in_identifiers import give_sign_in_identifier
from commands.terms import CURRENT_TERMS
from events.person import IdentifierKind
from tests.api.conftest import Installation
from tests.api.school import School
from tests.web.sign_in.conftest import SUBSTANTIAL, Browser, pages_with, provider

EPPN, PNR = IdentifierKind.EPPN, IdentifierKind.PERSONNUMMER
PEOPLE = {
    "pupil": ("pupil", EPPN, "elsa@elev.test", ""),
    "guardian": ("eid", PNR, "198001012395", SUBSTANTIAL),
    "other_guardian": ("id-service", PNR, "198001022394", SUBSTANTIAL),
    "teacher": ("staff", EPPN, "lars@skola.test", SUBSTANTIAL),
    "mentor": ("staff", EPPN, "mia@skola.test", SUBSTANTIAL),
}
"""Who signs in where, by what, and how surely."""
WAYS = {
    "pupil": (EPPN, ["pupil"]),
    "eid": (PNR, ["guardian"]),
    "id-service": (PNR, ["guardian"]),
    "staff": (EPPN, ["staff"]),
}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider of another make, in a process of its own, that knows these people."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    users = [
        argument
        for name, (_, kind, value, acr) in PEOPLE.items()
        for argument in ("--user-claims", json.dumps({"sub": name, kind.value: value, "acr": acr}))
    ]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), "-n", "true", *users]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        address = f"http://127.0.0.1:{port}"
        while True:
            assert process.poll() is None
            try:
                httpx.get(address, trust_env=False)
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield address
        process.terminate()


@contextmanager
def _browser(base_url: str) -> Iterator[Browser]:
    browser = Browser(base_url)
    yield browser
    browser.close()


@pytest.mark.requirement("S-SEC-3")
@pytest.mark.requirement("S-ACC-2")
@pytest.mark.requirement("S-ACC-3")
@pytest.mark.requirement("S-ACC-4")
@pytest.mark.requirement("S-ACC-5")
@pytest.mark.requirement("S-ACC-6")
def test_pupil_guardians_teacher_and_mentor_reach_the_plan(
    installation: Installation, school: School, issuer: str
) -> None:
    """Each as oneself, by the account or e-identification that the person has already."""
    school.start()
    for name, (_, kind, value, _) in PEOPLE.items():
        person_id = UUID(getattr(school, name).person_id)
        give_sign_in_identifier(installation.services.context, system_command(), person_id, kind, value)
    ways = {
        key: provider(issuer, identifier={"kind": kind.value, "claim": kind.value}, **{"for": shown_to})
        for key, (kind, shown_to) in WAYS.items()
    }
    with pages_with(installation, ways) as (services, base_url):
        for name, (way, _, _, acr) in PEOPLE.items():
            with _browser(base_url) as browser:
                _sign_in(browser, way, name)
                session = services.sessions.holder(browser.session_id or "", installation.clock())
                assert session is not None, name
                assert str(session.person_id) == getattr(school, name).person_id
                assert (session.provider, session.level) == (way, 2 if acr else 1)
                services.sessions.accept(session.key, CURRENT_TERMS)
                shown = browser.get(f"/api/v1/{school.path}/overview")
                assert shown.status_code == 200, (name, shown.text)


def _sign_in(browser: Browser, way: str, name: str) -> None:
    """To the provider, where one says who one is, and back."""
    where = browser.get(f"/logga-in/{way}").headers["location"]
    back = browser.post(where, {"sub": name}).headers["location"]
    browser.get(urljoin(where, back))
