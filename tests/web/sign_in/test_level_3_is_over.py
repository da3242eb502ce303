"""What needs level 3 asks for it again when its quarter of an hour is over, and what was typed is still there."""

import re
from datetime import timedelta
from html import unescape
from uuid import UUID, uuid4

import pytest

from app.local import system_command
from commands.sign_in_identifiers import give_sign_in_identifier
from commands.terms import CURRENT_TERMS
from events.person import IdentifierKind
from store.sessions import Limits
from tests.api.conftest import LONG, Installation
from tests.api.school import School
from tests.api.test_protected_identity import protect
from tests.web.sign_in.conftest import HIGH, Browser, pages_with, provider
from tests.web.sign_in.peer import Peer

QUARTER = timedelta(minutes=15)


def _fields(page: str) -> dict[str, str]:
    """What a form of the page sends as it stands."""
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return dict(hidden + re.findall(r'<textarea [^>]*name="(\w+)"[^>]*>\n([^<]*)<', page))


@pytest.mark.requirement("S-ACC-11")
def test_what_is_typed_meanwhile_is_sent_after_signing_in_again(
    installation: Installation, school: School, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A guardian of a protected pupil lets somebody read, and takes longer than level 3 lasts."""
    assert protect(school, installation, "guardian").status == 200
    account = f"{uuid4().hex}@umea.example"
    context, sessions = installation.services.context, installation.services.sessions
    give_sign_in_identifier(context, system_command(), UUID(school.guardian.person_id), IdentifierKind.EPPN, account)
    monkeypatch.setattr(sessions, "limits", Limits(LONG.idle, LONG.absolute, QUARTER))
    peer.person = {"eppn": account, "acr": HIGH}
    path = f"/elever/{school.student}/lasratt"
    with pages_with(installation, {"eid": provider(peer.issuer, identifier={"kind": "eppn", "claim": "eppn"})}) as at:
        browser = Browser(at[1])
        browser.follow("/logga-in/eid")
        begun = sessions.holder(browser.session_id or "", installation.clock())
        assert begun is not None
        sessions.accept(begun.key, CURRENT_TERMS)
        until = (installation.clock() + timedelta(days=30)).date().isoformat()
        typed = {"person": school.outsider.person_id, "until": until, "consent": "ja"}
        form = _fields(browser.get(path).text) | typed
        installation.clock.offset = QUARTER
        assert browser.get(path).status_code == 403
        refused = browser.post(path, form, Referer=f"{at[1]}{path}")
        assert refused.status_code == 403
        assert typed.items() <= _fields(refused.text).items()
        (surer,) = re.findall(r'href="(/logga-in/hojd[^"]*)"', refused.text)
        assert unescape(surer).endswith("&niva=3")
        moment = int(installation.clock().timestamp())
        peer.person |= {"iat": moment, "exp": moment + 300}
        assert browser.follow(unescape(surer)).status_code == 200
        again = browser.post(path, _fields(refused.text))
        assert typed.items() <= _fields(again.text).items(), "from before the sign-in: it says so, and offers it"
        sent = browser.post(path, _fields(again.text))
        assert sent.headers["location"] == f"{path}?sparat=klart"
        browser.close()
