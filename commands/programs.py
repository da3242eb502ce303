"""What a program of one school may know of a person: whoever has something to do with the school, and nobody else."""

from datetime import date
from uuid import UUID

from access.scopes import ClientGrant
from aggregates.student_file import student_file_id
from commands.context import Context


def knows_person(context: Context, program: ClientGrant, person_id: UUID, *, on: date) -> bool:
    """Whether the person has, today, a part at the program's school or a relation to one of its pupils.

    A pupil has one to the own file. A pupil whose identity is protected is known to no program.
    """
    if program.school_id not in context.directory.schools_of_person(person_id, on):
        return False
    pupil = context.directory.student(student_file_id(person_id))
    return pupil is None or not pupil.is_protected
