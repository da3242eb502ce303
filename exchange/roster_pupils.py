"""A pupil while a roster is held together, and which of a class's staff are the pupils' mentors."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from events.base import Role
from exchange.roster_rows import Row
from exchange.roster_tables import Enrollment
from exchange.roster_words import MENTORS

Staff = list[tuple[Enrollment, date | None]]
"""A class's teachers and mentors, each since a day if the roster says so."""


@dataclass(slots=True)
class HeldPupil:
    """What the rows say of one pupil, as far as they are read. `row` is the one that makes the person a pupil."""

    id: UUID
    row: Row
    school_id: UUID
    grade: int
    since: date
    groups: dict[UUID, date | None] = field(default_factory=dict)
    classes: list[str] = field(default_factory=list)
    adults: dict[tuple[Role, str], tuple[date | None, set[str]]] = field(default_factory=dict)

    def add(self, role: Role, user: str, since: date | None = None, subjects: Iterable[str] = ()) -> None:
        """Let a user be something to the pupil, since the earliest day and in all the subjects that rows name."""
        before, taught = self.adults.get((role, user), (since, set()))
        self.adults[role, user] = (min(filter(None, (since, before)), default=None), {*subjects, *taught})


def mentors_of(staff: Staff, *, is_homeroom: bool, is_whole: bool) -> set[str]:
    """The users of a class whom the roster calls mentor: by role, as primary of a homeroom, or alone in a homeroom.

    Nobody is alone where the staff is not whole: left over when bad rows are taken away.
    """
    named = {enrollment.user for enrollment, _ in staff if enrollment.role in MENTORS}
    if named or not is_homeroom:
        return named
    primary = {enrollment.user for enrollment, _ in staff if enrollment.is_primary}
    alone = {enrollment.user for enrollment, _ in staff}
    return primary or (alone if is_whole and len(alone) == 1 else set())
