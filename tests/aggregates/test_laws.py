"""What holds of a pupil's file whatever people do, in any order: random people make random decisions."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any, ClassVar, TypeVar, get_args
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregates import agreement, answers, assessments, conversation, enrolment, goals, plans, reminders, student_file
from aggregates.errors import Refusal
from aggregates.goal import GoalDecision
from aggregates.plan import AnswerKey, Plan, PlanEvent, PlanState
from events.assessments import AssessmentPublished, DevelopmentAreaNoted, Forecast, ProgrammeDecision
from events.base import Actor, Event, Role
from events.enrolment import SchoolingEndCause
from events.goals import (
    GoalAccepted,
    GoalContent,
    GoalDeclined,
    GoalProposed,
    GoalRevised,
    GoalStatus,
    GoalWithdrawn,
)
from events.plan import (
    AgreementGiven,
    AnswerRevised,
    LockObstacle,
    LockReason,
    PlanStarted,
    QuestionAnswered,
    ReadingConfirmed,
    Target,
    TargetKind,
)
from tests.aggregates.given import (
    ADMINISTRATOR,
    EDUCATOR,
    EVERYBODY,
    FOR_ALL,
    FOR_CHILD,
    FOR_GUARDIAN,
    FOR_PUPIL,
    FOR_TEACHER,
    GUARDIAN,
    MENTOR,
    OTHER_GUARDIAN,
    OTHER_SCHOOL,
    PRINCIPAL,
    PUPIL,
    RATING,
    SCHOOL,
    TEACHER,
    FileStory,
    a_document_for,
    a_relation,
    an_approved_template,
    an_id,
    day,
    for_pupil,
    with_people,
)

CONTENT = (
    QuestionAnswered
    | AnswerRevised
    | GoalProposed
    | GoalRevised
    | GoalWithdrawn
    | GoalAccepted
    | GoalDeclined
    | AssessmentPublished
    | DevelopmentAreaNoted
)
"""What G-5 calls goals, answers and assessments: when one of them comes, agreements and read receipts lapse."""

STEPS = {
    (GoalStatus.NEW, GoalStatus.STARTED),
    (GoalStatus.STARTED, GoalStatus.DONE),
    (GoalStatus.DONE, GoalStatus.ACHIEVED),
    (GoalStatus.DONE, GoalStatus.STARTED),
    (GoalStatus.ACHIEVED, GoalStatus.STARTED),
    (GoalStatus.NEW, GoalStatus.ABANDONED),
    (GoalStatus.STARTED, GoalStatus.ABANDONED),
    (GoalStatus.DONE, GoalStatus.ABANDONED),
}
"""The only steps there are (G-4)."""

TEMPLATE_4_6 = an_approved_template()
ANSWERS = (
    (FOR_PUPIL, PUPIL),
    (FOR_CHILD, for_pupil(GUARDIAN)),
    (FOR_CHILD, for_pupil(EDUCATOR)),
    (RATING, PUPIL),
    (FOR_ALL, GUARDIAN),
    (FOR_ALL, OTHER_GUARDIAN),
    (FOR_TEACHER, TEACHER),
    (FOR_TEACHER, EDUCATOR),
    (FOR_GUARDIAN, GUARDIAN),
    (FOR_GUARDIAN, TEACHER),
    (FOR_PUPIL, for_pupil(TEACHER)),
)
"""Who answers what, or tries to."""

TEXTS = ("Ja.", "Nej.", " Ja. ", "Kanske.", "A\u030a")
SUBJECTS = ("MA", "SV", "SL")
UPWARD = (GoalStatus.STARTED, GoalStatus.DONE, GoalStatus.ACHIEVED)
NO_PLAN, NO_GOAL, A_GOAL = an_id("no plan"), an_id("no goal"), GoalContent(text="Läsa")
T = TypeVar("T")


def _without_later_notes(plan: Plan) -> Plan:
    """The plan but for what may come to it in the archive."""
    return replace(plan, version=0, obligations={}, corrections=[], forecasts={}, programmes={})


class LifeOfAFile:
    """People decide, by chance; what they decide is recorded. `check_laws` looks at what must hold at any time."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.story: FileStory = with_people()
        self.plan_ids: list[UUID] = []
        self.written: dict[UUID, int] = {}
        self.named: dict[tuple[UUID, type[Event], UUID], int] = {}
        self.histories: dict[tuple[UUID, AnswerKey], list[object]] = {}
        self.statuses: dict[UUID, GoalStatus] = {}
        self.in_the_archive: dict[UUID, Plan] = {}
        self.start(None)

    def goes_on(self) -> None:
        """One more thing happens, or is tried."""
        self.one_of(LifeOfAFile.HAPPENINGS)(self)

    def check_laws(self) -> None:
        """All of them."""
        for law in LifeOfAFile.LAWS:
            law(self)

    def one_of(self, choices: Sequence[T]) -> T:
        """Any of these."""
        return self.random.choice(choices)

    def chance(self, share: float) -> bool:
        """True so often."""
        return self.random.random() < share

    def anybody(self) -> Actor:
        """Any person, in any role."""
        return self.one_of(EVERYBODY)

    def attempt(self, decision: Callable[..., Any], by: Actor, /, **details: object) -> None:
        """Decide as this person; a refusal is an answer too, and changes nothing."""
        try:
            decided = self.story.decide(decision, by=by, **details)
        except Refusal:
            decided = []
        for event in decided:
            self.note(event, by)
        self.story.given(*decided, by=by)

    def note(self, event: Event, by: Actor) -> None:
        """A second, simpler account of what an agreement names: how often the plan's content had been written."""
        if isinstance(event, PlanStarted):
            self.plan_ids.append(event.plan_id)
        if isinstance(event, CONTENT):
            self.written[event.plan_id] = self.written.get(event.plan_id, 0) + 1
        if isinstance(event, AgreementGiven | ReadingConfirmed):
            self.named[event.plan_id, type(event), by.person_id] = self.written.get(event.plan_id, 0)

    def new_id(self, what: str) -> UUID:
        """An id that nothing in the file has yet."""
        return an_id(f"{what} {len(self.story.past)}")

    def a_plan(self) -> UUID:
        """A plan of the file, most often the latest; now and then one that is not there."""
        return self.one_of([*self.plan_ids[-1:] * 20, *self.plan_ids, NO_PLAN])

    def a_goal(self) -> dict[str, UUID]:
        """A goal of the file, most often of the latest plan; now and then one that is not there."""
        plan = self.story.state.plans.get(self.a_plan())
        if plan is None:
            return {"plan_id": NO_PLAN, "goal_id": NO_GOAL}
        return {"plan_id": plan.id, "goal_id": self.one_of([*plan.goals, *plan.goals, NO_GOAL])}

    def a_target(self) -> Target:
        """A text that may be there."""
        question, by = self.one_of(ANSWERS)
        kind = self.one_of([*TargetKind])
        if kind is TargetKind.ANSWER:
            return Target(kind=kind, key=question.key, role=by.role, person_id=by.person_id)
        key = self.one_of(["MA", "SV", str(self.a_goal()["goal_id"])])
        return Target(kind=kind, key=key, person_id=self.anybody().person_id)

    def start(self, reason: str | None, carry: Sequence[UUID] = ()) -> None:
        self.attempt(
            plans.start_plan,
            MENTOR,
            plan_id=an_id(f"plan {len(self.plan_ids)}"),
            template=TEMPLATE_4_6,
            template_version=1,
            school_year="2026/2027",
            term="HT",
            reason=reason,
            carry_over=carry,
        )

    def starts_a_plan(self) -> None:
        before = self.story.state.plans[self.plan_ids[-1]]
        unfinished = [goal.id for goal in before.goals.values() if goal.is_unfinished]
        carry = [self.one_of([*unfinished * 9, NO_GOAL]) for _ in unfinished]
        for goal_id in before.goals if self.chance(0.5) else ():
            self.attempt(goals.evaluate_goal, PUPIL, plan_id=before.id, goal_id=goal_id, text="Det gick bra.")
        self.start("Nytt läsår." if self.chance(0.02) else None, carry)

    def answers(self) -> None:
        question, by = self.one_of(ANSWERS)
        text, choice = self.one_of([*TEXTS, None]), self.one_of([None, None, "ofta", "aldrig"])
        field = {"plan_id": self.a_plan(), "question": question.key}
        self.attempt(answers.save_answer, by, **field, text=text, choice=choice)

    def reminds(self) -> None:
        self.attempt(reminders.remind, MENTOR, plan_id=self.a_plan(), on=day(10, self.random.randint(1, 14)))

    def proposes(self) -> None:
        ids = {"plan_id": self.a_plan(), "goal_id": self.new_id("goal")}
        self.attempt(goals.propose_goal, self.anybody(), **ids, content=GoalContent(text=self.one_of(TEXTS)))
        if self.chance(0.3):
            self.attempt(goals.accept_goal, MENTOR, **ids)

    def rewords(self) -> None:
        self.attempt(goals.revise_goal, self.anybody(), **self.a_goal(), content=GoalContent(text=self.one_of(TEXTS)))

    def decides(self) -> None:
        ways: list[Callable[..., Event]] = [goals.accept_goal, goals.decline_goal, goals.withdraw_goal]
        ids, decision = self.a_goal(), self.one_of(ways)
        plan = self.story.state.plans.get(ids["plan_id"])
        goal = plan.goals.get(ids["goal_id"]) if plan else None
        by = goal.proposed_by if goal and self.chance(0.5) else self.anybody()
        self.attempt(decision, by, **ids)

    def moves(self) -> None:
        ids, reason = self.a_goal(), self.one_of(["Därför.", None])
        to = self.one_of([*GoalStatus])
        self.attempt(goals.move_goal, self.anybody(), **ids, to=to, reason=reason, only_mentor_confirms=True)

    def climbs(self) -> None:
        """The way a goal is meant to go."""
        ids, by = self.a_goal(), self.anybody()
        for to in UPWARD[: self.random.randint(1, 3)]:
            self.attempt(goals.move_goal, by, **ids, to=to, reason=None, only_mentor_confirms=False)
            self.goals_take_one_step_of_the_staircase()

    def evaluates(self) -> None:
        self.attempt(goals.evaluate_goal, self.anybody(), **self.a_goal(), text=self.one_of(TEXTS))

    def assesses(self) -> None:
        subject = self.one_of(SUBJECTS)
        self.attempt(
            assessments.publish_assessment,
            TEACHER,
            plan_id=self.a_plan(),
            subject=subject,
            forecast=self.one_of([*Forecast]),
            text=self.one_of(TEXTS),
            documents=[a_document_for(self.one_of(SUBJECTS))] if self.chance(0.3) else (),
            risk_needs_programme=True,
        )

    def notes_an_area(self) -> None:
        ids = {"plan_id": self.a_plan(), "area_id": self.new_id("area")}
        subject = self.one_of(SUBJECTS)
        self.attempt(assessments.note_development_area, TEACHER, **ids, subject=subject, text="Ja.", support="Ja.")

    def links_a_programme(self) -> None:
        plan = self.story.state.plans.get(self.one_of(self.plan_ids))
        self.attempt(
            assessments.link_action_programme,
            self.one_of([MENTOR, PRINCIPAL]),
            plan_id=self.a_plan() if plan is None else plan.id,
            programme_id=self.new_id("programme"),
            subjects=[self.one_of([*(plan.obligations if plan else ()), "SL"])],
            decision=self.one_of([*ProgrammeDecision]),
            reference="Dnr 1",
        )

    def agrees(self) -> None:
        plan = self.story.state.plans[self.plan_ids[-1]]
        version = plan.content_version - self.chance(0.1)
        for by in (PUPIL, GUARDIAN, OTHER_GUARDIAN):
            if self.chance(0.6):
                decision: Callable[..., Event] = self.one_of([agreement.agree, conversation.confirm_reading])
                self.attempt(decision, by, plan_id=plan.id, plan_version=version)

    def locks(self) -> None:
        plan = self.story.state.plans[self.one_of(self.plan_ids)]
        hindering = agreement.obstacles(self.story.state, plan, on=day(10, 14)) if self.chance(0.3) else []
        reasons = [LockReason(obstacle=kind, concern_id=concern, reason="Ja.") for kind, concern in hindering]
        self.attempt(
            agreement.lock_plan,
            MENTOR,
            plan_id=plan.id,
            plan_version=plan.content_version,
            conversation_on=day(10, 14),
            reasons=reasons,
        )

    def meets(self) -> None:
        """The conversation: what waits is decided, all agree, the plan is locked."""
        plan = self.story.state.plans[self.plan_ids[-1]]
        for goal_id in plan.goals:
            self.attempt(goals.accept_goal, MENTOR, plan_id=plan.id, goal_id=goal_id)
        for by in (PUPIL, GUARDIAN):
            self.attempt(agreement.agree, by, plan_id=plan.id, plan_version=plan.content_version)
        self.locks()

    def corrects(self) -> None:
        ids = {"plan_id": self.a_plan(), "correction_id": self.new_id("correction")}
        by = self.one_of([MENTOR, self.anybody()])
        self.attempt(agreement.correct, by, **ids, target=self.a_target(), text=self.one_of(TEXTS), reason="Fel.")

    def corrects_a_forecast(self) -> None:
        plan = self.story.state.plans[self.one_of(self.plan_ids)]
        self.attempt(
            agreement.correct,
            self.one_of([MENTOR, TEACHER, PUPIL]),
            plan_id=plan.id,
            correction_id=self.new_id("correction"),
            target=Target(kind=TargetKind.ASSESSMENT, key=self.one_of([*plan.assessments, "SL"])),
            forecast=self.one_of([*Forecast]),
            reason="Fel ruta.",
            risk_needs_programme=self.chance(0.8),
        )

    def speaks(self) -> None:
        by = self.anybody()
        self.attempt(conversation.give_viewpoint, by, plan_id=self.a_plan(), text=self.one_of(TEXTS))
        self.attempt(conversation.evaluate_conversation, by, plan_id=self.a_plan(), text=self.one_of(TEXTS))

    def is_concerned(self) -> None:
        ids = {"plan_id": self.a_plan(), "concern_id": self.new_id("concern")}
        self.attempt(conversation.raise_concern, self.anybody(), **ids, target=self.a_target(), text=None)

    def is_reassured(self) -> None:
        plan = self.story.state.plans[self.plan_ids[-1]]
        if plan.concerns:
            ids = {"plan_id": plan.id, "concern_id": self.one_of([*plan.concerns])}
            self.attempt(conversation.close_concern, MENTOR, **ids, reason="Prövat.")

    def relations_come(self) -> None:
        since, length = day(11, self.random.randint(1, 28)), self.random.randint(-1, 20)
        until = since + timedelta(days=length) if self.chance(0.7) else None
        who = self.one_of([GUARDIAN, TEACHER, MENTOR])
        relation = a_relation(who, relation_id=self.new_id("relation"), since=since, until=until)
        self.attempt(enrolment.start_relation, ADMINISTRATOR, **relation)

    def relations_go(self) -> None:
        relation_id, on = self.one_of([*self.story.state.relations]), day(11, self.random.randint(1, 28))
        self.attempt(enrolment.end_relation, ADMINISTRATOR, relation_id=relation_id, on=on)

    def leaves_school(self) -> None:
        """Schooling ends; nothing new can be written; then the pupil comes back, so that there is more to tell."""
        on = day(12, 1)
        self.attempt(enrolment.end_schooling, ADMINISTRATOR, cause=SchoolingEndCause.MOVED, on=on)
        self.attempt(enrolment.transfer_student, ADMINISTRATOR, school_id=OTHER_SCHOOL, on=on)
        self.attempt(goals.propose_goal, PUPIL, plan_id=self.a_plan(), goal_id=NO_GOAL, content=A_GOAL)
        self.attempt(goals.post_learning_note, PUPIL, note_id=NO_GOAL, text="Hej då!", goal_ids=())
        assert not any(NO_GOAL in plan.goals for plan in self.story.state.plans.values())
        assert NO_GOAL not in self.story.state.notes
        assert self.story.state.school_id == SCHOOL
        self.attempt(enrolment.reenrol_student, ADMINISTRATOR, school_id=SCHOOL, grade=5, on=on)

    def blogs(self) -> None:
        goal_ids = [self.a_goal()["goal_id"]]
        self.attempt(
            goals.post_learning_note, PUPIL, note_id=self.new_id("note"), text=self.one_of(TEXTS), goal_ids=goal_ids
        )

    def is_loaded_in_two_parts(self) -> None:
        """Folding all is folding a part, then the rest; and folding leaves the events as they were."""
        past = self.story.past
        middle = self.random.randint(0, len(past))
        whole = student_file.fold(None, past)
        assert student_file.fold(student_file.fold(None, past[:middle]), past[middle:]) == whole == self.story.state
        assert self.story.state.version == len(past)

    def only_events_change_the_file(self) -> None:
        """The file is what its events make of it: no decision, taken or refused, has touched it."""
        assert self.story.state == student_file.fold(None, self.story.past)

    def goals_take_one_step_of_the_staircase(self) -> None:
        """A goal moves by a step that exists, once it was accepted and its plan locked (G-4, G-14)."""
        for plan in self.story.state.plans.values():
            for goal in plan.goals.values():
                before = self.statuses.get(goal.id, GoalStatus.NEW)
                if goal.status is not before:
                    assert (before, goal.status) in STEPS
                    assert (plan.state, goal.decision) == (PlanState.LOCKED, GoalDecision.ACCEPTED)
                self.statuses[goal.id] = goal.status

    def one_plan_is_current(self) -> None:
        """Never two current plans (S-ARC-1)."""
        file = self.story.state
        living = [plan for plan in file.plans.values() if plan.state is not PlanState.ARCHIVED]
        assert len(living) == bool(file.plans)
        assert file.current_plan is (living[0] if living else None)
        assert list(file.plans) == self.plan_ids

    def a_consent_stands_until_the_content_is_written(self) -> None:
        """An agreement or read receipt stands exactly as long as no goal, answer or assessment came (G-5)."""
        for (plan_id, kind, person_id), at in self.named.items():
            plan = self.story.state.plans[plan_id]
            consents = plan.agreements if kind is AgreementGiven else plan.readings
            assert plan.stands(consents[person_id]) == (at == self.written.get(plan_id, 0))

    def a_locked_plan_was_agreed_or_says_why_not(self) -> None:
        """The lock names the version it locked, and after it the content never moves (S-AGR-2, G-6)."""
        for plan in self.story.state.plans.values():
            if plan.lock is None:
                continue
            assert plan.lock.plan_version == plan.content_version
            roles = {consent.by.role for consent in plan.agreements.values() if plan.stands(consent)}
            excused = {reason.obstacle for reason in plan.lock.reasons}
            assert (Role.PUPIL in roles) != (LockObstacle.PUPIL_MISSING in excused)
            assert (Role.GUARDIAN in roles) != (LockObstacle.GUARDIAN_MISSING in excused)

    def no_answer_disappears(self) -> None:
        """Each version of each answer stays where it stood (G-6)."""
        now = {(plan.id, key): texts for plan in self.story.state.plans.values() for key, texts in plan.answers.items()}
        for place, texts in self.histories.items():
            assert now[place][: len(texts)] == texts
        self.histories = {place: list(texts) for place, texts in now.items()}

    def the_archive_stands_still(self) -> None:
        """An archived plan gets nothing but the programme that a risk called for, and corrections (S-ARC-1)."""
        for plan in self.story.state.plans.values():
            if plan.state is PlanState.ARCHIVED:
                kept = self.in_the_archive.get(plan.id) or self.in_the_archive.setdefault(plan.id, deepcopy(plan))
                assert set(kept.obligations) ^ set(plan.obligations) <= set(plan.forecasts)
                assert plan.corrections[: len(kept.corrections)] == kept.corrections
                assert _without_later_notes(plan) == _without_later_notes(kept)

    def people_hold_a_part_once(self) -> None:
        """Nobody holds the same part twice on one day."""
        for on in (day(8, 17), day(11, 14), day(12, 1)):
            held = [(r.person_id, r.role) for r in self.story.state.relations.values() if r.holds(on)]
            assert len(held) == len(set(held))

    HAPPENINGS: ClassVar[Sequence[Callable[["LifeOfAFile"], None]]] = (
        *[starts_a_plan] * 2,
        *[answers] * 9,
        reminds,
        *[proposes] * 3,
        *[rewords] * 3,
        *[decides] * 5,
        *[moves] * 8,
        *[climbs] * 3,
        *[evaluates] * 2,
        *[assesses] * 4,
        *[notes_an_area] * 2,
        *[links_a_programme] * 2,
        agrees,
        locks,
        *[meets] * 2,
        *[corrects] * 3,
        *[corrects_a_forecast] * 2,
        speaks,
        *[is_concerned] * 3,
        is_reassured,
        relations_come,
        relations_go,
        leaves_school,
        blogs,
        is_loaded_in_two_parts,
    )
    """The likelier ones more than once."""

    LAWS: ClassVar[Sequence[Callable[["LifeOfAFile"], None]]] = (
        only_events_change_the_file,
        goals_take_one_step_of_the_staircase,
        one_plan_is_current,
        a_consent_stands_until_the_content_is_written,
        a_locked_plan_was_agreed_or_says_why_not,
        no_answer_disappears,
        the_archive_stands_still,
        people_hold_a_part_once,
    )


@pytest.mark.requirement("S-GEN-1")
@pytest.mark.requirement("S-ARC-1")
@pytest.mark.requirement("S-ARC-2")
@pytest.mark.requirement("S-AGR-1")
@settings(max_examples=40, deadline=None)
@given(random=st.randoms(use_true_random=True), steps=st.integers(1, 250))
def test_the_laws_of_a_pupils_file_hold_whatever_people_do(random: Random, steps: int) -> None:
    """One current plan, a staircase with steps, agreements that lapse, an archive that stands still, nothing lost."""
    life = LifeOfAFile(random)
    for _ in range(steps):
        life.goes_on()
        life.check_laws()


def test_the_laws_are_tried_on_every_kind_of_event() -> None:
    """Lives enough have every event of a plan in them, so that no law holds for want of a case.

    Many lives and not a long one: once the guardian's part has ended, few plans of that pupil are locked.
    """
    lives = [LifeOfAFile(Random(seed)) for seed in range(2026, 2066)]  # noqa: S311 - chance, not a secret
    for life in lives:
        for _ in range(300):
            life.goes_on()
            life.goals_take_one_step_of_the_staircase()
    happened = {type(recorded.event) for life in lives for recorded in life.story.past}
    assert happened >= set(get_args(PlanEvent))
