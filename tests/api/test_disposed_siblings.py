"""What those who stay see when a sibling, child or class-mate is destroyed: everything of their own, and no trace."""

from typing import Any

import pytest

from tests.api.archive import Archive
from tests.api.client import Person
from tests.api.school import relate


@pytest.fixture
def family(archive: Archive) -> Archive:
    """Two pupils of one class with the same guardian, teacher and mentor; of one the schooling ended long ago."""
    school = archive.school
    plan = school.start()
    school.propose(plan)
    assert school.guardian.put(f"{plan}/answers/kommentar", text="Hon läser gärna hemma").status == 200
    for name in ("guardian", "mentor", "teacher"):
        relate(school, name, school.other_student, name)
    archive.adopts()
    archive.adopts(document_class="account", years=1)
    archive.finishes()
    archive.wait(3000)
    return archive


@pytest.mark.requirement("S-RET-1", surface="api")
def test_who_stays_finds_all_of_the_own_and_no_trace(family: Archive) -> None:
    """Start, children, notices, class, contact list, sibling's file; and the session of who is gone opens nothing."""
    school, people = family.school, family.school.known.people
    gone = people["pupil"]["person_id"]
    of_pupil = family.at_level("pupil", 2)
    assert of_pupil.get("me").status == 200
    done = family.carries_out(family.begins())
    assert (len(done.purged), done.skipped) == (2, {})
    assert of_pupil.get("me").status == 401
    sibling = f"students/{school.other_student}"
    asked = {
        "guardian": ("me", "students", "notices", sibling, f"{sibling}/events", f"{sibling}/plans"),
        "mentor": ("students", "notices", sibling, f"{sibling}/goals", f"groups/{school.group}/contact-list"),
        "administrator": (
            f"students?school={school.id}", f"groups/{school.group}", f"groups/{school.group}/contact-list",
            f"schools/{school.id}/groups", f"persons/{people['guardian']['person_id']}",
        ),
    }  # fmt: skip
    for name, paths in asked.items():
        person = family.at_level(name, 2)
        for path in paths:
            _has_no_trace(person, path, (gone, school.student, "Testpupil"))
    assert school.other_student in str(family.at_level("guardian", 2).items("students"))
    for path in (school.path, f"{school.path}/events", f"{school.path}/plans"):
        assert family.at_level("guardian", 2).get(path).problem == "student-not-found"
    assert family.at_level("mentor", 2).get(f"persons/{gone}").problem == "person-not-found"


def _has_no_trace(person: Person, path: str, traces: tuple[str, ...]) -> None:
    name, _, query = path.partition("?")
    answer = person.get(name, **_pairs(query))
    assert answer.status == 200, (path, answer.body)
    assert not [trace for trace in traces if trace in answer.response.text], path


def _pairs(query: str) -> dict[str, Any]:
    return dict(pair.split("=") for pair in query.split("&") if pair)
