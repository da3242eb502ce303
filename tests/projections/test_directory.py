"""Who is what to whom, and what there is at a school: names sealed, ids and dates in the clear."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import psycopg
import pytest

from aggregates import group, person, planning_document, school, template
from aggregates.student_file import own_relation_id
from events.base import Event, Role
from events.enrolment import (
    GradeEntered,
    GroupJoined,
    GroupLeft,
    GuardianUnlinked,
    SchoolingEndCause,
    SchoolingEndCorrected,
    SchoolingEnded,
    SchoolingEndWithdrawn,
    StudentReenrolled,
    StudentRenamed,
    StudentTransferred,
    TeacherAssigned,
    TeacherUnassigned,
)
from events.person import (
    ContactDetailsGiven,
    ContactVisibilityChosen,
    IdentifierKind,
    PersonRegistered,
    PersonRenamed,
    PictureGiven,
    PictureRemoved,
    PictureVisibilityChosen,
    RosterEmailGiven,
    RosterIdentified,
    SelfDescriptionGiven,
    SignInIdentifierGiven,
    SignInIdentifierRemoved,
    Theme,
    ThemeChosen,
)
from events.planning_document import DocumentContent, DocumentKind, DocumentPublished, Section
from events.school import (
    GroupFormed,
    GroupKind,
    GroupRenamed,
    SchoolFounded,
    SchoolRenamed,
    SchoolRoleGranted,
    SchoolRoleRevoked,
    SchoolSettings,
    SettingsAdopted,
)
from events.template import TemplateApproved, TemplateDrafted
from projections.directory import Directory
from projections.directory_projection import DirectoryProjection
from projections.runner import Runner
from store.database import Pool
from store.ledger import Ledger
from tests.aggregates.given import (
    ADMINISTRATOR,
    CLASS,
    GUARDIAN,
    MENTOR,
    OTHER_SCHOOL,
    PRINCIPAL,
    PUPIL,
    SCHOOL,
    TEACHER,
    TEMPLATE,
    Story,
    a_template_content,
    an_id,
    day,
)
from tests.projections.telling import SINCE, a_file, rel, tell
from tests.store.making import destroy_keys

S = TypeVar("S")
NOBODY = an_id("nobody")


@pytest.fixture(params=[1000, 1], ids=["in one batch", "event by event"])
def told(request: pytest.FixtureRequest, ledger: Ledger, pool: Pool) -> Callable[[Any], None]:
    """Appends a story and lets the directory read it."""
    runner = Runner(pool, ledger, batch=request.param)

    def tell_it(story: "Story[Any]", category: str = "student_file", kind: str = "person") -> None:
        tell(ledger, story.past, category, kind)
        runner.catch_up([DirectoryProjection()])

    return tell_it


@pytest.fixture
def directory(pool: Pool, ledger: Ledger) -> Directory:
    """The queries."""
    return Directory(pool, ledger)


def a_story(fold: Callable[..., Any], stream: UUID, subject: UUID, *events: Event) -> "Story[Any]":
    """One stream in which these happened."""
    story: Story[Any] = Story(fold, stream=stream, subject=subject)
    story.given(*events)
    return story


def test_a_pupil_and_the_people_around(told: Callable[..., None], directory: Directory) -> None:
    """The pupil as the file says now; the relations of those around, the pupil's own included."""
    story = a_file()
    story.given(
        StudentRenamed(name="Elsa Öst"),
        GradeEntered(grade=6, entered_on=day(8, 20)),
        GuardianUnlinked(relation_id=rel(GUARDIAN), ended_on=day(9, 1)),
        StudentTransferred(school_id=OTHER_SCHOOL, transferred_on=day(9, 2)),
        SchoolingEnded(cause=SchoolingEndCause.MOVED, ended_on=day(9, 3)),
    )
    told(story)
    entry = directory.student(story.stream)
    assert entry is not None
    assert (entry.name, entry.grade, entry.school_id) == ("Elsa Öst", 6, OTHER_SCHOOL)
    assert (entry.person_id, entry.enrolled_on) == (PUPIL.person_id, SINCE)
    assert (entry.ended_on, entry.ended_cause) == (day(9, 3), "moved")
    assert directory.student_of_person(PUPIL.person_id) == story.stream
    assert directory.students_of_school(OTHER_SCHOOL) == [entry]
    assert directory.students_of_school(SCHOOL) == []
    (guarded,) = directory.students_of(GUARDIAN.person_id)
    assert guarded.relation.id == rel(GUARDIAN)
    assert not guarded.relation.holds(day(9, 1))
    assert guarded.relation.holds(date(2026, 8, 31))
    (taught,) = directory.students_of(TEACHER.person_id)
    assert taught.student == entry
    assert (taught.relation.id, taught.relation.role, taught.relation.subjects, taught.relation.since) == (
        rel(TEACHER),
        Role.TEACHER,
        ("MA",),
        SINCE,
    )
    assert [own.relation.id for own in directory.students_of(PUPIL.person_id)] == [own_relation_id(PUPIL.person_id)]
    assert [own.relation.role for own in directory.students_of(PUPIL.person_id)] == [Role.PUPIL]
    assert directory.students_of(NOBODY) == []


def test_a_pupil_who_came_back(told: Callable[..., None], directory: Directory) -> None:
    """Re-enrolment takes the end of schooling away again."""
    story = a_file()
    story.given(SchoolingEnded(cause=SchoolingEndCause.ABROAD, ended_on=day(9, 1)))
    story.given(StudentReenrolled(school_id=OTHER_SCHOOL, grade=7, reenrolled_on=day(10, 1)))
    told(story)
    entry = directory.student(story.stream)
    assert entry is not None
    assert (entry.ended_on, entry.ended_cause, entry.grade, entry.school_id) == (None, None, 7, OTHER_SCHOOL)


def test_an_end_of_schooling_that_was_wrong_is_set_right_and_taken_back(
    ledger: Ledger, pool: Pool, runner: Runner
) -> None:
    """The pupil is listed with the end that is on record now, and as a pupil where there is none (G-8)."""
    story = a_file()
    story.given(SchoolingEnded(cause=SchoolingEndCause.ABROAD, ended_on=day(9, 1)))
    story.given(SchoolingEndCorrected(cause=SchoolingEndCause.MOVED, ended_on=day(8, 30), reason="Fel dag"))
    tell(ledger, story.past)
    runner.catch_up([DirectoryProjection()])
    entry = Directory(pool, ledger).student(story.stream)
    assert entry is not None
    assert (entry.ended_on, entry.ended_cause) == (day(8, 30), "moved")
    story.given(SchoolingEndWithdrawn(reason="Eleven går kvar"))
    tell(ledger, story.past[-1:])
    runner.catch_up([DirectoryProjection()])
    entry = Directory(pool, ledger).student(story.stream)
    assert entry is not None
    assert (entry.ended_on, entry.ended_cause, entry.version) == (None, None, len(story.past))


def test_a_relation_that_ended_and_another_that_began(told: Callable[..., None], directory: Directory) -> None:
    """A teacher who comes back in other subjects has two relations, each with its own days."""
    story = a_file()
    story.given(TeacherUnassigned(relation_id=rel(TEACHER), ended_on=day(9, 1)))
    again = an_id("again")
    story.given(
        TeacherAssigned(
            relation_id=again, person_id=TEACHER.person_id, name="Maja", subjects=("SV", "SL"), since=day(10, 1)
        )
    )
    told(story)
    by_id = {one.relation.id: one.relation for one in directory.students_of(TEACHER.person_id)}
    assert by_id[rel(TEACHER)].ended_on == day(9, 1)
    assert (by_id[again].ended_on, by_id[again].subjects) == (None, ("SV", "SL"))


def test_groups_and_their_members(told: Callable[..., None], directory: Directory) -> None:
    """Who is in a group now; a group is found by its name though the name is sealed."""
    told(
        a_story(group.fold, CLASS, SCHOOL, GroupFormed(school_id=SCHOOL, name="5A", kind=GroupKind.CLASS)),
        "group",
        "school",
    )
    other = an_id("choir")
    formed = GroupFormed(school_id=SCHOOL, name="Kör", kind=GroupKind.TEACHING)
    told(a_story(group.fold, other, SCHOOL, formed, GroupRenamed(name="Kören")), "group", "school")
    story = a_file()
    story.given(
        GroupJoined(group_id=CLASS, joined_on=SINCE),
        GroupJoined(group_id=other, joined_on=SINCE),
        GroupLeft(group_id=other, left_on=day(9, 1)),
        GroupLeft(group_id=CLASS, left_on=day(9, 2)),
        GroupJoined(group_id=CLASS, joined_on=day(9, 3)),
    )
    told(story)
    assert {entry.name for entry in directory.groups_of_school(SCHOOL)} == {"5A", "Kören"}
    assert [entry.name for entry in directory.groups_of_students([story.stream])] == ["5A"]
    assert [member.student_id for member in directory.group_members(CLASS)] == [story.stream]
    assert directory.group_members(other) == []
    (found,) = directory.groups_by_name(SCHOOL, "Kören")
    assert (found.group_id, found.kind, found.version) == (other, GroupKind.TEACHING, 2)
    assert directory.groups_by_name(SCHOOL, "Kör") == []
    assert directory.group(other) == found


def test_a_school_its_settings_and_who_runs_it(told: Callable[..., None], directory: Directory) -> None:
    """Settings hold from their day; a part that was revoked says from when."""
    narrow = SchoolSettings(only_mentor_confirms=True)
    rut, adam = an_id("rut's part"), an_id("adam's part")
    told(
        a_story(
            school.fold, SCHOOL, SCHOOL,
            SchoolFounded(name="Ålidskolan"),
            SchoolRoleGranted(relation_id=rut, person_id=PRINCIPAL.person_id, role=Role.PRINCIPAL, since=SINCE),
            SchoolRoleGranted(
                relation_id=adam, person_id=ADMINISTRATOR.person_id, role=Role.ADMINISTRATOR, since=SINCE,
                until=day(12, 31),
            ),
            SettingsAdopted(valid_from=day(10, 1), settings=narrow),
            SchoolRoleRevoked(relation_id=rut, ended_on=day(11, 1)),
            SchoolRenamed(name="Ålidhemsskolan"),
        ),
        "school", "school",
    )  # fmt: skip
    entry = directory.school(SCHOOL)
    assert entry is not None
    assert (entry.name, entry.version) == ("Ålidhemsskolan", 6)
    assert directory.schools() == [entry]
    assert entry.settings_on(day(9, 30)) == SchoolSettings()
    assert entry.settings_on(day(10, 1)) == narrow
    (principal,) = directory.school_roles(PRINCIPAL.person_id, SCHOOL)
    assert (principal.id, principal.role, principal.ended_on) == (rut, Role.PRINCIPAL, day(11, 1))
    (part,) = directory.school_parts(ADMINISTRATOR.person_id)
    assert (part.school_id, part.role.until) == (SCHOOL, day(12, 31))
    assert directory.school_roles(ADMINISTRATOR.person_id, OTHER_SCHOOL) == ()
    assert {one.role.person_id for one in directory.staff(SCHOOL)} == {PRINCIPAL.person_id, ADMINISTRATOR.person_id}
    assert directory.any_school_role(Role.ADMINISTRATOR)
    assert not directory.any_school_role(Role.STAFF)
    assert directory.schools_of_person(PRINCIPAL.person_id, day(10, 1)) == {SCHOOL}
    assert directory.schools_of_person(PRINCIPAL.person_id, day(11, 1)) == set()


def test_persons_by_id_and_by_what_rosters_call_them(told: Callable[..., None], directory: Directory) -> None:
    """A roster id is found though nobody can read it; the same id in another roster is somebody else's."""
    contact = ContactDetailsGiven(mobile="070-1740605", email="ake@example.se")
    told(
        a_story(
            person.fold, GUARDIAN.person_id, GUARDIAN.person_id,
            PersonRegistered(given_name="Åke", family_name="Åkesson"),
            RosterIdentified(source="sds", roster_id="17"),
            RosterIdentified(source="sd", roster_id="s 17"),
            PersonRenamed(given_name="Åke", family_name="Öst"),
            contact,
            PictureVisibilityChosen(of_person_id=PUPIL.person_id, visible_to_class=True),
            PictureVisibilityChosen(of_person_id=GUARDIAN.person_id, visible_to_class=True),
            PictureVisibilityChosen(of_person_id=GUARDIAN.person_id, visible_to_class=False),
        ),
        "person",
    )  # fmt: skip
    entry = directory.person(GUARDIAN.person_id)
    assert entry is not None
    assert (entry.name, entry.version, entry.contact) == ("Åke Öst", 8, contact)
    assert directory.persons([GUARDIAN.person_id, NOBODY]) == {GUARDIAN.person_id: entry}
    assert directory.persons_by_roster_ids("other", ["17"]) == {}
    assert directory.persons_by_roster_ids("sds", ["17", "18"]) == {"17": GUARDIAN.person_id}
    assert directory.persons_by_roster_ids("sd", ["s 17"]) == {"s 17": GUARDIAN.person_id}
    assert directory.pictures_shown([PUPIL.person_id, GUARDIAN.person_id], SINCE) == set()


def test_templates_in_their_versions(told: Callable[..., None], directory: Directory) -> None:
    """Every version as it was drafted, and which of them are approved."""
    first, second = a_template_content(), a_template_content(name="IUP 4-6, ny")
    told(
        a_story(
            template.fold, TEMPLATE, SCHOOL,
            TemplateDrafted(school_id=SCHOOL, template_version=1, content=first),
            TemplateApproved(template_version=1),
            TemplateDrafted(school_id=SCHOOL, template_version=2, content=second),
        ),
        "template", "school",
    )  # fmt: skip
    one, two = directory.template(TEMPLATE)
    assert (one.content, two.content) == (first, second)
    assert (one.template_version, two.template_version) == (1, 2)
    assert one.approved_at is not None
    assert two.approved_at is None
    assert directory.templates_of_school(SCHOOL) == [one, two]
    assert directory.template(NOBODY) == []


def test_planning_documents_in_their_latest_version(told: Callable[..., None], directory: Directory) -> None:
    """The latest content; the earlier stays in the ledger."""
    document = an_id("lpp")
    contents = [
        DocumentContent(title=title, subject="MA", grades=(4, 5), sections=(Section(heading="Mål", text="Bråk"),))
        for title in ("Mätning", "Mätning och bråk")
    ]
    told(
        a_story(
            planning_document.fold, document, SCHOOL,
            *(DocumentPublished(school_id=SCHOOL, kind=DocumentKind.PLANNING, content=content) for content in contents),
        ),
        "planning_document", "school",
    )  # fmt: skip
    (entry,) = directory.documents_of_school(SCHOOL)
    assert (entry.document_id, entry.version, entry.kind, entry.content) == (
        document,
        2,
        DocumentKind.PLANNING,
        contents[1],
    )
    assert directory.documents([document, NOBODY]) == {document: entry}


def test_pupils_are_listed_page_by_page(ledger: Ledger, runner: Runner, directory: Directory) -> None:
    """The next page begins after the last id of the one before."""
    for number in range(5):
        tell(ledger, a_file(f"Elev {number}").past)
    runner.catch_up([DirectoryProjection()])
    everybody = directory.students_of_school(SCHOOL)
    assert len(everybody) == 5
    first = directory.students_of_school(SCHOOL, limit=3)
    assert first + directory.students_of_school(SCHOOL, after=first[-1].student_id, limit=3) == everybody


def test_lists_leave_out_the_erased(
    ledger: Ledger, runner: Runner, directory: Directory, keys_owner: psycopg.Connection
) -> None:
    """Between the destroying of a key and the deleting of rows, nobody sees the pupil and nothing fails."""
    gone, stays = a_file("Elev 1"), a_file("Elev 2")
    for story in (gone, stays):
        tell(ledger, story.past)
    runner.catch_up([DirectoryProjection()])
    destroy_keys(ledger, keys_owner, gone.subject)
    ledger.forget()
    assert [entry.student_id for entry in directory.students_of_school(SCHOOL)] == [stays.stream]
    for person_id in (MENTOR.person_id, TEACHER.person_id):
        assert [known.student.student_id for known in directory.students_of(person_id)] == [stays.stream]
    assert directory.student(gone.stream) is None


def teaches(number: int, *subjects: str) -> TeacherAssigned:
    """One more teacher."""
    return TeacherAssigned(
        relation_id=an_id(f"teacher {number}"), person_id=TEACHER.person_id, name="Maja", subjects=subjects, since=SINCE
    )


def test_no_name_and_no_subject_stands_in_the_clear(ledger: Ledger, runner: Runner, owner: psycopg.Connection) -> None:
    """Nothing in a row of the directory is a name or what is taught, neither as text nor as bytes."""
    story = a_file("Hemliga Namnet")
    story.given(StudentRenamed(name="Hemliga Nyttnamn"), teaches(1, "Hemliga-modersmålet"))
    tell(ledger, story.past)
    runner.catch_up([DirectoryProjection()])
    for table in ("students", "relations"):
        for (row,) in owner.execute(f"select t::text from {table} as t".encode()).fetchall():
            assert "Hemliga" not in row
            assert b"Hemliga".hex() not in row


def test_the_length_of_a_row_does_not_tell_the_subject(
    ledger: Ledger, runner: Runner, owner: psycopg.Connection
) -> None:
    """Swedish and Swedish as a second language look the same without the key."""
    story = a_file()
    story.given(teaches(1, "SV"), teaches(2, "SVA"), teaches(3, "ML-ARA"))
    tell(ledger, story.past)
    runner.catch_up([DirectoryProjection()])
    taught = "select octet_length(sealed_subjects) from relations where role = 'teacher'"
    lengths = [length for (length,) in owner.execute(taught).fetchall()]
    assert len(lengths) == 4
    assert len(set(lengths)) == 1


def a_person(person_id: UUID, *events: Event) -> "Story[Any]":
    """A person to whom these happened."""
    registered = PersonRegistered(given_name="Åke", family_name="Öst")
    return a_story(person.fold, person_id, person_id, registered, *events)


def test_what_a_person_shows_of_oneself(told: Callable[..., None], directory: Directory) -> None:
    """What was chosen last; nothing, hidden and plain until something is."""
    guardian, teacher = GUARDIAN.person_id, TEACHER.person_id
    given = PictureGiven(attachment_id=an_id("picture"), sha256="0f" * 32, size=9)
    told(a_person(teacher), "person")
    told(
        a_person(
            guardian, RosterEmailGiven(email="ake@skola.example"), SelfDescriptionGiven(text="Hej"),
            ThemeChosen(theme=Theme.SEA), ContactVisibilityChosen(visible_to_class=True), given,
        ),
        "person",
    )  # fmt: skip
    shown, plain = directory.person(guardian), directory.person(teacher)
    assert shown
    assert plain
    assert (shown.school_email, shown.description, shown.picture_id, shown.shows_contact, shown.theme) == (
        "ake@skola.example", "Hej", given.attachment_id, True, Theme.SEA,
    )  # fmt: skip
    assert (plain.school_email, plain.description, plain.picture_id, plain.shows_contact, plain.theme) == (
        None, None, None, False, Theme.PAPER,
    )  # fmt: skip
    assert plain.contact == ContactDetailsGiven()
    removed = a_person(guardian, RosterEmailGiven(email=None), SelfDescriptionGiven(text=None), PictureRemoved())
    renumbered = [replace(recorded, originator_version=at) for at, recorded in enumerate(removed.past[1:], 7)]
    removed.past[:] = renumbered
    told(removed, "person")
    emptied = directory.person(guardian)
    assert emptied
    assert (emptied.school_email, emptied.description, emptied.picture_id) == (None, None, None)
    assert emptied.version == 9


def test_an_identifier_finds_one_person_or_nobody(told: Callable[..., None], directory: Directory) -> None:
    """One that two people were given at the same moment finds neither, until it is taken from one of them."""

    def given(name: str, lookup: str) -> SignInIdentifierGiven:
        return SignInIdentifierGiven(identifier_id=an_id(name), kind=IdentifierKind.EPPN, lookup=lookup * 32)

    told(a_person(GUARDIAN.person_id, given("own", "0a"), given("shared", "0b")), "person")
    told(a_person(MENTOR.person_id, given("shared too", "0b"), given("gone", "0c")), "person")
    lookups = [bytes([number]) * 32 for number in (10, 11, 12, 13)]
    assert directory.persons_signing_in(lookups) == {lookups[0]: GUARDIAN.person_id, lookups[2]: MENTOR.person_id}
    story = a_person(MENTOR.person_id)
    story.given(*(SignInIdentifierRemoved(identifier_id=an_id(name)) for name in ("shared too", "gone")))
    story.past[:] = [replace(recorded, originator_version=at) for at, recorded in enumerate(story.past[1:], 4)]
    told(story, "person")
    assert directory.person_signing_in(lookups[1]) == GUARDIAN.person_id
    assert directory.person_signing_in(lookups[2]) is None


def test_pictures_are_shown_when_nobody_who_may_choose_says_no(told: Callable[..., None], directory: Directory) -> None:
    """The pupil and present guardians choose; others' choices count for nothing, nor those of a former guardian."""

    def chose(who: UUID, *, visible: bool, of: UUID = PUPIL.person_id) -> None:
        told(a_person(who, PictureVisibilityChosen(of_person_id=of, visible_to_class=visible)), "person")

    story = a_file()
    story.given(GuardianUnlinked(relation_id=rel(GUARDIAN), ended_on=day(9, 1)))
    told(story)
    everybody = [PUPIL.person_id, GUARDIAN.person_id, TEACHER.person_id]
    chose(TEACHER.person_id, visible=True)
    assert directory.pictures_shown(everybody, SINCE) == set()
    chose(GUARDIAN.person_id, visible=True)
    assert directory.pictures_shown(everybody, SINCE) == {PUPIL.person_id}
    assert directory.pictures_shown(everybody, day(9, 1)) == set()
    chose(PUPIL.person_id, visible=False)
    assert directory.pictures_shown(everybody, SINCE) == set()


def test_who_meets_whom(told: Callable[..., None], directory: Directory) -> None:
    """Teachers everybody, a guardian the own child and the class, others nobody; on the days that it holds."""
    told(
        a_story(group.fold, CLASS, SCHOOL, GroupFormed(school_id=SCHOOL, name="5A", kind=GroupKind.CLASS)),
        "group",
        "school",
    )
    story, other = a_file(), a_file("Olle Ek")
    for one in (story, other):
        one.given(GroupJoined(group_id=CLASS, joined_on=SINCE))
    other.given(GuardianUnlinked(relation_id=rel(GUARDIAN), ended_on=SINCE))
    for one in (story, other):
        told(one)
    guardian, olle = GUARDIAN.person_id, an_id("Olle Ek")
    assert directory.roles_towards(TEACHER.person_id, NOBODY, SINCE) == {Role.TEACHER}
    assert directory.roles_towards(guardian, PUPIL.person_id, SINCE) == {Role.GUARDIAN, Role.SELF}
    assert directory.roles_towards(guardian, olle, SINCE) == {Role.GUARDIAN}
    assert directory.roles_towards(olle, guardian, SINCE) == {Role.PUPIL}
    assert directory.roles_towards(olle, MENTOR.person_id, SINCE) == {Role.PUPIL}
    assert directory.roles_towards(guardian, NOBODY, SINCE) == frozenset()
    assert directory.roles_towards(guardian, olle, date(2026, 8, 16)) == frozenset()
    people = {(one.student_id, one.role) for one in directory.class_people(CLASS, SINCE)}
    roles = {Role.PUPIL, Role.TEACHER, Role.MENTOR}
    assert people == {(s.stream, role) for s in (story, other) for role in roles} | {(story.stream, Role.GUARDIAN)}
