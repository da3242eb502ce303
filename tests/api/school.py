"""A school with its people, a pupil and an approved template, all made through the API; and a plan's usual steps."""

from dataclasses import asdict, dataclass, field
from typing import Any

from app.first_administrator import Added
from projections.runner import Runner
from tests.api.client import Answer, Api, Person
from tests.api.template import MATHS, SWEDISH, template

Tokens = Any
"""What issues a token: `(person_id, level) -> token`."""


@dataclass
class Known:
    """The ids and tokens of what was made; plain text, so that a copy of the databases can be entered with them."""

    school: str
    template: str
    student: str
    classmate: str
    group: str
    people: dict[str, dict[str, Any]] = field(default_factory=dict)


class School:
    """A school in the middle of a term. Each of its people is a caller of the API in the relation named."""

    def __init__(self, api: Api, known: Known) -> None:
        self.api = api
        self.known = known
        self.id, self.template = known.school, known.template
        self.student, self.classmate, self.group = known.student, known.classmate, known.group
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


def make_school(api: Api, first: Added, issue: Tokens) -> School:
    """Everything a school year needs, made by the administrator and the principal through the API."""
    known = Known(str(first.school_id), "", "", "", "")
    school = School(api, known)
    administrator = Person(api, str(first.person_id), issue(first.person_id, 2), str(first.role_id))
    _know(known, "administrator", administrator)

    def person(name: str, *, level: int = 2) -> Person:
        answer = administrator.post("persons", given_name=name.capitalize(), family_name=f"Test{name}")
        made = Person(api, answer.id, issue(answer.id, level))
        _know(known, name, made)
        return made

    for name in ("principal", "staff"):
        made = person(name)
        role = administrator.post(f"schools/{school.id}/roles", person_id=made.person_id, role=name).id
        _know(known, name, made, acting_as=role)
    draft = administrator.post("templates", school_id=school.id, content=template())
    known.template = draft.id
    school.principal.post(f"templates/{draft.id}/approve", template_version=1)
    known.group = administrator.post(f"schools/{school.id}/groups", name="5 B", kind="class").id
    known.student = _pupil(school, person("pupil", level=1))
    known.classmate = _pupil(school, person("classmate", level=1))
    for name, role, subjects in (
        ("mentor", "mentor", ()),
        ("teacher", "teacher", (MATHS,)),
        ("other_teacher", "teacher", (SWEDISH,)),
        ("educator", "educator", ()),
        ("guardian", "guardian", ()),
        ("other_guardian", "guardian", ()),
    ):
        _relate(school, person(name), name, known.student, role, subjects)
    _relate(school, person("outsider"), "outsider", known.classmate, "guardian")
    return School(api, known)


def _know(known: Known, name: str, person: Person, acting_as: str | None = None) -> None:
    known.people[name] = {
        "person_id": person.person_id,
        "token": person.token,
        "acting_as": acting_as or person.acting_as,
    }


def _pupil(school: School, person: Person) -> str:
    administrator = school.administrator
    student = administrator.post("students", person_id=person.person_id, school_id=school.id, grade=5).id
    administrator.post(f"students/{student}/groups", group_id=school.known.group)
    relations = administrator.get(f"students/{student}").body["relations"]
    name = next(name for name, known in school.known.people.items() if known["person_id"] == person.person_id)
    _know(school.known, name, person, acting_as=relations[0]["id"])
    return student


def _relate(school: School, person: Person, name: str, student: str, role: str, subjects: tuple[str, ...] = ()) -> None:
    body = {"person_id": person.person_id, "role": role, "subjects": list(subjects)}
    relation = school.administrator.post(f"students/{student}/relations", **body).id
    _know(school.known, name, person, acting_as=relation)


__all__ = ["MATHS", "SWEDISH", "Known", "Runner", "School", "asdict", "make_school", "template"]
