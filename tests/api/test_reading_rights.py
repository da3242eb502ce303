"""Who else reads for a time: another adult, a temporary teacher, a principal in an emergency (G-17, S-ROL-10)."""

from datetime import timedelta
from typing import Any

import pytest

from commands.context import STOCKHOLM
from tests.api.client import Person
from tests.api.conftest import Installation
from tests.api.school import School, register
from tests.api.template import MATHS

DAY = timedelta(days=1)
REASON = "Eleven kom inte hem i går och ingen svarar i telefon."


def today(installation: Installation) -> Any:  # noqa: ANN401 - a date
    """The day where the schools are, as the API sees it."""
    return installation.clock().astimezone(STOCKHOLM).date()


def at_level(installation: Installation, person: Person, level: int) -> Person:
    """The same person with another sign-in."""
    return Person(person.api, person.person_id, installation.issue(person.person_id, level=level), person.acting_as)


def relative(school: School, installation: Installation) -> Person:
    """A registered adult who has nothing to do with the pupil."""
    register(school, "relative", installation.issue)
    return school.relative


def delegate(school: School, installation: Installation, days: int = 30) -> Person:
    """An adult whom the guardian lets read."""
    adult = relative(school, installation)
    until = str(today(installation) + days * DAY)
    given = school.guardian.post(f"{school.path}/delegations", person_id=adult.person_id, until=until)
    assert given.status == 201, given.body
    return Person(adult.api, adult.person_id, adult.token, given.id)


def notices(person: Person, code: str, school: School) -> list[dict[str, Any]]:
    """The person's unread notices of a kind about the test's own pupil."""
    found = person.items("notices")
    return [n for n in found if n["kind"] == code and n["student_id"] == school.student]


def mine(person: Person) -> set[str]:
    """The ids of the person's own pupils."""
    return {row["id"] for row in person.get("students").body["items"]}


@pytest.mark.requirement("S-ROL-10", surface="api")
def test_a_guardian_lets_another_adult_read_until_a_day(school: School, installation: Installation) -> None:
    """Read and nothing else, to the last day; guardians and mentor are told, the pupil's list of readers says so."""
    plan = school.start()
    adult = delegate(school, installation, days=2)
    assert adult.get(plan).status == adult.get(f"{school.path}/overview").status == 200
    assert school.student in mine(adult)
    for method, path, body in (
        ("put", f"{plan}/answers/trivs", {"text": "Bra"}),
        ("post", f"{plan}/goals", {"text": "Läsa"}),
        ("post", f"{plan}/agreements", {"plan_version": 1}),
        ("post", f"{school.path}/delegations", {"person_id": adult.person_id, "until": "2030-01-01"}),
    ):
        assert getattr(adult, method)(path, **body).status == 403
    for name in ("other_guardian", "mentor"):
        (notice,) = notices(getattr(school, name), "read_delegated.v1", school)
        assert notice["place"] == f"/elever/{school.student}/lasratt#relation-{adult.acting_as}"
    assert not notices(school.pupil, "read_delegated.v1", school)
    (shown,) = [r for r in school.mentor.get(school.path).body["relations"] if r["role"] == "delegate"]
    assert shown["holds"]
    installation.clock.offset = 2 * DAY
    assert adult.get(plan).status == 200
    installation.clock.offset = 3 * DAY
    for path in ("", "/plans", "/overview", "/events", "/goals", "/learning-notes"):
        assert adult.get(school.path + path).problem == "student-not-found"
    assert school.student not in mine(adult)
    assert "read_delegated.v1" in school.codes()


def test_consent_is_taken_back_or_given_up_at_once(school: School, installation: Installation) -> None:
    """Any guardian ends it, and the adult the own; the mentor does not."""
    for name in ("other_guardian", "adult"):
        adult = delegate(school, installation)
        path = f"{school.path}/delegations/{adult.acting_as}"
        assert school.mentor.delete(path).problem == "only-guardians-end-delegations"
        by = adult if name == "adult" else school.other_guardian
        assert by.delete(path).status == 200
        assert adult.get(school.path).problem == "student-not-found"
        assert school.guardian.delete(path).problem == "relation-not-found"
    assert "delegation_ended.v1" in school.codes()


def test_what_a_guardian_gave_ends_with_the_guardians_own_right(school: School, installation: Installation) -> None:
    """In the file and in every list, the same moment."""
    plan = school.start()
    adult = delegate(school, installation)
    assert school.administrator.delete(f"{school.path}/relations/{school.guardian.acting_as}").status == 200
    for path in (school.path, plan, f"{school.path}/overview", f"{school.path}/events"):
        assert adult.get(path).problem == "student-not-found"
    assert mine(adult) == set()


def test_consent_has_its_limits(school: School, installation: Installation) -> None:
    """A year, a known person, another than the pupil, once at a time; and it is the guardian's to give."""
    adult = relative(school, installation)
    path, day = f"{school.path}/delegations", today(installation)
    ask = {"person_id": adult.person_id, "until": str(day + 30 * DAY)}
    too_long = school.guardian.post(path, **ask | {"until": str(day + 366 * DAY)})
    assert (too_long.status, too_long.problem) == (422, "delegation-too-long")
    assert school.guardian.post(path, **ask | {"until": str(day - DAY)}).problem == "relation-ends-before-it-starts"
    assert school.guardian.post(path, **ask | {"person_id": school.id}).problem == "person-not-found"
    oneself = ask | {"person_id": school.pupil.person_id}
    assert school.guardian.post(path, **oneself).problem == "relation-to-oneself"
    assert school.mentor.post(path, **ask).problem == "only-guardians-delegate"
    assert at_level(installation, school.guardian, 1).post(path, **ask).problem == "assurance-too-low"
    assert school.guardian.post(path, **ask).status == 201
    assert school.guardian.post(path, **ask).problem == "relation-already-exists"


@pytest.mark.requirement("S-ROL-3", surface="api")
def test_a_temporary_teacher_teaches_until_the_day_that_was_set(school: School, installation: Installation) -> None:
    """From the first day to the last: the file, the list of pupils, the own subject; then nothing."""
    plan = school.start()
    adult, day = relative(school, installation), today(installation)
    body = {"person_id": adult.person_id, "role": "teacher", "subjects": [MATHS], "until": str(day + 5 * DAY)}
    given = school.administrator.post(f"{school.path}/relations", **body)
    substitute = Person(adult.api, adult.person_id, adult.token, given.id)
    assert substitute.get(plan).status == 200
    written = substitute.put(f"{plan}/assessments/{MATHS}", forecast="expected", text="Räknar säkert")
    assert written.status == 200
    school.pupil.put(f"{plan}/answers/trivs", text="Bra")
    school.propose(plan, subjects=[MATHS])
    assert substitute.get("notices").body["items"]
    installation.clock.offset = 5 * DAY
    assert school.student in mine(substitute)
    installation.clock.offset = 6 * DAY
    assert mine(substitute) == set()
    assert substitute.get("notices").body["items"] == []
    assert substitute.get(plan).problem == "student-not-found"
    again = substitute.put(f"{plan}/assessments/{MATHS}", forecast="expected", text="Räknar mycket säkert")
    assert again.problem == "student-not-found"


@pytest.mark.requirement("S-ACC-11", surface="api")
def test_a_principal_of_another_school_opens_a_file_for_a_day(
    school: School, own_school: School, installation: Installation
) -> None:
    """With a reason and at level 3; to read; guardians and mentor are told who and where; after 24 hours it is shut."""
    plan = school.start()
    path = f"{school.path}/emergency-access"
    weak = own_school.principal
    strong = at_level(installation, weak, 3)
    assert strong.get(plan).problem == "student-not-found"
    refused = weak.post(path, reason=REASON)
    assert (refused.problem, refused.body["needed_level"]) == ("assurance-too-low", 3)
    assert strong.post(path, reason="Bråttom").problem == "reason-too-short"
    opened = strong.post(path, reason=REASON)
    assert opened.status == 201
    assert strong.post(path, reason=REASON).problem == "relation-already-exists"
    for read in (school.path, plan, f"{school.path}/overview", f"{school.path}/events", f"{school.path}/plans"):
        assert strong.get(read).status == 200
        assert weak.get(read).problem == "assurance-too-low"
    emergency = Person(strong.api, strong.person_id, strong.token, opened.id)
    assert emergency.post(f"{plan}/goals", text="Läsa").problem == "only-parties-propose"
    assert emergency.post(f"{school.path}/grade", grade=6).problem == "only-administration-manages-roster"
    assert mine(strong) == set()
    looks = [one for one in school.guardian.items(f"{school.path}/access-record") if one["role"] == "principal"]
    assert {one["part"] for one in looks} == {"file", "plan", "overview", "history", "plans"}
    assert {(one["purpose"], one["relation_id"]) for one in looks} == {("emergency", opened.id)}
    for name in ("guardian", "other_guardian", "mentor"):
        (notice,) = notices(getattr(school, name), "emergency_access_opened.v1", school)
        assert (notice["by_name"], notice["by_role"]) == ("Principal Testprincipal", "principal")
        assert notice["place"].endswith(f"#relation-{opened.id}")
    assert notices(school.pupil, "emergency_access_opened.v1", school) == []
    (event,) = [e for e in school.events() if e["code"] == "emergency_access_opened.v1"]
    assert (event["event"]["reason"], event["by"]["level"]) == (REASON, 3)
    installation.clock.offset = timedelta(hours=23, minutes=55)
    assert strong.get(plan).status == 200
    (shown,) = [r for r in school.mentor.get(school.path).body["relations"] if r["id"] == opened.id]
    assert shown["holds"]
    installation.clock.offset = timedelta(hours=24, minutes=5)
    for read in (school.path, plan, f"{school.path}/overview", f"{school.path}/events"):
        assert strong.get(read).problem == "student-not-found"
    (shown,) = [r for r in school.mentor.get(school.path).body["relations"] if r["id"] == opened.id]
    assert not shown["holds"]


def test_only_a_principal_opens_a_file_in_an_emergency(
    school: School, own_school: School, installation: Installation
) -> None:
    """To the pupil's own people it is refused by name; to others, any id gives the same answer."""
    path, nowhere = f"{school.path}/emergency-access", "students/11111111-1111-4111-8111-111111111111/emergency-access"
    for name in ("pupil", "guardian", "teacher", "mentor", "administrator"):
        person = at_level(installation, getattr(school, name), 3)
        assert person.post(path, reason=REASON).problem == "only-principals-open-in-emergency"
    for other in (own_school.administrator, own_school.staff, own_school.mentor, school.staff, school.outsider):
        person = at_level(installation, other, 3)
        assert person.post(path, reason=REASON).problem == "student-not-found"
        assert person.post(nowhere, reason=REASON).problem == "student-not-found"
    weak, strong = own_school.principal, at_level(installation, own_school.principal, 3)
    assert weak.post(nowhere, reason=REASON).problem == weak.post(path, reason=REASON).problem == "assurance-too-low"
    assert strong.post(nowhere, reason=REASON).problem == "student-not-found"
