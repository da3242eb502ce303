"""Small made-up municipalities: siblings, separated guardians, staff who are guardians, moves, rights that end."""

from dataclasses import dataclass, field
from random import Random

SUBJECTS = ("MA", "SV")
BEFORE = -5
"""Days from today: when the earlier of two consents and emergencies was given."""


@dataclass(frozen=True)
class Tie:
    """What a person is to a pupil, or a part at a school (then `to` is the school). Days are counted from today.

    `since` and `until` are included; `ended` is the first day without it. `giver` is the number of the guardian's tie
    that lets another adult read.
    """

    number: int
    person: int
    to: int
    letter: str
    since: int
    until: int | None = None
    ended: int | None = None
    subjects: tuple[str, ...] = ()
    giver: int | None = None


@dataclass(frozen=True)
class Emergency:
    """A principal opened a pupil's file so many hours ago."""

    number: int
    person: int
    pupil: int
    hours_ago: int


@dataclass
class World:
    """Two schools and their people, all by number. `pupils` are persons too: the number of each is the same."""

    people: int
    pupils: tuple[int, ...]
    school_of: dict[int, int]
    """Where each pupil goes today."""
    came_from: dict[int, int]
    """Where a pupil who moved went before."""
    class_of: dict[int, int]
    ties: list[Tie] = field(default_factory=list)
    parts: list[Tie] = field(default_factory=list)
    emergencies: list[Emergency] = field(default_factory=list)
    named: dict[int, frozenset[int]] = field(default_factory=dict)
    """Whom the protected identity of a pupil names."""

    def number(self) -> int:
        """A number that nothing has yet."""
        return len(self.ties) + len(self.parts) + len(self.emergencies)


def holds_in(tie: Tie, day: int) -> bool:
    """Whether the days of a tie include a day; what a delegation rests on is not looked at here."""
    if day < tie.since:
        return False
    if tie.until is not None and day > tie.until:
        return False
    return tie.ended is None or day < tie.ended


def a_world(random: Random, *, most_people: int = 12) -> World:
    """One at random. People come from one pool, so that siblings share guardians and staff are guardians too.

    A pupil whose identity is protected is nothing to other pupils: what is written in their files names its author.
    """
    people = random.randint(5, most_people)
    pupils = tuple(range(random.randint(1, min(4, people - 3))))
    school_of = {pupil: random.randrange(2) for pupil in pupils}
    moved = [pupil for pupil in pupils if random.random() < 0.25]
    world = World(
        people=people,
        pupils=pupils,
        school_of=school_of,
        came_from={pupil: 1 - school_of[pupil] for pupil in moved},
        class_of={pupil: random.randrange(2) for pupil in pupils},
    )
    _parts(random, world)
    for pupil in pupils:
        _ties(random, world, pupil)
    _delegations(random, world)
    _emergencies(random, world)
    for pupil in pupils:
        is_more = any(held.person == pupil for held in (*world.ties, *world.parts))
        if random.random() < 0.4 and not is_more:
            world.named[pupil] = frozenset(p for p in range(people) if p != pupil and random.random() < 0.4)
    return world


def _days(random: Random) -> tuple[int, int | None, int | None]:
    """When a tie holds: mostly today; else it ended yesterday or today, ends today, or begins tomorrow."""
    return random.choice(
        (
            *[(-30, None, None)] * 6,
            (-30, None, 0),
            (-30, None, -1),
            (-30, -1, None),
            (-30, 0, None),
            (0, None, None),
            (1, None, None),
            (-30, None, 1),
            (-30, 20, 10),
        )
    )


def _parts(random: Random, world: World) -> None:
    for school in range(2):
        for letter in "ARS":
            for person in range(world.people):
                if random.random() < 0.15:
                    world.parts.append(Tie(world.number(), person, school, letter, *_days(random)))


def _ties(random: Random, world: World, pupil: int) -> None:
    for letter, chance in (("V", 0.3), ("L", 0.25), ("M", 0.15), ("P", 0.1)):
        for person in range(world.people):
            if person != pupil and random.random() < chance:
                subjects = tuple(s for s in SUBJECTS if random.random() < 0.6) if letter == "L" else ()
                world.ties.append(Tie(world.number(), person, pupil, letter, *_days(random), subjects=subjects))


def _delegations(random: Random, world: World) -> None:
    for tie in [tie for tie in world.ties if tie.letter == "V"]:
        given = random.choice((BEFORE, 0))
        person = random.randrange(world.people)
        taken = any(t.letter == "D" and (t.person, t.to) == (person, tie.to) for t in world.ties)
        if random.random() < 0.5 and person != tie.to and not taken and holds_in(tie, given):
            last = min(random.choice((given, 0, 30)), 90 if tie.until is None else tie.until)
            ended = 0 if random.random() < 0.2 and last >= 0 and given < 0 else None
            until = max(given, last)
            world.ties.append(Tie(world.number(), person, tie.to, "D", given, until, ended, giver=tie.number))


def _emergencies(random: Random, world: World) -> None:
    for hours_ago, day in ((1, 0), (-24 * BEFORE, BEFORE)):
        for part in world.parts:
            known = any((e.person, e.hours_ago) == (part.person, hours_ago) for e in world.emergencies)
            if part.letter == "R" and holds_in(part, day) and not known and random.random() < 0.4:
                pupil = random.choice(world.pupils)
                if pupil != part.person:
                    world.emergencies.append(Emergency(world.number(), part.person, pupil, hours_ago))
