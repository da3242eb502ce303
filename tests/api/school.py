"""A school with its people, a pupil and an approved template, all made through the API; and a plan's usual steps."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from aggregates.student_file import own_relation_id
from app.first_administrator import Added
from commands.context import STOCKHOLM
from tests.api.client import Answer, Api, Person
from tests.api.template import MATHS, SWEDISH, template

Issue = Callable[[UUID | str, int], str]
"""What begins a session for a person at a level."""


@dataclass
class Known:
    """The ids and sessions of what was made."""

    school: str
    template: str = ""
    group: str = ""
    student: str = ""
    other_student: str = ""
    people: dict[str, dict[str, Any]] = field(default_factory=dict)


class School:
    """A school in the middle of a term. Each of its people is a caller of the API in the relation named."""

    def __init__(self, api: Api, known: Known) -> None:
        self.api = api
        self.known = known
        self.id, self.template = known.school, known.template
        self.student, self.other_student, self.group = known.student, known.other_student, known.group
        self.path = f"students/{self.student}"

    def __getattr__(self, name: str) -> Person:
        """One of the people: by name."""
        try:
            return Person(self.api, **self.known.people[name])
        except KeyError:
            raise AttributeError(name) from None

    def start(self, **more: Any) -> str:  # noqa: ANN401 - JSON
        """The mentor starts a plan; its address."""
        answer = self.mentor.post(
            f"{self.path}/plans",
            **{"template_id": self.template, "template_version": 1, "school_year": "2026/2027", "term": "HT"} | more,
        )
        return f"{self.path}/plans/{answer.id}"

    def content_version(self, plan: str) -> int:
        """What an agreement names now."""
        return int(self.mentor.get(plan).body["content_version"])

    def propose(self, plan: str, by: Person | None = None, **more: Any) -> str:  # noqa: ANN401 - JSON
        """Somebody, else the pupil, proposes a goal; its address."""
        answer = (by or self.pupil).post(f"{plan}/goals", **{"text": "Jag vill kunna tiokamraterna"} | more)
        return f"{plan}/goals/{answer.id}"

    def accept(self, goal: str) -> None:
        """The mentor accepts a proposal."""
        assert self.mentor.post(f"{goal}/decision", decision="accepted").status == 200

    def lock(self, plan: str) -> Answer:
        """Pupil and guardian agree, the mentor locks."""
        version = self.content_version(plan)
        for person in (self.pupil, self.guardian):
            assert person.post(f"{plan}/agreements", plan_version=version).status == 201
        answer = self.mentor.post(f"{plan}/lock", plan_version=version)
        assert answer.status == 200, answer.body
        return answer

    def locked_with_goal(self) -> tuple[str, str]:
        """A locked plan and an accepted goal in it."""
        plan = self.start()
        goal = self.propose(plan)
        self.accept(goal)
        self.lock(plan)
        return plan, goal

    def end_schooling(self) -> Answer:
        """The pupil's schooling ends today."""
        today = datetime.now(STOCKHOLM).date()
        return self.administrator.post(f"{self.path}/schooling-end", cause="completed", ended_on=str(today))

    def events(self, student: str | None = None) -> list[dict[str, Any]]:
        """Every event of the pupil's file, as the mentor reads it."""
        found: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            page = self.mentor.get(f"students/{student or self.student}/events", **cursor).body
            found += page["items"]
            if page["next"] is None:
                return found
            cursor = {"cursor": page["next"]}

    def codes(self) -> list[str]:
        """The codes of every event of the pupil's file."""
        return [event["code"] for event in self.events()]


def found_school(api: Api, first: Added, principal: Added, issue: Issue) -> Known:
    """A school with its staff, an approved template and a class, made by its administrator and principal."""
    known = Known(str(first.school_id))
    known.people["administrator"] = _person(first.person_id, issue(first.person_id, 2), str(first.role_id))
    known.people["principal"] = _person(principal.person_id, issue(principal.person_id, 2), str(principal.role_id))
    school = School(api, known)
    register(school, "staff", issue)
    role = {"person_id": known.people["staff"]["person_id"], "role": "staff"}
    known.people["staff"]["acting_as"] = school.administrator.post(f"schools/{school.id}/roles", **role).id
    for name in ("mentor", "teacher", "other_teacher", "educator"):
        register(school, name, issue)
    draft = school.administrator.post("templates", school_id=school.id, content=template())
    known.template = draft.id
    school.principal.post(f"templates/{draft.id}/approve", template_version=1)
    known.group = school.administrator.post(f"schools/{school.id}/groups", name="5 B", kind="class").id
    return known


def add_pupil(api: Api, founded: Known, issue: Issue, grade: int = 5) -> School:
    """A pupil of the school with guardians, teachers and a mentor, and a classmate whose guardian is an outsider."""
    known = deepcopy(founded)
    school = School(api, known)
    for name in ("pupil", "classmate", "guardian", "other_guardian", "outsider"):
        register(school, name, issue, level=1 if name in {"pupil", "classmate"} else 2)
    known.student = _enrol(school, "pupil", grade)
    known.other_student = _enrol(school, "classmate", grade)
    for name, role, subjects in (
        ("mentor", "mentor", ()),
        ("teacher", "teacher", (MATHS,)),
        ("other_teacher", "teacher", (SWEDISH,)),
        ("educator", "educator", ()),
        ("guardian", "guardian", ()),
        ("other_guardian", "guardian", ()),
    ):
        relate(school, name, known.student, role, subjects)
    relate(school, "outsider", known.other_student, "guardian")
    return School(api, known)


def register(school: School, name: str, issue: Issue, *, level: int = 2) -> None:
    """A person who is known by this name in the test."""
    person_id = school.administrator.post("persons", given_name=name.capitalize(), family_name=f"Test{name}").id
    school.known.people[name] = _person(person_id, issue(person_id, level))


def relate(school: School, name: str, student: str, role: str, subjects: tuple[str, ...] = ()) -> None:
    """Give one of the people a relation to a pupil, in which that person writes from now on."""
    body = {"person_id": school.known.people[name]["person_id"], "role": role, "subjects": list(subjects)}
    relation = school.administrator.post(f"students/{student}/relations", **body).id
    school.known.people[name]["acting_as"] = relation


def _person(person_id: object, token: str, acting_as: str | None = None) -> dict[str, Any]:
    return {"person_id": str(person_id), "token": token, "acting_as": acting_as}


def _enrol(school: School, name: str, grade: int) -> str:
    person_id = school.known.people[name]["person_id"]
    student = school.administrator.post("students", person_id=person_id, school_id=school.id, grade=grade).id
    school.administrator.post(f"students/{student}/groups", group_id=school.group)
    school.known.people[name]["acting_as"] = str(own_relation_id(UUID(person_id)))
    return student
