"""The kinds of stream there are, and what a command changes in one: the stream itself, or a resource within it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from aggregates import (
    disposal_run,
    group,
    municipality,
    person,
    planning_document,
    retention_policy,
    school,
    student_file,
    template,
)
from commands.context import Context
from events.base import Event, Recorded
from events.enrolment import StudentEnrolled
from events.municipality import OfficerAppointed
from events.person import PersonRegistered
from events.planning_document import DocumentPublished
from events.retention import RunPlanned, ScheduleAdopted
from events.school import GroupFormed, SchoolFounded
from events.template import TemplateDrafted
from store.errors import StreamNotFound


class Aggregate(Protocol):
    """What every aggregate's state has: whose key seals it, and how many events it is made of."""

    @property
    def subject_id(self) -> UUID:
        """Whose key seals it: a person, a pupil's file, a school."""
        ...

    @property
    def version(self) -> int:
        """The version of its stream."""
        ...


S = TypeVar("S", bound=Aggregate)


@dataclass(frozen=True)
class Category(Generic[S]):
    """A kind of stream: its name in the ledger, whose key seals it, the event it opens with, and how it is folded."""

    name: str
    subject_kind: str
    opening: type[Event]
    fold: Callable[[S | None, Iterable[Recorded[Any]]], S | None]

    def fold_own(self, state: S | None, events: Iterable[Recorded[Any]]) -> S | None:
        """The state after these events; None where they are of another kind of stream, whose id a caller named here."""
        coming = iter(events)
        first = next(coming, None)
        if first is None or (state is None and not isinstance(first.event, self.opening)):
            return state
        return self.fold(state, chain((first,), coming))


STUDENT_FILE = Category("student_file", "student_file", StudentEnrolled, student_file.fold)
PERSON = Category("person", "person", PersonRegistered, person.fold)
SCHOOL = Category("school", "school", SchoolFounded, school.fold)
GROUP = Category("group", "school", GroupFormed, group.fold)
TEMPLATE = Category("template", "school", TemplateDrafted, template.fold)
DOCUMENT = Category("planning_document", "school", DocumentPublished, planning_document.fold)
MUNICIPALITY = Category("municipality", "municipality", OfficerAppointed, municipality.fold)
RETENTION_POLICY = Category("retention_policy", "municipality", ScheduleAdopted, retention_policy.fold)
DISPOSAL_RUN = Category("disposal_run", "disposal_run", RunPlanned, disposal_run.fold)


@dataclass(frozen=True)
class Stream(Generic[S]):
    """The stream that a command appends to; `subject_id` says whose key seals it where the command may begin it."""

    category: Category[S]
    id: UUID
    subject_id: UUID | None = None

    def subject_in(self, state: S | None) -> UUID:
        """The subject of the stream. Raises LookupError where it is not there and the command does not begin it."""
        subject_id = self.subject_id if state is None else state.subject_id
        if subject_id is None:
            raise LookupError(self.category.name)
        return subject_id


@dataclass(frozen=True)
class Resource(Generic[S]):
    """What a command changes within a stream, as its caller sees it, and how to find its version there.

    `version` gives None where the resource is not there yet; without it the resource is the stream itself.
    """

    id: str
    version: Callable[[S], int | None] | None = None

    def version_in(self, state: S | None) -> int | None:
        """The version at which the resource last changed."""
        if state is None:
            return None
        if self.version is None:
            return state.version
        return self.version(state)


def find(context: Context, category: Category[S], stream_id: UUID) -> S | None:
    """The aggregate as it is now, or None where there is none."""
    try:
        return context.ledger.load(stream_id, category.fold_own)
    except StreamNotFound:
        return None
