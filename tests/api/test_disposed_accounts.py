"""G-19: a person who has acted in a file that is kept keeps name and role there; only the account is removed."""

import pytest

from app.local import system_command
from commands.accounts import accounts_without_relation
from commands.context import SYSTEM
from tests.api.archive import Archive
from tests.api.school import register, relate


@pytest.fixture
def gone(archive: Archive) -> Archive:
    """A guardian wrote in the plan, and has had nothing to do with any school for a year."""
    school = archive.school
    register(school, "gone", archive.installation.issue)
    relate(school, "gone", school.student, "guardian")
    plan = school.start()
    assert school.gone.put(f"{plan}/answers/kommentar", text="Hon läser gärna hemma").status == 200
    archive.adopts(document_class="account", years=1)
    ended = school.administrator.delete(f"{school.path}/relations/{school.known.people['gone']['acting_as']}")
    assert ended.status == 200
    archive.wait(366)
    return archive


@pytest.mark.requirement("S-RET-1", surface="api")
def test_the_account_goes_and_what_was_written_keeps_its_author(gone: Archive) -> None:
    """The name in the file is sealed under the pupil's key, and was taken when it was written (G-19)."""
    person_id = gone.school.known.people["gone"]["person_id"]
    assert person_id in {one["subject_id"] for one in gone.due("account")}
    done = gone.carries_out(gone.begins())
    assert done.skipped == {}
    mentor = gone.at_level("mentor", 2)
    (written,) = [one for one in mentor.items(f"{gone.school.path}/events") if one["code"] == "question_answered.v1"]
    assert (written["by"]["name"], written["by"]["role"]) == ("Gone Testgone", "guardian")
    assert gone.at_level("administrator", 2).get(f"persons/{person_id}").problem == "person-not-found"
    assert person_id not in {one["subject_id"] for one in gone.due("account")}


def test_an_account_with_a_part_to_come_is_not_due(gone: Archive) -> None:
    """Whoever begins next term has something to do with a school."""
    person_id = gone.school.known.people["gone"]["person_id"]
    role = {"person_id": person_id, "role": "staff", "since": "2040-01-01"}
    assert gone.at_level("administrator", 2).post(f"schools/{gone.school.id}/roles", **role).status == 201
    assert person_id not in {one["subject_id"] for one in gone.due("account")}


def test_an_officer_who_is_nothing_else_keeps_the_account(gone: Archive) -> None:
    """Appointed by the municipality and part of no school: without relation, and not due."""
    officers = {gone.school.known.people[name]["person_id"] for name in ("auditor", "registrar")}
    context = gone.installation.services.context
    idle = accounts_without_relation(context, SYSTEM, on=system_command().on, limit=1000)
    assert officers <= {str(one.person.person_id) for one in idle}
    assert officers.isdisjoint(one["subject_id"] for one in gone.due("account"))
