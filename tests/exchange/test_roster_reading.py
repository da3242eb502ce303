"""A roster as a whole: what it wants there to be, which rows are named and why, and who becomes what to whom."""

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from events.base import Role
from events.school import GroupKind
from exchange.roster_building import wanted_of
from exchange.roster_format import ONEROSTER, SDS, detect, read_roster
from exchange.roster_rows import read_rows
from exchange.roster_tables import RosterUnusable, Tables, last_day
from exchange.roster_wanted import MentorRow, Wanted, WantedPupil
from exchange.roster_words import RosterIds, grade_of, is_outside_compulsory_school, subject_of
from tests.exchange.rosters import Roster, enrolled, user

IDS = RosterIds("test", "roster")
ON = date(2026, 11, 2)
SAMPLE = Path(__file__).parents[3] / "shared" / "data" / "oneroster-sds-v2.1"


def hold(
    roster: Roster, folder: Path, *, on: date = ON, known: dict[str, UUID] | None = None, mentors: str = ""
) -> tuple[Tables, Wanted]:
    """Write a roster, read it, and hold it together."""
    tables = read_roster(roster.write(folder))
    rows: list[MentorRow] = []
    if mentors:
        path = folder / "mapping.csv"
        path.write_text(mentors, encoding="utf-8")
        found = read_rows(path, ("mentorSourcedId",), ("userSourcedId", "classSourcedId"), tables.faults)
        rows = [MentorRow(row["userSourcedId"], row["classSourcedId"], row["mentorSourcedId"], row) for row in found]
    return tables, wanted_of(tables, IDS, on=on, known=known or {}, mentors=rows)


def faults(tables: Tables) -> list[tuple[str, int, str]]:
    """Where something is wrong: file, line, column."""
    return [(fault.file, fault.line, fault.column) for fault in sorted(tables.faults.found)]


def people(pupil: WantedPupil) -> set[tuple[Role, UUID, tuple[str, ...]]]:
    """Who is what to the pupil: role, person, subjects."""
    return {(relation.role, relation.person_id, relation.subjects) for relation in pupil.relations}


def test_a_roster_says_who_is_what_to_a_pupil(tmp_path: Path) -> None:
    """Guardian by the guardian's role, mentor as the primary teacher of a homeroom, teacher by the class's subject."""
    tables, wanted = hold(Roster(), tmp_path / "r")
    assert faults(tables) == []
    pupil = wanted.pupils[IDS.person("p1")]
    assert (pupil.name, pupil.school_id, pupil.grade) == ("P1 Provsson", IDS.school("s1"), 5)
    assert people(pupil) == {
        (Role.GUARDIAN, IDS.person("g1"), ()),
        (Role.MENTOR, IDS.person("t1"), ()),
        (Role.TEACHER, IDS.person("t2"), ("GRGRMAT01",)),
    }
    assert set(pupil.groups) == {IDS.group("k1"), IDS.group("m1")}
    assert wanted.groups[IDS.group("k1")].kind is GroupKind.CLASS
    assert wanted.schools[IDS.school("s1")].roles.keys() == {
        (IDS.person("t1"), Role.STAFF),
        (IDS.person("t2"), Role.STAFF),
        (IDS.person("a1"), Role.ADMINISTRATOR),
    }
    assert wanted.without_mentor == []


def test_nothing_of_a_password_column_is_anywhere(tmp_path: Path) -> None:
    """Neither in what was read nor in what is said about it (G-20)."""
    roster = Roster()
    roster.users.append(user("x", "wizard"))
    tables, wanted = hold(roster, tmp_path / "r")
    assert "Hemligt123" not in repr(tables)
    assert "Hemligt123" not in repr(wanted)


@pytest.mark.requirement("S-ROL-9")
def test_an_employee_who_is_a_guardian_is_one_person(tmp_path: Path) -> None:
    """Two rows with one user id are one person with both parts, found by either of the roster's ids."""
    roster = Roster()
    roster.of("t2")["userIds"] = "{staff:42}"
    roster.users.append(user("t2-home", "guardian", userIds="{STAFF:42}"))
    roster.of("p2")["agentSourcedIds"] = "t2-home"
    tables, wanted = hold(roster, tmp_path / "r")
    assert faults(tables) == []
    both = {(Role.TEACHER, IDS.person("t2"), ("GRGRMAT01",)), (Role.GUARDIAN, IDS.person("t2"), ())}
    assert both <= people(wanted.pupils[IDS.person("p2")])
    assert wanted.persons[IDS.person("t2")].roster_ids == ("t2", "t2-home")


@pytest.mark.parametrize(
    ("role", "is_guardian", "is_fault"),
    [
        ("guardian", True, False),
        ("parent", True, False),
        ("relative", False, False),
        ("aide", False, False),
        ("teacher", False, False),
        ("wizard", False, True),
    ],
)
def test_only_guardian_and_parent_make_a_guardian(
    tmp_path: Path, role: str, *, is_guardian: bool, is_fault: bool
) -> None:
    """Every other adult around a pupil is named, and linked to nothing (G-20)."""
    roster = Roster()
    roster.of("g1")["role"] = role
    tables, wanted = hold(roster, tmp_path / "r")
    roles = {relation.role for relation in wanted.pupils[IDS.person("p1")].relations}
    assert (Role.GUARDIAN in roles) == is_guardian
    assert (("users.csv", 2, "agentSourcedIds") in faults(tables)) == is_fault
    assert any(row.column == "agentSourcedIds" for row in tables.left_out) == (not is_guardian and not is_fault)
    assert (IDS.person("g1") in wanted.persons) == (is_guardian or role in {"aide", "teacher"})


def test_a_guardians_own_row_may_name_the_pupil(tmp_path: Path) -> None:
    """The two rows that name each other make one relation."""
    roster = Roster()
    roster.of("g1")["agentSourcedIds"] = "p1,p2"
    tables, wanted = hold(roster, tmp_path / "r")
    assert faults(tables) == []
    guardians = [relation for p in wanted.pupils.values() for relation in p.relations if relation.role is Role.GUARDIAN]
    assert len(guardians) == 2


def test_a_teacher_of_f_klass_is_an_educator(tmp_path: Path) -> None:
    """Below year 1 the teacher is the pupil's pedagog (S-ROL-5)."""
    roster = Roster()
    roster.of("p1")["grades"] = "KG"
    _, wanted = hold(roster, tmp_path / "r")
    assert (Role.EDUCATOR, IDS.person("t2"), ()) in people(wanted.pupils[IDS.person("p1")])
    assert (Role.TEACHER, IDS.person("t2"), ("GRGRMAT01",)) in people(wanted.pupils[IDS.person("p2")])


def test_the_only_teacher_of_a_homeroom_is_the_mentor_and_one_of_two_is_not(tmp_path: Path) -> None:
    """Where the roster does not say who is mentor, each pupil without one is named by row (G-20)."""
    roster = Roster()
    roster.leave("k1", "t1")
    roster.enrollments.append(enrolled("k1", "t1", "teacher"))
    _, wanted = hold(roster, tmp_path / "r")
    assert wanted.without_mentor == []
    roster.enrollments.append(enrolled("k1", "t2", "teacher"))
    tables, wanted = hold(roster, tmp_path / "r")
    assert [(fault.file, fault.line) for fault in wanted.without_mentor] == [("users.csv", 2), ("users.csv", 3)]
    assert faults(tables) == []


def test_a_mapping_file_names_mentors_for_pupils_and_classes(tmp_path: Path) -> None:
    """Only for pupils whose mentor the roster does not say; a row that leads nowhere is named."""
    roster = Roster()
    roster.leave("k1", "t1")
    mapping = "userSourcedId,classSourcedId,mentorSourcedId\np1,,t2\n,k1,t1\n,nowhere,t1\np2,,nobody\n"
    tables, wanted = hold(roster, tmp_path / "r", mentors=mapping)
    mentors = {p: [r.person_id for r in w.relations if r.role is Role.MENTOR] for p, w in wanted.pupils.items()}
    assert mentors == {IDS.person("p1"): [IDS.person("t2")], IDS.person("p2"): [IDS.person("t1")]}
    assert faults(tables) == [("mapping.csv", 4, "classSourcedId"), ("mapping.csv", 5, "mentorSourcedId")]
    _, wanted = hold(Roster(), tmp_path / "r", mentors=mapping)
    assert (Role.MENTOR, IDS.person("t1"), ()) in people(wanted.pupils[IDS.person("p1")])


@pytest.mark.parametrize(
    ("file", "line", "column", "change"),
    [
        ("users.csv", 2, "grades", {"grades": "11"}),
        ("users.csv", 2, "grades", {"grades": "sjunde"}),
        ("users.csv", 2, "grades", {"grades": ""}),
        ("users.csv", 2, "grades", {"grades": "05,06"}),
        ("users.csv", 2, "familyName", {"familyName": ""}),
        ("users.csv", 2, "familyName", {"familyName": "A\x07"}),
        ("users.csv", 2, "familyName", {"familyName": "A\u200bberg"}),
        ("users.csv", 2, "givenName", {"givenName": "\u202eannA"}),
        ("users.csv", 2, "givenName", {"givenName": "A" * 201}),
        ("users.csv", 2, "familyName", {"familyName": "A" * 199}),
        ("users.csv", 2, "orgSourcedIds", {"orgSourcedIds": "nowhere"}),
        ("users.csv", 2, "role", {"role": "elev"}),
        ("users.csv", 2, "agentSourcedIds", {"agentSourcedIds": "nobody"}),
        ("users.csv", 2, "sourcedId", {"sourcedId": ""}),
        ("users.csv", 3, "sourcedId", {"sourcedId": "p2"}),
    ],
)
def test_a_bad_user_row_is_named_and_the_others_are_kept(
    tmp_path: Path, file: str, line: int, column: str, change: dict[str, str]
) -> None:
    """By file, line, column and reason; the other pupil is there, and nothing of the row is said."""
    roster = Roster()
    roster.of("p1").update(change)
    tables, wanted = hold(roster, tmp_path / "r")
    assert (file, line, column) in faults(tables)
    assert IDS.person("p2") in wanted.pupils
    told = " ".join(str(fault) for fault in tables.faults.found)
    assert all(value not in told for value in change.values() if value and value != "elev")


@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("classSourcedId", {"classSourcedId": "nowhere"}),
        ("userSourcedId", {"userSourcedId": "nobody"}),
        ("userSourcedId", {"userSourcedId": "g1"}),
        ("role", {"role": "wizard"}),
        ("role", {"role": "teacher"}),
        ("beginDate", {"beginDate": "2026-13-01"}),
        ("endDate", {"beginDate": "2026-08-01", "endDate": "2026-07-01"}),
    ],
)
def test_a_bad_enrollment_is_named_and_protects_what_it_may_have_said(
    tmp_path: Path, column: str, change: dict[str, str]
) -> None:
    """Nothing of a person whom a bad row names ends because of it."""
    roster = Roster()
    roster.enrollments[3].update(change)
    tables, wanted = hold(roster, tmp_path / "r")
    assert faults(tables) == [("enrollments.csv", 5, column)]
    assert set(wanted.pupils[IDS.person("p1")].groups) == {IDS.group("k1")}
    assert IDS.person(change.get("userSourcedId", "p1")) in wanted.protected


def test_a_class_that_cannot_be_used_protects_its_people(tmp_path: Path) -> None:
    """The class is named once; its enrollments are good and only cannot be carried out."""
    roster = Roster()
    roster.classes[1]["title"] = ""
    tables, wanted = hold(roster, tmp_path / "r")
    assert faults(tables) == [("classes.csv", 3, "title")]
    assert wanted.protected == {IDS.person(i) for i in ("p1", "p2", "t2")}


def test_a_row_that_cannot_be_read_protects_everybody_it_names(tmp_path: Path) -> None:
    """Nobody knows what it said."""
    folder = Roster().write(tmp_path / "r")
    path = folder / "enrollments.csv"
    path.write_bytes(path.read_bytes().replace(b"m1-p1,,m1,p1,", b"m1-p1,m1,p1,"))
    tables = read_roster(folder)
    wanted = wanted_of(tables, IDS, on=ON, known={})
    assert faults(tables) == [("enrollments.csv", 5, "")]
    assert IDS.person("p1") in wanted.protected
    assert IDS.person("p2") not in wanted.protected


def test_rows_that_are_over_or_to_be_deleted_count_as_absent(tmp_path: Path) -> None:
    """They are named apart from bad rows: nothing is wrong with them."""
    roster = Roster()
    roster.enrollments[3]["endDate"] = "2026-10-01"
    roster.enrollments[4]["beginDate"] = "2027-01-10"
    roster.of("g1")["status"] = "tobedeleted"
    roster.of("p1")["agentSourcedIds"] = ""
    tables, wanted = hold(roster, tmp_path / "r")
    assert faults(tables) == []
    assert [(row.file, row.line) for row in sorted(tables.left_out)] == [
        ("enrollments.csv", 5),
        ("enrollments.csv", 6),
        ("users.csv", 4),
    ]
    assert wanted.protected == set()


def test_a_roster_whose_sessions_are_over_is_read_as_of_its_last_day(tmp_path: Path) -> None:
    """An old roster speaks of its own time; one that still runs speaks of today."""
    roster = Roster()
    roster.sessions = [{"sourcedId": "y", "startDate": "2021-08-24", "endDate": "2022-06-11"}]
    tables, _ = hold(roster, tmp_path / "r")
    assert last_day(tables, ON) == date(2022, 6, 11)
    assert last_day(tables, date(2022, 3, 1)) == date(2022, 3, 1)


@pytest.mark.parametrize("file", ["classes.csv", "enrollments.csv"])
@pytest.mark.parametrize("content", [None, b"", b"wrong,header\n"])
def test_a_roster_without_classes_is_silent_on_them(tmp_path: Path, file: str, content: bytes | None) -> None:
    """The pupils are read; that the file is missing or cannot be used says nothing of who teaches whom."""
    folder = Roster().write(tmp_path / "r")
    (folder / file).unlink()
    if content is not None:
        (folder / file).write_bytes(content)
    tables = read_roster(folder)
    wanted = wanted_of(tables, IDS, on=ON, known={})
    assert wanted.silent_on == {Role.TEACHER, Role.MENTOR, Role.EDUCATOR, Role.PUPIL}
    assert [fault.file for fault in tables.faults.found] == ([] if content is None else [file])
    assert len(wanted.pupils) == 2


def test_a_class_whose_subjects_are_not_known_protects_its_teachers(tmp_path: Path) -> None:
    """An unknown subject, or a course that is not there: the class is named, and nobody's subjects shrink."""
    roster = Roster()
    roster.classes[1]["subjectCodes"] = "Något annat"
    tables, wanted = hold(roster, tmp_path / "r")
    assert faults(tables) == [("classes.csv", 3, "subjects")]
    assert wanted.protected == {IDS.person("t2")}
    assert (Role.TEACHER, IDS.person("t2"), ()) in people(wanted.pupils[IDS.person("p1")])


@pytest.mark.parametrize("missing", ["orgs.csv", "users.csv"])
def test_a_folder_without_the_files_it_needs_is_no_roster(tmp_path: Path, missing: str) -> None:
    """The file is named, and nothing is read."""
    folder = Roster().write(tmp_path / "r")
    (folder / missing).unlink()
    with pytest.raises(RosterUnusable) as refused:
        read_roster(folder)
    assert [fault.file for fault in refused.value.faults] == [missing]


def test_another_version_of_oneroster_is_refused(tmp_path: Path) -> None:
    """The manifest says which version it is."""
    folder = Roster().write(tmp_path / "r")
    (folder / "manifest.csv").write_text("propertyName,value\noneroster.version,1.1\n")
    assert detect(folder) == ONEROSTER
    (folder / "manifest.csv").write_text("propertyName,value\noneroster.version,1.2\n")
    with pytest.raises(RosterUnusable):
        detect(folder)


def test_a_person_whom_the_ledger_knows_keeps_the_id(tmp_path: Path) -> None:
    """Found by the roster's id, in whatever way the person came in."""
    known = UUID(int=7)
    _, wanted = hold(Roster(), tmp_path / "r", known={"p1": known})
    assert known in wanted.pupils
    assert IDS.person("p1") not in wanted.pupils


def test_ids_differ_between_tenants_sources_and_kinds() -> None:
    """The same roster id elsewhere is somebody else."""
    one = {RosterIds(tenant, source).person("1") for tenant in ("a", "b") for source in ("x", "y")}
    assert len(one | {IDS.school("1"), IDS.group("1"), IDS.person("1")}) == 7


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("1", 1),
        ("09", 9),
        ("10", 10),
        ("F", 0),
        ("KG", 0),
        ("Förskoleklass", 0),
        ("PK", -1),
        ("åk 4", 4),
        ("11", None),
        ("PS", None),
        ("x", None),
        ("", None),
    ],
)
def test_school_years_by_their_names(text: str, grade: int | None) -> None:
    """1 to 10 as they are, F-klass 0, preschool below; what lies outside compulsory school is known as such."""
    assert grade_of(text) == grade
    assert is_outside_compulsory_school(text) == (text in {"11", "PS"})


def test_subjects_by_code_short_code_and_name() -> None:
    """A code of one's own is kept; a text is not a code."""
    assert {subject_of(text) for text in ("MA", "ma", "Matematik", "GRGRMAT01")} == {"GRGRMAT01"}
    assert subject_of("LOKAL-7") == "LOKAL-7"
    assert subject_of("Något annat") is None


@pytest.mark.skipif(not SAMPLE.is_dir(), reason="the sample roster is not beside the checkout")
def test_the_sample_of_school_data_sync() -> None:
    """Three pupils of one school; guardians from relationships.csv; a relative is named; a professor is not known."""
    assert detect(SAMPLE) == SDS
    tables = read_roster(SAMPLE)
    wanted = wanted_of(tables, IDS, on=last_day(tables, ON), known={})
    assert wanted.on == date(2022, 6, 11)
    assert len(wanted.pupils) == 3
    guardians = {p: [r for r in w.relations if r.role is Role.GUARDIAN] for p, w in wanted.pupils.items()}
    assert [len(guardians[IDS.person(i)]) for i in ("114001", "114003", "114004")] == [1, 0, 1]
    assert faults(tables) == [("roles.csv", 5, "role")]
    assert ("relationships.csv", 3, "relationshipRole") in [(r.file, r.line, r.column) for r in tables.left_out]
    assert len(wanted.without_mentor) == 3
    assert "P@ssword" not in repr(tables)


def _same(roster: Roster, pupil: str, other: str) -> None:
    """Let two users be one person by their user ids."""
    roster.of(pupil)["userIds"] = roster.of(other)["userIds"] = "{person:7}"


@pytest.mark.parametrize("is_known", [False, True])
@pytest.mark.parametrize(
    ("role", "school_class", "grades", "primary"),
    [
        (Role.TEACHER, "m1", "05", "false"),
        (Role.EDUCATOR, "m1", "KG", "false"),
        (Role.MENTOR, "k1", "05", "true"),
        (Role.MENTOR, "k1", "05", "false"),
    ],
)
def test_nobody_teaches_or_mentors_oneself(
    tmp_path: Path, role: Role, school_class: str, grades: str, primary: str, *, is_known: bool
) -> None:
    """Two users who are one person, by user id or by what the ledger knows: the row that says so is named, not used."""
    roster = Roster()
    roster.of("p1")["grades"] = roster.of("p2")["grades"] = grades
    roster.users.append(user("p1-work", "teacher"))
    roster.leave("k1", "t1")
    roster.leave("m1", "t2")
    roster.enrollments.append(enrolled(school_class, "p1-work", "teacher", primary=primary))
    known = {}
    if is_known:
        known = dict.fromkeys(("p1", "p1-work"), UUID(int=7))
    else:
        _same(roster, "p1", "p1-work")
    tables, wanted = hold(roster, tmp_path / "r", known=known)
    person_id = known.get("p1", IDS.person("p1"))
    assert faults(tables) == [("enrollments.csv", len(roster.enrollments) + 1, "userSourcedId")]
    assert all(role not in {r.role for r in wanted.pupils[i].relations} for i in (person_id, IDS.person("p2")))
    assert len(wanted.without_mentor) == 2
    assert person_id in wanted.protected


def test_the_other_teacher_of_a_homeroom_is_no_mentor_because_a_row_is_bad(tmp_path: Path) -> None:
    """Being alone in a homeroom says who is mentor; being left there when a bad row is taken away does not."""
    roster = Roster()
    roster.users.append(user("p1-work", "teacher"))
    _same(roster, "p1", "p1-work")
    roster.leave("k1", "t1")
    roster.enrollments += [enrolled("k1", "p1-work", "teacher"), enrolled("k1", "t1", "teacher")]
    tables, wanted = hold(roster, tmp_path / "r")
    assert faults(tables) == [("enrollments.csv", 7, "userSourcedId")]
    assert len(wanted.without_mentor) == 2
    assert IDS.person("t1") in wanted.protected
    assert (Role.TEACHER, IDS.person("t1"), ()) in people(wanted.pupils[IDS.person("p1")])


def test_nobody_is_ones_own_guardian(tmp_path: Path) -> None:
    """The row that says so is named; what it may have meant ends nothing."""
    roster = Roster()
    roster.users.append(user("p2-home", "guardian"))
    roster.of("p2")["agentSourcedIds"] = "p2-home,g1"
    _same(roster, "p2", "p2-home")
    tables, wanted = hold(roster, tmp_path / "r")
    assert faults(tables) == [("users.csv", 3, "agentSourcedIds")]
    guardians = [r.person_id for r in wanted.pupils[IDS.person("p2")].relations if r.role is Role.GUARDIAN]
    assert guardians == [IDS.person("g1")]
    assert IDS.person("p2") in wanted.protected


@pytest.mark.parametrize(("mapping", "mentorless"), [("p2,,p2", 1), (",k1,p2", 1)])
def test_no_mapping_makes_anybody_ones_own_mentor(tmp_path: Path, mapping: str, mentorless: int) -> None:
    """Neither a pupil's row nor that of a class in which the mentor is a pupil."""
    roster = Roster()
    roster.leave("k1", "t1")
    lines = f"userSourcedId,classSourcedId,mentorSourcedId\n{mapping}\np1,,t1\n"
    tables, wanted = hold(roster, tmp_path / "r", mentors=lines)
    assert faults(tables) == [("mapping.csv", 2, "mentorSourcedId")]
    assert len(wanted.without_mentor) == mentorless
    assert (Role.MENTOR, IDS.person("t1"), ()) in people(wanted.pupils[IDS.person("p1")])
