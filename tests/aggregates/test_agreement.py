from uuid import UUID

import pytest

from aggregates import agreement, answers, assessments, conversation, enrolment, goals
from aggregates.errors.agreement import (
    AlreadyAgreed,
    ConcernNotFound,
    ConcernsOpen,
    LockReasonNotNeeded,
    LockReasonRepeated,
    NotOwnText,
    PartyMissing,
    PlanChangedSince,
    ProposalsUndecided,
    TargetNotFound,
)
from aggregates.errors.enrolment import DayNotCome
from aggregates.errors.plans import PlanIsLocked, PlanIsNotLocked
from aggregates.plan import PlanState
from events.assessments import Forecast
from events.base import Actor
from events.goals import GoalContent
from events.plan import (
    AgreementGiven,
    ConversationEvaluated,
    CorrectionMade,
    LockObstacle,
    PlanLocked,
    ReadingConfirmed,
    SecrecyConcernClosed,
    SecrecyConcernRaised,
    Target,
    TargetKind,
    ViewpointGiven,
)
from tests.aggregates.given import (
    ADMINISTRATOR,
    CONCERN,
    EDUCATOR,
    FOR_ALL,
    FOR_CHILD,
    FOR_PUPIL,
    GOAL,
    GUARDIAN,
    MENTOR,
    NEXT_PLAN,
    OTHER_GOAL,
    OTHER_GUARDIAN,
    OTHER_TEACHER,
    PLAN,
    PUPIL,
    TEACHER,
    Details,
    FileStory,
    a_relation,
    agreed,
    an_id,
    archived,
    day,
    for_pupil,
    lock_in_spite_of,
    locked,
    only,
    planned,
    with_goal,
)

LOCK: Details = {"plan_id": PLAN, "conversation_on": day(10, 14)}
ANSWER = Target(kind=TargetKind.ANSWER, key=FOR_PUPIL.key, role=PUPIL.role, person_id=PUPIL.person_id)
PUPIL_MISSING, GUARDIAN_MISSING, OPEN_CONCERN = LockObstacle


def _now(story: FileStory) -> Details:
    return {"plan_id": PLAN, "plan_version": story.plan.content_version}


def _with_every_text() -> FileStory:
    """An open plan that has a text of each kind, all agreed to."""
    story = planned()
    story.saves(FOR_PUPIL, "Bra.", by=PUPIL)
    story.saves(FOR_CHILD, "Att bygga.", by=for_pupil(GUARDIAN))
    assessment: Details = {"subject": "MA", "forecast": Forecast.EXPECTED, "text": "Bra.", "documents": {}}
    story.when(assessments.publish_assessment, by=TEACHER, plan_id=PLAN, **assessment, risk_needs_programme=True)
    area: Details = {"area_id": an_id("area"), "subject": "MA", "text": "Bråk.", "support": "Öva."}
    story.when(assessments.note_development_area, by=TEACHER, plan_id=PLAN, **area)
    story.proposes()
    story.accepts()
    story.when(conversation.give_viewpoint, by=GUARDIAN, plan_id=PLAN, text="Om läxor.")
    story.agrees(PUPIL)
    story.agrees(GUARDIAN)
    return story


def _followed_up() -> FileStory:
    """The same plan, locked, its goal and the conversation evaluated."""
    story = _with_every_text()
    story.locks()
    story.when(goals.evaluate_goal, by=PUPIL, plan_id=PLAN, goal_id=GOAL, text="Jag läser.")
    story.when(conversation.evaluate_conversation, by=GUARDIAN, plan_id=PLAN, text="Ett bra samtal.")
    return story


TARGETS: dict[TargetKind, tuple[Target, Actor]] = {
    TargetKind.ANSWER: (ANSWER, PUPIL),
    TargetKind.GOAL: (Target(kind=TargetKind.GOAL, key=str(GOAL)), PUPIL),
    TargetKind.ASSESSMENT: (Target(kind=TargetKind.ASSESSMENT, key="MA"), TEACHER),
    TargetKind.DEVELOPMENT_AREA: (Target(kind=TargetKind.DEVELOPMENT_AREA, key=str(an_id("area"))), TEACHER),
    TargetKind.VIEWPOINT: (Target(kind=TargetKind.VIEWPOINT, person_id=GUARDIAN.person_id), GUARDIAN),
    TargetKind.GOAL_EVALUATION: (
        Target(kind=TargetKind.GOAL_EVALUATION, key=str(GOAL), person_id=PUPIL.person_id),
        PUPIL,
    ),
    TargetKind.CONVERSATION_EVALUATION: (
        Target(kind=TargetKind.CONVERSATION_EVALUATION, person_id=GUARDIAN.person_id),
        GUARDIAN,
    ),
}
"""A text of each kind in the plan that was followed up, and who wrote it."""

NO_TEXTS = [
    Target(kind=TargetKind.ANSWER, key=FOR_ALL.key, role=PUPIL.role, person_id=PUPIL.person_id),
    Target(kind=TargetKind.ANSWER, key=FOR_PUPIL.key),
    Target(kind=TargetKind.ASSESSMENT, key="SV"),
    Target(kind=TargetKind.ASSESSMENT),
    Target(kind=TargetKind.GOAL, key=str(OTHER_GOAL)),
    Target(kind=TargetKind.GOAL, key="not-an-id"),
    Target(kind=TargetKind.DEVELOPMENT_AREA, key=str(GOAL)),
    Target(kind=TargetKind.VIEWPOINT, person_id=MENTOR.person_id),
    Target(kind=TargetKind.VIEWPOINT),
    Target(kind=TargetKind.GOAL_EVALUATION, key=str(GOAL), person_id=MENTOR.person_id),
    Target(kind=TargetKind.GOAL_EVALUATION, key=str(GOAL)),
    Target(kind=TargetKind.CONVERSATION_EVALUATION, person_id=PUPIL.person_id),
]


@pytest.mark.requirement("S-SAM-1")
@pytest.mark.requirement("S-ROL-2")
def test_a_guardian_confirms_having_read_the_plan_as_it_is() -> None:
    """One receipt a guardian and version; a version that has changed since is refused."""
    story = planned()
    story.saves(FOR_PUPIL, "Bra.", by=PUPIL)
    before = _now(story)
    assert only(story.when(conversation.confirm_reading, by=GUARDIAN, **before)) == ReadingConfirmed(**before)
    story.refuses(AlreadyAgreed, conversation.confirm_reading, by=GUARDIAN, **before)
    assert isinstance(only(story.decide(conversation.confirm_reading, by=OTHER_GUARDIAN, **before)), ReadingConfirmed)
    story.saves(FOR_PUPIL, "Mycket bra.", by=PUPIL)
    assert not story.plan.stands(story.plan.readings[GUARDIAN.person_id])
    story.refuses(PlanChangedSince, conversation.confirm_reading, by=GUARDIAN, **before)
    story.when(conversation.confirm_reading, by=GUARDIAN, **_now(story))
    assert story.plan.stands(story.plan.readings[GUARDIAN.person_id])


@pytest.mark.requirement("S-SAM-2")
@pytest.mark.requirement("S-TPL-4")
def test_a_guardian_notes_what_to_raise() -> None:
    """The latest text of each guardian counts; it lapses nobody's agreement, and comes before the conversation."""
    story = agreed()
    for who, text in ((GUARDIAN, "Läxor."), (OTHER_GUARDIAN, "Raster."), (GUARDIAN, "Läxor och mat.")):
        given = only(story.when(conversation.give_viewpoint, by=who, plan_id=PLAN, text=text))
        assert given == ViewpointGiven(plan_id=PLAN, text=text)
    assert story.when(conversation.give_viewpoint, by=GUARDIAN, plan_id=PLAN, text=" Läxor och mat. ") == []
    assert {w.by.person_id: w.text for w in story.plan.viewpoints.values()} == {
        GUARDIAN.person_id: "Läxor och mat.",
        OTHER_GUARDIAN.person_id: "Raster.",
    }
    assert story.plan.stands(story.plan.agreements[PUPIL.person_id])
    locked().refuses(PlanIsLocked, conversation.give_viewpoint, by=GUARDIAN, plan_id=PLAN, text="För sent.")


@pytest.mark.requirement("S-SAM-3")
@pytest.mark.requirement("S-GEN-6")
def test_a_guardian_evaluates_the_conversation_after_it_was_held() -> None:
    """The lock says that it was held; before it there is nothing to evaluate."""
    evaluation: Details = {"plan_id": PLAN, "text": "Vi blev hörda."}
    agreed().refuses(PlanIsNotLocked, conversation.evaluate_conversation, by=GUARDIAN, **evaluation)
    story = locked()
    assert only(story.when(conversation.evaluate_conversation, by=GUARDIAN, **evaluation)) == ConversationEvaluated(
        **evaluation
    )
    assert story.when(conversation.evaluate_conversation, by=GUARDIAN, **evaluation) == []
    assert story.plan.evaluations[GUARDIAN.person_id].text == "Vi blev hörda."


@pytest.mark.requirement("S-FRE-6")
@pytest.mark.requirement("S-AGR-3")
@pytest.mark.parametrize("kind", TargetKind)
def test_a_concern_is_raised_about_any_text(kind: TargetKind) -> None:
    """Whoever reads the plan may say that a text should not stand there, with or without words of their own."""
    story = _followed_up()
    target, _ = TARGETS[kind]
    raised = only(
        story.when(conversation.raise_concern, by=GUARDIAN, plan_id=PLAN, concern_id=CONCERN, target=target, text=None)
    )
    assert raised == SecrecyConcernRaised(plan_id=PLAN, concern_id=CONCERN, target=target)
    assert [concern.target for concern in story.plan.open_concerns] == [target]


@pytest.mark.requirement("S-FRE-6")
@pytest.mark.parametrize("target", NO_TEXTS, ids=lambda target: f"{target.kind} {target.key}")
def test_a_concern_or_correction_names_a_text_that_is_there(target: Target) -> None:
    """A place without a text, half a name, or an id of something else is refused."""
    story = _followed_up()
    concern: Details = {"plan_id": PLAN, "concern_id": CONCERN, "target": target, "text": "Ska det stå?"}
    story.refuses(TargetNotFound, conversation.raise_concern, by=GUARDIAN, **concern)
    correction: Details = {"correction_id": an_id("correction"), "target": target, "text": "Nytt.", "reason": "Fel."}
    story.refuses(TargetNotFound, agreement.correct, by=MENTOR, plan_id=PLAN, **correction)


@pytest.mark.requirement("S-AGR-3")
def test_an_open_concern_hinders_the_lock_until_it_is_closed() -> None:
    """The mentor closes it and says why; a closed one cannot be closed again; agreements stand meanwhile."""
    story = _with_every_text()
    story.when(
        conversation.raise_concern, by=PUPIL, plan_id=PLAN, concern_id=CONCERN, target=ANSWER, text="Ta bort det."
    )
    story.refuses(ConcernsOpen, agreement.lock_plan, by=MENTOR, **LOCK, plan_version=story.plan.content_version)
    closing: Details = {"plan_id": PLAN, "concern_id": CONCERN, "reason": "Eleven vill ha det kvar."}
    assert only(story.when(conversation.close_concern, by=MENTOR, **closing)) == SecrecyConcernClosed(**closing)
    story.refuses(ConcernNotFound, conversation.close_concern, by=MENTOR, **closing)
    story.refuses(ConcernNotFound, conversation.close_concern, by=MENTOR, **(closing | {"concern_id": an_id("none")}))
    assert story.plan.concerns[CONCERN].closed_with == "Eleven vill ha det kvar."
    assert isinstance(only(story.locks()), PlanLocked)


@pytest.mark.requirement("S-AGR-1")
def test_the_pupil_and_each_guardian_agree_by_themselves() -> None:
    """G-5: an agreement is one person's, names the version of the plan, and is given once for it."""
    story = with_goal()
    version = story.plan.content_version
    for who in (PUPIL, GUARDIAN, OTHER_GUARDIAN):
        assert only(story.agrees(who)) == AgreementGiven(plan_id=PLAN, plan_version=version)
        story.refuses(AlreadyAgreed, agreement.agree, by=who, **_now(story))
    assert {c.by.person_id for c in story.plan.agreements.values()} == {
        PUPIL.person_id,
        GUARDIAN.person_id,
        OTHER_GUARDIAN.person_id,
    }
    for other in (version - 1, version + 1):
        story.refuses(PlanChangedSince, agreement.agree, by=PUPIL, plan_id=PLAN, plan_version=other)


def _goes_on(story: FileStory, how: str) -> None:
    match how:
        case "an answer":
            story.saves(FOR_PUPIL, "Nytt.", by=PUPIL)
        case "a proposal":
            story.proposes(OTHER_GOAL)
        case _:
            content = GoalContent(text="Nytt")
            story.when(goals.revise_goal, by=MENTOR, plan_id=PLAN, goal_id=GOAL, content=content)


@pytest.mark.requirement("S-AGR-1")
@pytest.mark.parametrize("how", ["an answer", "a proposal", "a new wording"])
def test_an_agreement_lapses_when_the_plan_goes_on(how: str) -> None:
    """G-5: the lapsed agreement stays to be seen and can be given anew."""
    story = agreed()
    _goes_on(story, how)
    lapsed = story.plan.agreements[GUARDIAN.person_id]
    assert not story.plan.stands(lapsed)
    story.agrees(GUARDIAN)
    assert story.plan.stands(story.plan.agreements[GUARDIAN.person_id])


@pytest.mark.requirement("S-AGR-1")
@pytest.mark.requirement("S-AGR-2")
def test_the_mentor_locks_what_all_agree_to() -> None:
    """The lock names the version and the day of the conversation; the plan is locked from then on."""
    story = agreed()
    version = story.plan.content_version
    assert only(story.locks()) == PlanLocked(plan_id=PLAN, plan_version=version, conversation_on=day(10, 14))
    assert story.plan.state is PlanState.LOCKED
    assert story.plan.lock is not None
    assert (story.plan.lock.by, story.plan.lock.conversation_on) == (MENTOR, day(10, 14))
    story.refuses(PlanIsLocked, agreement.lock_plan, by=MENTOR, **LOCK, plan_version=version)
    story.refuses(PlanIsLocked, agreement.agree, by=OTHER_GUARDIAN, plan_id=PLAN, plan_version=version)


@pytest.mark.requirement("S-AGR-2")
@pytest.mark.parametrize(
    ("parties", "missing"),
    [
        ((), {PUPIL_MISSING, GUARDIAN_MISSING}),
        ((PUPIL,), {GUARDIAN_MISSING}),
        ((GUARDIAN, OTHER_GUARDIAN), {PUPIL_MISSING}),
        ((PUPIL, GUARDIAN), set()),
        ((PUPIL, OTHER_GUARDIAN), set()),
    ],
    ids=["nobody", "no guardian", "no pupil", "one guardian", "the other guardian"],
)
def test_the_lock_needs_the_pupil_and_one_guardian(parties: tuple[Actor, ...], missing: set[LockObstacle]) -> None:
    """G-5: each missing party is reasoned away by itself, and only what is missing."""
    story = with_goal()
    for who in parties:
        story.agrees(who)
    now: Details = {**LOCK, "plan_version": story.plan.content_version}
    assert {obstacle for obstacle, _ in agreement.obstacles(story.state, story.plan, on=day(10, 14))} == missing
    for obstacle in LockObstacle:
        reasons = [lock_in_spite_of(obstacle)]
        if obstacle not in missing:
            story.refuses(LockReasonNotNeeded, agreement.lock_plan, by=MENTOR, **now, reasons=reasons)
        elif len(missing) > 1:
            story.refuses(PartyMissing, agreement.lock_plan, by=MENTOR, **now, reasons=reasons)
    if missing:
        story.refuses(PartyMissing, agreement.lock_plan, by=MENTOR, **now)
    reasons = [lock_in_spite_of(obstacle) for obstacle in sorted(missing)]
    lock = only(story.locks(*reasons))
    assert isinstance(lock, PlanLocked)
    assert lock.reasons == tuple(reasons)


@pytest.mark.requirement("S-AGR-2")
def test_a_conversation_was_held_no_later_than_today() -> None:
    """A slip in the date would stand in a locked plan for ever."""
    story = agreed()
    now: Details = {**LOCK, "plan_version": story.plan.content_version}
    story.refuses(DayNotCome, agreement.lock_plan, by=MENTOR, **now, today=day(10, 13))
    assert isinstance(only(story.when(agreement.lock_plan, by=MENTOR, **now, today=day(10, 14))), PlanLocked)


@pytest.mark.requirement("S-AGR-2")
def test_a_lapsed_agreement_does_not_carry_the_lock() -> None:
    """G-5: who agreed to an earlier version has not agreed to this one."""
    story = agreed()
    story.saves(FOR_ALL, "En sak till.", by=TEACHER)
    now = story.plan.content_version
    story.refuses(PartyMissing, agreement.lock_plan, by=MENTOR, **LOCK, plan_version=now)
    story.refuses(PlanChangedSince, agreement.lock_plan, by=MENTOR, **LOCK, plan_version=now - 1)


@pytest.mark.requirement("S-AGR-2")
@pytest.mark.requirement("S-AGR-3")
def test_each_open_concern_is_reasoned_away_by_itself() -> None:
    """G-5: a reason names its concern; one for another concern, or a closed one, is refused."""
    story = _with_every_text()
    for number in (1, 2):
        concern: Details = {"concern_id": an_id(f"concern {number}"), "target": ANSWER, "text": None}
        story.when(conversation.raise_concern, by=GUARDIAN, plan_id=PLAN, **concern)
    now: Details = {**LOCK, "plan_version": story.plan.content_version}

    def reason(concern_id: UUID | None) -> Details:
        return {"reasons": [lock_in_spite_of(OPEN_CONCERN, concern_id)]}

    story.refuses(ConcernsOpen, agreement.lock_plan, by=MENTOR, **now, **reason(an_id("concern 1")))
    story.refuses(LockReasonNotNeeded, agreement.lock_plan, by=MENTOR, **now, **reason(an_id("no concern")))
    story.refuses(LockReasonNotNeeded, agreement.lock_plan, by=MENTOR, **now, **reason(None))
    twice: Details = {"reasons": reason(an_id("concern 1"))["reasons"] * 2}
    story.refuses(LockReasonRepeated, agreement.lock_plan, by=MENTOR, **now, **twice)
    lock = only(story.locks(*(lock_in_spite_of(OPEN_CONCERN, an_id(f"concern {number}")) for number in (1, 2))))
    assert isinstance(lock, PlanLocked)
    assert len(lock.reasons) == 2


@pytest.mark.requirement("S-AGR-2")
def test_every_proposal_is_decided_on_before_the_lock() -> None:
    """G-14: what nobody has answered is not part of an agreement."""
    story = planned()
    story.proposes()
    story.agrees(PUPIL)
    story.agrees(GUARDIAN)
    story.refuses(ProposalsUndecided, agreement.lock_plan, by=MENTOR, **LOCK, plan_version=story.plan.content_version)


@pytest.mark.requirement("S-AGR-4")
@pytest.mark.requirement("S-GOA-8")
def test_after_the_lock_goals_live_and_texts_stand() -> None:
    """G-6: the plan is followed up; what it says is not edited."""
    story = _followed_up()
    answer: Details = {"plan_id": PLAN, "question": FOR_PUPIL.key, "text": "Annat.", "choice": None}
    story.refuses(PlanIsLocked, answers.save_answer, by=PUPIL, **answer)
    assert [one.text for one in story.goal.evaluations.values()] == ["Jag läser."]
    assert story.plan.stands(story.plan.agreements[PUPIL.person_id])


@pytest.mark.parametrize("kind", TargetKind)
def test_a_text_is_corrected_after_the_lock_by_its_author_or_the_mentor(kind: TargetKind) -> None:
    """G-6: the correction stands beside the text with its reason; the text itself is as it was."""
    story = _followed_up()
    kept = story.retold().plan
    target, author = TARGETS[kind]
    correction: Details = {
        "plan_id": PLAN,
        "correction_id": an_id("correction"),
        "target": target,
        "text": "Rätt ord.",
        "reason": "Fel ord.",
    }
    for other in (PUPIL, GUARDIAN, OTHER_GUARDIAN, TEACHER, OTHER_TEACHER, EDUCATOR):
        if other is not author:
            story.refuses(NotOwnText, agreement.correct, by=other, **correction)
    for who in (author, MENTOR):
        assert only(story.when(agreement.correct, by=who, **correction)) == CorrectionMade(**correction)
    assert [made.by for made in story.plan.corrections] == [author, MENTOR]
    assert (story.plan.answers, story.plan.goals, story.plan.assessments) == (
        kept.answers,
        kept.goals,
        kept.assessments,
    )
    assert story.plan.stands(story.plan.agreements[PUPIL.person_id])


@pytest.mark.parametrize("who", [PUPIL, GUARDIAN], ids=lambda actor: actor.name)
def test_what_was_written_on_the_pupils_behalf_is_corrected_by_both(who: Actor) -> None:
    """G-13: the answer is the pupil's, the words are the guardian's."""
    target = Target(kind=TargetKind.ANSWER, key=FOR_CHILD.key, role=PUPIL.role, person_id=PUPIL.person_id)
    correction: Details = {"correction_id": an_id("c"), "target": target, "text": "Att bygga kojor.", "reason": "Mer."}
    story = _followed_up()
    assert isinstance(only(story.when(agreement.correct, by=who, plan_id=PLAN, **correction)), CorrectionMade)
    story.refuses(NotOwnText, agreement.correct, by=EDUCATOR, plan_id=PLAN, **correction)


def test_before_the_lock_a_text_is_edited_not_corrected() -> None:
    """G-6: a correction is of something agreed."""
    correction: Details = {"correction_id": an_id("c"), "target": ANSWER, "text": "Nytt.", "reason": "Fel."}
    _with_every_text().refuses(PlanIsNotLocked, agreement.correct, by=PUPIL, plan_id=PLAN, **correction)


@pytest.mark.requirement("S-ARC-2")
def test_a_text_in_an_archived_plan_can_still_be_put_right() -> None:
    """G-6: nothing is overwritten in the archive either; the correction stands beside."""
    story = _followed_up()
    story.starts(NEXT_PLAN)
    correction: Details = {"correction_id": an_id("c"), "target": ANSWER, "text": "Nytt.", "reason": "Fel."}
    story.when(agreement.correct, by=PUPIL, plan_id=PLAN, **correction)
    assert [made.event.text for made in story.plan.corrections] == ["Nytt."]
    assert story.plan.state is PlanState.ARCHIVED
    assert archived().plan.corrections == []


@pytest.mark.requirement("S-AGR-1")
def test_an_agreement_counts_while_the_guardian_is_a_guardian() -> None:
    """G-5: who no longer has the relation is no longer a party; the agreement itself stays in the file."""
    story = agreed()
    story.when(enrolment.end_relation, by=ADMINISTRATOR, relation_id=GUARDIAN.relation_id, on=day(10, 14))
    assert agreement.obstacles(story.state, story.plan, on=day(10, 13)) == []
    assert agreement.obstacles(story.state, story.plan, on=day(10, 14)) == [(LockObstacle.GUARDIAN_MISSING, None)]
    assert GUARDIAN.person_id in story.plan.agreements


@pytest.mark.requirement("S-AGR-1")
@pytest.mark.requirement("S-SAM-1")
def test_a_guardian_who_is_one_anew_says_yes_anew() -> None:
    """G-5: what was said in a relation that has ended counts no more, so it does not stand in the way either."""
    story = agreed()
    story.when(conversation.confirm_reading, by=GUARDIAN, **_now(story))
    story.when(enrolment.end_relation, by=ADMINISTRATOR, relation_id=GUARDIAN.relation_id, on=day(10, 14))
    again = GUARDIAN.model_copy(update={"relation_id": an_id("guardian again")})
    story.when(enrolment.start_relation, by=ADMINISTRATOR, **a_relation(again, since=day(10, 14)))
    story.agrees(again)
    story.when(conversation.confirm_reading, by=again, **_now(story))
    assert agreement.obstacles(story.state, story.plan, on=day(10, 14)) == []
    story.refuses(AlreadyAgreed, agreement.agree, by=again, **_now(story))
