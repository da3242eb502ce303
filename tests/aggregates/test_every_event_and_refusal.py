"""That nothing in the domain is left out: each event is decided on and folded, each refusal is met by somebody."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregates import (
    agreement,
    answers,
    assessments,
    conversation,
    enrolment,
    goals,
    person,
    planning_document,
    plans,
    reading,
    reminders,
    school,
    template,
)
from aggregates import person_choices as choices
from aggregates import sign_in_accounts as accounts
from aggregates.errors import Refusal, VersionMismatch, refusals
from aggregates.errors import agreement as agreement_errors
from aggregates.errors import answers as answers_errors
from aggregates.errors import assessments as assessments_errors
from aggregates.errors import enrolment as enrolment_errors
from aggregates.errors import goals as goals_errors
from aggregates.errors import person as person_errors
from aggregates.errors import plans as plans_errors
from aggregates.errors import retention as retention_errors
from aggregates.errors import school as school_errors
from aggregates.sign_in_identifiers import normalised
from events.assessments import Forecast, ProgrammeDecision
from events.base import Event, Role, event_classes
from events.enrolment import SchoolingEndCause
from events.goals import GoalContent, GoalStatus
from events.person import IdentifierKind
from events.plan import LockObstacle, Target, TargetKind
from events.planning_document import DocumentKind
from events.school import SchoolSettings
from tests.aggregates.given import (
    CLASS,
    CONCERN,
    FOR_CHILD,
    FOR_GUARDIAN,
    FOR_PUPIL,
    GOAL,
    GUARDIAN,
    MENTOR,
    NEXT_PLAN,
    OTHER_GOAL,
    OTHER_SCHOOL,
    PLAN,
    PRINCIPAL,
    PUPIL,
    RATING,
    SCHOOL,
    TEACHER,
    TEMPLATE,
    Details,
    FileStory,
    Story,
    a_document_for,
    a_move,
    a_relation,
    a_start,
    a_template_content,
    agreed,
    an_approved_template,
    an_id,
    archived,
    day,
    enrolled,
    evaluated,
    for_pupil,
    lock_in_spite_of,
    locked,
    planned,
    with_goal,
    with_people,
)
from tests.aggregates.retention_stories import MET_RETENTION
from tests.aggregates.stories import a_document, a_person, a_planning, a_school, a_template, every_story
from tests.aggregates.test_sign_in_accounts import NAME, STAFF, signing_in

ELSEWHERE = {
    school_errors.NotAClass,
    person_errors.PictureNotUsable,
    retention_errors.ItemNotPurged,
    assessments_errors.SyllabusItemNotFound,
    VersionMismatch,
}
"""Raised by the layer that knows the syllabus and what a caller has read; its own tests meet them."""

IN_PLAN: Details = {"plan_id": PLAN}
IN_GOAL: Details = {"plan_id": PLAN, "goal_id": GOAL}
NO_TEXT = Target(kind=TargetKind.ASSESSMENT, key="MA")
A_GOAL = Target(kind=TargetKind.GOAL, key=str(GOAL))


def _left() -> FileStory:
    story = planned()
    story.when(enrolment.end_schooling, cause=SchoolingEndCause.MOVED, on=day(12, 1))
    return story


def _reminded() -> FileStory:
    story = planned()
    story.when(reminders.remind, **IN_PLAN, on=day(9, 15))
    return story


def _prepared_at_home() -> FileStory:
    story = planned()
    for question in (FOR_PUPIL, FOR_CHILD):
        story.saves(question, "Bra.", by=PUPIL)
    story.saves(RATING, None, choice="ofta", by=PUPIL)
    story.saves(FOR_GUARDIAN, "Lugnt.", by=GUARDIAN)
    return story


def _concerned() -> FileStory:
    story = agreed()
    story.when(conversation.raise_concern, **IN_PLAN, concern_id=CONCERN, target=A_GOAL, text=None, by=GUARDIAN)
    return story


def _proposed() -> FileStory:
    story = planned()
    story.proposes()
    return story


def _done() -> FileStory:
    story = locked()
    story.moves(GoalStatus.STARTED, GoalStatus.DONE)
    return story


def _assessed() -> FileStory:
    """A locked plan in which mathematics is assessed."""
    story = planned()
    usual: Details = {"subject": "MA", "text": "Bra", "documents": (), "risk_needs_programme": True}
    story.when(assessments.publish_assessment, **IN_PLAN, **usual, forecast=Forecast.EXPECTED, by=TEACHER)
    story.agrees(PUPIL)
    story.agrees(GUARDIAN)
    story.locks()
    return story


def _drafted() -> template.Template:
    story: Story[template.Template] = Story(template.fold, stream=TEMPLATE, subject=SCHOOL)
    story.when(template.draft_template, school_id=SCHOOL, content=a_template_content())
    return story.state


def _save(story: FileStory, **details: object) -> Event | None:
    usual: Details = {**IN_PLAN, "question": FOR_PUPIL.key, "text": "Hej", "choice": None, "by": PUPIL}
    return answers.save_answer(story.state, **(usual | details))


def _lock(story: FileStory, **details: object) -> Event:
    on = day(10, 14)
    now: Details = {**IN_PLAN, "plan_version": story.plan.content_version, "conversation_on": on, "today": on}
    return agreement.lock_plan(story.state, **(now | details))


def _correct(story: FileStory, **details: object) -> Event:
    usual: Details = {**IN_PLAN, "correction_id": an_id("c"), "target": A_GOAL, "text": "Nytt", "reason": "Fel"}
    return agreement.correct(story.state, **(usual | {"by": MENTOR} | details))


def _publish(story: FileStory, **details: object) -> Event | None:
    usual: Details = {**IN_PLAN, "subject": "MA", "forecast": "expected", "text": "Bra", "documents": ()}
    return assessments.publish_assessment(story.state, **(usual | {"risk_needs_programme": True} | details))


def _link(story: FileStory, decision: ProgrammeDecision) -> Event:
    ids: Details = {**IN_PLAN, "programme_id": an_id("p"), "subjects": ("MA",), "reference": "Dnr 1"}
    return assessments.link_action_programme(story.state, **ids, decision=decision, by=MENTOR)


def _move(story: FileStory, to: GoalStatus, **details: object) -> Event:
    return goals.move_goal(story.state, **(a_move(to, **details) | {"by": TEACHER}))  # type: ignore[arg-type]  # by name


def _relate(story: FileStory, **details: object) -> Event:
    return enrolment.start_relation(story.state, **a_relation(GUARDIAN, **details))


def _delegate(story: FileStory, **details: object) -> Event:
    usual: Details = {"relation_id": an_id("d"), "person_id": an_id("Gerd"), "name": "Gerd", "today": day(9, 1)}
    limits: Details = {"until": day(12, 20), "longest": timedelta(days=365), "by": GUARDIAN}
    return reading.delegate_reading(story.state, **(usual | limits | details))


def _open(story: FileStory, **details: object) -> Event:
    at = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
    when: Details = {"since": day(9, 1), "until": day(9, 2), "at": at, "expires_at": at + timedelta(hours=24)}
    usual: Details = {"relation_id": an_id("e"), "reason": "Eleven är försvunnen sedan i går kväll.", "by": PRINCIPAL}
    return reading.open_in_emergency(story.state, **(usual | when | details))


def _start(story: FileStory, **details: object) -> list[Event]:
    return plans.start_plan(story.state, **a_start(NEXT_PLAN, **details))


def _enrol() -> Event:
    who: Details = {"person_id": PUPIL.person_id, "name": PUPIL.name, "school_id": SCHOOL, "grade": 4}
    return enrolment.enrol_student(enrolled().state, **who, on=day(8, 17))


CONTENT = GoalContent(text="Läsa")
MET: list[tuple[type[Refusal], Callable[[], object]]] = [
    (enrolment_errors.StudentAlreadyEnrolled, _enrol),
    (enrolment_errors.SchoolingHasEnded, lambda: _save(_left())),
    (
        enrolment_errors.SchoolingHasNotEnded,
        lambda: enrolment.reenrol_student(enrolled().state, school_id=SCHOOL, grade=5, on=day(9, 1)),
    ),
    (enrolment_errors.RelationAlreadyExists, lambda: _relate(with_people(), relation_id=an_id("again"))),
    (
        enrolment_errors.RelationNotFound,
        lambda: enrolment.end_relation(enrolled().state, relation_id=an_id("none"), on=day(9, 1)),
    ),
    (enrolment_errors.RelationToOneself, lambda: _relate(enrolled(), person_id=PUPIL.person_id)),
    (enrolment_errors.DelegationTooLong, lambda: _delegate(with_people(), until=day(9, 2, 2027))),
    (enrolment_errors.ReasonTooShort, lambda: _open(with_people(), reason="Bråttom")),
    (enrolment_errors.IdentityNotProtected, lambda: reading.lift_protection(enrolled().state, reason="Klart")),
    (enrolment_errors.DayNotCome, lambda: _lock(agreed(), today=day(10, 13))),
    (enrolment_errors.RelationEndsBeforeItStarts, lambda: _relate(enrolled(), until=day(8, 1))),
    (
        enrolment_errors.GroupAlreadyJoined,
        lambda: [enrolment.join_group(_in_class().state, group_id=CLASS, on=day(9, 1))],
    ),
    (enrolment_errors.NotInGroup, lambda: enrolment.leave_group(enrolled().state, group_id=CLASS, on=day(9, 1))),
    (
        enrolment_errors.AlreadyAtSchool,
        lambda: enrolment.transfer_student(enrolled().state, school_id=SCHOOL, on=day(9, 1)),
    ),
    (plans_errors.PlanNotFound, lambda: _save(enrolled())),
    (plans_errors.PlanIsLocked, lambda: _save(locked())),
    (plans_errors.PlanIsArchived, lambda: _save(archived())),
    (plans_errors.PlanIsNotLocked, lambda: _correct(with_goal())),
    (plans_errors.PreviousPlanNotLocked, lambda: _start(planned())),
    (plans_errors.PreviousPlanNotEvaluated, lambda: _start(locked())),
    (plans_errors.SchoolYearNotConsecutive, lambda: _start(enrolled(), school_year="2026/2031")),
    (plans_errors.TemplateNotApproved, lambda: _start(enrolled(), template=_drafted())),
    (plans_errors.TemplateNotForGrade, lambda: _start(enrolled(grade=9))),
    (
        plans_errors.TemplateOfAnotherSchool,
        lambda: _start(enrolled(), template=an_approved_template(school_id=OTHER_SCHOOL)),
    ),
    (answers_errors.QuestionNotFound, lambda: _save(planned(), question="okand")),
    (answers_errors.QuestionNotDirectedToRole, lambda: _save(planned(), by=GUARDIAN)),
    (answers_errors.ProxyWritingNotAllowed, lambda: _save(planned(), by=for_pupil(GUARDIAN))),
    (answers_errors.AnswerIsEmpty, lambda: _save(planned(), text=None)),
    (answers_errors.ChoiceNotOnScale, lambda: _save(planned(), choice="ofta")),
    (goals_errors.GoalNotFound, lambda: goals.accept_goal(planned().state, **IN_GOAL)),
    (goals_errors.GoalNotOpenForDecision, lambda: goals.accept_goal(with_goal().state, **IN_GOAL)),
    (goals_errors.NotOwnProposal, lambda: goals.withdraw_goal(_proposed().state, **IN_GOAL, by=GUARDIAN)),
    (goals_errors.GoalNotAgreed, lambda: _move(with_goal(), GoalStatus.STARTED)),
    (goals_errors.GoalStepNotAllowed, lambda: _move(locked(), GoalStatus.DONE)),
    (goals_errors.ReasonRequired, lambda: _move(locked(), GoalStatus.ABANDONED)),
    (goals_errors.OnlyMentorConfirmsHere, lambda: _move(_done(), GoalStatus.ACHIEVED, only_mentor_confirms=True)),
    (goals_errors.CarriedGoalNotUnfinished, lambda: _start(evaluated(), carry_over=(OTHER_GOAL,))),
    (assessments_errors.SubjectNotInPlan, lambda: _publish(planned(), subject="SL")),
    (
        assessments_errors.HeadingNotInTemplate,
        lambda: _publish(planned(), subject="SV", documents=[a_document_for("SV")]),
    ),
    (assessments_errors.DocumentOfAnotherSubject, lambda: _publish(planned(), documents=[a_document_for("SV")])),
    (assessments_errors.NoOpenObligation, lambda: _link(planned(), ProgrammeDecision.DRAWN_UP)),
    (assessments_errors.OnlyPrincipalDecidesNotNeeded, lambda: _link(planned(), ProgrammeDecision.NOT_NEEDED)),
    (agreement_errors.PlanChangedSince, lambda: agreement.agree(planned().state, **IN_PLAN, plan_version=1, by=PUPIL)),
    (
        agreement_errors.AlreadyAgreed,
        lambda: agreement.agree(agreed().state, **IN_PLAN, plan_version=agreed().plan.content_version, by=PUPIL),
    ),
    (
        agreement_errors.ConcernNotFound,
        lambda: conversation.close_concern(planned().state, **IN_PLAN, concern_id=CONCERN, reason="Ja"),
    ),
    (agreement_errors.TargetNotFound, lambda: _correct(locked(), target=NO_TEXT)),
    (agreement_errors.NotOwnText, lambda: _correct(locked(), by=TEACHER)),
    (agreement_errors.CorrectionOfOneThing, lambda: _correct(locked(), forecast=Forecast.AT_RISK)),
    (
        agreement_errors.ForecastStands,
        lambda: _correct(_assessed(), target=NO_TEXT, text=None, forecast=Forecast.EXPECTED),
    ),
    (agreement_errors.ProposalsUndecided, lambda: _lock(_proposed())),
    (agreement_errors.PartyMissing, lambda: _lock(with_goal())),
    (agreement_errors.ConcernsOpen, lambda: _lock(_concerned())),
    (
        agreement_errors.LockReasonNotNeeded,
        lambda: _lock(agreed(), reasons=[lock_in_spite_of(LockObstacle.PUPIL_MISSING)]),
    ),
    (
        agreement_errors.LockReasonRepeated,
        lambda: _lock(with_goal(), reasons=[lock_in_spite_of(LockObstacle.PUPIL_MISSING)] * 2),
    ),
    (
        person_errors.PersonAlreadyRegistered,
        lambda: person.register_person(a_person().state, given_name="Åke", family_name="Öst"),
    ),
    (
        person_errors.TermsNotCurrent,
        lambda: choices.accept_terms(a_person().state, version="2011-08-15", current="2026-11-22"),
    ),
    (person_errors.IdentifierNotValid, lambda: normalised(IdentifierKind.PERSONNUMMER, "20001231-0001")),
    (
        person_errors.IdentifierTaken,
        lambda: person.give_identifier(
            a_person().state, identifier_id=an_id("i"), kind=IdentifierKind.EPPN, lookup=bytes(32), holder=an_id("x")
        ),
    ),
    (plans_errors.RemindedToday, lambda: _reminded().decide(reminders.remind, **IN_PLAN, on=day(9, 15))),
    (plans_errors.NobodyToRemind, lambda: _prepared_at_home().decide(reminders.remind, **IN_PLAN, on=day(9, 15))),
    (
        person_errors.AccountNotTheirs,
        lambda: accounts.link_account(signing_in().state, identifier_id=NAME, issuer=STAFF, account="0c" * 32),
    ),
    (person_errors.IdentifierNotFound, lambda: person.remove_identifier(a_person().state, identifier_id=an_id("none"))),
    (person_errors.PictureNotFound, lambda: choices.remove_picture(a_person().state)),
    (school_errors.SchoolAlreadyFounded, lambda: school.found_school(a_school().state, name="Ängsskolan")),
    (
        school_errors.SchoolRoleNotAllowed,
        lambda: school.grant_role(
            a_school().state, relation_id=an_id("r"), person_id=an_id("p"), role=Role.MENTOR, since=day(8, 1)
        ),
    ),
    (
        school_errors.SettingsNotNewer,
        lambda: school.adopt_settings(
            a_school().state, valid_from=day(7, 31), settings=SchoolSettings(), today=day(7, 1)
        ),
    ),
    (
        school_errors.SettingsInThePast,
        lambda: school.adopt_settings(
            a_school().state, valid_from=day(8, 1), settings=SchoolSettings(), today=day(8, 2)
        ),
    ),
    (school_errors.TemplateVersionNotFound, lambda: template.approve_template(_drafted(), template_version=2)),
    (school_errors.TemplateAlreadyApproved, lambda: template.approve_template(a_template().state, template_version=1)),
    (
        school_errors.TemplateNotSound,
        lambda: template.draft_template(None, school_id=SCHOOL, content=a_template_content(national_goals_grade=4)),
    ),
    (
        school_errors.DocumentKindFixed,
        lambda: planning_document.publish_document(
            a_document().state, school_id=SCHOOL, kind=DocumentKind.MATRIX, content=a_planning()
        ),
    ),
    *MET_RETENTION,
]
"""Each refusal, and somebody who meets it."""


def _in_class() -> FileStory:
    story = enrolled()
    story.when(enrolment.join_group, group_id=CLASS, on=day(8, 17))
    return story


@pytest.mark.parametrize(("refusal", "meet"), MET, ids=[refusal.code for refusal, _ in MET])
def test_the_refusal_is_met(refusal: type[Refusal], meet: Callable[[], object]) -> None:
    """A rule that nothing can break is not a rule; the refusal is this one and no other."""
    with pytest.raises(Refusal) as raised:
        meet()
    assert type(raised.value) is refusal


def test_every_refusal_of_the_domain_is_met() -> None:
    """A new refusal gets its line in the table above."""
    written = {refusal for refusal in refusals() if refusal.__module__.startswith("aggregates.errors")}
    assert {refusal for refusal, _ in MET} == written - ELSEWHERE
    assert len(MET) == len({refusal for refusal, _ in MET})


def test_what_the_domain_leaves_to_others_others_raise() -> None:
    """A refusal that no decision raises is raised by name in a layer above."""
    root = Path(__file__).parents[2]
    above = [*(root / "commands").glob("*.py"), *(root / "access").glob("*.py")]
    for refusal in ELSEWHERE:
        assert any(f"raise {refusal.__name__}" in path.read_text(encoding="utf-8") for path in above)
        within = (root / "aggregates").glob("*.py")
        assert not any(f"raise {refusal.__name__}" in path.read_text(encoding="utf-8") for path in within)


def test_every_event_is_decided_on_and_folded() -> None:
    """Between them the stories hold each event there is, each the answer of a decision to the state before it."""
    happened = {type(recorded.event) for story in every_story() for recorded in story.past}
    assert happened == {kind for kind in event_classes() if kind.__module__.startswith("events.")}


def _steps() -> Iterator[tuple[Story[object], int]]:
    for story in every_story():
        for number in range(1, len(story.past)):
            yield story, number


@pytest.mark.parametrize(
    ("story", "number"),
    [pytest.param(story, number, id=type(story.past[number].event).__name__) for story, number in _steps()],
)
def test_no_event_passes_without_a_trace(story: Story[object], number: int) -> None:
    """Each event changes what the stream has become, beyond counting it."""
    before: Any = story.fold(None, story.past[:number])
    after: Any = story.fold(deepcopy(before), story.past[number : number + 1])
    assert after.version == before.version + 1
    before.version = after.version
    for state in (before, after):
        for plan in getattr(state, "plans", {}).values():
            plan.version = 0
    assert before != after
