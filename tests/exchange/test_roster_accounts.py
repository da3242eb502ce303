"""By what a roster's people sign in, and pupils' mail addresses: taken where the format says what they are."""

from pathlib import Path
from uuid import UUID

import pytest

from app.local import bring_up_directory, system_command
from app.wiring import Parts
from commands.persons import register_person
from commands.shown import person_of
from commands.sign_in_identifiers import give_sign_in_identifier, person_signing_in, remove_sign_in_identifier
from events.person import IdentifierKind
from exchange.roster_examination import Examination
from tests.exchange.conftest import Run
from tests.exchange.rosters import Roster
from tests.exchange.test_roster_import import IDS, bring_in, positions

EPPN, PERSONNUMMER = IdentifierKind.EPPN, IdentifierKind.PERSONNUMMER


def who(parts: Parts, kind: IdentifierKind, text: str) -> str | None:
    """The roster's id of whom a provider means."""
    bring_up_directory(parts)
    found = person_signing_in(parts.context, kind, text)
    ids = [i for source, i in person_of(parts.context, found).roster_ids if source == "roster"] if found else []
    return ids[0] if ids else None


def reasons(examination: Examination) -> list[str]:
    """What is said of rows that are not, or not wholly, used."""
    return [f"{fault.line} {fault.column}: {fault.reason}" for fault in sorted(examination.tables.faults.found)]


def with_accounts() -> Roster:
    """Everybody has a user name, pupils and a teacher one with a realm; a guardian is known by personnummer."""
    roster = Roster()
    for sourced_id in ("p1", "p2", "t1"):
        roster.of(sourced_id)["username"] = f"{sourced_id.upper()}@umea.example"
    roster.of("t2")["username"] = "t2"
    roster.of("g1").update(username="mamma@hemma.example", userIds="{LDAP:g1},{personnummer:20001231-2385}")
    roster.of("p1")["email"] = "p1@elev.umea.example"
    roster.of("g1")["email"] = "mamma@hemma.example"
    return roster


@pytest.mark.requirement("S-ACC-5")
@pytest.mark.requirement("S-ACC-2")
def test_people_are_found_by_what_the_roster_says(parts: Parts, tmp_path: Path) -> None:
    """Accounts with a realm, and typed ids; not a name without realm, nor a guardian's own mail address."""
    folder = with_accounts().write(tmp_path / "r")
    assert bring_in(parts, folder).counts["sign_in_identifier_given.v1"] == 4
    assert who(parts, EPPN, "p1@umea.example") == "p1"
    assert who(parts, EPPN, "T1@umea.example") == "t1"
    assert who(parts, PERSONNUMMER, "200012312385") == "g1"
    assert who(parts, EPPN, "mamma@hemma.example") is None
    before = positions(parts)
    assert bring_in(parts, folder).is_empty
    assert positions(parts) == before


@pytest.mark.requirement("S-ACC-12")
def test_pupils_get_the_schools_mail_address_and_guardians_type_their_own(parts: Parts, tmp_path: Path) -> None:
    """It follows the roster, also away; a guardian's address in the roster is left alone."""
    roster = with_accounts()
    bring_in(parts, roster.write(tmp_path / "r"))
    pupil, guardian = (person_of(parts.context, IDS.person(i)) for i in ("p1", "g1"))
    assert (pupil.email, pupil.contact) == ("p1@elev.umea.example", None)
    assert guardian.email is None
    roster.of("p1")["email"] = "elsa@elev.umea.example"
    assert bring_in(parts, roster.write(tmp_path / "r")).counts == {"roster_email_given.v1": 1}
    roster.of("p1")["email"] = ""
    bring_in(parts, roster.write(tmp_path / "r"))
    assert person_of(parts.context, IDS.person("p1")).email is None


def test_an_identifier_of_two_people_is_nobodys(parts: Parts, tmp_path: Path) -> None:
    """Both rows are named and used for the rest; which of the two is meant is not guessed."""
    roster = with_accounts()
    roster.of("p2")["username"] = "p1@UMEA.example"
    examination = bring_in(parts, roster.write(tmp_path / "r"))
    shared = "several people have this sign-in identifier: none of them gets it"
    assert reasons(examination) == [f"2 username: {shared}", f"3 username: {shared}"]
    assert who(parts, EPPN, "p1@umea.example") is None
    assert examination.counts["student_enrolled.v1"] == 2


def test_two_rows_of_one_person_may_say_the_same(parts: Parts, tmp_path: Path) -> None:
    """An employee who is a guardian too has two rows: what the school's account says counts, once."""
    roster = with_accounts()
    roster.of("t1")["userIds"] = "{personal:7},{eppn:t1@umea.example}"
    roster.of("g1").update(userIds="{personal:7},{eppn:t1@umea.example}", username="mamma@hemma.example")
    examination = bring_in(parts, roster.write(tmp_path / "r"))
    assert reasons(examination) == []
    assert who(parts, EPPN, "t1@umea.example") in {"t1", "g1"}
    assert who(parts, EPPN, "mamma@hemma.example") is None


def test_an_identifier_that_somebody_else_has_is_named(parts: Parts, tmp_path: Path) -> None:
    """In the ledger already, by hand or from another roster; the person keeps it."""
    roster = Roster()
    bring_in(parts, roster.write(tmp_path / "r"))
    bring_up_directory(parts)
    given = give_sign_in_identifier(
        parts.context, system_command(), IDS.person("t2"), EPPN, "P1@umea.example"
    ).resource_id
    examination = bring_in(parts, with_accounts().write(tmp_path / "r"))
    assert reasons(examination) == ["2 username: another person has this sign-in identifier: not used"]
    assert who(parts, EPPN, "p1@umea.example") == "t2"
    remove_sign_in_identifier(parts.context, system_command(), IDS.person("t2"), UUID(given))
    assert reasons(bring_in(parts, with_accounts().write(tmp_path / "r"))) == []
    assert who(parts, EPPN, "p1@umea.example") == "p1"


def test_what_is_no_identifier_and_no_address_is_named(parts: Parts, tmp_path: Path) -> None:
    """By column; the rest of the row is used."""
    roster = with_accounts()
    roster.of("p1").update(username="p1@", email="p1 at elev")
    roster.of("g1")["userIds"] = "{personnummer:001231-2385}"
    examination = bring_in(parts, roster.write(tmp_path / "r"))
    wrong = "not an eppn (name@realm) or a personnummer of twelve digits: not used"
    assert reasons(examination) == [
        "2 email: not one mail address: not used", f"2 username: {wrong}", f"4 userIds: {wrong}",
    ]  # fmt: skip
    assert examination.counts["student_enrolled.v1"] == 2
    assert not [said for said in reasons(examination) if "001231" in said]


def test_an_account_that_the_roster_no_longer_has_stays(parts: Parts, tmp_path: Path) -> None:
    """A new one is given beside it; taking one away is for a person to do."""
    roster = with_accounts()
    bring_in(parts, roster.write(tmp_path / "r"))
    roster.of("p1")["username"] = "p1.ny@umea.example"
    assert bring_in(parts, roster.write(tmp_path / "r"), full=True).counts == {"sign_in_identifier_given.v1": 1}
    assert who(parts, EPPN, "p1@umea.example") == who(parts, EPPN, "p1.ny@umea.example") == "p1"


def test_who_has_no_relation_left_is_listed_at_the_terminal(parts: Parts, tmp_path: Path, liggare: Run) -> None:
    """Who never had one as well (G-19)."""
    bring_in(parts, Roster().write(tmp_path / "r"))
    alone = register_person(parts.context, system_command(), given_name="Åke", family_name="Ensam").resource_id
    code, told = liggare("persons", "without-relation")
    assert (code, told) == (0, [{"person_id": alone, "name": "Åke Ensam", "last_on": None}])
