"""One file a pupil, whole through every move; access follows the relation (S-GEN-1, S-GEN-4, S-ROL)."""

from datetime import timedelta

import pytest

from tests.api.client import Person
from tests.api.conftest import Installation
from tests.api.school import School

DAY = timedelta(days=1)


@pytest.mark.requirement("S-GEN-1", surface="api")
def test_a_pupil_has_exactly_one_file(school: School) -> None:
    """Enrolled twice is refused; home and school work in the same file."""
    again = school.administrator.post("students", person_id=school.pupil.person_id, school_id=school.id, grade=6)
    assert (again.status, again.problem) == (409, "student-already-enrolled")
    read = {name: getattr(school, name).get(school.path).body["id"] for name in ("pupil", "guardian", "mentor")}
    assert set(read.values()) == {school.student}
    assert school.codes()[:2] == ["student_enrolled.v1", "group_joined.v1"]


@pytest.mark.requirement("S-GEN-1", surface="api")
def test_only_registered_persons_become_pupils(school: School) -> None:
    """A file is opened for somebody who is known, at a school that the caller runs."""
    enrol = {"person_id": "11111111-1111-4111-8111-111111111111", "school_id": school.id, "grade": 5}
    assert school.administrator.post("students", **enrol).problem == "person-not-found"
    assert school.administrator.post("students", **enrol | {"school_id": school.student}).problem == "school-not-found"
    assert school.staff.post("students", **enrol).problem == "only-administration-manages-roster"
    assert school.mentor.post("students", **enrol).problem == "school-not-found"


@pytest.mark.requirement("S-GEN-4", surface="api")
def test_the_record_stays_whole_when_the_teacher_changes(school: School) -> None:
    """What a teacher wrote stays under the teacher's name; the right to read it ends with the relation."""
    plan = school.start()
    school.teacher.put(f"{plan}/answers/larare", text="Arbetar gärna i par")
    relation = school.teacher.acting_as
    ended = school.administrator.delete(f"{school.path}/relations/{relation}")
    assert ended.status == 200
    assert school.teacher.get(plan).problem == "student-not-found"
    assert school.teacher.put(f"{plan}/answers/larare", text="Nytt").problem == "student-not-found"
    (answer,) = school.mentor.get(plan).body["answers"]
    assert answer["versions"][0]["text"] == "Arbetar gärna i par"
    assert answer["versions"][0]["by"]["name"] == "Teacher Testteacher"
    assert school.administrator.delete(f"{school.path}/relations/{relation}").problem == "relation-not-found"
    assert "teacher_unassigned.v1" in school.codes()


@pytest.mark.requirement("S-GEN-4", surface="api")
def test_every_kind_of_relation_begins_and_ends(school: School) -> None:
    """Guardians, teachers, mentors and educators come and go, each by an event of its own."""
    for name in ("other_guardian", "other_teacher", "educator"):
        relation = getattr(school, name).acting_as
        assert school.administrator.delete(f"{school.path}/relations/{relation}").status == 200
    new = school.administrator.post(f"{school.path}/relations", person_id=school.staff.person_id, role="mentor")
    assert school.administrator.delete(f"{school.path}/relations/{school.mentor.acting_as}").status == 200
    school.known.people["mentor"] |= school.known.people["staff"] | {"acting_as": new.id}
    assert {
        "guardian_linked.v1", "guardian_unlinked.v1", "teacher_assigned.v1", "teacher_unassigned.v1",
        "mentor_assigned.v1", "mentor_unassigned.v1", "educator_assigned.v1", "educator_unassigned.v1",
    } <= set(school.codes())  # fmt: skip


@pytest.mark.requirement("S-GEN-4", surface="api")
def test_the_record_follows_the_pupil_to_another_school_and_group(school: School, own_school: School) -> None:
    """The new school's administration reaches the file, the old one's no longer; not a word is lost."""
    plan = school.start()
    school.pupil.put(f"{plan}/answers/trivs", text="Bra")
    before = school.events()
    moved = school.administrator.post(f"{school.path}/transfer", school_id=own_school.id)
    assert moved.status == 200
    assert school.administrator.get(school.path).problem == "student-not-found"
    assert own_school.administrator.get(plan).body["answers"][0]["versions"][0]["text"] == "Bra"
    assert school.events()[: len(before)] == before
    again = own_school.administrator.post(f"{school.path}/transfer", school_id=own_school.id)
    assert again.problem == "already-at-school"
    assert own_school.administrator.delete(f"{school.path}/groups/{school.group}").status == 200
    assert own_school.administrator.delete(f"{school.path}/groups/{school.group}").problem == "not-in-group"
    assert own_school.administrator.post(f"{school.path}/grade", grade=6).status == 200
    assert own_school.administrator.post(f"{school.path}/grade", grade=6).problem == "already-at-school"
    assert school.codes()[-3:] == ["student_transferred.v1", "group_left.v1", "grade_entered.v1"]


def test_a_pupil_is_in_a_group_once(school: School) -> None:
    """Joining twice is refused; so is a group that is nowhere."""
    again = school.administrator.post(f"{school.path}/groups", group_id=school.group)
    assert (again.status, again.problem) == (409, "group-already-joined")
    assert school.administrator.post(f"{school.path}/groups", group_id=school.student).problem == "school-not-found"
    members = school.staff.get(f"groups/{school.group}").body["members"]
    assert {member["student_id"] for member in members} >= {school.student, school.other_student}


def test_relations_have_sound_dates_and_one_of_a_kind_at_a_time(school: School) -> None:
    """A second guardian relation of the same person, or an end before the start, is refused."""
    relation = {"person_id": school.guardian.person_id, "role": "guardian"}
    assert school.administrator.post(f"{school.path}/relations", **relation).problem == "relation-already-exists"
    backwards = relation | {"role": "mentor", "since": "2026-10-02", "until": "2026-10-01"}
    refused = school.administrator.post(f"{school.path}/relations", **backwards)
    assert (refused.status, refused.problem) == (422, "relation-ends-before-it-starts")
    oneself = relation | {"person_id": school.pupil.person_id, "role": "mentor"}
    refused = school.administrator.post(f"{school.path}/relations", **oneself)
    assert (refused.status, refused.problem) == (422, "relation-to-oneself")
    unknown = relation | {"person_id": school.id}
    assert school.administrator.post(f"{school.path}/relations", **unknown).problem == "person-not-found"


def test_a_relation_gives_something_only_between_its_days(school: School, installation: Installation) -> None:
    """Before it starts and after it ends the person is a stranger."""
    today = installation.clock().date()
    days = {"since": str(today + 2 * DAY), "until": str(today + 4 * DAY)}
    school.administrator.post(f"{school.path}/relations", person_id=school.staff.person_id, role="mentor", **days)
    for offset, sees in ((0, False), (3, True), (6, False)):
        installation.clock.offset = offset * DAY
        token = installation.issue(school.staff.person_id)
        person = Person(school.api, school.staff.person_id, token)
        assert (person.get(f"{school.path}/overview").problem == "plan-not-found") is sees
        assert (person.get(school.path).status == 200) is sees


def test_schooling_ends_and_can_be_taken_up_again(school: School, installation: Installation) -> None:
    """After the end nothing new is planned; a pupil who comes back goes on in the same file."""
    plan = school.start()
    early = school.administrator.post(f"{school.path}/schooling-end", cause="completed", ended_on="2000-06-01")
    assert early.problem == "relation-ends-before-it-starts"
    back = {"school_id": school.id, "grade": 7}
    assert school.administrator.post(f"{school.path}/re-enrolment", **back).problem == "schooling-has-not-ended"
    today = installation.clock().date()
    early = school.administrator.post(f"{school.path}/schooling-end", cause="moved", ended_on=str(today + 2 * DAY))
    assert (early.status, early.problem) == (422, "day-not-come")
    assert school.end_schooling().status == 200
    assert school.end_schooling().problem == "schooling-has-ended"
    assert school.administrator.get(school.path).body["schooling_ended"]["cause"] == "completed"
    assert school.pupil.put(f"{plan}/answers/trivs", text="Bra").problem == "schooling-has-ended"
    assert school.administrator.post(f"{school.path}/re-enrolment", **back).status == 200
    assert school.pupil.put(f"{plan}/answers/trivs", text="Bra").status == 200
    assert {"schooling_ended.v1", "student_reenrolled.v1"} <= set(school.codes())


@pytest.mark.requirement("S-ROL-9", surface="api")
def test_one_person_has_several_roles_each_in_its_own_relation(school: School) -> None:
    """A teacher who is also a guardian acts in the relation that the write names."""
    parent = school.administrator.post(
        f"{school.path}/relations", person_id=school.teacher.person_id, role="guardian"
    ).id
    plan = school.start()
    as_guardian = Person(school.api, school.teacher.person_id, school.teacher.token, parent)
    assert as_guardian.put(f"{plan}/answers/hemma", text="Läser mycket").status == 200
    assert school.teacher.put(f"{plan}/answers/hemma", text="Nej").problem == "question-not-directed-to-role"
    assert school.teacher.put(f"{plan}/answers/larare", text="Flitig").status == 200
    assert as_guardian.put(f"{plan}/answers/larare", text="Nej").problem == "question-not-directed-to-role"
    roles = {a["question"]: a["role"] for a in school.mentor.get(plan).body["answers"]}
    assert roles == {"hemma": "guardian", "larare": "teacher"}


@pytest.mark.requirement("S-ROL-10", surface="api")
@pytest.mark.requirement("S-GEN-8", surface="api")
@pytest.mark.requirement("S-SEC-2", surface="api")
def test_only_those_with_a_right_read_the_plan(school: School) -> None:
    """The pupil, guardians, teaching teachers and mentor read; to others the pupil is not there."""
    plan = school.start()
    for name in ("pupil", "guardian", "other_guardian", "teacher", "mentor", "educator", "administrator", "principal"):
        for path in (school.path, plan, f"{school.path}/plans", f"{school.path}/overview", f"{school.path}/events"):
            assert getattr(school, name).get(path).status == 200, (name, path)
    nowhere = "students/11111111-1111-4111-8111-111111111111"
    for name in ("outsider", "classmate", "staff"):
        for path in ("", "/plans", "/overview", "/events", "/goals", "/learning-notes"):
            refused = getattr(school, name).get(school.path + path)
            assert refused.problem == "student-not-found"
            assert refused.body == getattr(school, name).get(nowhere + path).body


@pytest.mark.requirement("S-ROL-7", surface="api")
def test_staff_see_persons_but_no_plans(school: School) -> None:
    """Any staff sees who somebody is; a plan only by a relation to the pupil. Others see only themselves."""
    plan = school.start()
    assert school.staff.get(f"persons/{school.pupil.person_id}").body["given_name"] == "Pupil"
    assert school.staff.get(plan).problem == "student-not-found"
    assert school.guardian.get(f"persons/{school.pupil.person_id}").problem == "person-not-found"
    assert school.guardian.get(f"persons/{school.guardian.person_id}").status == 200


@pytest.mark.requirement("S-ROL-6", surface="api")
def test_an_administrator_reaches_the_pupils_of_the_own_school_and_writes_in_no_plan(
    school: School, own_school: School
) -> None:
    """The administrator reads and keeps the roster; answers, goals and the lock are for others."""
    plan = school.start()
    listed = own_school.administrator.get("students", school=own_school.id).body["items"]
    assert {student["id"] for student in listed} == {own_school.student, own_school.other_student}
    assert school.administrator.get(plan).status == 200
    assert own_school.administrator.get(plan).problem == "student-not-found"
    assert own_school.administrator.get("students", school=school.id).problem == "school-not-found"
    assert school.administrator.put(f"{plan}/answers/trivs", text="Bra").problem == "only-parties-answer"
    assert school.administrator.post(f"{plan}/goals", text="Läsa").problem == "only-parties-propose"
    assert school.administrator.post(f"{plan}/lock", plan_version=9).problem == "only-mentor-locks"
    for reader in (school.pupil, school.guardian, school.teacher, school.mentor):
        refused = reader.post(f"{school.path}/grade", grade=6)
        assert refused.problem == "only-administration-manages-roster"


@pytest.mark.requirement("S-ACC-11", surface="api")
def test_a_weak_sign_in_reaches_only_the_own_file(school: School, installation: Installation) -> None:
    """Level 1 is enough for a pupil; guardians and staff need 2, and the names of pupils count as content."""
    plan = school.start()
    for name in ("guardian", "teacher", "mentor", "administrator"):
        strong = getattr(school, name)
        weak = Person(school.api, strong.person_id, installation.issue(strong.person_id, level=1), strong.acting_as)
        assert weak.get(plan).problem == "assurance-too-low"
        assert weak.get(f"{school.path}/overview").problem == "assurance-too-low"
        assert weak.get("notices").problem == "assurance-too-low"
        assert weak.get("students").body["items"] == []
        assert weak.put(f"{plan}/answers/kommentar", text="Hej").problem in {"assurance-too-low", "only-parties-answer"}
    assert school.pupil.get("me").body["level"] == 1
    assert school.pupil.put(f"{plan}/answers/trivs", text="Bra").status == 200


@pytest.mark.requirement("S-ACC-6", surface="api")
def test_every_event_says_who_did_it_in_which_relation(school: School) -> None:
    """Person, name of that day, role, relation and level of sign-in stand on each event."""
    plan = school.start()
    school.guardian.put(f"{plan}/answers/hemma", text="Läser mycket")
    school.administrator.put(f"persons/{school.guardian.person_id}/name", given_name="Ny", family_name="Efternamn")
    school.guardian.put(f"{plan}/answers/hemma", text="Läser ännu mer")
    first, second = [event["by"] for event in school.events()[-2:]]
    assert first == {
        "person_id": school.guardian.person_id, "role": "guardian", "name": "Guardian Testguardian",
        "relation_id": school.guardian.acting_as, "on_behalf_of": None, "level": 2,
    }  # fmt: skip
    assert second["name"] == "Ny Efternamn"


def test_a_write_names_a_relation_that_the_caller_holds(school: School) -> None:
    """Without one, with somebody else's, or with one to another pupil, nothing is stored."""
    plan = school.start()
    nobody = Person(school.api, school.pupil.person_id, school.pupil.token)
    missing = nobody.put(f"{plan}/answers/trivs", text="Bra")
    assert (missing.status, missing.problem) == (422, "relation-not-named")
    for relation in (school.guardian.acting_as, school.outsider.acting_as, school.id):
        other = Person(school.api, school.pupil.person_id, school.pupil.token, relation)
        assert other.put(f"{plan}/answers/trivs", text="Bra").problem == "relation-not-held"
    assert school.codes()[-1] == "plan_started.v1"


def test_the_list_of_pupils_is_ones_own(school: School) -> None:
    """Each sees the pupils they have to do with, and in which relation to write."""
    (own,) = school.guardian.get("students").body["items"]
    assert own["name"] == "Pupil Testpupil"
    assert [relation["id"] for relation in own["relations"]] == [school.guardian.acting_as]
    assert school.principal.get("students").body["items"] == []
    assert [s["id"] for s in school.outsider.get("students").body["items"]] == [school.other_student]


def test_settings_of_a_school_hold_from_a_day(own_school: School) -> None:
    """The past is not rewritten, and what was decided is listed."""
    settings = {"only_mentor_confirms": True}
    path = f"schools/{own_school.id}/settings"
    assert own_school.principal.put(path, valid_from="2020-08-01", settings=settings).status == 200
    assert own_school.principal.put(path, valid_from="2020-08-01", settings=settings).status == 200
    earlier = own_school.principal.put(path, valid_from="2020-07-01", settings=settings)
    assert (earlier.status, earlier.problem) == (422, "settings-not-newer")
    past = own_school.principal.put(path, valid_from="2020-08-01", settings={})
    assert (past.status, past.problem) == (422, "settings-in-the-past")
    shown = own_school.staff.get(path)
    assert shown.body["in_force"]["only_mentor_confirms"] is True
    assert [item["valid_from"] for item in shown.body["items"]] == [None, "2020-08-01"]
    refused = own_school.staff.put(path, valid_from="2026-09-01", settings={})
    assert refused.problem == "only-administration-adopts-settings"
    assert own_school.mentor.get(path).problem == "school-not-found"


def test_parts_at_a_school_are_given_and_ended(school: School) -> None:
    """Only administration gives them, and only those that belong to a school; an ended one gives nothing."""
    path = f"schools/{school.id}/roles"
    person = school.outsider.person_id
    assert school.administrator.post(path, person_id=person, role="mentor").problem == "not-valid"
    given = school.administrator.post(path, person_id=person, role="staff").id
    assert school.administrator.post(path, person_id=person, role="staff").problem == "relation-already-exists"
    assert school.administrator.post(path, person_id=school.id, role="staff").problem == "person-not-found"
    assert school.outsider.get(f"schools/{school.id}").status == 200
    assert school.outsider.get("schools").body["items"][0]["name"] == "Björkskolan"
    assert school.staff.post(path, person_id=person, role="staff").problem == "only-administration-manages-roster"
    assert school.administrator.delete(f"{path}/{given}").status == 200
    assert school.administrator.delete(f"{path}/{given}").problem == "relation-not-found"
    assert school.outsider.get(f"schools/{school.id}").problem == "school-not-found"


@pytest.mark.requirement("S-GEN-1", surface="api")
def test_the_file_takes_the_pupils_new_name(school: School) -> None:
    """From the day that administration says so; earlier events keep the name of their day."""
    new = {"given_name": "Elsa", "family_name": "Öst"}
    school.administrator.put(f"persons/{school.pupil.person_id}/name", **new)
    first = school.administrator.put(f"{school.path}/name")
    assert school.administrator.put(f"{school.path}/name").version == first.version
    assert school.guardian.put(f"{school.path}/name").problem == "only-administration-manages-roster"
    assert school.guardian.get(school.path).body["name"] == "Elsa Öst"
    assert school.codes()[-1] == "student_renamed.v1"
    assert school.events()[0]["event"]["name"] == "Pupil Testpupil"


def test_who_a_person_is_can_be_changed_but_not_what_was_written(school: School, installation: Installation) -> None:
    """Names change from now on; the picture is shown only when chosen, by oneself or for one's child (G-12)."""
    path = f"persons/{school.pupil.person_id}"
    assert school.pupil.get(path).body["pictures_shown"] == []
    shown = {"visible_to_class": True, "without_as": True}
    assert school.pupil.put(f"{path}/picture-visibility", **shown).status == 200
    assert school.guardian.put(f"{path}/picture-visibility", **shown).status == 200
    assert school.outsider.put(f"{path}/picture-visibility", **shown).problem == "person-not-found"
    token = installation.issue(school.guardian.person_id, level=1)
    weak = Person(school.api, school.guardian.person_id, token, school.guardian.acting_as)
    assert weak.put(f"{path}/picture-visibility", **shown).problem == "assurance-too-low"
    assert school.pupil.get(path).body["pictures_shown"] == [school.pupil.person_id]
    unknown = f"persons/{school.id}/name"
    assert school.administrator.put(unknown, given_name="A", family_name="B").problem == "person-not-found"


def test_groups_are_formed_and_renamed(school: School) -> None:
    """By administration; all staff see them."""
    made = school.administrator.post(f"schools/{school.id}/groups", name="Ma 5", kind="teaching").id
    assert school.administrator.put(f"groups/{made}/name", name="Matematik 5").status == 200
    names = {group["name"] for group in school.staff.get(f"schools/{school.id}/groups").body["items"]}
    assert names >= {"5 B", "Matematik 5"}
    assert "Ma 5" not in names
    for name, found in (("Matematik 5", [made]), ("Matematik", []), ("Ma 5", [])):
        items = school.staff.get(f"schools/{school.id}/groups", name=name).body["items"]
        assert [group["id"] for group in items] == found
    assert school.mentor.get(f"groups/{made}").problem == "school-not-found"
    assert school.staff.put(f"groups/{made}/name", name="Ma").problem == "only-administration-manages-roster"
    assert school.administrator.put(f"groups/{school.id}/name", name="Ma").problem == "school-not-found"


@pytest.mark.parametrize("hiding", ["\u202e", "\u2066", "\u200b", "\u2060", "\ufeff"], ids=ascii)
def test_nothing_unseen_is_taken_in_a_name_or_a_text(school: School, hiding: str) -> None:
    """Characters that hide or turn what stands around them; the joiners of a mother tongue are taken in texts."""
    name = {"given_name": f"An{hiding}na", "family_name": "Öst"}
    assert school.administrator.put(f"persons/{school.pupil.person_id}/name", **name).problem == "not-valid"
    viewpoint = f"{school.start()}/viewpoint"
    refused = school.guardian.put(viewpoint, text=f"Läx{hiding}or")
    assert (refused.status, refused.problem) == (422, "not-valid")
    assert refused.body["errors"][0]["field"] == "/text"
    assert school.guardian.put(viewpoint, text="می\u200cرود").status == 200
