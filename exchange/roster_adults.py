"""The adults whom a roster ties to single pupils: guardians, and mentors by the mapping file."""

from collections import defaultdict
from collections.abc import Iterable

from events.base import Role
from exchange.roster_held import Held
from exchange.roster_tables import Kinship
from exchange.roster_wanted import MentorRow
from exchange.roster_words import GUARDIANS, OTHER_ADULTS, PUPIL, SCHOOL_ROLE


def hold_kinships(held: Held) -> None:
    """Link guardians to their pupils: what else an adult is to a pupil is named, never linked (G-20)."""
    seen: dict[tuple[str, str], int] = {}
    for kinship in held.tables.kinships:
        key = (held.tables.person(kinship.pupil), held.tables.person(kinship.adult))
        if key in seen:
            if "relationshipRole" in kinship.row.values:
                line = seen[key]
                held.bad(kinship.row, "", f"the same two people stand on line {line} already", kinship.pupil)
            continue
        if _kinship(held, kinship):
            seen[key] = kinship.row.line


def _kinship(held: Held, kinship: Kinship) -> bool:
    """Link a guardian; whether the row was used."""
    row, users = kinship.row, (kinship.pupil,)
    of_its_own = "relationshipRole" in row.values
    column = "relationshipUserSourcedId" if of_its_own else "agentSourcedIds"
    pupil = held.user(kinship.pupil, row, "userSourcedId" if of_its_own else column, *users)
    adult = held.user(kinship.adult, row, column, *users)
    if pupil is None or adult is None:
        held.tables.protected.add(kinship.pupil)
        return False
    roles = {kinship.role} if of_its_own else held.roles_of[kinship.adult]
    if roles & GUARDIANS:
        if held.person_id(pupil) == held.person_id(adult):
            held.bad(row, column, "nobody is one's own guardian", *users)
            return False
        if pupil in held.pupils:
            held.pupils[pupil].add(Role.GUARDIAN, adult)
        return True
    word_at = "relationshipRole" if of_its_own else column
    if roles & (OTHER_ADULTS | PUPIL | SCHOOL_ROLE.keys()):
        held.leave(row, word_at, "neither guardian nor parent: no relation")
    else:
        held.bad(row, word_at, "the role is not one we know", *users)
    return False


def hold_mentors(held: Held, rows: Iterable[MentorRow]) -> None:
    """Give the mentors of the mapping file to pupils who have none by the classes; name those who have none at all."""
    by_pupil: dict[str, list[str]] = defaultdict(list)
    by_class: dict[str, list[str]] = defaultdict(list)
    for mapped in rows:
        mentor = held.user(mapped.mentor, mapped.row, "mentorSourcedId")
        if mapped.school_class and mapped.school_class not in held.tables.classes:
            held.bad(mapped.row, "classSourcedId", "no row in classes.csv has this id")
        elif mapped.pupil and mapped.pupil not in held.tables.users:
            held.bad(mapped.row, "userSourcedId", "no row in users.csv has this id")
        elif mentor and _mentors_oneself(held, mapped, mentor):
            held.bad(mapped.row, "mentorSourcedId", "nobody is one's own mentor", mapped.mentor)
        elif mentor and mapped.pupil:
            by_pupil[held.tables.person(mapped.pupil)].append(mentor)
        elif mentor:
            by_class[mapped.school_class].append(mentor)
    for user, pupil in held.pupils.items():
        if any(role is Role.MENTOR for role, _ in pupil.adults):
            continue
        mapped_to = by_pupil.get(user) or [m for c in pupil.classes for m in by_class.get(c, ())]
        for mentor in mapped_to:
            pupil.add(Role.MENTOR, mentor)
        if not mapped_to:
            row = held.tables.users[user].row
            held.wanted.mentorless[pupil.id] = row.fault("", "the pupil has no mentor")


def _mentors_oneself(held: Held, mapped: MentorRow, mentor: str) -> bool:
    if mapped.school_class:
        return held.person_id(mentor) in held.pupil_ids(mapped.school_class)
    return held.person_id(mentor) == held.person_id(held.tables.person(mapped.pupil))
