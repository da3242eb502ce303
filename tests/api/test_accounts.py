"""G-19: who has nothing to do with any school any more is listed for the administration; part by part."""

from datetime import timedelta

from commands.context import STOCKHOLM
from tests.api.conftest import Installation
from tests.api.school import School, register, relate
from tests.api.test_protected_identity import protect
from tests.api.test_reading_rights import at_level


def listed(school: School) -> dict[str, str | None]:
    """Who is listed, page by page: since when nothing holds, by given name."""
    path = f"schools/{school.id}/accounts-without-relation"
    found: dict[str, str | None] = {}
    cursor: dict[str, str] = {}
    while True:
        page = school.administrator.get(path, limit=2, **cursor).body
        found |= {one["given_name"]: one["last_on"] for one in page["items"]}
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


def test_who_has_no_relation_left_is_listed(own_school: School, installation: Installation) -> None:
    """Not who has another, here or elsewhere, nor who will have one; a pupil keeps the own file."""
    school = own_school
    assert listed(school) == {}
    register(school, "leaver", installation.issue)
    relate(school, "leaver", school.student, "teacher", ("GRGRMAT01",))
    school = School(school.api, school.known)
    for name, student in (
        ("leaver", school.student), ("other_guardian", school.student), ("outsider", school.other_student)
    ):  # fmt: skip
        relation = getattr(school, name).acting_as
        assert school.administrator.delete(f"students/{student}/relations/{relation}").status == 200
    school.administrator.delete(f"{school.path}/relations/{school.mentor.acting_as}")
    relate(school, "mentor", school.other_student, "mentor")
    school.end_schooling()
    today = installation.clock().astimezone(STOCKHOLM).date().isoformat()
    installation.clock.offset = timedelta(days=1)
    assert listed(school) == {"Leaver": today, "Other_guardian": today, "Outsider": today}
    relate(school, "leaver", school.other_student, "teacher", ("GRGRMAT01",))
    assert set(listed(school)) == {"Other_guardian", "Outsider"}


def test_the_guardian_of_a_protected_pupil_is_listed_for_the_named_alone(
    own_school: School, installation: Installation
) -> None:
    """A name leads to the pupil, also of somebody who was a guardian once; the others are listed, page by page."""
    school = own_school
    for name in ("guardian", "other_guardian"):
        school.administrator.delete(f"{school.path}/relations/{getattr(school, name).acting_as}")
    school.administrator.delete(f"students/{school.other_student}/relations/{school.outsider.acting_as}")
    protect(school, installation, "mentor", "principal")
    installation.clock.offset = timedelta(days=1)
    assert set(listed(school)) == {"Outsider"}
    path = f"schools/{school.id}/accounts-without-relation"
    named = at_level(installation, school.principal, 3).get(path).body["items"]
    assert {one["given_name"] for one in named} == {"Guardian", "Other_guardian", "Outsider"}
    assert len(school.principal.get(path).body["items"]) == 1


def test_the_list_is_for_the_schools_administration(school: School, own_school: School) -> None:
    """Of this school alone."""
    path = f"schools/{school.id}/accounts-without-relation"
    assert school.principal.get(path).status == 200
    assert school.staff.get(path).problem == "only-administration-manages-roster"
    for one in (school.mentor, school.guardian, own_school.administrator):
        assert one.get(path).problem == "school-not-found"
