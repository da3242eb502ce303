"""An account name that was given to somebody else lets the new holder in as nobody."""

import json
from collections.abc import Iterator
from uuid import UUID, uuid4

import httpx
import pytest
from structlog.testing import capture_logs

from app.local import system_command
from commands.sign_in_accounts import accept_account, account_of
from commands.sign_in_identifiers import give_sign_in_identifier
from commands.streams import PERSON, find
from events.person import IdentifierKind
from tests.api.conftest import Installation
from tests.api.school import School
from tests.web.sign_in.conftest import SUBSTANTIAL, Browser, pages_with, provider
from tests.web.sign_in.peer import Peer

OLD, NEW, THIRD = "account of the first", "account of another", "a third"


class Entrance:
    """One provider, and a teacher with an account name there."""

    def __init__(self, base_url: str, installation: Installation, person_id: str, peer: Peer) -> None:
        self.base_url, self.made, self.person_id, self.peer = base_url, installation, person_id, peer
        self.lines: list[dict[str, object]] = []

    def comes(self, subject: str) -> httpx.Response:
        """The page after a sign-in with the account that the provider calls this."""
        self.peer.person["sub"] = subject
        browser = Browser(self.base_url)
        with capture_logs() as lines:
            shown = browser.follow("/logga-in/staff")
        self.lines = [dict(line) for line in lines if str(line["event"]).startswith("sign")]
        assert (browser.session_id is None) is (shown.status_code == 403)
        browser.close()
        return shown

    def is_let_in(self, subject: str) -> bool:
        return self.comes(subject).status_code != 403


@pytest.fixture
def entrance(installation: Installation, school: School, peer: Peer) -> Iterator[Entrance]:
    """The staff's entrance."""
    account, person_id = f"{uuid4().hex}@umea.example", school.teacher.person_id
    context = installation.services.context
    give_sign_in_identifier(context, system_command(), UUID(person_id), IdentifierKind.EPPN, account)
    peer.person = {"eppn": account, "acr": SUBSTANTIAL}
    way = provider(peer.issuer, identifier={"kind": "eppn", "claim": "eppn"}, **{"for": ["staff"]})
    with pages_with(installation, {"staff": way}) as (_, base_url):
        yield Entrance(base_url, installation, person_id, peer)


def test_another_account_with_the_same_name_is_nobodys(entrance: Entrance) -> None:
    """A page says whom to turn to; the log has what the operator needs, and neither account nor name."""
    assert entrance.is_let_in(OLD)
    shown = entrance.comes(NEW)
    (line,) = entrance.lines
    assert (line["event"], line["provider"], line["person_id"]) == (
        "sign_in_account_exchanged",
        "staff",
        entrance.person_id,
    )
    assert "skolan" in shown.text
    for secret in (OLD, NEW, str(entrance.peer.person["eppn"])):
        assert secret not in json.dumps(entrance.lines) + shown.text
    assert entrance.is_let_in(OLD), "who was there before goes on"


def test_the_operator_accepts_the_account_that_was_refused(entrance: Entrance) -> None:
    """That account and no other, and from then on not the one before."""
    assert entrance.is_let_in(OLD)
    assert not entrance.is_let_in(NEW)
    account = str(entrance.lines[0]["account"])
    context = entrance.made.services.context
    accept_account(context, system_command(), UUID(entrance.person_id), account=account)
    assert [entrance.is_let_in(subject) for subject in (THIRD, NEW, NEW, OLD)] == [False, True, True, False]


def test_what_the_provider_calls_the_account_is_kept_as_a_keyed_hash(entrance: Entrance) -> None:
    """In the person's own sealed event; another provider's account of the same name is another."""
    entrance.comes(OLD)
    person = find(entrance.made.services.context, PERSON, UUID(entrance.person_id))
    assert person is not None
    (account,) = [kept for (_, issuer), kept in person.sign_ins.accounts.items() if issuer == entrance.peer.issuer]
    assert account == account_of(entrance.made.services.context, issuer=entrance.peer.issuer, subject=OLD)
    assert account != account_of(entrance.made.services.context, issuer="https://other.example", subject=OLD)
    assert OLD.encode().hex() not in account
