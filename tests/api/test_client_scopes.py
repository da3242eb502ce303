"""What a program reaches with each scope, and what is for persons alone."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from access.scopes import Scope
from commands.context import STOCKHOLM
from tests.api.client import Api, Person
from tests.api.conftest import Installation
from tests.api.program import Program, fully_let_in, let_in
from tests.api.school import School


@pytest.fixture
def program(installation: Installation, school: School) -> Program:
    """A program that may read and keep the school, and follow the feeds."""
    return fully_let_in(installation, school.id)


def operations(api: Api) -> list[tuple[str, str, dict[str, Any]]]:
    """Every route of the API."""
    return [(m.upper(), path, found) for path, of in api.description["paths"].items() for m, found in of.items()]


def filled(path: str, school: School) -> str:
    """The address with ids that exist, as far as there are any."""
    known = {"student": school.student, "school": school.id, "group": school.group, "template": school.template}
    for name, value in (known | {"person": school.pupil.person_id, "feed": "0"}).items():
        path = path.replace(f"{{{name}}}", value)
    return "/".join(str(uuid4()) if piece.startswith("{") else piece for piece in path.split("/"))


@pytest.mark.requirement("S-SEC-2", surface="api")
def test_every_route_refuses_a_program_without_the_scope_it_names(installation: Installation, school: School) -> None:
    """Before anything is looked up; and routes that name none are for persons."""
    tried = 0
    for scope in Scope:
        caller = let_in(installation, scope, school=school.id).caller()
        for method, path, operation in operations(installation.api):
            accepted = {s for way in operation.get("security", ()) for s in way.get("program", ())}
            if "security" not in operation or scope in accepted:
                continue
            for address in (filled(path, school), filled(path, school).replace(school.student, str(uuid4()))):
                answer = caller._send(method, address)
                assert (answer.status, answer.problem) == (403, "scope-not-granted"), (scope, method, path)
                tried += 1
    assert tried > 400


def test_only_reading_routes_and_the_roster_are_open_to_programs(installation: Installation) -> None:
    """No program answers, assesses, agrees, gives parts at a school or says how anybody signs in.

    Having texts looked through changes nothing.
    """
    writable = {
        (method, path)
        for method, path, operation in operations(installation.api)
        if method != "GET" and any("program" in way for way in operation.get("security", ()))
    }
    student = "/api/v1/students/{student}"
    assert writable == {
        ("POST", "/api/v1/persons"), ("PUT", "/api/v1/persons/{person}/name"), ("POST", "/api/v1/students"),
        ("PUT", f"{student}/name"), ("POST", f"{student}/relations"), ("DELETE", f"{student}/relations/{{relation}}"),
        ("POST", f"{student}/groups"), ("DELETE", f"{student}/groups/{{group}}"), ("POST", f"{student}/transfer"),
        ("POST", f"{student}/grade"), ("POST", f"{student}/schooling-end"), ("POST", f"{student}/re-enrolment"),
        ("PUT", f"{student}/schooling-end"), ("POST", f"{student}/schooling-end/withdrawal"),
        ("POST", "/api/v1/schools/{school}/groups"), ("PUT", "/api/v1/groups/{group}/name"),
        ("POST", "/api/v1/free-text-check"),
    }  # fmt: skip


READS = (
    "students/{student}", "students/{student}/events", "students/{student}/plans", "students/{student}/goals",
    "students/{student}/overview", "students/{student}/learning-notes", "{plan}", "schools/{school}",
    "schools/{school}/groups", "schools/{school}/settings", "groups/{group}", "persons/{person}",
    "students?school={school}", "templates?school={school}", "planning-documents?school={school}", "syllabus/subjects",
)  # fmt: skip


def addresses(school: School, plan: str) -> list[str]:
    """What a program of the school reads."""
    known = {"student": school.student, "plan": plan, "school": school.id, "group": school.group}
    return [address.format(person=school.pupil.person_id, **known) for address in READS]


def test_school_read_reads_the_files_groups_and_persons_of_its_school(school: School, program: Program) -> None:
    """As the school's staff with a right to do so read them."""
    caller = program.caller("school_read")
    plan = school.start()
    for address in addresses(school, plan):
        answer = caller._send("GET", address)
        assert answer.status == 200, (address, answer.body)
    listed = {item["id"] for item in caller.items("students", school=school.id)}
    assert school.student in listed
    assert caller.get(f"students/{school.student}/overview").body == school.mentor.get(f"{school.path}/overview").body


@pytest.mark.requirement("S-SEC-2", surface="api")
def test_another_school_is_not_there_for_a_program(
    school: School, own_school: School, program: Program, installation: Installation
) -> None:
    """The same answer as for what does not exist, to the letter."""
    caller = program.caller("school_read")
    plan = own_school.start()
    elsewhere = [a for a in addresses(own_school, plan) if "syllabus" not in a and "?" not in a]
    nowhere = [
        a.replace(own_school.student, str(uuid4()))
        .replace(own_school.id, str(uuid4()))
        .replace(own_school.group, str(uuid4()))
        .replace(own_school.pupil.person_id, str(uuid4()))
        for a in elsewhere
    ]
    for address, empty in zip(elsewhere, nowhere, strict=True):
        answer, other = caller.get(address), caller.get(empty)
        assert answer.status == other.status == 404, address
        assert answer.response.text == other.response.text, address
    assert caller.get("students", school=own_school.id).problem == "school-not-found"
    assert caller.get("templates", school=own_school.id).problem == "school-not-found"
    assert caller.get("planning-documents", school=own_school.id).problem == "school-not-found"
    moved = own_school.administrator.post(f"{own_school.path}/transfer", school_id=school.id)
    assert moved.status == 200, moved.body
    assert caller.get(f"students/{own_school.student}").status == 200, "access follows the pupil"
    before = let_in(installation, Scope.SCHOOL_READ, school=own_school.id).caller()
    assert before.get(f"students/{own_school.student}").problem == "student-not-found"


def test_school_write_keeps_the_roster_and_every_event_says_that_a_program_did(
    school: School, program: Program
) -> None:
    """Under the program's name, in the role of a program, without a relation; sent again it is done once."""
    caller = program.caller("school_write")
    key = {"Idempotency-Key": str(uuid4())}
    person = caller.post("persons", headers=key, given_name="Ny", family_name="Elev")
    again = caller.post("persons", headers=key, given_name="Ny", family_name="Elev")
    assert (again.id, again.headers["idempotency-replayed"]) == (person.id, "true")
    student = caller.post("students", person_id=person.id, school_id=school.id, grade=4).id
    relation = caller.post(f"students/{student}/relations", person_id=school.mentor.person_id, role="mentor").id
    assert caller.post(f"students/{student}/groups", group_id=school.group).status == 201
    assert caller.post(f"students/{student}/grade", grade=5).status == 200
    assert caller.put(f"persons/{person.id}/name", given_name="Ny", family_name="Namnsson").status == 200
    assert caller.put(f"students/{student}/name").status == 200
    events = school.events(student)
    assert events[0]["code"] == "student_enrolled.v1"
    for event in events:
        by = event["by"]
        assert (by["role"], by["name"], by["person_id"]) == ("client", "Provprogrammet", str(program.client_id))
    assert caller.delete(f"students/{student}/relations/{relation}").status == 200
    ended = caller.post(
        f"students/{student}/schooling-end", cause="moved", ended_on=str(datetime.now(STOCKHOLM).date())
    )
    assert ended.status == 200, ended.body


def test_school_write_reads_no_file_and_writes_at_no_other_school(
    school: School, own_school: School, program: Program
) -> None:
    """And holds no relation that it could name."""
    caller = program.caller("school_write")
    assert caller.get(f"students/{school.student}").problem == "scope-not-granted"
    assert caller.get("students", school=school.id).status == 200
    person = school.outsider.person_id
    assert caller.post(f"students/{own_school.student}/relations", person_id=person, role="mentor").problem == (
        "student-not-found"
    )
    answer = caller.post("students", person_id=person, school_id=own_school.id, grade=4)
    assert answer.problem == "school-not-found"
    assert caller.put(f"persons/{own_school.pupil.person_id}/name", given_name="A", family_name="B").problem == (
        "person-not-found"
    )
    named = Person(caller.api, caller.person_id, caller.token, acting_as=school.administrator.acting_as)
    assert named.post(f"{school.path}/grade", grade=6).problem == "relation-not-held"


@pytest.mark.requirement("S-SEC-2", surface="api")
def test_a_protected_identity_is_there_for_no_program(
    school: School, program: Program, installation: Installation
) -> None:
    """It names the persons who may see it: for a program there is no such pupil, in no list and under no address."""
    reader, writer = program.caller("school_read"), program.caller("school_write")
    plan = school.start()
    strong = replace(school.principal, token=installation.issue(school.principal.person_id, 3))
    marked = strong.put(f"{school.path}/protection", kind="secrecy_marking", readers=[school.mentor.person_id])
    assert marked.status == 200, marked.body
    for address in (school.path, *(f"{school.path}/{part}" for part in ("events", "plans", "goals", "overview")), plan):
        assert reader.get(address).problem == "student-not-found", address
    assert reader.get(f"persons/{school.pupil.person_id}").problem == "person-not-found"
    assert writer.post(f"{school.path}/grade", grade=6).problem == "student-not-found"
    listed = str(reader.items("students", school=school.id))
    members = reader.get(f"groups/{school.group}").response.text
    assert school.student not in listed + members
    assert school.other_student in listed
    asked = reader.get("students", school=school.id, include_protected="true")
    assert (asked.status, asked.problem) == (403, "assurance-too-low")


def test_a_feed_is_envelopes_in_order_without_content_or_names(school: School, program: Program) -> None:
    """Positions, ids, kinds, times and commitments; read on from where one was."""
    caller = program.caller("feed", purpose="")
    school.propose(school.start())
    found: list[dict[str, Any]] = []
    for feed in range(16):
        after = 0
        while items := (page := caller.get(f"feeds/{feed}/events", after=after, limit=50).body)["items"]:
            assert [item["position"] for item in items] == sorted(item["position"] for item in items)
            assert items[0]["position"] > after
            after = page["after"]
            found += items
        assert page == {"feed": feed, "items": [], "after": after}
    assert set(found[0]) == {
        "position", "stream_id", "version", "category", "kind", "recorded_at", "commitment",
    }  # fmt: skip
    of_student = [item for item in found if item["stream_id"] == school.student]
    assert [item["kind"] for item in of_student] == school.codes()
    assert all(len(bytes.fromhex(item["commitment"])) == 32 for item in found)
    said = json.dumps(found)
    assert "Testpupil" not in said
    assert "tiokamraterna" not in said
    for wrong in ("feeds/16/events", "feeds/-1/events", "feeds/0/events?after=-1", "feeds/0/events?limit=1001"):
        assert caller._send("GET", wrong).problem == "not-valid", wrong


def test_the_feeds_are_for_programs(school: School) -> None:
    """No person follows them, whoever it is."""
    for person in (school.principal, school.administrator, school.pupil):
        assert person.get("feeds/0/events").problem == "only-programs"
