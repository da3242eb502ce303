"""Who in a roster was destroyed by the schedule: named with the row, and taken in again by nobody."""

from dataclasses import replace

from aggregates.student_file import student_file_id
from exchange.roster_examination import Examination
from store.keys import KeyRing

REASON = "the data of this person were destroyed by the schedule: not used until the certificate's final day is past"


def leave_out_erased(examination: Examination, keys: KeyRing) -> None:
    """Name the rows of those whose file or account was destroyed, and want nothing of them. Raises StoreUnavailable."""
    wanted, tables = examination.wanted, examination.tables
    files = {student_file_id(pupil): pupil for pupil in wanted.pupils}
    erased = {files.get(subject_id, subject_id) for subject_id in keys.destroyed([*wanted.persons, *files])}
    if not erased:
        return
    for person_id in erased:
        row = wanted.rows.get(person_id) or tables.users[wanted.persons[person_id].roster_ids[0]].row
        tables.faults.found.append(row.fault("", REASON))
    wanted.leave_out([pupil for pupil in wanted.pupils if pupil in erased])
    wanted.protected |= erased
    for school_id, school in wanted.schools.items():
        roles = {part: since for part, since in school.roles.items() if part[0] not in erased}
        wanted.schools[school_id] = replace(school, roles=roles)
    for pupil_id, pupil in wanted.pupils.items():
        relations = tuple(relation for relation in pupil.relations if relation.person_id not in erased)
        wanted.pupils[pupil_id] = replace(pupil, relations=relations)
    for person_id in erased:
        wanted.persons.pop(person_id, None)
