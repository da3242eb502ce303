"""What would change: the events that lead from what the ledger holds to what a roster wants."""

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from aggregates import enrolment, group, person, school
from aggregates.errors.enrolment import SchoolingHasEnded
from aggregates.group import Group
from aggregates.person import Person
from aggregates.school import School, SchoolRole
from aggregates.student_file import Relation, StudentFile
from events.base import Event, Role
from events.person import IdentifierKind
from exchange.roster_wanted import WantedGroup, WantedPerson, WantedPupil, WantedRelation, WantedSchool

_KEPT_BY_ROSTER = frozenset({Role.GUARDIAN, Role.TEACHER, Role.MENTOR, Role.EDUCATOR})

NewId = Callable[[str], UUID]
"""The id of a thing that the command creates, from what it is."""


@dataclass(slots=True)
class Changes:
    """The events of one stream, in order. `absent` counts relations that the ledger has and the roster does not.

    With `full` they are ended by the events (`ends` of them), without they are kept. `held` counts all relations that
    the roster could end.
    """

    events: list[Event] = field(default_factory=list)
    held: int = 0
    absent: int = 0
    ends: int = 0

    def add(self, *events: Event | None) -> None:
        """Take on events; None is nothing."""
        self.events.extend(event for event in events if event is not None)


@dataclass(frozen=True, slots=True)
class Terms:
    """How absence is read: as of which day, whether it ends what the roster could have said, and for whom never.

    `known` are the persons whom this roster knows: it ends no relation to anybody else. `silent_on` are roles that it
    does not speak of at all (the pupil's own: being in groups).
    """

    on: date
    full: bool = False
    protected: AbstractSet[UUID] = frozenset()
    known: AbstractSet[UUID] = frozenset()
    silent_on: AbstractSet[Role] = frozenset()

    def may_end(self, role: Role, *persons: UUID) -> bool:
        """Whether the roster could have named this part of these persons, and no bad row may have."""
        return role not in self.silent_on and all(
            person_id in self.known and person_id not in self.protected for person_id in persons
        )


def person_changes(
    known: Person | None,
    wanted: WantedPerson,
    *,
    source: str,
    lookups: Iterable[tuple[IdentifierKind, bytes]] = (),
    new_id: NewId | None = None,
) -> Changes:
    """Register, rename, remember the roster's ids, by what the person signs in, and a pupil's mail address.

    What the person chose to show is the person's own. An identifier that the roster has no more stays: taking one away
    is for a person to do. `lookups` are keyed hashes of identifiers that nobody else has.
    """
    changes = Changes()
    names = {"given_name": wanted.given_name, "family_name": wanted.family_name}
    changes.add(person.register_person(None, **names) if known is None else person.rename_person(known, **names))
    state = known or Person(wanted.id, wanted.id, 0, wanted.given_name, wanted.family_name)
    changes.add(*(person.identify_in_roster(state, source=source, roster_id=i) for i in wanted.roster_ids))
    if wanted.is_pupil:
        changes.add(person.give_roster_email(state, email=wanted.email))
    for kind, lookup in lookups:
        identifier_id = (new_id or _no_new_id)(f"{kind} {lookup.hex()}")
        changes.add(
            person.give_identifier(state, identifier_id=identifier_id, kind=kind, lookup=lookup, holder=wanted.id)
        )
    return changes


def group_changes(known: Group | None, wanted: WantedGroup) -> Changes:
    """Form or rename; who belongs stands in the pupils' files."""
    changes = Changes()
    if known is None:
        formed = group.form_group(None, school_id=wanted.school_id, name=wanted.name, kind=wanted.kind)
        changes.add(formed)
    else:
        changes.add(group.rename_group(known, name=wanted.name))
    return changes


def school_changes(known: School | None, wanted: WantedSchool, terms: Terms, new_id: NewId) -> Changes:
    """Found or rename the school, give its people their parts, end the parts of people whom the roster lacks."""
    changes = Changes()
    if known is None:
        changes.add(school.found_school(None, name=wanted.name))
        known = School(wanted.id, wanted.id, 0, wanted.name)
    changes.add(school.rename_school(known, name=wanted.name))
    held = {(r.person_id, r.role): r for r in known.roles.values() if _goes_on(r, terms.on)}
    changes.held = len(held)
    for key in sorted(held.keys() - wanted.roles.keys()):
        if terms.may_end(key[1], key[0]):
            _end(changes, terms, school.revoke_role(known, relation_id=held[key].id, on=max(terms.on, held[key].since)))
    for (person_id, role), since in wanted.roles.items():
        if (person_id, role) not in held:
            relation_id = new_id(f"{role} {person_id}")
            before = [r.ended_on for r in known.roles.values() if (r.person_id, r.role) == (person_id, role)]
            free_from = max((ended_on for ended_on in before if ended_on), default=since)
            on = max(since, free_from)
            changes.add(school.grant_role(known, relation_id=relation_id, person_id=person_id, role=role, since=on))
    return changes


def _goes_on(relation: Relation | SchoolRole, on: date) -> bool:
    return relation.ended_on is None and (relation.until is None or on <= relation.until)


def _end(changes: Changes, terms: Terms, event: Event) -> None:
    changes.absent += 1
    if terms.full:
        changes.ends += 1
        changes.add(event)


def pupil_changes(known: StudentFile | None, wanted: WantedPupil, terms: Terms, new_id: NewId) -> Changes:
    """Open the file or move the pupil in it: school, year, groups and people. Plans are never touched (S-GEN-4).

    A roster alone takes up no file again: an old row would start the years until disposal anew (G-8).
    Raises SchoolingHasEnded.
    """
    if known is not None and known.schooling_ended is not None:
        raise SchoolingHasEnded
    changes = Changes()
    if known is None:
        changes.add(_enrolled(wanted))
    else:
        changes.add(*_moved(known, wanted, terms.on))
    _change_groups(changes, known, wanted, terms)
    _change_relations(changes, known, wanted, terms, new_id)
    return changes


def absent_pupil_changes(known: StudentFile, terms: Terms) -> Changes:
    """Of a pupil whom the roster lacks: groups and staff end like other absent rows, guardians stay guardians.

    That schooling ended, and why, is never guessed from a roster (G-8); where a person has said it, nothing changes.
    """
    changes = Changes()
    if known.schooling_ended is not None:
        return changes
    guardians = tuple(
        WantedRelation(r.role, r.person_id, r.name) for r in _held(known, terms.on) if r.role is Role.GUARDIAN
    )
    wanted = WantedPupil(known.person_id, known.name, known.school_id, known.grade, terms.on, {}, guardians)
    _change_groups(changes, known, wanted, terms)
    _change_relations(changes, known, wanted, terms, _no_new_id)
    return changes


def _no_new_id(_: str) -> UUID:
    raise AssertionError  # nothing is created here


def _enrolled(wanted: WantedPupil) -> Event:
    return enrolment.enrol_student(
        None,
        person_id=wanted.person_id,
        name=wanted.name,
        school_id=wanted.school_id,
        grade=wanted.grade,
        on=wanted.since,
    )


def _moved(known: StudentFile, wanted: WantedPupil, on: date) -> Iterator[Event | None]:
    yield enrolment.rename_student(known, name=wanted.name)
    if known.school_id != wanted.school_id:
        yield enrolment.transfer_student(known, school_id=wanted.school_id, on=on)
    if known.grade != wanted.grade:
        yield enrolment.enter_grade(known, grade=wanted.grade, on=on)


def _change_groups(changes: Changes, known: StudentFile | None, wanted: WantedPupil, terms: Terms) -> None:
    groups = known.groups if known else {}
    changes.held += len(groups)
    for group_id in sorted(groups.keys() - wanted.groups.keys()):
        if known and terms.may_end(Role.PUPIL, wanted.person_id):
            on = max(terms.on, groups[group_id])
            _end(changes, terms, enrolment.leave_group(known, group_id=group_id, on=on))
    for group_id, since in wanted.groups.items():
        if group_id not in groups:
            on = since or _since(known, wanted, terms)
            changes.add(enrolment.join_group(_bare(wanted), group_id=group_id, on=on))


def _since(known: StudentFile | None, wanted: WantedPupil, terms: Terms) -> date:
    """Where the roster gives no day: with the pupil, or for a pupil who is there already, on the roster's day."""
    return wanted.since if known is None else terms.on


def _change_relations(
    changes: Changes, known: StudentFile | None, wanted: WantedPupil, terms: Terms, new_id: NewId
) -> None:
    held = {(r.role, r.person_id): r for r in _held(known, terms.on)}
    changes.held += len(held)
    named = {(relation.role, relation.person_id) for relation in wanted.relations}
    for role, person_id in sorted(held.keys() - named):
        if known and terms.may_end(role, wanted.person_id, person_id):
            _end(changes, terms, _ended(known, held[role, person_id], terms.on))
    for relation in wanted.relations:
        before = held.get((relation.role, relation.person_id))
        subjects = _subjects(before, relation, terms, wanted.person_id)
        if before is not None and before.subjects == subjects:
            continue
        if known is not None and before is not None:
            changes.add(_ended(known, before, terms.on))
            since = max(terms.on, before.since)
        else:
            since = relation.since or _since(known, wanted, terms)
        changes.add(_started(known, wanted, relation, subjects, max(since, _free_from(known, relation)), new_id))


def _held(known: StudentFile | None, on: date) -> Iterable[Relation]:
    return [r for r in known.relations.values() if r.role in _KEPT_BY_ROSTER and _goes_on(r, on)] if known else []


def _subjects(before: Relation | None, relation: WantedRelation, terms: Terms, pupil: UUID) -> tuple[str, ...]:
    """The subjects from now on; one that the roster no longer names ends only as a relation would."""
    if before is None or (terms.full and terms.may_end(relation.role, pupil, relation.person_id)):
        return relation.subjects
    return tuple(sorted({*relation.subjects, *before.subjects}))


def _ended(known: StudentFile, relation: Relation, on: date) -> Event:
    return enrolment.end_relation(known, relation_id=relation.id, on=max(on, relation.since))


def _free_from(known: StudentFile | None, relation: WantedRelation) -> date:
    """The first day on which a new relation of the kind can begin: not while an earlier one of the two went on."""
    earlier = [
        r.ended_on
        for r in (known.relations.values() if known else ())
        if r.role is relation.role and r.person_id == relation.person_id and r.ended_on
    ]
    return max(earlier, default=date.min)


def _started(
    known: StudentFile | None,
    wanted: WantedPupil,
    relation: WantedRelation,
    subjects: tuple[str, ...],
    since: date,
    new_id: NewId,
) -> Event:
    return enrolment.start_relation(
        _bare(wanted),
        relation_id=new_id(f"{relation.role} {relation.person_id} {known.version if known else 0}"),
        person_id=relation.person_id,
        name=relation.name,
        role=relation.role,
        since=since,
        subjects=subjects,
    )


def _bare(wanted: WantedPupil) -> StudentFile:
    """The pupil's file without groups and relations: these have been compared with the real one already."""
    return StudentFile(UUID(int=0), UUID(int=0), wanted.person_id, 0, "", UUID(int=0), 0, date.min)
