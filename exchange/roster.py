"""Import a roster: first what would change, then the change, in batches that can be interrupted and run again."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TypeVar, cast
from uuid import UUID

from aggregates.errors.enrolment import SchoolingHasEnded
from aggregates.school import School
from aggregates.student_file import EnrolmentEvent, StudentFile, student_file_id
from commands.bulk import Carried, StreamChange, change_streams
from commands.context import Command, Context
from commands.sign_in_identifiers import sign_in_lookup
from commands.streams import GROUP, PERSON, SCHOOL, STUDENT_FILE
from events.base import Event
from events.enrolment import (
    SchoolingEndCorrected,
    SchoolingEnded,
    SchoolingEndWithdrawn,
    StudentEnrolled,
    StudentReenrolled,
)
from exchange.roster_building import wanted_of
from exchange.roster_changes import NewId, Terms
from exchange.roster_erased import leave_out_erased
from exchange.roster_examination import (
    Decide,
    Examination,
    Streams,
    for_absent,
    for_group,
    for_person,
    for_pupil,
    for_school,
)
from exchange.roster_format import read_roster
from exchange.roster_mentors import mentor_rows
from exchange.roster_tables import last_day
from exchange.roster_wanted import Wanted
from exchange.roster_words import RosterIds
from store.bulk import load_many

READ_AT_ONCE = 1_000
APPENDED_AT_ONCE = 250
WRITERS = 2
"""How many batches are on their way at a time: while one is sealed the other is stored."""

ENROLMENT_KINDS = (StudentEnrolled.code, *(kind.code for kind in EnrolmentEvent.__args__))
"""The events that tell where a pupil goes and with whom: all that a roster is compared with."""

SCHOOLING_KINDS = (
    StudentEnrolled.code, SchoolingEnded.code, SchoolingEndCorrected.code, SchoolingEndWithdrawn.code,
    StudentReenrolled.code,
)  # fmt: skip
"""The events that tell whether a pupil's schooling has ended."""

Progress = Callable[[str, int, int], None]
"""Told the name of the step, how many are done and how many there are."""

T = TypeVar("T")


class TooManyEnds(Exception):
    """The roster would end more relations than one that was only moved about does."""


class RosterImport:
    """One roster, under the name it is known by, against one ledger."""

    def __init__(self, context: Context, *, source: str, full: bool = False) -> None:
        self._context, self._source, self._full = context, source, full
        self._ids = RosterIds(context.ledger.settings.tenant, source)

    def examine(
        self, folder: Path, *, today: date, on: date | None, mentors: Path | None, progress: Progress
    ) -> Examination:
        """Read the roster as of a day (`on`, else today or its last day) and compare it with the ledger.

        Changes nothing. Raises RosterUnusable, StoreUnavailable.
        """
        progress("read", 0, 1)
        tables = read_roster(folder)
        wanted = wanted_of(
            tables,
            self._ids,
            on=on or last_day(tables, today),
            known=self._known_ids(tables.users),
            mentors=mentor_rows(mentors, tables),
        )
        progress("read", 1, 1)
        examination = Examination(tables, wanted)
        known = set(wanted.persons)
        leave_out_erased(examination, self._context.ledger.keys)
        self._leave_out_ended(examination)
        self._find_lookups(examination)
        terms = Terms(wanted.on, self._full, wanted.protected, known, wanted.silent_on)
        for part in self._parts(examination, terms):
            examination.parts.append(part)
            self._examine_part(part, examination, known, progress)
        return examination

    def carry_out(self, examination: Examination, command: Command, *, allow_ends: bool, progress: Progress) -> Carried:
        """Store what the examination found, decided anew on what the ledger holds now.

        Interrupted, it is run again: whole streams are stored or not at all, and the rest is found by examining anew.

        Raises TooManyEnds before anything is stored, StoreUnavailable.
        """
        if examination.ends_too_many and not allow_ends:
            raise TooManyEnds
        total = Carried()
        for part in examination.parts:
            stream_ids = examination.changed.get(part.name, [])
            done = 0
            for written, carried in self._written(part, stream_ids, command):
                total.events += carried.events
                total.streams += carried.streams
                total.refused.update(carried.refused)
                done += written
                progress(part.name, done, len(stream_ids))
        return total

    def _written(self, part: Streams, stream_ids: list[UUID], command: Command) -> Iterator[tuple[int, Carried]]:
        """Write the streams of a part in batches, some at a time: no stream is in two of them."""

        def write(batch: list[UUID]) -> tuple[int, Carried]:
            changes = {i: StreamChange(part.decisions[i][0], _events(part.decisions[i][1])) for i in batch}
            return len(batch), change_streams(self._context, command, part.category, changes)

        with ThreadPoolExecutor(WRITERS) as writers:
            try:
                yield from writers.map(write, _batches(stream_ids, APPENDED_AT_ONCE))
            finally:
                writers.shutdown(cancel_futures=True)

    def _leave_out_ended(self, examination: Examination) -> None:
        """Name the pupils whose schooling has ended, before anything is wanted because of them."""
        wanted = examination.wanted
        ended: list[UUID] = []
        for batch in _batches(wanted.pupils, READ_AT_ONCE):
            ids = [student_file_id(person_id) for person_id in batch]
            files = load_many(self._context.ledger, ids, STUDENT_FILE.fold, kinds=SCHOOLING_KINDS)
            ended.extend(file.person_id for file in files.values() if file.schooling_ended is not None)
        for person_id in ended:
            examination.name_ended(person_id)
        wanted.leave_out(ended)

    def _find_lookups(self, examination: Examination) -> None:
        """The keyed hashes of the persons' sign-in identifiers; one that somebody else has already is named."""
        for batch in _batches(examination.wanted.persons.values(), READ_AT_ONCE):
            wanted = [(p, i, sign_in_lookup(self._context, i.kind, i.text)) for p in batch for i in p.identifiers]
            holders = self._context.directory.persons_signing_in([lookup for _, _, lookup in wanted])
            for person, identifier, lookup in wanted:
                if holders.get(lookup, person.id) == person.id:
                    examination.lookups.setdefault(person.id, []).append((identifier.kind, lookup))
                else:
                    reason = "another person has this sign-in identifier: not used"
                    examination.tables.faults.found.append(identifier.row.fault(identifier.column, reason))

    def _known_ids(self, roster_ids: Iterable[str]) -> dict[str, UUID]:
        """The persons whom the ledger knows by this roster's ids already, by whatever way they came in."""
        known: dict[str, UUID] = {}
        for batch in _batches(roster_ids, READ_AT_ONCE):
            known.update(self._context.directory.persons_by_roster_ids(self._source, batch))
        return known

    def _parts(self, examination: Examination, terms: Terms) -> Iterator[Streams]:
        wanted = examination.wanted
        yield Streams("schools", SCHOOL, {i: (i, for_school(w, terms)) for i, w in wanted.schools.items()})
        lookups = examination.lookups
        persons = {i: (i, for_person(w, self._source, lookups.get(i, ()))) for i, w in wanted.persons.items()}
        yield Streams("persons", PERSON, persons)
        yield Streams("groups", GROUP, {i: (w.school_id, for_group(w)) for i, w in wanted.groups.items()})
        files = {student_file_id(i): w for i, w in wanted.pupils.items()}
        pupils = {i: (i, for_pupil(w, terms)) for i, w in files.items()}
        yield Streams("pupils", STUDENT_FILE, pupils, ENROLMENT_KINDS)
        listed = {student_file_id(i) for i in wanted.rows}
        absent = {i: (i, for_absent(terms)) for i in self._absent(wanted, listed)}
        yield Streams("absent pupils", STUDENT_FILE, absent, ENROLMENT_KINDS)

    def _absent(self, wanted: Wanted, listed: AbstractSet[UUID]) -> Iterator[UUID]:
        """The files of pupils of the roster's schools whom the roster does not have."""
        for school_id in wanted.schools:
            after: UUID | None = None
            while page := self._context.directory.students_of_school(
                school_id, after=after, limit=READ_AT_ONCE, with_protected=True
            ):
                for student in page:
                    if student.student_id not in listed and student.ended_on is None:
                        yield student.student_id
                after = page[-1].student_id

    def _examine_part(self, part: Streams, examination: Examination, known: set[UUID], progress: Progress) -> None:
        changed, done = [], 0
        for batch in _batches(part.decisions, READ_AT_ONCE):
            states = load_many(self._context.ledger, batch, part.category.fold, kinds=part.kinds)
            self._recognise(states.values(), known)
            for stream_id in batch:
                state, (_, decide) = states.get(stream_id), part.decisions[stream_id]
                try:
                    changes = decide(state, _any_id)
                except SchoolingHasEnded:
                    examination.name_ended(cast("StudentFile", state).person_id)
                    continue
                examination.counts.update(event.code for event in changes.events)
                examination.held += changes.held
                examination.absent += changes.absent
                examination.ends += changes.ends
                if changes.events:
                    changed.append(stream_id)
            done += len(batch)
            progress(part.name, done, len(part.decisions))
        examination.changed[part.name] = changed

    def _recognise(self, states: Iterable[object], known: set[UUID]) -> None:
        """Add to the persons this roster knows those it knew before: their relations are the roster's to end."""
        people: set[UUID] = set()
        for state in states:
            if isinstance(state, StudentFile):
                people.update(relation.person_id for relation in state.relations.values())
            elif isinstance(state, School):
                people.update(role.person_id for role in state.roles.values())
        unknown = sorted(people - known)
        for batch in _batches(unknown, READ_AT_ONCE):
            persons = load_many(self._context.ledger, batch, PERSON.fold)
            known.update(
                i for i, person in persons.items() if any(source == self._source for source, _ in person.roster_ids)
            )


def _events(decide: Decide) -> Callable[[object, NewId], Sequence[Event]]:
    return lambda state, new_id: decide(state, new_id).events


def _any_id(_: str) -> UUID:
    return UUID(int=0)


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
