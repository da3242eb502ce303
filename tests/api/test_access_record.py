"""Who has looked at whose file: every reading route leaves a look on record, before anything is shown."""

from typing import Any

import psycopg
import pytest

from access.scopes import Scope
from tests.api.client import Answer, Api, Person
from tests.api.conftest import Installation
from tests.api.program import let_in
from tests.api.school import School
from tests.api.template import MATHS

PATH = "-c search_path=liggare"


def record(reader: Person, school: School, **query: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a query
    """The looks at the pupil's file, the latest first, without those at the record itself."""
    found = reader.items(f"{school.path}/access-record", **query)
    return [look for look in found if look["part"] != "access_record"]


def reading_routes(api: Api) -> list[str]:
    """Below a pupil, each route that reads of a pupil's file; what officers wrote of its keeping is not."""
    return [
        path.split("/students/{student}", 1)[1]
        for path, operations in api.description["paths"].items()
        if "/students/{student}" in path and "get" in operations and not path.endswith("/holds")
    ]


@pytest.mark.requirement("S-ACC-6", surface="api")
def test_every_route_that_reads_of_a_file_leaves_a_look(school: School, installation: Installation) -> None:
    """Who, in which role and relation, at what, how surely signed in, why, and in which request."""
    plan = school.start()
    made = school.administrator.post(
        "planning-documents",
        school_id=school.id,
        kind="planning",
        content={"title": "Mätning", "subject": MATHS, "grades": [5], "sections": [{"heading": "Mål", "text": "Mäta"}]},
    )
    given = school.teacher.put(
        f"{plan}/assessments/{MATHS}", forecast="expected", text="Räknar säkert", documents=[made.id]
    )
    assert given.status == 200, given.body
    before = len(record(school.guardian, school))
    parts = {
        "": "file",
        "/overview": "overview",
        "/plans": "plans",
        "/plans/{plan}": "plan",
        "/goals": "goals",
        "/learning-notes": "learning_notes",
        "/events": "history",
        "/planning-documents/{document}": "planning_document",
        "/access-record": "access_record",
    }
    routes = reading_routes(installation.api)
    assert set(routes) == set(parts), "a route that reads of a file has no part on record"
    plan_id = plan.rsplit("/", 1)[1]
    for route in routes:
        answer = school.guardian.get(school.path + route.format(plan=plan_id, document=made.id))
        assert answer.status == 200, (route, answer.body)
        look = school.guardian.items(f"{school.path}/access-record")
        latest = next(found for found in look if found["correlation_id"] == answer.headers["x-request-id"])
        assert {key: latest[key] for key in ("part", "person_id", "role", "relation_id", "level", "purpose")} == {
            "part": parts[route],
            "person_id": school.guardian.person_id,
            "role": "guardian",
            "relation_id": school.guardian.acting_as,
            "level": 2,
            "purpose": "education",
        }
        assert latest["name"] == "Guardian Testguardian"
    assert len(record(school.guardian, school)) == before + len(routes) - 1


@pytest.mark.requirement("S-SEC-2", surface="api")
def test_a_read_that_is_refused_is_no_look(school: School, installation: Installation) -> None:
    """By who has no right, with too weak a sign-in, or of what is not there."""
    plan = school.start()
    before = record(school.guardian, school)
    weak = Person(school.api, school.mentor.person_id, installation.issue(school.mentor.person_id, level=1))
    nowhere = "11111111-1111-4111-8111-111111111111"
    answers = [
        *(person.get(f"{school.path}{route}") for person in (school.classmate, weak) for route in ("", "/overview")),
        weak.get(plan),
        school.mentor.get(f"{school.path}/plans/{nowhere}"),
        school.mentor.get(f"{school.path}/planning-documents/{nowhere}"),
        school.mentor.get(f"{school.path}/learning-notes", cursor="nonsense"),
    ]
    assert all(answer.status >= 400 for answer in answers)
    assert record(school.guardian, school) == before


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("guardian", True), ("other_guardian", True), ("principal", True), ("pupil", False), ("mentor", False),
        ("teacher", False), ("administrator", False), ("classmate", None), ("staff", None),
    ],
)  # fmt: skip
def test_guardians_and_the_principal_see_who_has_looked(school: School, who: str, may: bool | None) -> None:  # noqa: FBT001 - a column
    """To others of the file it is refused by name; who has nothing to do with the pupil learns nothing."""
    answer = getattr(school, who).get(f"{school.path}/access-record")
    expected = {True: None, False: "only-guardians-and-principal-read-access-record", None: "student-not-found"}
    assert answer.problem == expected[may]


def test_the_record_is_read_in_pages_the_latest_first(school: School) -> None:
    """Nothing comes twice and nothing is left out; that the record is read is itself on record."""
    for _ in range(5):
        school.mentor.get(school.path)
    whole = school.principal.items(f"{school.path}/access-record")
    assert [look["at"] for look in whole] == sorted((look["at"] for look in whole), reverse=True)
    assert {look["name"] for look in whole if look["part"] == "file"} == {"Mentor Testmentor"}
    paged: list[dict[str, Any]] = []
    answer = school.principal.get(f"{school.path}/access-record", limit=2)
    while True:
        paged += answer.body["items"]
        if answer.body["next"] is None:
            break
        answer = school.principal.get(f"{school.path}/access-record", limit=2, cursor=answer.body["next"])
    again = [look for look in paged if look in whole]
    assert again == whole
    newer = [look for look in paged if look not in whole]
    assert [(look["part"], look["role"]) for look in newer] == [("access_record", "principal")]


def test_a_program_that_reads_is_on_record_with_its_purpose(school: School, installation: Installation) -> None:
    """It states why it reads when it asks for its token; a program that audits reads the record."""
    school.start()
    reader = let_in(installation, Scope.SCHOOL_READ, school=school.id)
    calls = reader.caller(scope="school_read", purpose="Betygsunderlag till statistik")
    for route in ("", "/overview"):
        answer: Answer = calls.get(school.path + route)
        assert answer.status == 200, answer.body
    auditor = let_in(installation, Scope.AUDIT).caller(scope="audit", purpose="Stickprov")
    looks = [look for look in record(auditor, school) if look["role"] == "client"]
    assert [(look["part"], look["purpose"], look["person_id"]) for look in looks] == [
        (part, "Betygsunderlag till statistik", str(reader.client_id)) for part in ("overview", "file")
    ]
    assert calls.get(f"{school.path}/access-record").problem == "scope-not-granted"
    own = school.guardian.get(f"{school.path}/access-record").body["items"][0]
    assert (own["part"], own["role"], own["purpose"]) == ("access_record", "client", "Stickprov")


def test_who_looked_is_sealed_and_never_changed(school: School, installation: Installation) -> None:
    """No person stands in the clear beside a look; the application adds looks and can do no more."""
    school.start()
    school.mentor.get(f"{school.path}/overview")
    with psycopg.connect(installation.urls.owner, options=PATH) as owner:
        rows = owner.execute(
            "select a::text, a.sealed from access_record as a where student_id = %s", (school.student,)
        ).fetchall()
    assert rows
    for text, sealed in rows:
        for person in (school.mentor, school.guardian, school.pupil):
            assert person.person_id not in text.replace(str(school.pupil.person_id), "", 1)
            assert person.person_id.encode() not in sealed
    for change in (
        "update access_record set part = 'file'",
        "delete from access_record",
        "truncate access_record",
        "delete from access_record_unplaced",
        "select * from access_record_unplaced",
        "drop table access_record",
    ):
        with (
            psycopg.connect(installation.urls.app, options=PATH) as application,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            application.execute(change.encode())
