"""Who may do what, told a second time and naively, from the words of the requirements and not from the code."""

from typing import NamedTuple

from tests.access.table import AT_SCHOOL, MAY
from tests.access.worlds import Tie, World, holds_in

YES, WEAK, NOT_THEIRS, NOT_HELD, NOT_OWN_SUBJECT, NOTHING = (
    "yes",
    "weak",
    "not theirs",
    "not held",
    "not own",
    "nothing",
)
"""Allowed; too weak a sign-in; for other roles; not in that relation; another's subject; there is no such pupil."""

EVEN_IF_NOT_NAMED = {"protect_identity", "open_in_emergency"}
HOURS_OPEN = 24


class Held(NamedTuple):
    """One thing that gives a person something now."""

    letter: str
    number: int | None
    subjects: tuple[str, ...] = ()
    is_emergency: bool = False


def counts(world: World, tie: Tie) -> bool:
    """A relation counts on its days; what a guardian gave counts only as long as the guardian's own does."""
    if not holds_in(tie, 0):
        return False
    if tie.giver is None:
        return True
    return all(holds_in(giver, 0) for giver in world.ties if giver.number == tie.giver)


def held(world: World, person: int, pupil: int, action: str) -> list[Held]:
    """Everything that the person is to the pupil today, that matters to the action."""
    found = []
    if person == pupil:
        found.append(Held("E", None))
    is_named = pupil not in world.named or person == pupil or person in world.named[pupil]
    if is_named:
        ties = [tie for tie in world.ties if tie.person == person and tie.to == pupil and counts(world, tie)]
        found += [Held(tie.letter, tie.number, tie.subjects) for tie in ties]
    opened = [e for e in world.emergencies if e.person == person and e.pupil == pupil and e.hours_ago < HOURS_OPEN]
    found += [Held("R", emergency.number, is_emergency=True) for emergency in opened]
    if is_named or action in EVEN_IF_NOT_NAMED:
        for part in world.parts:
            at_own_school = part.to == world.school_of[pupil]
            anywhere = action == "open_in_emergency" and part.letter == "R"
            if part.person == person and part.letter != "S" and holds_in(part, 0) and (at_own_school or anywhere):
                found.append(Held(part.letter, part.number))
    return found


def level_needed(world: World, pupil: int, action: str, by: Held) -> int:
    """G-17: the pupil 1, others 2; out of the ordinary 3."""
    if by.letter == "E":
        return 1
    is_extraordinary = action in {"open_in_emergency", "protect_identity", "read_protected"}
    return 3 if is_extraordinary or by.is_emergency or pupil in world.named else 2


def answer(
    world: World, person: int, pupil: int, action: str, level: int, *, acting: int | str | None, subject: str = "MA"
) -> str:
    """What the person is answered. `acting` is the number of the relation that is named, or "own" for the pupil's."""
    everything = held(world, person, pupil, action)
    if not everything:
        return NOTHING
    chosen = everything
    if acting is not None:
        chosen = [h for h in everything if (h.letter == "E" if acting == "own" else h.number == acting)]
        if not chosen:
            return NOT_HELD
    able = [h for h in chosen if h.letter in MAY[action] and (action == "read_file" or not h.is_emergency)]
    if not able:
        return NOT_THEIRS
    strong = [h for h in able if level >= level_needed(world, pupil, action, h)]
    if not strong:
        return WEAK
    if action == "assess_subject" and not _teaches(everything, strong[0], subject):
        return NOT_OWN_SUBJECT
    return YES


def _teaches(everything: list[Held], by: Held, subject: str) -> bool:
    """A teacher the own subjects, an educator all, a mentor as a teacher."""
    if by.letter == "P":
        return True
    if by.letter == "L":
        return subject in by.subjects
    return any(h.letter == "L" and subject in h.subjects for h in everything)


def at_school(world: World, person: int, school: int, action: str, level: int) -> str:
    """What the person is answered at a school; action is one of AT_SCHOOL or the roster."""
    assert action in AT_SCHOOL or action == "manage_roster"
    parts = [part for part in world.parts if part.person == person and part.to == school and holds_in(part, 0)]
    if not parts:
        return NOTHING
    if not any(part.letter in MAY[action] for part in parts):
        return NOT_THEIRS
    return YES if level >= 2 else WEAK


def reads(world: World, person: int, pupil: int, level: int) -> bool:
    """Whether the person reads the pupil's file."""
    return answer(world, person, pupil, "read_file", level, acting=None) == YES


def sees(world: World, person: int, pupil: int, level: int) -> bool:
    """Whether a list may show the person who the pupil is, where it shows anybody: protected, only to the named."""
    if pupil not in world.named or person == pupil:
        return True
    return person in world.named[pupil] and level >= 3
