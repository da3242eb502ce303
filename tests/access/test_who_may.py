"""The table of who may do what, row by row, and the conditions that go with a row."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

import pytest

from access.actions import ALLOWED, Action
from access.decide import Grant, Standing, permit, permit_at_school, permit_officer
from access.errors import AssuranceTooLow, NotOwnSubject, RelationNotHeld, SchoolNotFound, StudentNotFound
from access.errors.roles import REFUSAL
from access.levels import DEFAULT_LEVELS, Levels
from aggregates.errors import Refusal
from aggregates.municipality import Office
from aggregates.school import SchoolRole
from aggregates.student_file import Relation
from events.base import Role
from tests.access.table import FOR_OFFICERS, MAY

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PERSON = UUID(int=7)

LETTERS = {
    "E": Role.PUPIL,
    "V": Role.GUARDIAN,
    "L": Role.TEACHER,
    "M": Role.MENTOR,
    "P": Role.EDUCATOR,
    "A": Role.ADMINISTRATOR,
    "R": Role.PRINCIPAL,
    "S": Role.STAFF,
    "D": Role.DELEGATE,
}


def relation(role: Role, **changes: object) -> Relation:
    """A relation of the person that began with the school year."""
    values = {"since": date(2026, 8, 17), "subjects": ("MA",) if role is Role.TEACHER else ()} | changes
    return Relation(id=uuid5(PERSON, role), person_id=PERSON, role=role, name="Kim Berg", **values)  # type: ignore[arg-type]


def standing(letter: str) -> Standing:
    """What the person is in the role with this letter, and nothing else."""
    role = LETTERS[letter]
    if letter in "EVLMPD":
        return Standing((relation(role),))
    return Standing((), (SchoolRole(uuid5(PERSON, role), PERSON, role, date(2026, 8, 17)),))


def allows(action: Action, of: Standing, *, level: int = 2, subject: str | None = "MA") -> Grant | type[Refusal]:
    """The grant, or the kind of refusal, of an action in the first relation held."""
    held: list[Relation | SchoolRole] = [*of.relations, *of.school_roles]
    try:
        return permit(action, of, on=TODAY, level=level, levels=DEFAULT_LEVELS, acting_as=held[0].id, subject=subject)
    except Refusal as refusal:
        return type(refusal)


def test_the_table_has_every_action() -> None:
    """A new action stands in the table of the requirements before it stands in the code."""
    assert set(MAY) == set(Action) == set(ALLOWED) == set(REFUSAL)


@pytest.mark.requirement("S-ROL-1")
@pytest.mark.requirement("S-ROL-2")
@pytest.mark.requirement("S-ROL-3")
@pytest.mark.requirement("S-ROL-4")
@pytest.mark.requirement("S-ROL-5")
@pytest.mark.requirement("S-ROL-6")
@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("letter", "EVLMPARD")
def test_each_role_may_what_the_table_says_and_nothing_more(action: Action, letter: str) -> None:
    """Role by action: allowed exactly where the table says y, else refused by the name of that rule."""
    answer = allows(action, standing(letter), level=3)
    if action is Action.ASSESS_SUBJECT and letter == "M":
        assert answer is NotOwnSubject
    elif letter in MAY[action]:
        assert answer == Grant(LETTERS[letter], uuid5(PERSON, LETTERS[letter]))
    else:
        assert answer is REFUSAL[action]


@pytest.mark.requirement("S-ROL-7")
@pytest.mark.parametrize("action", Action)
def test_other_staff_learn_nothing_of_a_pupil(action: Action) -> None:
    """Staff who are not involved get the answer of a stranger: no such pupil."""
    assert allows(action, standing("S")) is StudentNotFound


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("letter", "TUK")
def test_each_officer_may_what_the_table_says_and_only_while_in_office(action: Action, letter: str) -> None:
    """Office by action; who holds none, or held one until yesterday, is refused by the same name."""
    role = {"T": Role.RETENTION_OPERATOR, "U": Role.AUDITOR, "K": Role.REGISTRAR}[letter]
    office = Office(uuid5(PERSON, role), PERSON, role, date(2026, 8, 17))
    usual = {"on": TODAY, "level": 3, "levels": DEFAULT_LEVELS}
    if letter in MAY[action]:
        assert permit_officer(action, (office,), **usual) == Grant(role, office.id)  # type: ignore[arg-type]  # by name
    else:
        with pytest.raises(REFUSAL[action]):
            permit_officer(action, (office,), **usual)  # type: ignore[arg-type]  # by name
    for gone in ((), (replace(office, ended_on=TODAY),), (replace(office, since=TODAY + timedelta(days=1)),)):
        with pytest.raises(REFUSAL[action]):
            permit_officer(action, gone, **usual)  # type: ignore[arg-type]  # by name


@pytest.mark.requirement("S-RET-1")
@pytest.mark.parametrize("action", sorted(FOR_OFFICERS - {"appoint_officer", "read_officers"}))
def test_all_of_retention_needs_the_highest_level(action: str) -> None:
    """Level 3 for the lists too; 2 for who the officers are (G-17)."""
    office = Office(uuid5(PERSON, "office"), PERSON, Role.RETENTION_OPERATOR, date(2026, 8, 17))
    with pytest.raises(AssuranceTooLow) as raised:
        permit_officer(Action(action), (office,), on=TODAY, level=2, levels=DEFAULT_LEVELS)
    assert raised.value.needed_level == 3
    granted = permit_officer(Action.READ_OFFICERS, (office,), on=TODAY, level=2, levels=DEFAULT_LEVELS)
    assert granted == Grant(Role.RETENTION_OPERATOR, office.id)


@pytest.mark.requirement("S-SEC-2")
@pytest.mark.parametrize("action", Action)
def test_an_outsider_learns_nothing(action: Action) -> None:
    """No relation: no such pupil, and no such school."""
    with pytest.raises(StudentNotFound):
        permit(action, Standing(), on=TODAY, level=3, levels=DEFAULT_LEVELS)
    with pytest.raises(SchoolNotFound):
        permit_at_school(action, (), on=TODAY, level=3, levels=DEFAULT_LEVELS)


@pytest.mark.requirement("S-GEN-4")
@pytest.mark.parametrize(
    "ended",
    [
        {"ended_on": TODAY},
        {"ended_on": TODAY - timedelta(days=1)},
        {"until": TODAY - timedelta(days=1)},
        {"since": TODAY + timedelta(days=1)},
    ],
)
def test_a_relation_that_does_not_hold_today_gives_nothing(ended: dict[str, date]) -> None:
    """Access follows the relation and ends with it."""
    with pytest.raises(StudentNotFound):
        permit(
            Action.READ_FILE, Standing((relation(Role.GUARDIAN, **ended),)), on=TODAY, level=2, levels=DEFAULT_LEVELS
        )


def test_the_last_day_of_a_relation_still_counts() -> None:
    """`until` is the last day on which the relation holds."""
    held = Standing((relation(Role.GUARDIAN, until=TODAY),))
    assert permit(Action.READ_FILE, held, on=TODAY, level=2, levels=DEFAULT_LEVELS).role is Role.GUARDIAN


@pytest.mark.requirement("S-ROL-3")
@pytest.mark.requirement("S-OMD-1")
def test_a_teacher_assesses_the_own_subjects_only() -> None:
    """A teacher of mathematics does not assess Swedish."""
    assert allows(Action.ASSESS_SUBJECT, standing("L"), subject="SV") is NotOwnSubject


def test_a_mentor_who_teaches_the_subject_assesses_it() -> None:
    """The mentor acts as mentor, and the teacher's relation beside it gives the subject."""
    mentor, teacher = relation(Role.MENTOR), relation(Role.TEACHER)
    both = Standing((mentor, teacher))
    grant = permit(
        Action.ASSESS_SUBJECT, both, on=TODAY, level=2, levels=DEFAULT_LEVELS, acting_as=mentor.id, subject="MA"
    )
    assert grant == Grant(Role.MENTOR, mentor.id)
    ended = Standing((mentor, relation(Role.TEACHER, ended_on=TODAY)))
    with pytest.raises(NotOwnSubject):
        permit(
            Action.ASSESS_SUBJECT, ended, on=TODAY, level=2, levels=DEFAULT_LEVELS, acting_as=mentor.id, subject="MA"
        )


@pytest.mark.requirement("S-ROL-9")
def test_an_employee_who_is_a_guardian_is_each_in_its_own_place() -> None:
    """Acting as guardian gives nothing of the mentor's, and the other way round."""
    guardian, mentor = relation(Role.GUARDIAN), relation(Role.MENTOR)
    both = Standing((guardian, mentor))
    assert (
        permit(Action.AGREE, both, on=TODAY, level=2, levels=DEFAULT_LEVELS, acting_as=guardian.id).role
        is Role.GUARDIAN
    )
    with pytest.raises(REFUSAL[Action.AGREE]):
        permit(Action.AGREE, both, on=TODAY, level=2, levels=DEFAULT_LEVELS, acting_as=mentor.id)
    with pytest.raises(REFUSAL[Action.LOCK_PLAN]):
        permit(Action.LOCK_PLAN, both, on=TODAY, level=2, levels=DEFAULT_LEVELS, acting_as=guardian.id)


def test_nobody_acts_in_a_relation_that_is_not_held() -> None:
    """`as` names a relation of the caller's own that holds today (G-13)."""
    gone = relation(Role.GUARDIAN, ended_on=TODAY)
    both = Standing((gone, relation(Role.MENTOR)))
    for acting_as in (gone.id, UUID(int=99)):
        with pytest.raises(RelationNotHeld):
            permit(Action.READ_FILE, both, on=TODAY, level=2, levels=DEFAULT_LEVELS, acting_as=acting_as)


@pytest.mark.parametrize(("letter", "lowest"), [("E", 1), ("V", 2), ("L", 2), ("M", 2), ("P", 2), ("A", 2), ("R", 2)])
def test_each_role_needs_its_assurance_level(letter: str, lowest: int) -> None:
    """A pupil reads the own file with level 1; guardians and staff need level 2 (G-17)."""
    assert isinstance(allows(Action.READ_FILE, standing(letter), level=lowest), Grant)
    assert allows(Action.READ_FILE, standing(letter), level=lowest - 1) is AssuranceTooLow


def test_staff_of_the_school_read_and_publish_for_it() -> None:
    """Staff read the school's own things and publish planning documents; the rest is the administration's."""
    staff = standing("S").school_roles
    may = {a for a in Action if Role.STAFF in ALLOWED[a]}
    assert may == {Action.READ_SCHOOL, Action.PUBLISH_DOCUMENT, Action.READ_PROFILE}
    for action in may:
        assert permit_at_school(action, staff, on=TODAY, level=2, levels=DEFAULT_LEVELS).role is Role.STAFF
    with pytest.raises(REFUSAL[Action.MANAGE_ROSTER]):
        permit_at_school(Action.MANAGE_ROSTER, staff, on=TODAY, level=2, levels=DEFAULT_LEVELS)


@pytest.mark.parametrize("action", [Action.OPEN_IN_EMERGENCY, Action.PROTECT_IDENTITY])
def test_what_is_done_out_of_the_ordinary_needs_the_highest_level(action: Action) -> None:
    """Level 3, and the refusal says so, for whoever steps up (G-17)."""
    principal = standing("R")
    assert isinstance(allows(action, principal, level=3), Grant)
    with pytest.raises(AssuranceTooLow) as raised:
        permit(action, principal, on=TODAY, level=2, levels=DEFAULT_LEVELS)
    assert raised.value.needed_level == 3


def test_the_levels_are_configuration() -> None:
    """A municipality that asks for more, by role or by action, gets it; the refusal names the least that is enough."""
    stricter = Levels(roles={**DEFAULT_LEVELS.roles, Role.PUPIL: 2}, actions={Action.AGREE: 3})
    for letter, action, needed in (("E", Action.READ_FILE, 2), ("E", Action.AGREE, 3), ("V", Action.AGREE, 3)):
        with pytest.raises(AssuranceTooLow) as raised:
            permit(action, standing(letter), on=TODAY, level=needed - 1, levels=stricter)
        assert raised.value.needed_level == needed
        permit(action, standing(letter), on=TODAY, level=needed, levels=stricter)


@pytest.mark.requirement("S-SEC-2")
@pytest.mark.parametrize("letter", "VLMPARD")
def test_a_protected_pupil_is_there_for_the_named_alone_and_at_the_highest_level(letter: str) -> None:
    """To whoever is not named there is no such pupil, whatever the relation; who is named needs level 3."""
    held = standing(letter)
    unnamed = Standing(held.relations, held.school_roles, is_protected=True)
    for action in set(Action) - {Action.PROTECT_IDENTITY, Action.OPEN_IN_EMERGENCY}:
        with pytest.raises(StudentNotFound):
            permit(action, unnamed, on=TODAY, level=3, levels=DEFAULT_LEVELS)
    named = Standing(held.relations, held.school_roles, is_protected=True, is_named=True)
    assert permit(Action.READ_FILE, named, on=TODAY, level=3, levels=DEFAULT_LEVELS).role is LETTERS[letter]
    with pytest.raises(AssuranceTooLow):
        permit(Action.READ_FILE, named, on=TODAY, level=2, levels=DEFAULT_LEVELS)


def test_a_protected_pupil_reads_the_own_file_as_before() -> None:
    """Nothing is hidden from oneself, and no stronger sign-in is asked for."""
    own = Standing(standing("E").relations, is_protected=True)
    assert permit(Action.READ_FILE, own, on=TODAY, level=1, levels=DEFAULT_LEVELS).role is Role.PUPIL


def test_the_administration_marks_and_lifts_a_protection_that_does_not_name_it() -> None:
    """Or nobody could, when those who are named have left."""
    for letter in "AR":
        unnamed = Standing((), standing(letter).school_roles, is_protected=True)
        grant = permit(Action.PROTECT_IDENTITY, unnamed, on=TODAY, level=3, levels=DEFAULT_LEVELS)
        assert grant.role is LETTERS[letter]


@pytest.mark.parametrize("protected", [False, True])
def test_a_file_opened_in_an_emergency_is_read_and_nothing_else_until_it_closes(*, protected: bool) -> None:
    """At level 3, to the minute; also where the identity is protected. Without a moment it counts as closed."""
    opened = relation(Role.PRINCIPAL, expires_at=NOW + timedelta(hours=24), until=TODAY + timedelta(days=1))
    held = Standing((opened,), is_protected=protected)

    def read(at: datetime | None, level: int = 3) -> Grant:
        return permit(Action.READ_FILE, held, on=TODAY, level=level, levels=DEFAULT_LEVELS, at=at)

    assert read(NOW) == Grant(Role.PRINCIPAL, opened.id)
    assert read(NOW + timedelta(hours=24, seconds=-1)).relation_id == opened.id
    for at in (None, NOW + timedelta(hours=24)):
        with pytest.raises(StudentNotFound):
            read(at)
    with pytest.raises(AssuranceTooLow):
        read(NOW, level=2)
    for action in set(Action) - {Action.READ_FILE}:
        with pytest.raises(REFUSAL[action]):
            permit(action, held, on=TODAY, level=3, levels=DEFAULT_LEVELS, at=NOW)
