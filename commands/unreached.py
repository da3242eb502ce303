"""Pupils with protected identity whom nobody at the school finds any more: for who may name new readers."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from access.actions import Action
from access.decide import permit_at_school
from commands.context import Caller, Context
from commands.reads import Part, look_of
from commands.streams import STUDENT_FILE, find
from events.reading import ProtectionKind


@dataclass(frozen=True, slots=True)
class Unreached:
    """A protected pupil, without a name: what is needed to name new readers beside those who are named already."""

    student_id: UUID
    kind: ProtectionKind
    readers: tuple[UUID, ...]


def protected_without_reader(context: Context, caller: Caller, school_id: UUID, *, on: date) -> list[Unreached]:
    """The school's protected pupils of whom no named reader works with the pupil or at the school any more.

    For those who mark identities as protected, at their level; that each pupil was shown is on record first, durably.
    Raises SchoolNotFound, OnlyAdministrationProtects, AssuranceTooLow.
    """
    roles = context.directory.school_roles(caller.person_id, school_id)
    grant = permit_at_school(Action.PROTECT_IDENTITY, roles, on=on, level=caller.level, levels=context.levels)
    found = (
        find(context, STUDENT_FILE, student_id)
        for student_id in context.directory.protected_without_reader(school_id, on)
    )
    files = [file for file in found if file is not None and file.school_id == school_id]
    protected = [(file, file.protection) for file in files if file.protection is not None]
    looks = [look_of(caller, grant, file.id, Part.PROTECTION) for file, _ in protected]
    context.record.add_many(looks, is_durable=True)
    return [Unreached(file.id, protection.kind, tuple(sorted(protection.readers))) for file, protection in protected]
