"""A person is told of each new way to sign in as that person, until the person says to know of it."""

import re
from collections.abc import Iterator
from html import unescape
from uuid import UUID, uuid4

import pytest

from app.local import system_command
from commands.sign_in_accounts import accept_account
from commands.sign_in_identifiers import give_sign_in_identifier
from commands.terms import CURRENT_TERMS
from events.person import IdentifierKind
from tests.accepted import accepts
from tests.api.conftest import Installation
from tests.api.school import School
from tests.web.sign_in.conftest import Browser, pages_with, provider
from tests.web.sign_in.peer import Peer
from web.browser import SESSION_COOKIE

PATH = "/installningar/inloggningar"
LINKED = "Ny inloggning kopplad"


class Window:
    """A signed-in browser of a person."""

    def __init__(self, made: Installation, base_url: str, person_id: str) -> None:
        self.made, self.person_id = made, UUID(person_id)
        self.browser = Browser(base_url)
        self.browser.cookies[SESSION_COOKIE] = made.issue(person_id, terms=CURRENT_TERMS)

    def gives(self) -> None:
        """Let the person sign in by one more account name."""
        name = f"{uuid4().hex}@umea.example"
        context = self.made.services.context
        give_sign_in_identifier(context, system_command(), self.person_id, IdentifierKind.EPPN, name)

    def told(self) -> int:
        """How many new ways the page names; whether there are any stands on the start page too."""
        page = unescape(self.browser.get(PATH).text)
        is_told_at_the_start = "Någon har lagt till" in unescape(self.browser.get("/").text)
        assert is_told_at_the_start is (LINKED in page)
        return page.count(LINKED)

    def acknowledges(self, *, version: str = "", token: str = "") -> int:
        """Press the button, as the page had it, or with other fields."""
        page = self.browser.get(PATH).text
        found = dict(re.findall(r'name="(form_token|version)" value="([^"]*)"', page))
        form = found | {name: value for name, value in (("version", version), ("form_token", token)) if value}
        return self.browser.post(f"{PATH}/kanner-till", form).status_code


@pytest.fixture
def window(installation: Installation, school: School, peer: Peer) -> Iterator[Window]:
    """A window of a guardian who has signed in, and has two account names from the school."""
    with pages_with(installation, {"eid": provider(peer.issuer)}) as (_, base_url):
        opened = Window(installation, base_url, school.guardian.person_id)
        for _ in range(2):
            opened.gives()
        accepts(installation.services.context, opened.person_id)
        yield opened
        opened.browser.close()


def test_a_new_way_in_is_shown_until_the_person_says_to_know_of_it(window: Window) -> None:
    """None that was there at the first sign-in; then each, an accepted account too; never again when it is known."""
    assert window.told() == 0
    window.gives()
    assert window.told() == 1
    accept_account(window.made.services.context, system_command(), window.person_id, account="0a" * 32)
    assert [window.told(), window.told()] == [2, 2]
    assert window.acknowledges() == 303
    assert window.told() == 0
    window.gives()
    assert window.told() == 1


def test_what_came_after_the_page_was_shown_is_not_known(window: Window) -> None:
    """The page names how far it had seen; a form that no page of ours made is nobody's word."""
    window.gives()
    page = window.browser.get(PATH).text
    shown = dict(re.findall(r'name="(version)" value="([^"]*)"', page))["version"]
    window.gives()
    assert window.acknowledges(version=shown) == 303
    assert window.told() == 1
    assert window.acknowledges(token="forged") == 403
    assert window.acknowledges(version="many") == 303
    assert window.told() == 1
