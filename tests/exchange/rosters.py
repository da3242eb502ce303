"""Small rosters for tests: tables that a test changes and writes as files."""

import csv
from dataclasses import dataclass, field
from pathlib import Path

Table = list[dict[str, str]]

HEADERS = {
    "orgs.csv": ("sourcedId", "status", "name", "type"),
    "users.csv": (
        "sourcedId",
        "status",
        "orgSourcedIds",
        "role",
        "username",
        "email",
        "userIds",
        "givenName",
        "familyName",
        "agentSourcedIds",
        "grades",
        "password",
    ),
    "classes.csv": ("sourcedId", "status", "title", "classType", "schoolSourcedId", "subjectCodes", "termSourcedIds"),
    "enrollments.csv": (
        "sourcedId",
        "status",
        "classSourcedId",
        "userSourcedId",
        "role",
        "primary",
        "beginDate",
        "endDate",
    ),
    "academicSessions.csv": ("sourcedId", "status", "startDate", "endDate"),
}


def user(sourced_id: str, role: str, **more: str) -> dict[str, str]:
    """A person at the first school, with a name made of the id."""
    names = {"givenName": sourced_id.capitalize(), "familyName": "Provsson"}
    return {"sourcedId": sourced_id, "role": role, "orgSourcedIds": "s1", "password": "Hemligt123", **names, **more}


def enrolled(school_class: str, person: str, role: str = "student", **more: str) -> dict[str, str]:
    """A person in a class."""
    ids = {"sourcedId": f"{school_class}-{person}", "classSourcedId": school_class, "userSourcedId": person}
    return {**ids, "role": role, "primary": "false", **more}


@dataclass
class Roster:
    """A OneRoster 1.1 folder: two schools, a class with mentor and a mathematics group, two pupils and a guardian."""

    orgs: Table = field(
        default_factory=lambda: [
            {"sourcedId": "s1", "name": "Björkskolan", "type": "school"},
            {"sourcedId": "s2", "name": "Granskolan", "type": "school"},
        ]
    )
    users: Table = field(
        default_factory=lambda: [
            user("p1", "student", grades="05", agentSourcedIds="g1"),
            user("p2", "student", grades="05"),
            user("g1", "guardian"),
            user("t1", "teacher"),
            user("t2", "teacher"),
            user("a1", "administrator"),
        ]
    )
    classes: Table = field(
        default_factory=lambda: [
            {"sourcedId": "k1", "title": "5A", "classType": "homeroom", "schoolSourcedId": "s1"},
            {
                "sourcedId": "m1",
                "title": "5A matematik",
                "classType": "scheduled",
                "schoolSourcedId": "s1",
                "subjectCodes": "MA",
            },
        ]
    )
    enrollments: Table = field(
        default_factory=lambda: [
            enrolled("k1", "p1"),
            enrolled("k1", "p2"),
            enrolled("k1", "t1", "teacher", primary="true"),
            enrolled("m1", "p1"),
            enrolled("m1", "p2"),
            enrolled("m1", "t2", "teacher"),
        ]
    )
    sessions: Table = field(default_factory=list)

    def of(self, sourced_id: str) -> dict[str, str]:
        """The row of a user."""
        return next(row for row in self.users if row["sourcedId"] == sourced_id)

    def leave(self, school_class: str, person: str) -> None:
        """Take a person out of a class."""
        self.enrollments = [
            row for row in self.enrollments if (row["classSourcedId"], row["userSourcedId"]) != (school_class, person)
        ]

    def write(self, folder: Path) -> Path:
        """Write the folder anew."""
        folder.mkdir(exist_ok=True)
        tables = (self.orgs, self.users, self.classes, self.enrollments, self.sessions)
        for (file, header), rows in zip(HEADERS.items(), tables, strict=True):
            with (folder / file).open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, header, restval="")
                writer.writeheader()
                writer.writerows(rows)
        return folder
