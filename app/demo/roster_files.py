"""Write the demo's people as a OneRoster 1.1 folder, clean or with the faults that real rosters have."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from app.demo.calendar import SchoolYear
from app.demo.cast import Adult, Cast, Form, Pupil, School
from app.demo.identifiers import identifiers_of
from app.demo_texts import class_name, is_taught

Rows = list[list[str]]

NEVER_READ = "losenord-som-aldrig-lases"
"""What stands in the column of passwords: an import that reads it could be told by it."""

HEADERS = {
    "manifest.csv": "propertyName,value",
    "orgs.csv": "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
    "academicSessions.csv": "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear",
    "users.csv": "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,"
    "familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password",
    "classes.csv": "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,"
    "schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods",
    "enrollments.csv": "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,"
    "beginDate,endDate",
    "demographics.csv": "sourcedId,status,dateLastModified,birthDate,sex",
}

_MUNICIPALITY = "kommun"
_GRADE_OF_PRESCHOOL_CLASS = "KG"


def year_of(form: Form, school_year: SchoolYear, last: SchoolYear) -> int:
    """The school year that a class goes in during a calendar's school year; below 0 it is not there yet."""
    return form.year - (last.begins_in - school_year.begins_in)


def mentor_of(form: Form, on: date, last: SchoolYear) -> Adult:
    """The class's mentor on a day: the new one from January of the last whole school year."""
    return form.new_mentor if form.new_mentor and on >= last.day(1, 1) else form.mentor


def write_roster(cast: Cast, folder: Path, *, school_year: SchoolYear, last: SchoolYear, on: date) -> dict[str, int]:
    """Write the roster of a school year as it stands on a day; the number of rows in each file."""
    tables = _Tables(cast, school_year, last, on).tables()
    return _write(folder, tables)


def _write(folder: Path, tables: dict[str, Rows]) -> dict[str, int]:
    folder.mkdir(parents=True, exist_ok=True)
    for file, header in HEADERS.items():
        with (folder / file).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(header.split(","))
            writer.writerows(tables.get(file, []))
    return {file: len(rows) for file, rows in tables.items()}


class _Tables:
    def __init__(self, cast: Cast, school_year: SchoolYear, last: SchoolYear, on: date) -> None:
        self._cast, self._year, self._last, self._on = cast, school_year, last, on
        self._identifiers = identifiers_of(cast)
        self._term = f"lasar-{school_year.begins_in}"

    def tables(self) -> dict[str, Rows]:
        year = self._year
        forms = [(s, f, g) for s, f in self._cast.forms if 0 <= (g := year_of(f, year, self._last)) <= 9]  # noqa: PLR2004 - the years of compulsory school
        classes: Rows = []
        enrollments: Rows = []
        for school, form, grade in forms:
            for school_class, enrolled in self._classes(school, form, grade):
                classes.append(school_class)
                enrollments.extend(enrolled)
        return {
            "manifest.csv": [["manifest.version", "1.0"], ["oneroster.version", "1.1"]],
            "orgs.csv": [[_MUNICIPALITY, "", "", "Demokommunen", "district", "", ""], *map(_org, self._cast.schools)],
            "academicSessions.csv": [
                [self._term, "", "", year.name, "schoolYear", f"{year.first_day}", f"{year.last_day}", "", ""]
            ],
            "users.csv": list(self._users(forms)),
            "classes.csv": classes,
            "enrollments.csv": enrollments,
            "demographics.csv": [],
        }

    def _users(self, forms: Iterable[tuple[School, Form, int]]) -> Iterator[list[str]]:
        """Pupils, with the school's mail address (S-ACC-12), and staff; guardians who do not work at a school.

        One who does has two rows and one user id.
        """
        guardians: dict[str, str] = {}
        staff = {adult.id for school in self._cast.schools for adult in (*school.staff, school.principal)}
        for school, form, grade in forms:
            for pupil in form.pupils:
                agents = [f"{i}-v" if i in staff else i for i in pupil.guardians]
                guardians.update(dict.fromkeys(pupil.guardians, school.id))
                email = self._identifiers[pupil.id].eppn
                yield _user(pupil, school.id, "student", agents=agents, grade=grade, email=email)
        for school in self._cast.schools:
            yield _user(school.administrator, school.id, "administrator")
            yield _user(school.principal, school.id, "principal")
            for adult in school.staff:
                yield _user(adult, school.id, "teacher", user_id=adult.id if adult.id in guardians else "")
        for adult_id, school_id in guardians.items():
            adult, is_staff = self._cast.adults[adult_id], adult_id in staff
            same = adult_id if is_staff else ""
            yield _user(adult, school_id, "guardian", as_id=f"{adult_id}-v" if is_staff else "", user_id=same)

    def _classes(self, school: School, form: Form, grade: int) -> Iterator[tuple[list[str], Rows]]:
        """The class itself with its mentor, and a teaching group for each other set of pupils that a teacher has."""
        mentor = mentor_of(form, self._on, self._last)
        lessons = [
            (teacher, taught, pupils)
            for teacher, subjects in school.lessons(form, grade, mentor)
            for pupils, taught in _groups(form, grade, subjects).items()
        ]
        everybody = tuple(form.pupils)
        own = next((one for one in lessons if one[0] is mentor and one[2] == everybody), (mentor, [], everybody))
        for number, lesson in enumerate([own, *(one for one in lessons if one is not own)]):
            yield self._class(school, form, grade, number, *lesson)

    def _class(
        self,
        school: School,
        form: Form,
        grade: int,
        number: int,
        teacher: Adult,
        taught: Sequence[str],
        pupils: Iterable[Pupil],
    ) -> tuple[list[str], Rows]:
        homeroom, name = number == 0, class_name(grade, form.number)
        class_id = form.id if homeroom else f"{form.id}-{number}"
        title = name if homeroom else f"{name} grupp {number}"
        kind, codes = "homeroom" if homeroom else "scheduled", ",".join(taught)
        row = [class_id, "", "", title, _grade(grade), "", "", kind, "", school.id, self._term, "", codes, ""]
        enrolled = [self._enrolled(class_id, school, teacher, "teacher", "true" if homeroom else "false")]
        enrolled += [self._enrolled(class_id, school, pupil, "student", "false") for pupil in pupils]
        return row, enrolled

    def _enrolled(self, class_id: str, school: School, person: Adult | Pupil, role: str, primary: str) -> list[str]:
        enrollment_id = f"{class_id}-{person.id}-{role}"
        return [enrollment_id, "", "", class_id, school.id, person.id, role, primary, "", ""]


def _groups(form: Form, grade: int, subjects: Iterable[str]) -> dict[tuple[Pupil, ...], list[str]]:
    """Which pupils of the class are taught which of the subjects; subjects with the same pupils are one group."""
    groups: dict[tuple[Pupil, ...], list[str]] = {}
    for code in subjects:
        if pupils := tuple(pupil for pupil in form.pupils if is_taught(code, grade, pupil.id)):
            groups.setdefault(pupils, []).append(code)
    return groups


def _org(school: School) -> list[str]:
    return [school.id, "", "", school.name, "school", "", _MUNICIPALITY]


def _grade(grade: int) -> str:
    return f"{grade:02}" if grade else _GRADE_OF_PRESCHOOL_CLASS


def _user(
    person: Adult | Pupil,
    school: str,
    role: str,
    *,
    agents: Iterable[str] = (),
    grade: int | None = None,
    as_id: str = "",
    user_id: str = "",
    email: str = "",
) -> list[str]:
    grades = "" if grade is None else _grade(grade)
    user_ids = f"{{personal:{user_id}}}" if user_id else ""
    given, family = person.name.given, person.name.family
    sourced_id, agent_ids = as_id or person.id, ",".join(agents)
    account = [sourced_id, "", "", "true", school, role, sourced_id, user_ids]
    return [*account, given, family, "", "", email, "", "", agent_ids, grades, NEVER_READ]
