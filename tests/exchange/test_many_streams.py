"""Many streams changed by one command: turns where the events are many, new decisions where the stream went on."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID, uuid5

import pytest

from aggregates.school import School, grant_role
from app.local import system_command
from app.wiring import Parts
from commands.bulk import Carried, NewId, StreamChange, change_streams
from commands.run import ATTEMPTS
from commands.streams import SCHOOL, find
from events.base import Event, Role
from events.school import SchoolFounded, SchoolRenamed

SCHOOL_ID, OTHER = UUID(int=51), UUID(int=52)
LIMIT = 3
MANY = LIMIT * (ATTEMPTS + 2)


@pytest.fixture
def few(parts: Parts) -> Parts:
    """A ledger that takes few events at once."""
    parts.ledger.settings = replace(parts.ledger.settings, max_events=LIMIT)
    return parts


class Staffing:
    """The decision that a school has so many employees; somebody else renames the school while it is made."""

    def __init__(self, parts: Parts, school_id: UUID, count: int, *, disturbed: Sequence[int] = ()) -> None:
        self.parts, self.school_id, self.count = parts, school_id, count
        self.disturbed, self.asked = disturbed, 0

    def __call__(self, state: object, new_id: NewId) -> list[Event]:
        """The school is founded and its employees have their parts, as far as that is not so yet."""
        self.asked += 1
        assert state is None or isinstance(state, School)
        if self.asked in self.disturbed:
            rename = StreamChange(self.school_id, lambda _, __: [SchoolRenamed(name=f"Skola {self.asked}")])
            change_streams(self.parts.context, system_command(), SCHOOL, {self.school_id: rename})
        events: list[Event] = [] if state else [SchoolFounded(name="Skola")]
        known = state or School(self.school_id, self.school_id, 0, "Skola")
        there = {role.person_id for role in known.roles.values()}
        for number in range(self.count):
            person_id = uuid5(self.school_id, str(number))
            if person_id not in there:
                events.append(
                    grant_role(
                        known,
                        relation_id=new_id(f"staff {number}"),
                        person_id=person_id,
                        role=Role.STAFF,
                        since=system_command().on,
                    )
                )
        return events


def carry(parts: Parts, *changes: Staffing) -> Carried:
    """Change the schools, all by one command."""
    decisions = {staffing.school_id: StreamChange(staffing.school_id, staffing) for staffing in changes}
    return change_streams(parts.context, system_command(), SCHOOL, decisions)


def school(parts: Parts, school_id: UUID = SCHOOL_ID) -> School:
    """The school now."""
    found = find(parts.context, SCHOOL, school_id)
    assert found is not None
    return found


def test_a_stream_that_needs_more_turns_than_attempts_is_stored_whole(few: Parts) -> None:
    """A turn that stored all it could is no conflict, however many there are; and the stream counts once."""
    carried = carry(few, Staffing(few, SCHOOL_ID, MANY), Staffing(few, OTHER, 1))
    assert carried.refused == {}
    assert (carried.events, carried.streams) == (MANY + 1 + 2, 2)
    assert (len(school(few).roles), school(few).version) == (MANY, MANY + 1)
    assert carry(few, Staffing(few, SCHOOL_ID, MANY)) == Carried()


@pytest.mark.parametrize("turns", [1, ATTEMPTS + 2])
def test_a_stream_that_goes_on_now_and_then_is_decided_anew(few: Parts, turns: int) -> None:
    """Conflicts count in a row: one before each turn, though more than attempts in all, refuses nothing."""
    staffing = Staffing(few, SCHOOL_ID, LIMIT * turns, disturbed=range(2, 3 * ATTEMPTS, 2))
    carried = carry(few, staffing)
    assert carried.refused == {}
    assert len(school(few).roles) == LIMIT * turns


def test_a_decision_that_never_comes_to_an_end_is_given_up(few: Parts) -> None:
    """Nothing stored is ever taken back, so a decision that asks for the same for ever must not fill the ledger."""
    names = [f"Skola {number}" for number in range(LIMIT + 1)]
    carry(few, Staffing(few, SCHOOL_ID, 1))
    change = StreamChange(SCHOOL_ID, lambda _, __: [SchoolRenamed(name=name) for name in names])
    carried = change_streams(few.context, system_command(), SCHOOL, {SCHOOL_ID: change})
    assert carried.refused == {SCHOOL_ID: "VersionConflict"}
    assert carried.events == LIMIT * (1 + ATTEMPTS)


def test_a_stream_that_goes_on_each_time_is_refused_as_a_conflict_and_stops_no_other(few: Parts) -> None:
    """Somebody else is always quicker: it is named after as many attempts as any command makes."""
    carry(few, Staffing(few, SCHOOL_ID, 1))
    staffing = Staffing(few, SCHOOL_ID, MANY, disturbed=range(1, 100))
    carried = carry(few, staffing, Staffing(few, OTHER, MANY))
    assert carried.refused == {SCHOOL_ID: "VersionConflict"}
    assert staffing.asked == ATTEMPTS
    assert (len(school(few).roles), len(school(few, OTHER).roles)) == (1, MANY)
    assert (carried.events, carried.streams) == (MANY + 1, 1)
