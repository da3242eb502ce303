"""A provider is believed about the people it speaks for, and about each no more than the file says."""

from uuid import UUID, uuid4

import pytest
from structlog.testing import capture_logs

from app.local import system_command
from commands.sign_in_identifiers import give_sign_in_identifier
from events.person import IdentifierKind
from tests.api.conftest import Installation
from tests.api.school import School
from tests.web.sign_in.conftest import SUBSTANTIAL, Browser, pages_with, provider
from tests.web.sign_in.peer import Peer


def _signing_in(
    installation: Installation, peer: Peer, person_id: str, speaks_for: dict[str, int]
) -> tuple[int, int | None, list[str]]:
    """Status of the last page, the level of the session if there is one, and what the log says."""
    account = f"{uuid4().hex}@umea.example"
    context = installation.services.context
    give_sign_in_identifier(context, system_command(), UUID(person_id), IdentifierKind.EPPN, account)
    peer.person = {"eppn": account, "acr": SUBSTANTIAL}
    way = provider(peer.issuer, speaks_for=speaks_for, identifier={"kind": "eppn", "claim": "eppn"})
    with pages_with(installation, {"eid": way}) as (services, base_url), capture_logs() as logs:
        browser = Browser(base_url)
        shown = browser.follow("/logga-in/eid")
        session = services.sessions.holder(browser.session_id or "", installation.clock())
        browser.close()
    told = [str(line["event"]) for line in logs if str(line["event"]).startswith("sign")]
    return shown.status_code, session.level if session else None, told


@pytest.mark.requirement("S-ACC-2")
@pytest.mark.requirement("S-ACC-11")
@pytest.mark.parametrize("who", ["teacher", "mentor", "principal", "administrator"])
@pytest.mark.parametrize(
    ("speaks_for", "level"),
    [({"guardian": 3}, None), ({"guardian": 3, "staff": 1}, 1), ({"guardian": 3, "staff": 3}, 2)],
)
def test_staff_are_named_only_by_a_provider_that_speaks_for_them(
    who: str, speaks_for: dict[str, int], level: int | None, installation: Installation, school: School, peer: Peer
) -> None:
    """The guardians' provider makes nobody a teacher, or only as surely as the file says."""
    person_id = getattr(school, who).person_id
    status, reached, told = _signing_in(installation, peer, person_id, speaks_for)
    assert reached == level
    assert told == (["signed_in"] if level else ["sign_in_not_for_provider"])
    assert (status == 403) is (level is None)


@pytest.mark.parametrize(("who", "level"), [("guardian", 2), ("pupil", None), ("other_guardian", 2)])
def test_guardians_and_pupils_are_told_apart(
    who: str, level: int | None, installation: Installation, school: School, peer: Peer
) -> None:
    """Each is named by a provider that speaks for such people."""
    assert _signing_in(installation, peer, getattr(school, who).person_id, {"guardian": 3})[1] == level
