"""The pupils whom one has to do with oneself: the own file, one's children, those one teaches."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from access.actions import Action
from access.decide import Standing, permit
from access.errors import AssuranceTooLow
from aggregates.errors import Refusal
from aggregates.student_file import Relation
from commands.context import Caller, Context
from events.base import Role
from projections.directory import StudentEntry


@dataclass(slots=True)
class OwnPupil:
    """A pupil, and those of one's relations that let one read the pupil's file now."""

    student: StudentEntry
    relations: list[Relation] = field(default_factory=list)

    def is_known_as(self, role: Role) -> bool:
        """Whether one of the relations is in this role."""
        return any(relation.role is role for relation in self.relations)


@dataclass(frozen=True, slots=True)
class OwnPupils:
    """One's pupils. `needed_level` is the lowest level at which there would be more of them; None where this is all."""

    shown: tuple[OwnPupil, ...]
    needed_level: int | None


def own_pupils(context: Context, caller: Caller, *, on: date, among: Collection[UUID] | None = None) -> OwnPupils:
    """One's pupils, where the sign-in is strong enough; the directory names protected pupils to whom they name.

    `among`: only those of these ids.
    """
    found = dict[UUID, OwnPupil]()
    needed = set[int]()
    for row in context.directory.seen_by(caller.eyes(on)).students_of(caller.person_id):
        if among is not None and row.student.student_id not in among:
            continue
        standing = Standing((row.relation,), is_protected=row.student.is_protected, is_named=True)
        try:
            permit(Action.READ_FILE, standing, on=on, level=caller.level, levels=context.levels)
        except AssuranceTooLow as too_low:
            needed.add(too_low.needed_level)
        except Refusal:
            continue
        else:
            found.setdefault(row.student.student_id, OwnPupil(row.student)).relations.append(row.relation)
    return OwnPupils(tuple(found.values()), min(needed, default=None))
