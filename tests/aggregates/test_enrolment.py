from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregates import agreement, answers, enrolment
from aggregates.errors.enrolment import (
    AlreadyAtSchool,
    DayNotCome,
    NotInGroup,
    RelationAlreadyExists,
    RelationEndsBeforeItStarts,
    RelationNotFound,
    RelationToOneself,
    SchoolingHasEnded,
    StudentAlreadyEnrolled,
)
from aggregates.student_file import own_relation_id, student_file_id
from events.base import Actor, Role
from events.enrolment import (
    EducatorAssigned,
    GradeEntered,
    GroupJoined,
    GroupLeft,
    GuardianLinked,
    GuardianUnlinked,
    MentorAssigned,
    SchoolingEndCause,
    SchoolingEnded,
    StudentEnrolled,
    StudentReenrolled,
    StudentRenamed,
    StudentTransferred,
    TeacherAssigned,
)
from tests.aggregates.given import (
    ADMINISTRATOR,
    CLASS,
    EDUCATOR,
    FOR_PUPIL,
    GUARDIAN,
    MENTOR,
    OTHER_SCHOOL,
    OTHER_TEACHER,
    PLAN,
    PUPIL,
    SCHOOL,
    TEACHER,
    Details,
    FileStory,
    a_relation,
    an_actor,
    an_id,
    day,
    enrolled,
    locked,
    only,
    planned,
    with_people,
)

DAYS = st.dates(day(8, 1), day(8, 20))


@pytest.mark.requirement("S-GEN-1")
def test_a_pupil_has_one_file() -> None:
    """A file is opened once; its id follows from the pupil, so there is nowhere for a second."""
    story = FileStory()
    pupil: Details = {
        "person_id": PUPIL.person_id,
        "name": PUPIL.name,
        "school_id": SCHOOL,
        "grade": 4,
        "on": day(8, 17),
    }
    opened = only(story.when(enrolment.enrol_student, by=ADMINISTRATOR, **pupil))
    assert opened == StudentEnrolled(
        person_id=PUPIL.person_id, name=PUPIL.name, school_id=SCHOOL, grade=4, enrolled_on=day(8, 17)
    )
    assert story.state.id == student_file_id(PUPIL.person_id)
    story.refuses(StudentAlreadyEnrolled, enrolment.enrol_student, by=ADMINISTRATOR, **pupil)


@pytest.mark.requirement("S-ROL-1")
def test_the_pupil_has_a_relation_to_the_own_file_from_the_first_day() -> None:
    """The pupil is one of those whom the file is for, under an id that follows from the pupil."""
    story = enrolled()
    (own,) = story.state.relations_of(PUPIL.person_id, on=day(8, 17))
    assert (own.id, own.role) == (own_relation_id(PUPIL.person_id), Role.PUPIL)
    assert story.state.relations_of(PUPIL.person_id, on=day(8, 16)) == []
    story.refuses(RelationNotFound, enrolment.end_relation, relation_id=own.id, on=day(9, 1))


def test_a_new_name_is_also_the_name_of_the_pupils_own_relation() -> None:
    """Whoever lists the people of a file sees the pupil under one name."""
    story = enrolled()
    assert only(story.when(enrolment.rename_student, name="Elsa Öst")) == StudentRenamed(name="Elsa Öst")
    assert story.state.name == story.state.relations[own_relation_id(PUPIL.person_id)].name == "Elsa Öst"
    assert story.when(enrolment.rename_student, name=" Elsa O\u0308st ") == []


@pytest.mark.parametrize(
    ("who", "kind", "row"),
    [
        pytest.param(GUARDIAN, GuardianLinked, "S-ROL-2", marks=pytest.mark.requirement("S-ROL-2")),
        pytest.param(TEACHER, TeacherAssigned, "S-ROL-3", marks=pytest.mark.requirement("S-ROL-3")),
        pytest.param(MENTOR, MentorAssigned, "S-ROL-4", marks=pytest.mark.requirement("S-ROL-4")),
        pytest.param(EDUCATOR, EducatorAssigned, "S-ROL-5", marks=pytest.mark.requirement("S-ROL-5")),
    ],
)
def test_people_come_to_a_pupil_each_in_a_role(who: Actor, kind: type, row: str) -> None:
    """Guardian, teacher, mentor and educator are relations to this pupil, held from a day."""
    story = enrolled()
    started = only(story.when(enrolment.start_relation, by=ADMINISTRATOR, **a_relation(who)))
    assert type(started) is kind, row
    (held,) = story.state.relations_of(who.person_id, on=day(8, 17))
    assert (held.role, held.subjects) == (who.role, ("MA",) if who is TEACHER else ())


@pytest.mark.requirement("S-ROL-9")
def test_an_employee_who_is_also_a_guardian_is_each_in_its_own_place() -> None:
    """Roles are relations: the same person has two, and each is ended by itself."""
    story = enrolled()
    both = GUARDIAN.person_id
    story.when(enrolment.start_relation, **a_relation(GUARDIAN))
    story.when(enrolment.start_relation, **a_relation(TEACHER, person_id=both))
    assert {r.role for r in story.state.relations_of(both, on=day(9, 1))} == {Role.GUARDIAN, Role.TEACHER}
    story.when(enrolment.end_relation, relation_id=TEACHER.relation_id, on=day(9, 1))
    assert {r.role for r in story.state.relations_of(both, on=day(9, 1))} == {Role.GUARDIAN}


@pytest.mark.requirement("S-GEN-4")
def test_a_relation_that_ended_gives_nothing_and_takes_nothing_away() -> None:
    """From the day it ended the teacher has no part; what the teacher wrote stays under the teacher's name."""
    story = locked()
    before = story.plan
    (held,) = story.state.relations_of(GUARDIAN.person_id, on=day(10, 31))
    ended = only(story.when(enrolment.end_relation, relation_id=held.id, on=day(11, 1)))
    assert ended == GuardianUnlinked(relation_id=held.id, ended_on=day(11, 1))
    assert story.state.relations_of(GUARDIAN.person_id, on=day(10, 31)) != []
    assert story.state.relations_of(GUARDIAN.person_id, on=day(11, 1)) == []
    assert story.plan == before
    assert story.plan.agreements[GUARDIAN.person_id].by.name == GUARDIAN.name
    story.refuses(RelationNotFound, enrolment.end_relation, relation_id=GUARDIAN.relation_id, on=day(11, 2))


@pytest.mark.requirement("S-GEN-4")
def test_a_change_of_school_teacher_and_group_leaves_the_record_whole() -> None:
    """The file follows the pupil: the plan, its texts and its version history are the same after the move."""
    story = planned()
    story.saves(FOR_PUPIL, "Bra.", by=PUPIL)
    story.when(enrolment.join_group, group_id=CLASS, on=day(8, 17))
    kept = story.retold().plan
    story.when(enrolment.leave_group, group_id=CLASS, on=day(10, 1))
    assert only(story.when(enrolment.transfer_student, school_id=OTHER_SCHOOL, on=day(10, 1))) == StudentTransferred(
        school_id=OTHER_SCHOOL, transferred_on=day(10, 1)
    )
    story.when(enrolment.end_relation, relation_id=TEACHER.relation_id, on=day(10, 1))
    newcomer = an_actor("Bo Ny", Role.TEACHER)
    story.when(enrolment.start_relation, **a_relation(newcomer, since=day(10, 1)))
    assert story.plan == kept
    assert story.state.school_id == OTHER_SCHOOL
    assert [r.person_id for r in story.state.relations.values() if r.role is Role.TEACHER and r.holds(day(10, 1))] == [
        OTHER_TEACHER.person_id,
        newcomer.person_id,
    ]
    story.saves(FOR_PUPIL, "Bra här också.", by=PUPIL)
    assert [written.text for written in next(iter(story.plan.answers.values()))] == ["Bra.", "Bra här också."]


def test_a_move_leads_somewhere_else() -> None:
    """A transfer to the same school, or into the same school year, is no move."""
    story = enrolled(grade=4)
    story.refuses(AlreadyAtSchool, enrolment.transfer_student, school_id=SCHOOL, on=day(9, 1))
    story.refuses(AlreadyAtSchool, enrolment.enter_grade, grade=4, on=day(9, 1))
    assert only(story.when(enrolment.enter_grade, grade=5, on=day(6, 12))) == GradeEntered(
        grade=5, entered_on=day(6, 12)
    )
    assert story.state.grade == 5


def test_a_pupil_joins_and_leaves_groups() -> None:
    """One is in a group once, and out of it no earlier than in."""
    story = enrolled()
    joined = only(story.when(enrolment.join_group, group_id=CLASS, on=day(8, 17)))
    assert joined == GroupJoined(group_id=CLASS, joined_on=day(8, 17))
    story.refuses(RelationEndsBeforeItStarts, enrolment.leave_group, group_id=CLASS, on=day(8, 16))
    left = only(story.when(enrolment.leave_group, group_id=CLASS, on=day(8, 17)))
    assert left == GroupLeft(group_id=CLASS, left_on=day(8, 17))
    story.refuses(NotInGroup, enrolment.leave_group, group_id=CLASS, on=day(8, 18))
    assert story.state.groups == {}


def test_a_teachers_subjects_are_renewed_from_one_day_to_the_next() -> None:
    """The old assignment ends on the day from which the new one holds; there is never a day with both or none."""
    story = with_people()
    story.when(enrolment.end_relation, relation_id=TEACHER.relation_id, on=day(1, 8, 2027))
    renewed = a_relation(TEACHER, relation_id=an_id("renewed"), since=day(1, 8, 2027), subjects=("MA", "NO"))
    story.when(enrolment.start_relation, **renewed)
    for on, subjects in ((day(1, 7, 2027), ("MA",)), (day(1, 8, 2027), ("MA", "NO"))):
        (held,) = story.state.relations_of(TEACHER.person_id, on=on)
        assert held.subjects == subjects


@settings(deadline=None)
@given(since=DAYS, until=st.none() | DAYS, ended_on=st.none() | DAYS, again=DAYS, again_until=st.none() | DAYS)
def test_nobody_has_the_same_part_twice_on_one_day(
    since: date, until: date | None, ended_on: date | None, again: date, again_until: date | None
) -> None:
    """A second relation of a kind is refused exactly when some day would have both."""
    story = enrolled()
    try:
        story.when(enrolment.start_relation, **a_relation(MENTOR, since=since, until=until))
        if ended_on is not None:
            story.when(enrolment.end_relation, relation_id=MENTOR.relation_id, on=ended_on)
    except RelationEndsBeforeItStarts:
        return
    second = a_relation(MENTOR, relation_id=an_id("second"), since=again, until=again_until)
    both_end_well = again_until is None or again <= again_until
    (first,) = [r for r in story.state.relations.values() if r.role is Role.MENTOR]
    days = [again + timedelta(days=n) for n in range(60)]
    shared = any(first.holds(on) and (again_until is None or on <= again_until) for on in days)
    if both_end_well and shared:
        story.refuses(RelationAlreadyExists, enrolment.start_relation, **second)
    elif both_end_well:
        story.when(enrolment.start_relation, **second)
        assert all(len(story.state.relations_of(MENTOR.person_id, on=on)) <= 1 for on in days)
    else:
        story.refuses(RelationEndsBeforeItStarts, enrolment.start_relation, **second)


def test_the_pupil_is_not_given_a_part_that_only_a_file_can_give() -> None:
    """Pupil, administrator and principal are no relations that somebody starts."""
    for role in (Role.PUPIL, Role.ADMINISTRATOR, Role.PRINCIPAL, Role.STAFF, Role.SYSTEM):
        with pytest.raises(ValueError, match="no relation to a pupil"):
            enrolled().decide(enrolment.start_relation, **a_relation(an_actor("Någon", role)))


@pytest.mark.parametrize("cause", SchoolingEndCause)
def test_schooling_ends_for_a_cause_on_a_day(cause: SchoolingEndCause) -> None:
    """G-8, G-21: the cause and the day are what a disposal schedule is chosen by; the file stays readable."""
    story = locked()
    ended = only(story.when(enrolment.end_schooling, cause=cause, on=day(2, 29, 2028), by=ADMINISTRATOR))
    assert ended == SchoolingEnded(cause=cause, ended_on=day(2, 29, 2028))
    assert story.state.schooling_ended == ended
    assert story.state.plans[PLAN].agreed_goals


def test_schooling_has_ended_no_earlier_than_on_the_day() -> None:
    """G-8: a day to come would stop all writing at once, weeks before the pupil leaves."""
    ending: Details = {"cause": SchoolingEndCause.COMPLETED, "on": day(6, 11, 2027)}
    story = planned()
    story.refuses(DayNotCome, enrolment.end_schooling, **ending, today=day(6, 10, 2027))
    assert isinstance(only(story.when(enrolment.end_schooling, **ending, today=day(6, 11, 2027))), SchoolingEnded)


@pytest.mark.parametrize("who", [GUARDIAN, TEACHER, MENTOR, EDUCATOR], ids=lambda actor: actor.role)
def test_a_pupil_has_no_second_part_in_the_own_file(who: Actor) -> None:
    """A slip in a roster cannot make a pupil the own mentor, who would accept, confirm and lock."""
    relation = a_relation(who, person_id=PUPIL.person_id)
    enrolled().refuses(RelationToOneself, enrolment.start_relation, **relation)


def test_what_begins_on_a_day_may_end_on_it_and_not_before() -> None:
    """A relation, schooling, and a new enrolment: the day itself is allowed, the day before it is not."""
    story = with_people()
    ending: Details = {"relation_id": GUARDIAN.relation_id}
    story.refuses(RelationEndsBeforeItStarts, enrolment.end_relation, **ending, on=day(8, 16))
    story.when(enrolment.end_relation, **ending, on=day(8, 17))
    assert story.state.relations_of(GUARDIAN.person_id, on=day(8, 17)) == []
    leaving: Details = {"cause": SchoolingEndCause.MOVED}
    story.refuses(RelationEndsBeforeItStarts, enrolment.end_schooling, **leaving, on=day(8, 16))
    story.when(enrolment.end_schooling, **leaving, on=day(8, 17))
    story.refuses(SchoolingHasEnded, enrolment.end_schooling, **leaving, on=day(8, 18))
    back: Details = {"school_id": SCHOOL, "grade": 4}
    story.refuses(RelationEndsBeforeItStarts, enrolment.reenrol_student, **back, on=day(8, 16))
    story.when(enrolment.reenrol_student, **back, on=day(8, 17))
    assert story.state.schooling_ended is None


def test_nothing_new_is_written_for_a_pupil_who_has_left() -> None:
    """G-8: neither a text, nor a move, nor a school year: the file would be disposed of while in use."""
    story = planned()
    story.when(enrolment.end_schooling, cause=SchoolingEndCause.ABROAD, on=day(12, 1))
    story.refuses(SchoolingHasEnded, enrolment.transfer_student, school_id=OTHER_SCHOOL, on=day(1, 8, 2027))
    story.refuses(SchoolingHasEnded, enrolment.enter_grade, grade=5, on=day(1, 8, 2027))
    story.refuses(SchoolingHasEnded, enrolment.join_group, group_id=CLASS, on=day(1, 8, 2027))
    answer: Details = {"plan_id": PLAN, "question": FOR_PUPIL.key, "text": "Hej", "choice": None}
    story.refuses(SchoolingHasEnded, answers.save_answer, by=PUPIL, **answer)
    story.refuses(SchoolingHasEnded, agreement.agree, plan_id=PLAN, plan_version=story.plan.content_version, by=PUPIL)


def test_a_pupil_who_comes_back_goes_on_in_the_same_file() -> None:
    """G-21: re-enrolment takes the file up where it was; schooling cannot end again before that day."""
    story = planned()
    story.when(enrolment.end_schooling, cause=SchoolingEndCause.ABROAD, on=day(12, 1))
    back: Details = {"school_id": OTHER_SCHOOL, "grade": 5}
    story.refuses(RelationEndsBeforeItStarts, enrolment.reenrol_student, **back, on=day(11, 30))
    assert only(story.when(enrolment.reenrol_student, **back, on=day(8, 20, 2027))) == StudentReenrolled(
        **back,
        reenrolled_on=day(8, 20, 2027),
    )
    assert (story.state.schooling_ended, story.state.school_id, story.state.grade) == (None, OTHER_SCHOOL, 5)
    assert story.saves(FOR_PUPIL, "Hej igen.", by=PUPIL) != []
    ending: Details = {"cause": SchoolingEndCause.MOVED, "on": day(8, 19, 2027)}
    story.refuses(RelationEndsBeforeItStarts, enrolment.end_schooling, **ending)
