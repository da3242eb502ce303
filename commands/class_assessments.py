"""The pupils of a class whom one assesses in a subject, so that a teacher writes for all of them in one go."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from access.actions import Action
from access.decide import grants, permit
from access.errors import AssuranceTooLow, SchoolNotFound
from aggregates.errors import Refusal
from aggregates.student_file import StudentFile
from aggregates.swedish import swedish_order
from commands.context import Caller, Context
from commands.own_pupils import own_pupils
from commands.reads import Opened
from commands.run import standing_in
from commands.streams import STUDENT_FILE
from projections.directory import GroupEntry
from store.bulk import load_many


@dataclass(frozen=True, slots=True)
class Assessed:
    """A class, and the files of those of its pupils whom the caller assesses in the subject, in Swedish order."""

    group: GroupEntry
    pupils: tuple[Opened, ...]


def assessed_in_class(context: Context, caller: Caller, group_id: UUID, subject: str, *, on: date) -> Assessed:
    """Open the files of the class; whoever shows anything of them calls `record_looks` before.

    Pupils whom the caller does not assess in the subject are not among them (S-OMD-1). Raises SchoolNotFound where
    nobody is, and AssuranceTooLow where there would be somebody for a stronger sign-in.
    """
    group = context.directory.group(group_id)
    if group is None:
        raise SchoolNotFound
    own = own_pupils(context, caller, on=on)
    known = {one.student.student_id for one in own.shown}
    members = context.directory.group_members(group_id, protected_for=caller.person_id)
    wanted = [one.student_id for one in members if one.student_id in known]
    files = load_many(context.ledger, wanted, STUDENT_FILE.fold)
    found = [opened for file in files.values() if (opened := _opened(context, caller, file, subject, on)) is not None]
    if not found and own.needed_level is not None:
        raise AssuranceTooLow(own.needed_level)
    if not found:
        raise SchoolNotFound
    return Assessed(group, tuple(sorted(found, key=lambda one: swedish_order(one.file.name))))


def _opened(context: Context, caller: Caller, file: StudentFile, subject: str, on: date) -> Opened | None:
    """The file as whoever assesses the pupil reads it, whatever else that person is to the pupil."""
    standing = standing_in(file, caller.person_id, ())
    assessing = grants(Action.ASSESS_SUBJECT, standing, on=on, at=caller.at, subject=subject)
    if not assessing:
        return None
    try:
        grant = permit(
            Action.READ_FILE,
            standing,
            on=on,
            level=caller.level,
            levels=context.levels,
            acting_as=assessing[0].relation_id,
            at=caller.at,
        )
    except Refusal:
        return None
    return Opened(file, grant, standing)
