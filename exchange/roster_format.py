"""Read a roster folder: OneRoster 1.1 or School Data Sync v2.1, told apart by their files, into the same tables."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from exchange.roster_rows import Fault, Faults, FileUnusable, Row, header_of, read_rows
from exchange.roster_tables import Enrollment, Kinship, Org, Part, RosterUnusable, SchoolClass, Tables, User
from exchange.roster_words import GUARDIANS

ONEROSTER = "OneRoster 1.1"
SDS = "School Data Sync v2.1"
SCHOOL = "school"
HOMEROOM = "homeroom"

_DELETED = "to be deleted: counts as absent"
_YES = frozenset({"true", "yes", "1"})


def detect(folder: Path) -> str:
    """Which of the two formats the folder holds. Raises RosterUnusable."""
    users, roles = folder / "users.csv", folder / "roles.csv"
    try:
        columns = header_of(users)
        _check_manifest(folder / "manifest.csv")
    except FileUnusable as error:
        raise RosterUnusable([error.fault]) from None
    if "role" in columns and "orgsourcedids" in columns:
        return ONEROSTER
    if roles.is_file():
        return SDS
    reason = "neither OneRoster 1.1 (columns role, orgSourcedIds) nor School Data Sync v2.1 (with roles.csv)"
    raise RosterUnusable([Fault("users.csv", 1, "", reason)])


def _check_manifest(path: Path) -> None:
    if not path.is_file():
        return
    faults = Faults()
    for row in read_rows(path, ("propertyName", "value"), (), faults):
        if row["propertyName"] == "oneroster.version" and row["value"] != "1.1":
            raise FileUnusable(row.fault("value", "only OneRoster 1.1 is read"))


def read_roster(folder: Path) -> Tables:
    """All tables of the roster in this folder. Raises RosterUnusable where a file it cannot do without is unusable."""
    reader = _Reader(folder, detect(folder))
    tables = reader.tables
    if tables.format == ONEROSTER:
        _read_oneroster(reader)
        tables.silent_on_guardians = "agentsourcedids" not in header_of(folder / "users.csv")
    else:
        _read_sds(reader)
        tables.silent_on_guardians = not reader.has("relationships.csv")
    courses = folder / "courses.csv"
    is_whole = reader.has("classes.csv") and reader.has("enrollments.csv")
    tables.silent_on_classes = not is_whole or (courses.exists() and not reader.has(courses.name))
    return tables


class _Reader:
    """Reads the files of one folder; knows ids seen twice, rows marked as deleted, dates that are no dates."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.tables = folder, Tables(name)
        self._read: set[str] = set()

    def has(self, file: str) -> bool:
        """Whether the file is there and was read."""
        return file in self._read

    def rows(
        self, file: str, required: Sequence[str], optional: Sequence[str] = (), *, needed: bool = True
    ) -> Iterator[Row]:
        """The rows of a file that are there and not marked as deleted, ids once each."""
        path, tables = self.folder / file, self.tables
        try:
            if not needed and not path.exists():
                return
            has_id = "sourcedId" in required
            yield from self._once(read_rows(path, required, (*optional, "status"), tables.faults), file, has_id=has_id)
            self._read.add(file)
        except FileUnusable as error:
            if needed:
                raise RosterUnusable([error.fault]) from None
            tables.faults.found.append(error.fault)

    def _once(self, rows: Iterator[Row], file: str, *, has_id: bool) -> Iterator[Row]:
        seen: dict[str, int] = {}
        self.tables.rows[file] = 0
        for row in rows:
            self.tables.rows[file] += 1
            if row["status"].lower() == "tobedeleted":
                self.tables.left_out.append(row.fault("status", _DELETED))
                continue
            if has_id:
                id_ = row["sourcedId"]
                if not id_:
                    self.bad(row, "sourcedId", "the id is missing")
                    continue
                if id_ in seen:
                    self.bad(row, "sourcedId", f"the id stands on line {seen[id_]} already")
                    continue
                seen[id_] = row.line
            yield row

    def bad(self, row: Row, column: str, reason: str, *users: str) -> None:
        """Name a row that is not used, and protect the users it names."""
        self.tables.faults.found.append(row.fault(column, reason))
        self.tables.protected.update(user for user in users if user)

    def dates(self, row: Row, since: str, until: str, *users: str) -> tuple[date | None, date | None] | None:
        """The two dates of a row, or None after naming it."""
        found = []
        for column in (since, until):
            try:
                found.append(date.fromisoformat(row[column].partition("T")[0]) if row[column] else None)
            except ValueError:
                self.bad(row, column, "not a date: write yyyy-mm-dd", *users)
                return None
        if found[0] and found[1] and found[1] < found[0]:
            self.bad(row, until, "the end is before the beginning", *users)
            return None
        return found[0], found[1]


def _several(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _read_oneroster(reader: _Reader) -> None:
    _orgs(reader)
    _sessions(reader)
    for row in reader.rows("courses.csv", ("sourcedId",), ("subjectCodes", "subjects"), needed=False):
        reader.tables.courses[row["sourcedId"]] = _several(row["subjectCodes"]) or _several(row["subjects"])
    _oneroster_users(reader)
    _oneroster_classes(reader)
    _oneroster_enrollments(reader)


def _orgs(reader: _Reader) -> None:
    for row in reader.rows("orgs.csv", ("sourcedId", "name", "type")):
        reader.tables.orgs[row["sourcedId"]] = Org(row["name"], row["type"].lower() == SCHOOL, row)


def _sessions(reader: _Reader) -> None:
    for row in reader.rows("academicSessions.csv", ("sourcedId", "startDate", "endDate"), needed=False):
        dates = reader.dates(row, "startDate", "endDate")
        if dates and dates[0] and dates[1]:
            reader.tables.sessions[row["sourcedId"]] = (dates[0], dates[1])


_ONEROSTER_OPTIONAL = ("grades", "agentSourcedIds", "agents", "userIds", "username", "email")
_TYPED_ID = re.compile(r"\{\s*([^:{}]+?)\s*:\s*([^{}]+?)\s*\}")


def _user(row: Row, user_ids: tuple[tuple[str, str], ...] = ()) -> User:
    return User(row["givenName"], row["familyName"], row, row["username"], user_ids, row["email"])


def _typed(text: str) -> tuple[tuple[str, str], ...]:
    """OneRoster's further ids, `{type:id},{type:id}`, as pairs."""
    return tuple((kind.lower(), value) for kind, value in _TYPED_ID.findall(text))


def _oneroster_users(reader: _Reader) -> None:
    tables = reader.tables
    one_person: dict[str, str] = {}
    required = ("sourcedId", "orgSourcedIds", "role", "givenName", "familyName")
    for row in reader.rows("users.csv", required, _ONEROSTER_OPTIONAL):
        user, role = row["sourcedId"], row["role"].lower()
        tables.users[user] = _user(row, _typed(row["userIds"]))
        for user_id in _several(row["userIds"]):
            tables.aliases[user] = tables.aliases.get(user, one_person.setdefault(user_id.lower(), user))
        for number, org in enumerate(_several(row["orgSourcedIds"]) or ("",)):
            part = Part(user, org, role, _several(row["grades"]), number == 0, None, None, row)
            tables.parts.append(part)
        for agent in _several(f"{row['agentSourcedIds']},{row['agents']}"):
            if role == "student":
                tables.kinships.append(Kinship(user, agent, "", row))
            elif role in GUARDIANS:
                tables.kinships.append(Kinship(agent, user, role, row))


def _oneroster_classes(reader: _Reader) -> None:
    optional = ("classType", "grades", "courseSourcedId", "subjectCodes", "subjects", "termSourcedIds")
    for row in reader.rows("classes.csv", ("sourcedId", "title", "schoolSourcedId"), optional, needed=False):
        reader.tables.classes[row["sourcedId"]] = SchoolClass(
            title=row["title"],
            org=row["schoolSourcedId"],
            is_homeroom=row["classType"].lower() == HOMEROOM,
            subjects=_several(row["subjectCodes"]) or _several(row["subjects"]),
            course=row["courseSourcedId"],
            grades=_several(row["grades"]),
            sessions=_several(row["termSourcedIds"]),
            row=row,
        )


def _oneroster_enrollments(reader: _Reader) -> None:
    _enrollments(reader, ("sourcedId", "classSourcedId", "userSourcedId", "role"), ("primary", "beginDate", "endDate"))


def _enrollments(reader: _Reader, required: Sequence[str], optional: Sequence[str]) -> None:
    tables = reader.tables
    dated = "beginDate" in optional
    seen: dict[tuple[str, str, str], int] = {}
    for row in reader.rows("enrollments.csv", required, optional, needed=False):
        user, role = row["userSourcedId"], row["role"].lower()
        key = (row["classSourcedId"], user, role)
        dates = reader.dates(row, "beginDate", "endDate", user) if dated else (None, None)
        if dates is None:
            continue
        if key in seen:
            reader.bad(row, "userSourcedId", f"the same enrollment stands on line {seen[key]} already", user)
            continue
        seen[key] = row.line
        primary = dated and row["primary"].lower() in _YES
        tables.enrollments.append(Enrollment(key[0], user, role, primary, dates[0], dates[1], row))


def _read_sds(reader: _Reader) -> None:
    _orgs(reader)
    _sessions(reader)
    tables = reader.tables
    for row in reader.rows("users.csv", ("sourcedId", "givenName", "familyName"), ("username", "email")):
        tables.users[row["sourcedId"]] = _user(row)
    _sds_roles(reader)
    for row in reader.rows("courses.csv", ("sourcedId",), ("subject",), needed=False):
        tables.courses[row["sourcedId"]] = _several(row["subject"])
    optional = ("sessionSourcedIds", "courseSourcedId")
    for row in reader.rows("classes.csv", ("sourcedId", "orgSourcedId", "title"), optional, needed=False):
        course = row["courseSourcedId"]
        tables.classes[row["sourcedId"]] = SchoolClass(
            title=row["title"],
            org=row["orgSourcedId"],
            is_homeroom=not course,
            subjects=(),
            course=course,
            grades=(),
            sessions=_several(row["sessionSourcedIds"]),
            row=row,
        )
    _enrollments(reader, ("classSourcedId", "userSourcedId", "role"), ())
    required = ("userSourcedId", "relationshipUserSourcedId", "relationshipRole")
    for row in reader.rows("relationships.csv", required, needed=False):
        role = row["relationshipRole"].lower()
        tables.kinships.append(Kinship(row["userSourcedId"], row["relationshipUserSourcedId"], role, row))


def _sds_roles(reader: _Reader) -> None:
    required = ("userSourcedId", "orgSourcedId", "role")
    optional = ("grade", "isPrimary", "roleStartDate", "roleEndDate")
    for row in reader.rows("roles.csv", required, optional):
        user = row["userSourcedId"]
        dates = reader.dates(row, "roleStartDate", "roleEndDate", user)
        if dates is not None:
            primary = row["isPrimary"].lower() in _YES
            part = Part(user, row["orgSourcedId"], row["role"].lower(), _several(row["grade"]), primary, *dates, row)
            reader.tables.parts.append(part)
