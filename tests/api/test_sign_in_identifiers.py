"""By what people sign in: given by the administration, found by nobody else, one person's at most."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from access.configuration import Identifier
from app.first_administrator import add_administrator
from commands.sign_in_identifiers import person_signing_in, sign_in_lookup
from events.person import IdentifierKind
from tests.api.client import Person
from tests.api.conftest import Installation
from tests.api.school import School
from web.people import person_with

EPPN, PERSONNUMMER = IdentifierKind.EPPN, IdentifierKind.PERSONNUMMER
WRONG = {"kind": "personnummer", "value": "20001231-2386"}


def whose(installation: Installation, kind: IdentifierKind, text: str) -> str | None:
    """Whom a provider would mean."""
    found = person_signing_in(installation.services.context, kind, text)
    return None if found is None else str(found)


def test_a_person_is_found_by_what_a_provider_says(school: School, installation: Installation) -> None:
    """However it is written; what is no identifier, and what nobody has, finds nobody."""
    path = f"persons/{school.guardian.person_id}/sign-in-identifiers"
    account = f"Guardian.{school.guardian.person_id[:8]}@Umea.Example"
    given = school.administrator.post(path, kind="eppn", value=account)
    assert (given.status, given.headers["location"]) == (201, f"/api/v1/{path}/{given.id}")
    assert whose(installation, EPPN, f" {account.lower()} ") == school.guardian.person_id
    assert whose(installation, EPPN, f"x{account}") is None
    assert whose(installation, EPPN, "nonsense") is None
    assert whose(installation, PERSONNUMMER, account) is None
    assert school.administrator.post(path, kind="eppn", value=account.upper()).version == given.version
    for reader in (school.administrator, school.guardian):
        assert reader.get(path).body["items"] == [{"id": given.id, "kind": "eppn"}]
    assert account.lower() not in school.administrator.get(path).response.text
    assert school.administrator.delete(f"{path}/{given.id}").status == 200
    assert whose(installation, EPPN, account) is None
    assert school.administrator.delete(f"{path}/{given.id}").problem == "identifier-not-found"


def test_one_identifier_is_one_persons(school: School) -> None:
    """To another person it is refused; what breaks the rule of its kind too."""
    account = f"{school.pupil.person_id[:8]}@elev.umea.example"
    one, other = (f"persons/{p.person_id}/sign-in-identifiers" for p in (school.pupil, school.guardian))
    assert school.administrator.post(one, kind="eppn", value=account).status == 201
    assert school.administrator.post(other, kind="eppn", value=account).problem == "identifier-taken"
    assert school.administrator.post(other, **WRONG).problem == "identifier-not-valid"
    assert school.administrator.post(f"persons/{school.id}/sign-in-identifiers", kind="eppn", value="a@b").problem == (
        "person-not-found"
    )


def test_nobody_else_gives_or_sees_them(school: School, installation: Installation) -> None:
    """Not the person, whose sign-in it is; nor the administration of a school that is none of the person's."""
    path = f"persons/{school.guardian.person_id}/sign-in-identifiers"
    given = {"kind": "eppn", "value": f"{school.id}@umea.example"}
    for one in (school.guardian, school.mentor, school.outsider):
        assert one.post(path, **given).problem == "school-not-found"
    assert school.staff.post(path, **given).problem == "only-administration-manages-roster"
    assert school.mentor.get(path).problem == "school-not-found"
    first = add_administrator(
        installation.services.context, given_name="Eva", family_name="Annan", school_name="Granskolan", another=True
    )
    stranger = Person(school.api, str(first.person_id), installation.issue(first.person_id), str(first.role_id))
    assert stranger.post(path, **given).problem == "person-not-found"
    assert stranger.get(path).problem == "person-not-found"
    name = {"given_name": "Annan", "family_name": "Person"}
    assert stranger.put(f"persons/{school.guardian.person_id}/name", **name).problem == "person-not-found"


def test_whoever_runs_one_school_cannot_become_somebody_at_another(school: School, installation: Installation) -> None:
    """Who gives a person an account of one's own can be that person: a guardian here is staff there."""
    first = add_administrator(
        installation.services.context, given_name="Eva", family_name="Annan", school_name="Granskolan", another=True
    )
    other = Person(school.api, str(first.person_id), installation.issue(first.person_id), str(first.role_id))
    path = f"persons/{school.guardian.person_id}/sign-in-identifiers"
    given = school.administrator.post(path, kind="eppn", value=f"before.{school.id}@umea.example")
    later = (datetime.now(UTC) + timedelta(days=30)).date()
    role = {"person_id": school.guardian.person_id, "role": "staff", "since": later.isoformat()}
    assert other.post(f"schools/{first.school_id}/roles", **role).status == 201
    assert school.administrator.post(path, kind="eppn", value=f"mine.{school.id}@umea.example").problem == (
        "sign-in-not-yours-to-give"
    )
    assert school.administrator.delete(f"{path}/{given.id}").problem == "sign-in-not-yours-to-give"
    assert other.post(path, kind="eppn", value=f"mine.{school.id}@umea.example").problem == "person-not-found"


def test_whoever_may_no_longer_sign_in_so_does_not_go_on_either(school: School) -> None:
    """With an identifier each session of the person ends, and nobody else's."""
    path = f"persons/{school.outsider.person_id}/sign-in-identifiers"
    given = school.administrator.post(path, kind="eppn", value=f"gone.{school.id}@umea.example")
    assert school.outsider.get("me").status == 200
    assert school.administrator.delete(f"{path}/{given.id}").status == 200
    assert school.outsider.get("me").problem == "not-signed-in"
    assert school.guardian.get("me").status == 200


def test_a_provider_names_nobody_outside_its_realms(school: School, installation: Installation) -> None:
    """The pupils' provider says that somebody is a teacher: it is as if there were no such person."""
    account = f"teacher.{school.id}@umea.example"
    given = school.administrator.post(
        f"persons/{school.mentor.person_id}/sign-in-identifiers", kind="eppn", value=account
    )
    assert given.status == 201
    for realms, found in (((), True), (("umea.example",), True), (("elev.umea.example",), False)):
        said = Identifier(kind=EPPN, claim="eppn", realms=realms)
        whom = person_with(installation.services.context, said, {"eppn": [account]})
        assert (whom is not None and str(whom[0].id) == school.mentor.person_id) is found


def test_a_row_in_the_read_model_lets_nobody_in(school: School, installation: Installation) -> None:
    """What the person's own events say counts, so that who can write rows does not become somebody else by it."""
    account = f"mine.{school.id}@umea.example"
    path = f"persons/{school.outsider.person_id}/sign-in-identifiers"
    assert school.administrator.post(path, kind="eppn", value=account).status == 201
    said, claims = Identifier(kind=EPPN, claim="eppn"), {"eppn": account}
    context = installation.services.context
    found = person_with(context, said, claims)
    assert found is not None
    with psycopg.connect(installation.urls.owner) as connection:
        connection.execute("set search_path to liggare")
        connection.execute(
            "update sign_in_identifiers set person_id = %s where person_id = %s",
            (school.mentor.person_id, school.outsider.person_id),
        )
    assert str(context.directory.person_signing_in(sign_in_lookup(context, EPPN, account))) == school.mentor.person_id
    assert person_with(context, said, claims) is None


@pytest.mark.parametrize("secret", ["eppn", "personnummer"])
def test_the_identifier_stands_in_no_event(secret: str, school: School, installation: Installation) -> None:
    """Only its keyed hash is written, even sealed."""
    value = {"eppn": f"{school.mentor.person_id}@umea.example", "personnummer": "20001231-2385"}[secret]
    path = f"persons/{school.outsider.person_id}/sign-in-identifiers"
    given = school.administrator.post(path, kind=secret, value=value)
    written = [
        event.recorded.event
        for feed in range(16)
        for event in installation.ledger.read_feed(feed, 0, 100_000)
        if event.recorded.event.code == "sign_in_identifier_given.v1"
    ]
    (own,) = [event for event in written if str(event.identifier_id) == given.id]
    assert value not in own.model_dump_json()
    assert value.replace("-", "") not in own.model_dump_json()
    assert school.administrator.delete(f"{path}/{given.id}").status == 200
