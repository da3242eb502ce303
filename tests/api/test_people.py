"""Who sees what of whom: profiles, pictures and the contact list of a class."""

from datetime import timedelta
from typing import Any

import pytest

from tests.api.client import Person
from tests.api.conftest import Installation
from tests.api.school import School, register, relate
from tests.api.test_own_settings import CONTACT, photo, save, send


def a_class(school: School, *students: str, kind: str = "class", name: str = "5 C") -> str:
    """A new class of these pupils."""
    group = school.administrator.post(f"schools/{school.id}/groups", name=name, kind=kind).id
    for student in students:
        assert school.administrator.post(f"students/{student}/groups", group_id=group).status == 201
    return group


def entries(reader: Person, group: str, **query: Any) -> dict[str, Any]:  # noqa: ANN401 - any value of a query
    """Everybody in the contact list as the reader sees it, by given name."""
    answer = reader.get(f"groups/{group}/contact-list", **query)
    assert answer.status == 200, answer.body
    people = [one for item in answer.body["items"] for one in (item, *item["guardians"])]
    return {one["given_name"]: one for one in people}


@pytest.fixture
def group(school: School) -> str:
    """A class of the pupil and the classmate, whose guardians have given their details."""
    save(school.guardian, contact=CONTACT)
    save(school.outsider, contact={"mobile": "070-174 06 99"})
    return a_class(school, school.student, school.other_student)


@pytest.mark.requirement("S-CON-2", surface="api")
@pytest.mark.requirement("S-CON-3", surface="api")
def test_a_guardians_details_are_hidden_from_the_class_and_seen_by_who_teaches_the_child(
    school: School, group: str
) -> None:
    """G-2: by default teachers, mentor, educator and the school's administration see them, and their owner."""
    for reader in (school.teacher, school.mentor, school.educator, school.administrator, school.principal):
        seen = entries(reader, group)
        assert seen["Guardian"]["contact"]["mobile"] == "070-174 06 05"
        assert seen["Other_guardian"]["contact"] is None, "nothing is given"
    for reader in (school.pupil, school.other_guardian, school.classmate, school.outsider):
        assert entries(reader, group)["Guardian"]["contact"] is None
    assert entries(school.guardian, group)["Guardian"]["contact"]["email"] == "ake.ost@hemma.example"
    assert entries(school.teacher, group)["Outsider"]["contact"] is None, "she does not teach that child"
    assert entries(school.principal, group)["Outsider"]["contact"]["mobile"] == "070-174 06 99"


def test_a_look_at_what_is_shown_of_a_pupil_is_on_record(school: School, group: str) -> None:
    """The list, the profile and the picture: who, in which role; but nobody's look at oneself."""
    send(school.guardian, school.pupil)
    path = f"persons/{school.pupil.person_id}"
    for reader in (school.teacher, school.outsider, school.pupil):
        entries(reader, group)
        reader.get(f"{path}/profile")
        reader.get(f"{path}/picture")
    looks = school.guardian.get(f"{school.path}/access-record").body["items"]
    seen = {(look["person_id"], look["part"]) for look in looks}
    teacher, outsider = school.teacher.person_id, school.outsider.person_id
    assert seen >= {
        (teacher, "contact"), (teacher, "profile"), (teacher, "picture"), (outsider, "contact"), (outsider, "profile")
    }  # fmt: skip
    roles = {(look["person_id"], look["role"]) for look in looks if look["part"] == "contact"}
    assert roles == {(teacher, "teacher"), (outsider, "guardian")}
    assert (outsider, "picture") not in seen, "it was not shown"
    assert school.pupil.person_id not in {person for person, _ in seen}


@pytest.mark.requirement("S-CON-4", surface="api")
def test_who_unticks_the_box_is_seen_by_pupils_and_guardians_of_the_class(school: School, group: str) -> None:
    """And who ticks it again is not."""
    save(school.guardian, hide_contact_details=False)
    for reader in (school.pupil, school.classmate, school.outsider, school.other_guardian, school.teacher):
        assert entries(reader, group)["Guardian"]["contact"]["town"] == "Umeå"
    save(school.guardian, hide_contact_details=True)
    assert entries(school.classmate, group)["Guardian"]["contact"] is None


def test_the_list_is_for_the_class_and_its_staff(school: School, group: str, installation: Installation) -> None:
    """Other staff are told so; to all others the class is not there; a weak sign-in is asked for a stronger one."""
    address = f"groups/{group}/contact-list"
    assert school.staff.get(address).problem == "only-class-reads-contact-list"
    register(school, "stranger", installation.issue)
    assert School(school.api, school.known).stranger.get(address).problem == "school-not-found"
    weak = Person(school.api, school.guardian.person_id, installation.issue(school.guardian.person_id, level=1))
    assert weak.get(address).problem == "assurance-too-low"
    teaching = a_class(school, school.student, kind="teaching", name="Matte")
    assert school.teacher.get(f"groups/{teaching}/contact-list").problem == "not-a-class"
    assert school.teacher.get(f"groups/{school.id}/contact-list").problem == "school-not-found"


def test_who_has_left_the_class_sees_and_is_seen_no_more(
    school: School, group: str, installation: Installation
) -> None:
    """A pupil who left, a guardian and a teacher whose relation ended yesterday."""
    school.administrator.delete(f"{school.path}/relations/{school.guardian.acting_as}")
    school.administrator.delete(f"{school.path}/relations/{school.teacher.acting_as}")
    installation.clock.offset = timedelta(days=1)
    for reader in (school.guardian, school.teacher):
        assert reader.get(f"groups/{group}/contact-list").problem == "school-not-found"
    assert "Guardian" not in entries(school.principal, group)
    school.administrator.delete(f"students/{school.other_student}/groups/{group}")
    assert school.outsider.get(f"groups/{group}/contact-list").problem == "school-not-found"
    assert {"Classmate", "Outsider"}.isdisjoint(entries(school.principal, group))


def test_who_has_left_school_is_of_no_class(school: School, group: str) -> None:
    """Schooling that has ended ends it, though nobody took the pupil out of the class."""
    assert school.end_schooling().status == 200
    assert {"Pupil", "Guardian"}.isdisjoint(entries(school.principal, group))
    assert school.guardian.get(f"groups/{group}/contact-list").problem == "school-not-found"
    assert school.guardian.get(f"persons/{school.classmate.person_id}/profile").problem == "person-not-found"
    assert school.classmate.get(f"persons/{school.guardian.person_id}/profile").problem == "person-not-found"
    assert school.guardian.get(f"persons/{school.pupil.person_id}/profile").status == 200


def test_the_list_is_in_swedish_order(school: School) -> None:
    """By family name, å ä ö last, v and w apart, accents beside the plain letter; then by given name."""
    names = [("Örjan", "Ek"), ("Åsa", "Ek"), ("Zara", "Ek"), ("Elsa", "Öst"), ("Elsa", "Ås"), ("Elsa", "Ädel"),
             ("Elsa", "Wik"), ("Elsa", "Vik"), ("Elsa", "Éden"), ("Elsa", "Edin")]  # fmt: skip
    group = a_class(school)
    for given, family in names:
        person = school.administrator.post("persons", given_name=given, family_name=family).id
        student = school.administrator.post("students", person_id=person, school_id=school.id, grade=5).id
        school.administrator.post(f"students/{student}/groups", group_id=group)
    items = school.principal.get(f"groups/{group}/contact-list").body["items"]
    assert [f"{one['family_name']} {one['given_name']}" for one in items] == [
        "Éden Elsa", "Edin Elsa", "Ek Zara", "Ek Åsa", "Ek Örjan", "Vik Elsa", "Wik Elsa", "Ås Elsa", "Ädel Elsa",
        "Öst Elsa",
    ]  # fmt: skip


def test_pictures_in_the_list_are_shown_to_staff_and_to_the_class_when_chosen(school: School, group: str) -> None:
    """G-12: to the class only when the pupil or a guardian has chosen it, and none of them has said no."""
    send(school.guardian, school.pupil)
    pupil, classmate = f"persons/{school.pupil.person_id}", f"persons/{school.classmate.person_id}"
    shown, unshown = ({"visible_to_class": choice, "without_as": True} for choice in (True, False))

    def seen_by(reader: Person) -> bool:
        has_picture = entries(reader, group)["Pupil"]["has_picture"]
        assert (reader.get(f"{pupil}/picture").status == 200) is has_picture
        assert reader.get(f"{pupil}/profile").body["has_picture"] is has_picture
        return bool(has_picture)

    for reader in (school.teacher, school.principal, school.guardian, school.other_guardian, school.pupil):
        assert seen_by(reader)
    assert school.staff.get(f"{pupil}/picture").status == 200
    assert not seen_by(school.classmate)
    assert not seen_by(school.outsider)
    assert school.guardian.put(f"{pupil}/picture-visibility", **shown).status == 200
    assert seen_by(school.classmate)
    assert seen_by(school.outsider)
    assert school.other_guardian.put(f"{pupil}/picture-visibility", **shown).status == 200
    assert school.other_guardian.put(f"{pupil}/picture-visibility", **unshown).status == 200
    assert not seen_by(school.classmate)
    assert school.classmate.get(f"{classmate}/picture").problem == "picture-not-found"


@pytest.mark.requirement("S-SET-5", surface="api")
@pytest.mark.requirement("S-ROL-7", surface="api")
@pytest.mark.usefixtures("group")
def test_profiles_are_for_staff_and_for_the_classes_one_is_connected_with(
    school: School, installation: Installation
) -> None:
    """All staff, and pupils and guardians of a class; to all others there is no such person."""
    save(school.guardian, description="Spelar dragspel.", contact=CONTACT, hide_contact_details=False)
    path = f"persons/{school.guardian.person_id}/profile"
    readers = (school.staff, school.teacher, school.principal, school.pupil, school.classmate, school.outsider)
    for reader in readers:
        profile = reader.get(path)
        assert profile.body["description"] == "Spelar dragspel."
        assert "070-174 06 05" not in profile.response.text, "details stand in the contact list alone"
    register(school, "stranger", installation.issue)
    stranger = School(school.api, school.known).stranger
    assert stranger.get(path).problem == "person-not-found"
    assert stranger.get(path).body == stranger.get(f"persons/{school.id}/profile").body
    assert school.classmate.get(f"persons/{school.mentor.person_id}/profile").status == 200
    assert school.classmate.get(f"persons/{stranger.person_id}/profile").problem == "person-not-found"
    assert stranger.get(f"persons/{stranger.person_id}/profile").body["given_name"] == "Stranger"
    weak = Person(school.api, school.outsider.person_id, installation.issue(school.outsider.person_id, level=1))
    assert weak.get(path).problem == "assurance-too-low"


def test_a_look_at_a_profile_is_on_record_in_the_role_towards_that_pupil(school: School) -> None:
    """Not in another that one also has: a mentor who is a guardian elsewhere looks as the mentor, in that relation."""
    held = {name: getattr(school, name).acting_as for name in ("mentor", "guardian", "principal")}
    relate(school, "mentor", school.other_student, "guardian")
    for name, relation_id in held.items():
        reader = getattr(school, name)
        assert reader.get(f"persons/{school.pupil.person_id}/profile").status == 200
        looks = school.guardian.items(f"{school.path}/access-record")
        latest = next(look for look in looks if look["part"] == "profile")
        assert (latest["person_id"], latest["role"], latest["relation_id"]) == (reader.person_id, name, relation_id)


def test_a_profile_ends_with_what_connected_one_with_it(school: School, group: str, installation: Installation) -> None:
    """A guardian whose relation ended yesterday, a teacher who has no pupil any more, a pupil who left the class."""
    path = f"persons/{school.pupil.person_id}/profile"
    assert school.outsider.get(path).status == 200
    for student in (school.student, school.other_student):
        school.administrator.delete(f"students/{student}/groups/{school.group}")
    school.administrator.delete(f"students/{school.other_student}/groups/{group}")
    assert school.outsider.get(path).problem == "person-not-found"
    assert school.other_guardian.get(path).status == 200, "one's own child"
    register(school, "substitute", installation.issue)
    relate(school, "substitute", school.student, "teacher", ("GRGRMAT01",))
    substitute = School(school.api, school.known).substitute
    assert substitute.get(path).status == 200
    school.administrator.delete(f"{school.path}/relations/{substitute.acting_as}")
    installation.clock.offset = timedelta(days=1)
    assert substitute.get(path).problem == "person-not-found"


def test_a_pupil_with_protected_identity_is_in_no_list(school: School, group: str, installation: Installation) -> None:
    """Nor are the guardians, picture and profile: but for the pupil, and for those who are named and ask for it."""
    strong = {
        name: Person(
            school.api,
            getattr(school, name).person_id,
            installation.issue(getattr(school, name).person_id, level=3),
            getattr(school, name).acting_as,
        )
        for name in ("principal", "mentor", "guardian")
    }
    send(school.guardian, school.pupil)
    named = [strong["mentor"].person_id]
    marked = strong["principal"].put(f"{school.path}/protection", kind="secrecy_marking", readers=named)
    assert marked.status in {200, 201}, marked.body
    for reader in (school.classmate, school.outsider, school.principal, strong["principal"], strong["mentor"]):
        assert {"Pupil", "Guardian", "Other_guardian"}.isdisjoint(entries(reader, group)), reader.person_id
        assert "Classmate" in entries(school.principal, group)
    assert "Pupil" in entries(school.pupil, group)
    assert "Pupil" in entries(strong["mentor"], group, include_protected="true")
    assert "Pupil" not in entries(strong["principal"], group, include_protected="true")
    assert school.mentor.get(f"groups/{group}/contact-list", include_protected="true").problem == "assurance-too-low"
    path = f"persons/{school.pupil.person_id}"
    for reader in (school.classmate, school.staff, school.principal, school.mentor, school.guardian):
        assert reader.get(f"{path}/profile").problem == "person-not-found"
        assert reader.get(f"{path}/picture").problem == "picture-not-found"
    assert strong["mentor"].get(f"{path}/picture").status == 200
    assert school.classmate.get(f"persons/{school.guardian.person_id}/profile").problem == "person-not-found"
    assert [p["name"] for p in school.guardian.get("me/settings").body["pictures"]] == ["Guardian Testguardian"]
    assert send(school.guardian, school.pupil, photo((90, 90))).problem == "person-not-found"
