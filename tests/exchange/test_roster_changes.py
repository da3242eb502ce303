"""From what there is to what a roster wants: laws that hold for any two rosters."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregates import group, person, school, student_file
from aggregates.errors.enrolment import RelationToOneself, SchoolingHasEnded
from aggregates.student_file import StudentFile, student_file_id
from events.base import Actor, Event, Recorded, Role
from events.enrolment import GroupLeft, SchoolingEndCause, SchoolingEnded, StudentReenrolled, StudentTransferred
from events.plan import PlanStarted
from events.school import GroupKind
from events.template import Page, PageKind, TemplateContent
from exchange.roster_changes import (
    Terms,
    absent_pupil_changes,
    group_changes,
    person_changes,
    pupil_changes,
    school_changes,
)
from exchange.roster_wanted import WantedGroup, WantedPerson, WantedPupil, WantedRelation, WantedSchool

SPACE = UUID(int=99)
PUPIL, OTHER = uuid5(SPACE, "pupil"), uuid5(SPACE, "other school")
ADULTS = [uuid5(SPACE, f"adult {number}") for number in range(4)]
GROUPS = [uuid5(SPACE, f"group {number}") for number in range(3)]
SCHOOLS = [uuid5(SPACE, f"school {number}") for number in range(2)]
DAY = date(2026, 8, 17)
KNOWN = frozenset([PUPIL, *ADULTS])
SYSTEM = Actor(person_id=UUID(int=0), role=Role.SYSTEM, name="Liggare")
ROLES = (Role.GUARDIAN, Role.TEACHER, Role.MENTOR, Role.EDUCATOR)

patient = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no reason to fail."""

Fold = Callable[[Any, Iterable[Recorded[Any]]], Any]


@dataclass
class Stream:
    """A stream in memory: its state, and every event that came in."""

    id: UUID
    subject_id: UUID
    fold: Fold
    state: Any = None
    events: list[Event] = field(default_factory=list)

    def take(self, events: Sequence[Event]) -> None:
        """Fold events in, as the ledger would."""
        at, version = datetime(2026, 8, 17, tzinfo=UTC), self.state.version if self.state else 0
        recorded = [
            Recorded(self.id, version + number, self.subject_id, event, SYSTEM, at, UUID(int=1), UUID(int=2))
            for number, event in enumerate(events, 1)
        ]
        self.state = self.fold(self.state, recorded)
        self.events.extend(events)

    def new_id(self, what: str) -> UUID:
        """As a command makes ids."""
        return uuid5(self.id, f"{what} {len(self.events)}")


def file_of() -> Stream:
    """The stream of the pupil's file."""
    return Stream(student_file_id(PUPIL), student_file_id(PUPIL), student_file.fold)


@st.composite
def wanted_pupils(draw: st.DrawFn) -> WantedPupil:
    """What some roster says of the pupil."""
    pairs = draw(st.sets(st.tuples(st.sampled_from(ROLES), st.sampled_from(ADULTS)), max_size=6))
    subjects = st.sets(st.sampled_from(["GRGRMAT01", "GRGRSVE01", "GRGRENG01"])).map(lambda s: tuple(sorted(s)))
    days = st.none() | st.integers(-30, 0).map(lambda days: DAY + timedelta(days=days))
    return WantedPupil(
        person_id=PUPIL,
        name=draw(st.sampled_from(["Ada Berg", "Ada Ek"])),
        school_id=draw(st.sampled_from(SCHOOLS)),
        grade=draw(st.integers(1, 9)),
        since=DAY,
        groups=dict.fromkeys(draw(st.sets(st.sampled_from(GROUPS))), draw(days)),
        relations=tuple(
            WantedRelation(role, adult, "Bo Ek", draw(days), draw(subjects) if role is Role.TEACHER else ())
            for role, adult in sorted(pairs)
        ),
    )


def terms(days: int, *, full: bool, protected: frozenset[UUID] = frozenset()) -> Terms:
    """A roster read as of a day after the first."""
    return Terms(DAY + timedelta(days=days), full, protected, KNOWN)


def held(file: StudentFile, on: date) -> set[tuple[Role, UUID, tuple[str, ...]]]:
    """Who is what to the pupil on a day, the pupil's own relation left out."""
    return {(r.role, r.person_id, r.subjects) for r in file.relations.values() if r.holds(on) and r.role in ROLES}


def said(wanted: WantedPupil) -> set[tuple[Role, UUID, tuple[str, ...]]]:
    """The same as the roster says it."""
    return {(r.role, r.person_id, r.subjects) for r in wanted.relations}


@patient
@given(rosters=st.lists(wanted_pupils(), min_size=1, max_size=4), full=st.booleans())
def test_any_roster_applied_twice_is_applied_once(rosters: list[WantedPupil], *, full: bool) -> None:
    """Whatever came before, a second run of the same roster changes nothing."""
    stream = file_of()
    for days, wanted in enumerate(rosters):
        stream.take(pupil_changes(stream.state, wanted, terms(days, full=full), stream.new_id).events)
        again = pupil_changes(stream.state, wanted, terms(days, full=full), stream.new_id)
        assert again.events == []


@pytest.mark.requirement("S-GEN-4")
@patient
@given(rosters=st.lists(wanted_pupils(), min_size=1, max_size=4))
def test_a_full_roster_leaves_exactly_what_it_says(rosters: list[WantedPupil]) -> None:
    """School, year, groups and people move with the roster, and the pupil's file goes on."""
    stream = file_of()
    for days, wanted in enumerate(rosters):
        stream.take(pupil_changes(stream.state, wanted, terms(days, full=True), stream.new_id).events)
        file: StudentFile = stream.state
        assert (file.name, file.school_id, file.grade) == (wanted.name, wanted.school_id, wanted.grade)
        assert set(file.groups) == set(wanted.groups)
        assert held(file, DAY + timedelta(days=days)) == said(wanted)
    assert stream.state.version == len(stream.events)


@patient
@given(first=wanted_pupils(), then=wanted_pupils())
def test_without_full_nothing_ends(first: WantedPupil, then: WantedPupil) -> None:
    """What the roster lacks is counted and stays; what it adds comes (G-20)."""
    stream = file_of()
    stream.take(pupil_changes(None, first, terms(0, full=False), stream.new_id).events)
    changes = pupil_changes(stream.state, then, terms(1, full=False), stream.new_id)
    stream.take(changes.events)
    parts = {(role, person_id) for role, person_id, _ in held(stream.state, DAY + timedelta(days=1))}
    assert parts == {(r.role, r.person_id) for r in (*first.relations, *then.relations)}
    assert set(stream.state.groups) == set(first.groups) | set(then.groups)
    assert changes.ends == 0
    gone = {(r.role, r.person_id) for r in first.relations} - {(r.role, r.person_id) for r in then.relations}
    assert changes.absent == len(gone) + len(set(first.groups) - set(then.groups))
    for role, person_id, subjects in held(stream.state, DAY + timedelta(days=1)):
        taught = {
            s
            for r in (*first.relations, *then.relations)
            if (r.role, r.person_id) == (role, person_id)
            for s in r.subjects
        }
        assert set(subjects) == taught


@patient
@given(first=wanted_pupils(), then=wanted_pupils(), spared=st.sampled_from([PUPIL, *ADULTS]), strangers=st.booleans())
def test_nothing_of_somebody_whom_a_bad_row_names_or_the_roster_never_knew_ends(
    first: WantedPupil, then: WantedPupil, spared: UUID, *, strangers: bool
) -> None:
    """Also with --full (G-20)."""
    stream = file_of()
    stream.take(pupil_changes(None, first, terms(0, full=True), stream.new_id).events)
    careful = terms(1, full=True, protected=frozenset([spared]))
    if strangers:
        careful = replace(terms(1, full=True), known=KNOWN - {spared})
    stream.take(pupil_changes(stream.state, then, careful, stream.new_id).events)
    kept = {(role, person_id) for role, person_id, _ in held(stream.state, DAY + timedelta(days=1))}
    before = {(r.role, r.person_id) for r in first.relations}
    assert kept >= (before if spared == PUPIL else {part for part in before if part[1] == spared})
    if spared == PUPIL:
        assert set(stream.state.groups) >= set(first.groups)


@patient
@given(first=wanted_pupils(), then=wanted_pupils(), role=st.sampled_from([*ROLES, Role.PUPIL]))
def test_nothing_ends_that_the_roster_does_not_speak_of(first: WantedPupil, then: WantedPupil, role: Role) -> None:
    """A file that is not there is no statement that there are none."""
    stream = file_of()
    stream.take(pupil_changes(None, first, terms(0, full=True), stream.new_id).events)
    silent = replace(terms(1, full=True), silent_on=frozenset([role]))
    stream.take(pupil_changes(stream.state, then, silent, stream.new_id).events)
    kept = {(relation.role, relation.person_id) for relation in first.relations if relation.role is role}
    assert kept <= {(part, person_id) for part, person_id, _ in held(stream.state, DAY + timedelta(days=1))}
    if role is Role.PUPIL:
        assert set(first.groups) <= set(stream.state.groups)


@pytest.mark.requirement("S-GEN-4")
@patient
@given(first=wanted_pupils(), rosters=st.lists(wanted_pupils(), min_size=1, max_size=4))
def test_a_move_never_touches_the_record(first: WantedPupil, rosters: list[WantedPupil]) -> None:
    """Change of teacher, group or school leaves every plan as it is, and no event of a roster speaks of a plan."""
    stream = file_of()
    stream.take(pupil_changes(None, first, terms(0, full=True), stream.new_id).events)
    stream.take([_plan()])
    plan = stream.state.plans[UUID(int=5)]
    before, started = repr(plan), len(stream.events)
    for days, wanted in enumerate(rosters, 1):
        stream.take(pupil_changes(stream.state, wanted, terms(days, full=True), stream.new_id).events)
    stream.take(absent_pupil_changes(stream.state, terms(len(rosters) + 1, full=True)).events)
    assert repr(stream.state.plans[UUID(int=5)]) == before
    assert all(not hasattr(event, "plan_id") for event in stream.events[started:])


def _plan() -> PlanStarted:
    page = Page(key="om-mig", title="Om mig", kind=PageKind.PREPARATION)
    return PlanStarted(
        plan_id=UUID(int=5),
        template_id=UUID(int=6),
        template_version=1,
        template=TemplateContent(name="Mall", grades=(1,), pages=(page,)),
        school_year="2026/2027",
        term="HT",
    )


@patient
@given(first=wanted_pupils())
def test_a_pupil_whom_the_roster_lacks_keeps_guardians_and_schooling(first: WantedPupil) -> None:
    """Groups and staff end with --full; why a pupil left is never guessed (G-8)."""
    stream = file_of()
    stream.take(pupil_changes(None, first, terms(0, full=True), stream.new_id).events)
    stream.take(absent_pupil_changes(stream.state, terms(1, full=True)).events)
    left = held(stream.state, DAY + timedelta(days=1))
    assert left == {part for part in said(first) if part[0] is Role.GUARDIAN}
    assert stream.state.groups == {}
    assert stream.state.schooling_ended is None


def test_a_pupil_who_moves_keeps_one_file() -> None:
    """Another school and group are events in the same stream, and what the first school wrote stays (S-GEN-1)."""
    stream = file_of()
    here = WantedPupil(PUPIL, "Ada Berg", SCHOOLS[0], 4, DAY, {GROUPS[0]: None}, ())
    there = replace(here, school_id=SCHOOLS[1], groups={GROUPS[1]: None})
    stream.take(pupil_changes(None, here, terms(0, full=True), stream.new_id).events)
    changes = pupil_changes(stream.state, there, terms(9, full=True), stream.new_id)
    on = DAY + timedelta(days=9)
    assert StudentTransferred(school_id=SCHOOLS[1], transferred_on=on) in changes.events
    assert GroupLeft(group_id=GROUPS[0], left_on=on) in changes.events


@pytest.mark.requirement("S-GEN-4")
def test_a_pupil_who_comes_back_goes_on_in_the_same_file_when_re_enrolled_by_hand() -> None:
    """A roster alone does not take up a file whose schooling has ended, nor change it; afterwards it does the rest."""
    stream = file_of()
    here = WantedPupil(PUPIL, "Ada Berg", SCHOOLS[0], 4, DAY, {}, ())
    there = WantedPupil(
        PUPIL, "Ada Ek", SCHOOLS[1], 6, DAY, {GROUPS[1]: None}, (WantedRelation(Role.MENTOR, ADULTS[0], "Bo Ek"),)
    )
    stream.take(pupil_changes(None, here, terms(0, full=True), stream.new_id).events)
    left = DAY + timedelta(days=30)
    stream.take([SchoolingEnded(cause=SchoolingEndCause.ABROAD, ended_on=left)])
    with pytest.raises(SchoolingHasEnded):
        pupil_changes(stream.state, there, terms(20, full=True), stream.new_id)
    assert absent_pupil_changes(stream.state, terms(20, full=True)).events == []
    stream.take([StudentReenrolled(school_id=SCHOOLS[1], grade=5, reenrolled_on=left)])
    stream.take(pupil_changes(stream.state, there, terms(31, full=True), stream.new_id).events)
    assert (stream.state.grade, set(stream.state.groups)) == (6, {GROUPS[1]})
    assert held(stream.state, DAY + timedelta(days=31)) == said(there)
    assert pupil_changes(stream.state, there, terms(31, full=True), stream.new_id).events == []


@pytest.mark.parametrize("role", ROLES)
def test_no_roster_gives_a_pupil_a_part_towards_oneself(role: Role) -> None:
    """A new pupil or an old one: the rule of the command by hand holds here too."""
    wanted = WantedPupil(PUPIL, "Ada Berg", SCHOOLS[0], 4, DAY, {}, (WantedRelation(role, PUPIL, "Ada Berg"),))
    stream = file_of()
    with pytest.raises(RelationToOneself):
        pupil_changes(None, wanted, terms(0, full=True), stream.new_id)
    stream.take(pupil_changes(None, replace(wanted, relations=()), terms(0, full=True), stream.new_id).events)
    with pytest.raises(RelationToOneself):
        pupil_changes(stream.state, wanted, terms(1, full=True), stream.new_id)


def test_an_employee_who_comes_back_has_a_part_from_the_day_the_old_one_ended() -> None:
    """The roster's own first day may lie in the time of the old part, which is not told anew."""
    wanted = WantedSchool(SCHOOLS[0], "Björkskolan", {(ADULTS[0], Role.STAFF): DAY})
    stream = Stream(wanted.id, wanted.id, school.fold)
    stream.take(school_changes(None, wanted, terms(0, full=True), stream.new_id).events)
    stream.take(school_changes(stream.state, replace(wanted, roles={}), terms(9, full=True), stream.new_id).events)
    stream.take(school_changes(stream.state, wanted, terms(20, full=True), stream.new_id).events)
    on = [DAY + timedelta(days=days) for days in (8, 9)]
    assert [sum(part.holds(day) for part in stream.state.roles.values()) for day in on] == [1, 1]
    assert school_changes(stream.state, wanted, terms(20, full=True), stream.new_id).events == []


def test_persons_groups_and_schools_change_only_where_they_differ() -> None:
    """Register, rename, and nothing; the same for groups and schools."""
    anna = WantedPerson(ADULTS[0], "Anna", "Ek", ("1", "2"))
    stream = Stream(anna.id, anna.id, person.fold)
    for wanted, count in ((anna, 3), (anna, 0), (replace(anna, family_name="Berg"), 1), (anna, 1)):
        changes = person_changes(stream.state, wanted, source="roster")
        assert len(changes.events) == count
        stream.take(changes.events)
    five = WantedGroup(GROUPS[0], SCHOOLS[0], "5A", GroupKind.CLASS)
    stream = Stream(five.id, five.school_id, group.fold)
    for form, count in ((five, 1), (five, 0), (replace(five, name="6A"), 1)):
        changes = group_changes(stream.state, form)
        assert len(changes.events) == count
        stream.take(changes.events)


@pytest.mark.parametrize(("full", "ends"), [(True, 1), (False, 0)])
def test_a_schools_people_follow_the_roster(*, full: bool, ends: int) -> None:
    """An employee who is no longer in the roster loses the part only with --full."""
    both = {(ADULTS[0], Role.STAFF): DAY, (ADULTS[1], Role.ADMINISTRATOR): DAY}
    wanted = WantedSchool(SCHOOLS[0], "Björkskolan", both)
    stream = Stream(wanted.id, wanted.id, school.fold)
    stream.take(school_changes(None, wanted, terms(0, full=full), stream.new_id).events)
    assert school_changes(stream.state, wanted, terms(0, full=full), stream.new_id).events == []
    fewer = replace(wanted, roles={(ADULTS[1], Role.ADMINISTRATOR): DAY})
    changes = school_changes(stream.state, fewer, terms(1, full=full), stream.new_id)
    assert (changes.held, changes.absent, changes.ends, len(changes.events)) == (2, 1, ends, ends)
