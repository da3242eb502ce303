"""Random small municipalities over HTTP: who asks for what gets it if and only if the oracle says so."""

import os
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from commands.context import STOCKHOLM
from tests.access import oracle
from tests.access.worlds import World, a_world
from tests.api.client import Answer, Person
from tests.api.conftest import Installation
from tests.api.random_school import TEXT, Builder, Built

WORLDS = int(os.environ.get("LIGGARE_TEST_WORLDS_HTTP", "2"))
"""How many municipalities; the environment raises it."""
FIRST = int(os.environ.get("LIGGARE_TEST_WORLDS_FIRST", "0"))

NOWHERE = "11111111-1111-4111-8111-111111111111"
PROBLEM = {oracle.WEAK: "assurance-too-low", oracle.NOTHING: "student-not-found"}
PARTS = ("", "/plans", "/plans/{plan}", "/overview", "/events", "/goals", "/learning-notes")
OWN = "VLMPDE"
"""The letters that put a pupil in one's own list."""


@pytest.fixture
def at_noon(installation: Installation) -> Installation:
    """The clock of the installation at noon, so that no day ends while a municipality is made and read."""
    now = installation.clock()
    noon = now.astimezone(STOCKHOLM).replace(hour=12, minute=0, second=0, microsecond=0)
    installation.clock.offset = noon - now
    return installation


@pytest.mark.requirement("S-SEC-2", surface="api")
@pytest.mark.requirement("S-ROL-9", surface="api")
@pytest.mark.requirement("S-ROL-10", surface="api")
@pytest.mark.requirement("S-GEN-4", surface="api")
@pytest.mark.parametrize("seed", range(FIRST, FIRST + WORLDS))
def test_everybody_gets_what_the_oracle_says(
    seed: int, at_noon: Installation, record_property: Callable[[str, object], None]
) -> None:
    """Files, lists, groups, persons and notices; and no answer holds a word of a pupil who is not for the reader."""
    random = Random(seed)  # noqa: S311 - repeatable chance
    world = a_world(random)
    built = Builder(at_noon, world).build()
    visits = [
        Visit(built, person, level) for person in range(world.people) for level in sorted({random.randint(1, 3), 3})
    ]
    for visit in visits:
        visit.everything()
    record_property("requests", sum(visit.requests for visit in visits))


class Visit:
    """One person at one level, who tries every door."""

    def __init__(self, built: Built, person: int, level: int) -> None:
        self.built, self.person, self.level = built, person, level
        self.requests = 0
        self.world: World = built.world
        self.caller: Person = built.caller(person, level)

    def get(self, path: str, **query: Any) -> Answer:  # noqa: ANN401 - any value of a query
        """Read, and see that nothing is in the answer that is not for the reader."""
        self.requests += 1
        answer = self.caller.get(path, **query)
        text = answer.response.text + str(answer.headers)
        for pupil in self.world.pupils:
            student_id = self.built.student(pupil)
            if f"{TEXT}{student_id.hex}" in text:
                assert self.reads(pupil), self.say(path, pupil)
            is_asked_for = str(student_id) in path or str(self.built.people[pupil]) in path
            if not self.may_see(pupil):
                assert self.built.marks[pupil] not in text, self.say(path, pupil)
                assert is_asked_for or str(student_id) not in text, self.say(path, pupil)
                assert is_asked_for or str(self.built.people[pupil]) not in text, self.say(path, pupil)
        return answer

    def say(self, *what: object) -> tuple[object, ...]:
        """What a failing test tells."""
        return (*what, self.person, self.level, self.world)

    def reads(self, pupil: int) -> bool:
        """Whether the pupil's file is open to the person."""
        return oracle.reads(self.world, self.person, pupil, self.level)

    def may_see(self, pupil: int) -> bool:
        """Whether some answer may hold who the pupil is: not protected from the person, or the file is open."""
        return oracle.sees(self.world, self.person, pupil, self.level) or self.reads(pupil)

    def everything(self) -> None:
        """Every reading route."""
        for pupil in self.world.pupils:
            self.file(pupil)
        self.own_list()
        for school in range(2):
            self.school(school)
        for group in self.built.classes.items():
            self.group(*group)
        for person in range(self.world.people):
            self.page_of(person)
        self.notices()
        for path in ("me", "schools", "me/settings"):
            self.get(path)

    def file(self, pupil: int) -> None:
        """All parts of the file, or the same refusal for all; and for who has no right, as if there were no pupil."""
        expected = oracle.answer(self.world, self.person, pupil, "read_file", self.level, acting=None)
        plan = self.built.plans[pupil]
        for part in PARTS:
            path = f"students/{self.built.student(pupil)}{part}".format(plan=plan)
            self.compare(path, path.replace(str(self.built.student(pupil)), NOWHERE), expected, pupil)
        expected = oracle.answer(self.world, self.person, pupil, "read_access_record", self.level, acting=None)
        path = f"students/{self.built.student(pupil)}/access-record"
        self.compare(path, path.replace(str(self.built.student(pupil)), NOWHERE), expected, pupil)

    def compare(self, path: str, nowhere: str, expected: str, pupil: int) -> None:
        """Hold the answer against what is expected, and a refusal against that for a pupil who does not exist."""
        answer = self.get(path)
        if expected == oracle.YES:
            assert answer.status == 200, self.say(path, answer.body, pupil)
            return
        assert answer.problem == PROBLEM.get(expected, answer.problem), self.say(path, answer.body, pupil)
        assert answer.status >= 400, self.say(path, answer.body, pupil)
        if expected == oracle.NOTHING:
            other = self.get(nowhere)
            assert (answer.status, answer.body) == (other.status, other.body), self.say(path, pupil)
            assert _headers(answer) == _headers(other), self.say(path, pupil)

    def own_list(self) -> None:
        """The pupils to whom there is a relation today that is strong enough; no emergency, no part at a school."""
        expected = {str(self.built.student(pupil)) for pupil in self.world.pupils if self.is_own(pupil)}
        assert {row["id"] for row in self.get("students").body["items"]} == expected, self.say("students")

    def is_own(self, pupil: int) -> bool:
        """Whether the pupil stands in the person's own list."""
        held = oracle.held(self.world, self.person, pupil, "read_file")
        own = [by for by in held if by.letter in OWN]
        return any(self.level >= oracle.level_needed(self.world, pupil, "read_file", by) for by in own)

    def school(self, school: int) -> None:
        """All pupils of a school for its administration, the protected only where the named ask for them."""
        school_id = self.built.schools[school]
        answered = oracle.at_school(self.world, self.person, school, "manage_roster", self.level)
        for asks in (False, True):
            answer = self.get("students", school=str(school_id), include_protected=asks)
            if answered != oracle.YES or (asks and self.level < 3):
                assert answer.status >= 400, self.say("students of school", school, asks)
                continue
            pupils = [pupil for pupil, its in self.world.school_of.items() if its == school]
            expected = {str(self.built.student(pupil)) for pupil in pupils if self.is_listed(pupil, asks=asks)}
            assert {row["id"] for row in answer.body["items"]} == expected, self.say("students of school", school)
        reads = oracle.at_school(self.world, self.person, school, "read_school", self.level) == oracle.YES
        for part in ("", "/settings", "/groups"):
            assert (self.get(f"schools/{school_id}{part}").status == 200) is reads, self.say(part, school)

    def is_listed(self, pupil: int, *, asks: bool) -> bool:
        """Whether a list of many shows the pupil."""
        if pupil not in self.world.named:
            return True
        return asks and self.level >= 3 and self.person in self.world.named[pupil]

    def group(self, key: tuple[int, int], group_id: object) -> None:
        """Members for staff of the school; the contact list leaves out whom the reader may not see."""
        school, kind = key
        answered = oracle.at_school(self.world, self.person, school, "read_school", self.level)
        members = [p for p in self.world.pupils if (self.world.school_of[p], self.world.class_of[p]) == (school, kind)]
        for asks in (False, True):
            answer = self.get(f"groups/{group_id}", include_protected=asks)
            self.get(f"groups/{group_id}/contact-list", include_protected=asks)
            if answered != oracle.YES or (asks and self.level < 3):
                assert answer.status >= 400, self.say("group", key, asks)
                continue
            expected = {str(self.built.student(pupil)) for pupil in members if self.is_listed(pupil, asks=asks)}
            assert {row["student_id"] for row in answer.body["members"]} == expected, self.say("group", key, asks)

    def page_of(self, person: int) -> None:
        """A person's page, profile and accounts: a protected pupil is as nobody to whoever may not see who it is."""
        for part in ("", "/profile", "/picture", "/sign-in-identifiers"):
            path = f"persons/{self.built.people[person]}{part}"
            answer = self.get(path)
            if person in self.world.named and not oracle.sees(self.world, self.person, person, self.level):
                other = self.get(f"persons/{NOWHERE}{part}")
                assert answer.status >= 400, self.say(path)
                shown, nobody = ((a.status, a.body, _headers(a)) for a in (answer, other))
                assert shown == nobody, self.say(path)

    def notices(self) -> None:
        """Of own pupils alone; guardians and mentor have one of the pupil's answer."""
        answer = self.get("notices", limit=200)
        if answer.status != 200:
            assert self.level < 2, self.say("notices")
            assert self.person not in self.world.pupils, self.say("notices")
            return
        shown = {item["student_id"] for item in answer.body["items"]}
        own = {str(self.built.student(pupil)) for pupil in self.world.pupils if self.is_own(pupil)}
        assert shown <= own, self.say("notices")
        for pupil in self.world.pupils:
            letters = {by.letter for by in oracle.held(self.world, self.person, pupil, "read_file")}
            if letters & {"V", "M"} and self.is_own(pupil):
                assert str(self.built.student(pupil)) in shown, self.say("notices", pupil)


def _headers(answer: Answer) -> list[tuple[str, str]]:
    """What the headers say beside the request's own id."""
    return [(name, value) for name, value in answer.headers.multi_items() if name != "x-request-id"]


def test_a_municipality_can_be_told_from_another() -> None:
    """The generator makes what it promises: protected pupils, delegations, emergencies and moves, in time."""
    worlds = [a_world(Random(seed)) for seed in range(50)]  # noqa: S311 - repeatable chance
    assert any(world.named for world in worlds)
    assert any(world.came_from for world in worlds)
    assert any(tie.letter == "D" for world in worlds for tie in world.ties)
    assert any(emergency.hours_ago < 24 for world in worlds for emergency in world.emergencies)
    assert timedelta(hours=oracle.HOURS_OPEN) == timedelta(days=1)
