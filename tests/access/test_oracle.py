"""What access allows is what the oracle allows, for everybody in many made-up municipalities."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid5

import pytest

from access.actions import ALLOWED, Action
from access.decide import Grant, permit, permit_at_school
from access.errors import AssuranceTooLow, NotOwnSubject, RelationNotHeld, SchoolNotFound, StudentNotFound
from access.errors.roles import REFUSAL
from access.levels import DEFAULT_LEVELS
from aggregates.errors import Refusal
from aggregates.school import SchoolRole
from aggregates.student_file import StudentFile, fold, own_relation_id, student_file_id
from commands.run import standing_in
from events.base import Actor, Event, Recorded, Role
from events.enrolment import (
    EducatorAssigned,
    EducatorUnassigned,
    GuardianLinked,
    GuardianUnlinked,
    MentorAssigned,
    MentorUnassigned,
    StudentEnrolled,
    StudentTransferred,
    TeacherAssigned,
    TeacherUnassigned,
)
from events.reading import DelegationEnded, EmergencyAccessOpened, ProtectionKind, ProtectionMarked, ReadDelegated
from tests.access import oracle
from tests.access.table import AT_SCHOOL, MAY
from tests.access.worlds import SUBJECTS, Tie, World, a_world

WORLDS = int(os.environ.get("LIGGARE_TEST_WORLDS", "200"))
"""How many made-up municipalities; the environment raises it."""

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
_SPACE = UUID(int=42)
_LETTERS = {
    "E": Role.PUPIL, "V": Role.GUARDIAN, "L": Role.TEACHER, "M": Role.MENTOR, "P": Role.EDUCATOR,
    "A": Role.ADMINISTRATOR, "R": Role.PRINCIPAL, "S": Role.STAFF, "D": Role.DELEGATE,
    "T": Role.RETENTION_OPERATOR, "U": Role.AUDITOR, "K": Role.REGISTRAR,
}  # fmt: skip
_ENDED = {
    "V": GuardianUnlinked, "L": TeacherUnassigned, "M": MentorUnassigned, "P": EducatorUnassigned, "D": DelegationEnded
}  # fmt: skip


Fields = dict[str, Any]


def _id(kind: str, number: int) -> UUID:
    return uuid5(_SPACE, f"{kind} {number}")


def _day(offset: int | None) -> date | None:
    return None if offset is None else TODAY + timedelta(days=offset)


def _begun(tie: Tie) -> Event:
    who: Fields = {
        "relation_id": _id("tie", tie.number), "person_id": _id("person", tie.person), "name": "Namn",
        "since": _day(tie.since), "until": _day(tie.until),
    }  # fmt: skip
    match tie.letter:
        case "V":
            return GuardianLinked(**who)
        case "L":
            return TeacherAssigned(**who, subjects=tie.subjects)
        case "M":
            return MentorAssigned(**who)
        case "P":
            return EducatorAssigned(**who)
        case _:
            return ReadDelegated(**who, guardian_relation_id=_id("tie", tie.giver or 0))


def _events(world: World, pupil: int) -> Iterator[Event]:
    """The pupil's file in an order in which it could have happened."""
    first = world.came_from.get(pupil, world.school_of[pupil])
    enrolled: Fields = {"person_id": _id("person", pupil), "name": "Elev", "grade": 4, "enrolled_on": date(2020, 8, 17)}
    yield StudentEnrolled(**enrolled, school_id=_id("school", first))
    ties = [tie for tie in world.ties if tie.to == pupil]
    for tie in ties:
        yield _begun(tie)
    for emergency in world.emergencies:
        if emergency.pupil == pupil:
            expires_at = NOW + timedelta(hours=24 - emergency.hours_ago)
            opened = {"since": (expires_at - timedelta(hours=24)).date(), "until": expires_at.date()}
            yield EmergencyAccessOpened(
                relation_id=_id("tie", emergency.number), person_id=_id("person", emergency.person), name="Rektor",
                reason="Det gick inte att vänta.", expires_at=expires_at, **opened,
            )  # fmt: skip
    if pupil in world.came_from:
        yield StudentTransferred(school_id=_id("school", world.school_of[pupil]), transferred_on=TODAY)
    for tie in sorted(ties, key=lambda tie: tie.letter):
        if tie.ended is not None:
            yield _ENDED[tie.letter](relation_id=_id("tie", tie.number), ended_on=TODAY + timedelta(days=tie.ended))
    if pupil in world.named:
        readers = tuple(_id("person", person) for person in sorted(world.named[pupil]))
        yield ProtectionMarked(kind=ProtectionKind.SECRECY_MARKING, readers=readers)


def file_of(world: World, pupil: int) -> StudentFile:
    """The pupil's file, folded from events."""
    stream = subject = student_file_id(_id("person", pupil))
    by = Actor(person_id=UUID(int=0), role=Role.SYSTEM, name="Liggare")
    recorded: list[Recorded[Any]] = [
        Recorded(stream, version, subject, event, by, NOW, UUID(int=1), UUID(int=1))
        for version, event in enumerate(_events(world, pupil), 1)
    ]
    file = fold(None, recorded)
    assert file is not None
    return file


def parts_of(world: World, person: int, school: int | None, *, action: Action) -> list[SchoolRole]:
    """The person's parts at the pupil's school; for an emergency, a principal's anywhere."""
    return [
        SchoolRole(
            _id("tie", part.number), _id("person", person), _LETTERS[part.letter],
            TODAY + timedelta(days=part.since), _day(part.until), _day(part.ended),
        )
        for part in world.parts
        if part.person == person
        and (part.to == school or (action is Action.OPEN_IN_EMERGENCY and part.letter == "R"))
    ]  # fmt: skip


def _named(action: Action, refusal: Refusal) -> str:
    match refusal:
        case AssuranceTooLow():
            return oracle.WEAK
        case RelationNotHeld():
            return oracle.NOT_HELD
        case NotOwnSubject():
            return oracle.NOT_OWN_SUBJECT
        case StudentNotFound() | SchoolNotFound():
            return oracle.NOTHING
    assert type(refusal) is REFUSAL[action]
    return oracle.NOT_THEIRS


def test_the_oracle_has_every_action_and_role() -> None:
    """Whoever adds an action writes it in the table a second time."""
    assert set(MAY) == set(Action)
    for action, roles in ALLOWED.items():
        letters = {letter for letter, role in _LETTERS.items() if role in roles}
        assert letters == MAY[action], action


@pytest.mark.requirement("S-SEC-2")
@pytest.mark.requirement("S-ROL-9")
@pytest.mark.requirement("S-ROL-10")
@pytest.mark.requirement("S-GEN-4")
def test_access_allows_what_the_oracle_allows(record_property: Callable[[str, object], None]) -> None:
    """Everybody towards every pupil, every action, at any level, in any relation that could be named."""
    seen: Counter[str] = Counter()
    for seed in range(WORLDS):
        random = Random(seed)  # noqa: S311 - repeatable chance
        world = a_world(random)
        for pupil in world.pupils:
            file = file_of(world, pupil)
            for person in range(world.people):
                asked = Asked(world, file, person, pupil)
                relations = list(_relations(world, person, pupil, random))
                for action in Action:
                    for acting in (None, random.choice(relations)):
                        seen[asked.compare(action, random.randint(1, 3), acting, random.choice(SUBJECTS))] += 1
    record_property("decisions", dict(seen))
    assert set(seen) == {
        oracle.YES, oracle.WEAK, oracle.NOT_THEIRS, oracle.NOT_HELD, oracle.NOT_OWN_SUBJECT, oracle.NOTHING
    }  # fmt: skip


def _relations(world: World, person: int, pupil: int, random: Random) -> Iterator[int | str]:
    """Each that is or was the person's, and somebody else's or nobody's."""
    if person == pupil:
        yield "own"
    for tie in (*world.ties, *world.parts):
        if tie.person == person and tie.to in {pupil, world.school_of[pupil]}:
            yield tie.number
    for emergency in world.emergencies:
        if (emergency.person, emergency.pupil) == (person, pupil):
            yield emergency.number
    yield random.randrange(world.number() + 1)


class Asked:
    """One person and one pupil, of whom both are asked."""

    def __init__(self, world: World, file: StudentFile, person: int, pupil: int) -> None:
        self.world, self.person, self.pupil = world, person, pupil
        self.own = own_relation_id(file.person_id)
        self.standings = {
            action: standing_in(
                file, _id("person", person), parts_of(world, person, world.school_of[pupil], action=action)
            )
            for action in (Action.READ_FILE, Action.OPEN_IN_EMERGENCY)
        }

    def compare(self, action: Action, level: int, acting: int | str | None, subject: str) -> str:
        """What both answer."""
        expected = oracle.answer(
            self.world, self.person, self.pupil, action.value, level, acting=acting, subject=subject
        )
        answered = self._answer(action, level, acting, subject)
        assert answered == expected, (self.person, self.pupil, action, level, acting, self.world)
        return answered

    def _answer(self, action: Action, level: int, acting: int | str | None, subject: str) -> str:
        acting_as = _id("tie", acting) if isinstance(acting, int) else self.own if acting else None
        standing = self.standings.get(action, self.standings[Action.READ_FILE])
        try:
            granted = permit(
                action,
                standing,
                on=TODAY,
                level=level,
                levels=DEFAULT_LEVELS,
                acting_as=acting_as,
                subject=subject,
                at=NOW,
            )
        except Refusal as refusal:
            return _named(action, refusal)
        assert isinstance(granted, Grant)
        return oracle.YES


@pytest.mark.requirement("S-ROL-7")
def test_access_at_a_school_is_what_the_oracle_says() -> None:
    """Staff, administrators and principals at each school, and everybody else."""
    for seed in range(WORLDS):
        random = Random(seed)  # noqa: S311 - repeatable chance
        world = a_world(random)
        for person in range(world.people):
            for school in range(2):
                for action in (*map(Action, sorted(AT_SCHOOL)), Action.MANAGE_ROSTER):
                    level = random.randint(1, 3)
                    roles = parts_of(world, person, school, action=action)
                    try:
                        permit_at_school(action, roles, on=TODAY, level=level, levels=DEFAULT_LEVELS)
                        answered = oracle.YES
                    except Refusal as refusal:
                        answered = _named(action, refusal)
                    assert answered == oracle.at_school(world, person, school, action.value, level)
