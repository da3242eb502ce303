"""The directory as a projection: hands each event to the tables that it feeds."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from events.base import Recorded
from projections import directory_people as people
from projections import directory_persons as persons
from projections import directory_schools as schools
from projections.directory import SQL
from projections.projection import Memory, Projection, Target
from projections.reading import Batch
from projections.statements import Statements

Fold = Callable[[Target, Statements, Sequence[Recorded[Any]]], None]

_FOLDS: tuple[tuple[frozenset[str], Fold], ...] = (
    (persons.PERSON_KINDS, persons.fold_persons),
    (people.STUDENT_KINDS, people.fold_students),
    (people.RELATION_KINDS, people.fold_relations),
    (people.MEMBER_KINDS, people.fold_members),
    (schools.SCHOOL_KINDS, schools.fold_schools),
    (schools.ROLE_KINDS, schools.fold_school_roles),
    (schools.GROUP_KINDS, schools.fold_groups),
    (schools.TEMPLATE_KINDS, schools.fold_templates),
    (schools.DOCUMENT_KINDS, schools.fold_documents),
)


class DirectoryProjection(Projection):
    """Folds who and what there is: persons, pupils, relations, schools, groups, templates, planning documents."""

    name: ClassVar[str] = "directory"
    kinds: ClassVar[frozenset[str]] = frozenset().union(*(kinds for kinds, _ in _FOLDS))

    def fold(self, target: Target, memory: Memory, batch: Batch) -> None:  # noqa: ARG002 - its rows are cheap to read
        """One table after the other."""
        events = list(batch)
        for kinds, fold in _FOLDS:
            concerned = [recorded for recorded in events if recorded.event.code in kinds]
            if concerned:
                fold(target, self.statements, concerned)

    statements: ClassVar[Statements] = SQL
