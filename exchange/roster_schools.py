"""A roster's schools, and what people are there: pupils and employees."""

from exchange.roster_held import Held
from exchange.roster_pupils import HeldPupil
from exchange.roster_rows import Row
from exchange.roster_tables import Part
from exchange.roster_wanted import WantedSchool
from exchange.roster_words import GUARDIANS, OTHER_ADULTS, PUPIL, SCHOOL_ROLE, name_of, read_grade


def hold_schools(held: Held) -> None:
    """Want the organisations that are schools."""
    for sourced_id, org in held.tables.orgs.items():
        if not org.is_school:
            held.leave(org.row, "type", "not a school")
        elif (name := name_of(org.name)) is None:
            held.bad(org.row, "name", "the name is missing, too long or has control characters")
        else:
            school_id = held.ids.school(sourced_id)
            held.wanted.schools[school_id] = WantedSchool(school_id, name)


def hold_parts(held: Held) -> None:
    """Want the pupils of the schools, and who works there."""
    ordered = sorted(held.tables.parts, key=lambda part: not part.is_primary)
    for part in ordered:
        held.roles_of[part.user].add(part.role)
        if part.role in PUPIL:
            _pupil(held, part)
        elif part.role in SCHOOL_ROLE:
            _staff(held, part)
        elif part.role not in GUARDIANS | OTHER_ADULTS:
            held.bad(part.row, "role", "the role is not one we know", part.user)


def _pupil(held: Held, part: Part) -> None:
    column = "grades" if "grades" in part.row.values else "grade"
    if not held.in_force(part.since, part.until, part.row):
        return
    school_id = held.school(part.org, part.row, _org_column(part.row), part.user)
    person = held.user(part.user, part.row, "userSourcedId") if school_id else None
    if school_id is None or person is None:
        return
    if person in held.pupils:
        held.leave(part.row, _org_column(part.row), "the pupil's other school is the primary one")
        return
    grade, reason = read_grade(part.grades)
    if grade is None:
        held.bad(part.row, column, reason, part.user)
    else:
        held.pupils[person] = HeldPupil(held.person_id(person), part.row, school_id, grade, part.since or held.on)


def _staff(held: Held, part: Part) -> None:
    if not held.in_force(part.since, part.until, part.row):
        return
    school_id = held.school(part.org, part.row, _org_column(part.row), part.user)
    if school_id is None or (person := held.user(part.user, part.row, "userSourcedId")) is None:
        return
    roles, key = held.wanted.schools[school_id].roles, (held.person_id(person), SCHOOL_ROLE[part.role])
    roles[key] = min(part.since or held.on, roles.get(key, held.on))
    held.person(person)


def _org_column(row: Row) -> str:
    return "orgSourcedIds" if "orgSourcedIds" in row.values else "orgSourcedId"
