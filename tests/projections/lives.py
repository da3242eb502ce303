"""Lives of pupils made by chance from valid decisions, each told with ids of its own."""

import re
from dataclasses import replace
from random import Random
from typing import Any
from uuid import UUID, uuid5

from aggregates import student_file
from events.base import Actor, Recorded
from tests.aggregates.given import PUPIL
from tests.aggregates.test_laws import LifeOfAFile

_AN_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def a_life(random: Random, happenings: int, *, space: UUID) -> list[Recorded[Any]]:
    """A pupil's file after so many happenings, all of its ids in a space of their own."""
    life = LifeOfAFile(random)
    for _ in range(happenings):
        life.goes_on()
        life.goals_take_one_step_of_the_staircase()
    person_id = moved(PUPIL.person_id, space)
    return [_moved(recorded, person_id, space) for recorded in life.story.past]


def moved(an_id: UUID, space: UUID) -> UUID:
    """The id that stands for this one in the space."""
    return uuid5(space, str(an_id))


def _moved(recorded: Recorded[Any], person_id: UUID, space: UUID) -> Recorded[Any]:
    def text(json: str) -> str:
        return _AN_ID.sub(lambda match: str(moved(UUID(match[0]), space)), json)

    return replace(
        recorded,
        originator_id=student_file.student_file_id(person_id),
        subject_id=student_file.student_file_id(person_id),
        event=type(recorded.event).model_validate_json(text(recorded.event.model_dump_json())),
        actor=Actor.model_validate_json(text(recorded.actor.model_dump_json())),
    )
