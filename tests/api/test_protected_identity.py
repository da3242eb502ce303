"""Protected identity: hidden in every list, notice and page from all but the pupil and the named (S-SEC-2, G-17)."""

from typing import Any
from uuid import UUID

import pytest

from access.scopes import Scope
from app.local import system_command
from commands.enrolment import end_relation, start_relation
from events.base import Role
from tests.api.client import Answer, Person
from tests.api.conftest import Installation
from tests.api.program import let_in
from tests.api.school import School
from tests.api.test_reading_rights import at_level, mine

NAME, SURNAME = "Pupil", "Hemlighetssson"
NOWHERE = "11111111-1111-4111-8111-111111111111"
EVERYBODY = (
    "guardian", "other_guardian", "teacher", "other_teacher", "mentor", "educator", "administrator", "principal",
    "staff", "classmate", "outsider",
)  # fmt: skip


def protect(school: School, installation: Installation, *named: str, kind: str = "secrecy_marking") -> Answer:
    """The principal marks the pupil's identity as protected, and names these of the school's people."""
    readers = [getattr(school, name).person_id for name in named]
    return at_level(installation, school.principal, 3).put(f"{school.path}/protection", kind=kind, readers=readers)


def _reading_paths(school: School, plan: str) -> tuple[str, ...]:
    path = school.path
    return (
        path,
        f"{path}/plans",
        plan,
        f"{path}/overview",
        f"{path}/events",
        f"{path}/goals",
        f"{path}/learning-notes",
    )


def _lists(school: School) -> tuple[tuple[str, dict[str, Any]], ...]:
    return (
        ("students", {"limit": 200}),
        ("students", {"school": school.id, "limit": 200}),
        (f"groups/{school.group}", {}),
        (f"groups/{school.group}/contact-list", {}),
        (f"persons/{school.pupil.person_id}", {}),
        (f"persons/{school.pupil.person_id}/profile", {}),
        ("notices", {"limit": 200}),
    )


@pytest.mark.requirement("S-SEC-2", surface="api")
@pytest.mark.requirement("S-ACC-11", surface="api")
def test_a_protected_pupil_is_read_by_the_named_at_the_highest_level(
    school: School, installation: Installation
) -> None:
    """Who is named reads at level 3, told so at 2; to others there is no such pupil; the pupil reads as ever."""
    plan = school.start()
    assert protect(school, installation, "mentor", "guardian").status == 200
    paths = _reading_paths(school, plan)
    for path in paths:
        for name in ("mentor", "guardian"):
            weak = getattr(school, name).get(path)
            assert (weak.problem, weak.body["needed_level"]) == ("assurance-too-low", 3)
            assert at_level(installation, getattr(school, name), 3).get(path).status == 200
        assert school.pupil.get(path).status == 200
    strangers = {name: at_level(installation, getattr(school, name), 3) for name in EVERYBODY[1:]}
    for name in set(strangers) - {"mentor"}:
        for path in paths:
            refused = strangers[name].get(path)
            assert refused.problem == "student-not-found", (name, path)
            assert refused.body == strangers[name].get(path.replace(school.student, NOWHERE)).body


def test_a_protected_pupil_is_written_of_by_the_named_alone(school: School, installation: Installation) -> None:
    """The same rule as for reading: the other teacher's relation gives nothing while the protection lasts."""
    plan = school.start()
    protect(school, installation, "teacher")
    answer = {"text": "Arbetar bra"}
    assert school.teacher.put(f"{plan}/answers/larare", **answer).problem == "assurance-too-low"
    assert at_level(installation, school.teacher, 3).put(f"{plan}/answers/larare", **answer).status == 200
    other = at_level(installation, school.other_teacher, 3)
    assert other.put(f"{plan}/answers/larare", **answer).problem == "student-not-found"
    assert school.pupil.put(f"{plan}/answers/trivs", text="Bra").status == 200


@pytest.mark.requirement("S-SEC-2", surface="api")
def test_no_list_notice_or_page_shows_a_protected_pupil_to_others(
    own_school: School, installation: Installation
) -> None:
    """Neither name nor id, in any answer, whatever the level; and nothing tells that somebody is missing."""
    school = own_school
    plan = school.start()
    school.pupil.put(f"{plan}/answers/trivs", text="Bra")
    hidden = (school.student, school.pupil.person_id, SURNAME)
    named = {"given_name": NAME, "family_name": SURNAME}
    assert school.administrator.put(f"persons/{school.pupil.person_id}/name", **named).status == 200
    assert school.administrator.put(f"{school.path}/name").status == 200
    before = {name: at_level(installation, getattr(school, name), 3) for name in EVERYBODY}
    assert any(word in before["teacher"].get("students", limit=200).response.text for word in hidden)
    protect(school, installation, "mentor")
    for name in set(EVERYBODY) - {"mentor"}:
        for path, query in _lists(school):
            for extra in ({}, {"include_protected": True}):
                if extra and not ("school" in query or path.startswith("groups")):
                    continue
                shown = before[name].get(path, **query, **extra)
                assert not [word for word in hidden if word in shown.response.text], (name, path, shown.body)


def test_the_named_find_a_protected_pupil_where_they_ask(own_school: School, installation: Installation) -> None:
    """In the own list at level 3; in a list of a group or a school only when asked for, and at level 3."""
    school = own_school
    school.start()
    protect(school, installation, "mentor", "administrator", "staff", "guardian")
    mentor, administrator, staff, guardian = (
        at_level(installation, getattr(school, name), 3) for name in ("mentor", "administrator", "staff", "guardian")
    )
    assert school.student in mine(mentor)
    assert school.student in mine(guardian)
    assert school.student not in mine(school.mentor)
    listed = {"school": school.id, "limit": 200}

    def found(person: Person, **query: object) -> bool:
        return school.student in {row["id"] for row in person.get("students", **listed, **query).body["items"]}

    assert not found(administrator)
    assert found(administrator, include_protected=True)
    too_weak = school.administrator.get("students", **listed, include_protected=True)
    assert (too_weak.problem, too_weak.body["needed_level"]) == ("assurance-too-low", 3)

    def member(person: Person, **query: object) -> bool:
        answer = person.get(f"groups/{school.group}", **query)
        return school.student in {row["student_id"] for row in answer.body["members"]}

    assert not member(staff)
    assert member(staff, include_protected=True)
    assert school.staff.get(f"groups/{school.group}", include_protected=True).problem == "assurance-too-low"
    assert staff.get(f"persons/{school.pupil.person_id}").body["given_name"] == NAME
    assert school.staff.get(f"persons/{school.pupil.person_id}").problem == "person-not-found"
    assert school.pupil.get(f"persons/{school.pupil.person_id}").status == 200
    assert school.student in mine(school.pupil)


def test_notices_of_a_protected_pupil_reach_the_named_at_the_highest_level(
    school: School, installation: Installation
) -> None:
    """Also those that came before; the pupil's own come as ever; none can be opened by others."""
    plan = school.start()
    school.pupil.put(f"{plan}/answers/trivs", text="Bra")
    (notice, *_) = school.other_guardian.get("notices").body["items"]
    protect(school, installation, "guardian")
    school.pupil.put(f"{plan}/answers/trivs", text="Mycket bra")

    def unread(person: Person) -> int:
        return len([n for n in person.get("notices").body["items"] if n["student_id"] == school.student])

    guardian = at_level(installation, school.guardian, 3)
    assert unread(guardian) == 2
    assert unread(school.guardian) == unread(at_level(installation, school.other_guardian, 3)) == 0
    assert unread(school.pupil) == 1
    assert school.other_guardian.post(f"notices/{notice['id']}/open").problem == "notice-not-found"
    (own, *_) = guardian.get("notices").body["items"]
    assert school.guardian.post(f"notices/{own['id']}/open").problem == "notice-not-found"
    assert guardian.post(f"notices/{own['id']}/open").status == 200


def test_the_administration_of_the_own_school_marks_and_lifts(
    school: School, own_school: School, installation: Installation
) -> None:
    """At level 3, with a reason to lift; also when the mark does not name who lifts it; nobody else."""
    mark = {"kind": "protected_registration", "readers": [school.mentor.person_id]}
    path = f"{school.path}/protection"
    assert school.principal.put(path, **mark).problem == "assurance-too-low"
    strong = {name: at_level(installation, getattr(school, name), 3) for name in ("principal", "administrator")}
    for name in ("pupil", "guardian", "teacher", "mentor"):
        assert getattr(school, name).put(path, **mark).problem == "only-administration-protects"
    for other in (own_school.principal, own_school.administrator, school.staff):
        assert at_level(installation, other, 3).put(path, **mark).problem == "student-not-found"
    assert strong["administrator"].put(path, **mark | {"readers": [NOWHERE]}).problem == "person-not-found"
    end = f"{school.path}/protection-end"
    assert strong["principal"].post(end, reason="Upphört").problem == "identity-not-protected"
    marked = strong["administrator"].put(path, **mark)
    assert strong["administrator"].put(path, **mark).version == marked.version
    shown = at_level(installation, school.mentor, 3).get(school.path).body["protection"]
    assert shown == mark
    assert at_level(installation, school.mentor, 3).put(path, **mark).problem == "only-administration-protects"
    assert at_level(installation, school.teacher, 3).put(path, **mark).problem == "student-not-found"
    assert strong["principal"].post(end, reason="Skatteverket har hävt markeringen").status == 200
    assert school.teacher.get(school.path).body["protection"] is None
    assert school.codes()[-2:] == ["protection_marked.v1", "protection_lifted.v1"]


def test_an_emergency_opens_a_protected_file_too(
    school: School, own_school: School, installation: Installation
) -> None:
    """A principal who is not named has no other way, at the own school or at another; the named are told."""
    plan = school.start()
    protect(school, installation, "mentor")
    for principal in (school.principal, own_school.principal):
        strong = at_level(installation, principal, 3)
        assert strong.get(plan).problem == "student-not-found"
        assert strong.post(f"{school.path}/emergency-access", reason="Eleven är försvunnen sedan i går.").status == 201
        assert strong.get(plan).status == strong.get(f"{school.path}/overview").status == 200
    mentor = at_level(installation, school.mentor, 3)
    kinds = [n["kind"] for n in mentor.get("notices").body["items"] if n["student_id"] == school.student]
    assert kinds.count("emergency_access_opened.v1") == 2
    assert not [n for n in school.guardian.get("notices").body["items"] if n["student_id"] == school.student]


@pytest.mark.requirement("S-SEC-2", surface="api")
def test_nobody_unnamed_renames_a_protected_pupil_or_gives_it_a_sign_in(
    own_school: School, installation: Installation
) -> None:
    """Whoever gave it an identifier could be it: to an administration that is not named there is no such person."""
    school = own_school
    protect(school, installation, "mentor", "administrator")
    path = f"persons/{school.pupil.person_id}"
    nowhere = f"persons/{NOWHERE}"
    name = {"given_name": NAME, "family_name": SURNAME}
    account = {"kind": "eppn", "value": f"{school.pupil.person_id[:8]}@skola.example"}
    unnamed = (at_level(installation, school.principal, 3), school.administrator)
    for person in unnamed:
        for at, other in ((path, nowhere), (f"{path}/sign-in-identifiers", f"{nowhere}/sign-in-identifiers")):
            asked = [person.get(address) for address in (at, other)]
            assert [answer.status for answer in asked] == [404, 404]
            assert asked[0].body == asked[1].body
        tried = [
            (person.put(f"{a}/name", **name), person.post(f"{a}/sign-in-identifiers", **account))
            for a in (path, nowhere)
        ]
        for answers in zip(*tried, strict=True):
            assert [answer.problem for answer in answers] == ["person-not-found"] * 2
            assert answers[0].body == answers[1].body
    named = at_level(installation, school.administrator, 3)
    assert named.put(f"{path}/name", **name).status == 200
    given = named.post(f"{path}/sign-in-identifiers", **account)
    assert given.status == 201
    removal = f"{path}/sign-in-identifiers/{given.id}"
    assert unnamed[0].delete(removal).problem == "person-not-found"
    assert named.delete(removal).status == 200


@pytest.mark.requirement("S-SEC-2", surface="api")
def test_a_protected_pupil_whose_named_readers_have_left_is_found_again(
    own_school: School, installation: Installation
) -> None:
    """By the administration of the school at level 3: an id without a name, on record, and then others are named."""
    school = own_school
    protect(school, installation, "mentor", "guardian")
    path = f"schools/{school.id}/protected-without-reader"
    strong = {
        name: at_level(installation, getattr(school, name), 3) for name in ("principal", "administrator", "mentor")
    }
    assert strong["principal"].get(path).body == {"items": []}
    student_id, relation_id = UUID(school.student), UUID(str(school.mentor.acting_as))
    end_relation(installation.services.context, system_command(), student_id=student_id, relation_id=relation_id)
    assert school.principal.get(path).problem == "assurance-too-low"
    assert at_level(installation, school.staff, 3).get(path).problem == "only-administration-protects"
    assert strong["mentor"].get(path).problem == "school-not-found"
    found = strong["principal"].get(path)
    named = sorted([school.guardian.person_id, school.mentor.person_id])
    assert found.body == {"items": [{"student_id": school.student, "kind": "secrecy_marking", "readers": named}]}
    readers = [*named, school.principal.person_id]
    mark = {"kind": "secrecy_marking", "readers": readers}
    assert strong["principal"].put(f"{school.path}/protection", **mark).status == 200
    assert strong["principal"].get(path).body == {"items": []}
    assert strong["principal"].get(school.path).body["protection"]["readers"] == sorted(readers)
    looks = at_level(installation, school.guardian, 3).items(f"{school.path}/access-record")
    seen = [look for look in looks if look["correlation_id"] == found.headers["x-request-id"]]
    assert [(look["part"], look["role"], look["level"]) for look in seen] == [("protection", "principal", 3)]


@pytest.mark.requirement("S-SEC-2", surface="api")
def test_nobody_learns_a_protected_pupils_name_by_giving_the_pupil_a_part(
    own_school: School, school: School, installation: Installation
) -> None:
    """By relation, part at a school, enrolment or delegation: whoever is not named names nobody, here and elsewhere."""
    protect(own_school, installation, "mentor", "administrator")
    pupil = own_school.pupil.person_id
    strong = {
        name: at_level(installation, getattr(school, name), 3) for name in ("administrator", "principal", "guardian")
    }
    until = str(installation.clock().date())
    for name, path, body in (
        ("administrator", f"{school.path}/relations", {"role": "guardian"}),
        ("administrator", f"schools/{school.id}/roles", {"role": "staff"}),
        ("principal", "students", {"school_id": school.id, "grade": 5}),
        ("guardian", f"{school.path}/delegations", {"until": until}),
    ):
        answers = [strong[name].post(path, person_id=person_id, **body) for person_id in (pupil, NOWHERE)]
        assert [answer.problem for answer in answers] == ["person-not-found"] * 2, path
        assert answers[0].body == answers[1].body
    named = at_level(installation, own_school.administrator, 3)
    given = named.post(f"schools/{own_school.id}/roles", person_id=pupil, role="staff")
    assert given.status == 201


def _contact_looks(reader: Person, school: School) -> list[tuple[str | None, str | None]]:
    """Who, by name and id, has looked at the class-mate in the contact list as a guardian."""
    looks = reader.items(f"students/{school.other_student}/access-record")
    return [(look["name"], look["person_id"]) for look in looks if look["part"] == "contact"]


@pytest.mark.requirement("S-SEC-2", surface="api")
def test_a_class_mates_record_does_not_name_the_guardian_of_a_protected_pupil(
    own_school: School, installation: Installation
) -> None:
    """A new name and an id lead to the child: only who may see the pupil is told, and at the level that takes."""
    school = own_school
    assert school.guardian.get(f"groups/{school.group}/contact-list").status == 200
    guardian = ("Guardian Testguardian", school.guardian.person_id)
    assert _contact_looks(school.outsider, school) == [guardian]
    protect(school, installation, "mentor", "principal")
    nobody = [(None, None)]
    assert _contact_looks(school.outsider, school) == nobody
    assert _contact_looks(at_level(installation, school.outsider, 3), school) == nobody
    assert _contact_looks(school.principal, school) == nobody
    assert _contact_looks(at_level(installation, school.principal, 3), school) == [guardian]
    auditor = let_in(installation, Scope.AUDIT).caller(scope="audit", purpose="Stickprov")
    assert _contact_looks(auditor, school) == nobody
    _relate(school, installation)
    assert school.guardian.get(f"groups/{school.group}/contact-list").status == 200
    assert _contact_looks(school.outsider, school) == [guardian, (None, None)]


def test_no_program_reads_the_record_of_a_protected_pupil(school: School, installation: Installation) -> None:
    """A protection names persons and never a program: to an auditor's, too, there is no such pupil."""
    school.start()
    auditor = let_in(installation, Scope.AUDIT).caller(scope="audit", purpose="Stickprov")
    assert auditor.get(f"{school.path}/access-record").status == 200
    protect(school, installation, "mentor")
    refused = auditor.get(f"{school.path}/access-record")
    nowhere = auditor.get(f"students/{NOWHERE}/access-record")
    assert (refused.problem, refused.body) == ("student-not-found", nowhere.body)


@pytest.mark.requirement("S-SEC-2", surface="api")
def test_who_is_there_only_because_of_a_protected_pupil_is_hidden_with_the_pupil(
    own_school: School, school: School, installation: Installation
) -> None:
    """The guardian's new name would lead to the child: neither page, profile nor delegation tells it to the unnamed.

    Whoever is also staff, or guardian of another pupil, is there as that.
    """
    home = own_school
    person = home.guardian.person_id
    protect(home, installation, "mentor", "principal")
    named, weak = at_level(installation, home.principal, 3), home.principal
    strangers = [at_level(installation, home.staff, 3), at_level(installation, home.administrator, 3), weak]
    for path in ("persons/{}", "persons/{}/profile"):
        for stranger in strangers:
            refused = stranger.get(path.format(person))
            assert (refused.problem, refused.body) == ("person-not-found", stranger.get(path.format(NOWHERE)).body)
        assert named.get(path.format(person)).body["family_name"] == "Testguardian"
        assert home.guardian.get(path.format(person)).status == 200
    until = str(installation.clock().date())
    for other in (person, NOWHERE):
        given = school.guardian.post(f"{school.path}/delegations", person_id=other, until=until)
        assert given.problem == "person-not-found"
    strong = at_level(installation, home.administrator, 3)
    assert strong.put(f"persons/{person}/name", given_name="Ny", family_name="Ny").problem == "person-not-found"
    renamed = at_level(installation, home.principal, 3).put(f"{home.path}/protection", **_mark(home))
    assert renamed.status == 200
    _relate(home, installation)
    assert strong.get(f"persons/{person}").status == 200


def _relate(school: School, installation: Installation) -> None:
    """The roster says that the protected pupil's guardian is the class-mate's too."""
    student_id, person_id = UUID(school.other_student), UUID(school.guardian.person_id)
    context = installation.services.context
    start_relation(context, system_command(), student_id=student_id, person_id=person_id, role=Role.GUARDIAN)


def _mark(school: School) -> dict[str, Any]:
    """A mark that names a guardian too."""
    readers = [getattr(school, name).person_id for name in ("mentor", "principal", "guardian")]
    return {"kind": "secrecy_marking", "readers": readers}
