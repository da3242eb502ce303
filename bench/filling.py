"""Many pupils' files at once, through the real append: what read models, growth and serving are measured on."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from random import Random
from uuid import uuid4

from bench.facts import Pupil, opening, written
from events.base import Actor, Event, Recorded, Role
from events.person import PersonRegistered
from store.appends import Append, Appended
from store.bulk import know_subjects
from store.ledger import Ledger

_TOGETHER = 40
"""Commands a transaction."""


def fill(ledger: Ledger, pupils: Sequence[Pupil], *, events_each: int, command: int = 10) -> int:
    """Give each of the new pupils a file of so many events, a command of a few events for each in turn; the count."""
    chance = Random(7)
    know_subjects(ledger, {pupil.file_id: "student_file" for pupil in pupils})
    facts = [_facts(pupil, events_each, chance) for pupil in pupils]
    filled = 0
    waiting: list[Append] = []
    left = list(zip(pupils, facts, strict=True))
    while left:
        going = []
        for pupil, following in left:
            events = list(islice(following, command))
            if events:
                waiting.append(pupil.append(*events))
                filled += len(events)
                going.append((pupil, following))
            if len(waiting) == _TOGETHER:
                _append(ledger, waiting)
        left = going
    _append(ledger, waiting)
    return filled


def register(ledger: Ledger, people: Iterable[Actor]) -> None:
    """Let the ledger know of people, so that they can sign in."""
    waiting = []
    for person in people:
        command = uuid4()
        registered = PersonRegistered(given_name="Alva", family_name="Lindqvist")
        recorded = Recorded(
            person.person_id, 1, person.person_id, registered, person, datetime.now(UTC), command, command
        )
        waiting.append(Append("person", "person", person.person_id, person.person_id, 0, [recorded]))
    _append(ledger, waiting)


def _facts(pupil: Pupil, events: int, chance: Random) -> Iterator[tuple[Role, Event]]:
    yield from islice(_endless(pupil, chance), events)


def _endless(pupil: Pupil, chance: Random) -> Iterator[tuple[Role, Event]]:
    yield from opening(pupil)
    yield from written(pupil, chance)


def _append(ledger: Ledger, waiting: list[Append]) -> None:
    for answer in ledger.append_many(waiting):
        if not isinstance(answer, Appended):
            raise answer
    waiting.clear()
