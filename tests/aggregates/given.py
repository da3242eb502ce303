"""Given events, when a decision, then an event or a refusal: the people, the template and the stories of the tests."""

import inspect
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, TypeVar, cast
from uuid import UUID, uuid5

import pytest

from aggregates import agreement, answers, enrolment, goals, planning_document, plans, student_file, template
from aggregates.errors import Refusal
from aggregates.goal import Goal
from aggregates.plan import Plan
from aggregates.student_file import StudentFile
from events.base import Actor, Event, Recorded, Role
from events.enrolment import StudentEnrolled
from events.goals import GoalContent, GoalStatus
from events.plan import LockObstacle, LockReason
from events.planning_document import DocumentContent, DocumentKind
from events.template import (
    Page,
    PageKind,
    Question,
    QuestionKind,
    ScaleStep,
    SubjectHeading,
    TemplateApproved,
    TemplateContent,
    TemplateDrafted,
)

_SPACE = UUID("5b1d6a52-6a3f-4e0c-9f6e-2f1c39c0a001")


def an_id(name: str) -> UUID:
    """The same id for the same name, always."""
    return uuid5(_SPACE, name)


def day(month: int, number: int, year: int = 2026) -> date:
    """A day of the story's school year."""
    return date(year, month, number)


START = datetime(2026, 8, 17, 7, 30, tzinfo=UTC)
SCHOOL, OTHER_SCHOOL, TEMPLATE, CLASS = (an_id(name) for name in ("school", "other school", "template", "class"))
PLAN, NEXT_PLAN, GOAL, OTHER_GOAL, CONCERN = (
    an_id(name) for name in ("plan", "next plan", "goal", "goal 2", "concern")
)


def an_actor(name: str, role: Role) -> Actor:
    """A person in one relation."""
    return Actor(person_id=an_id(name), role=role, name=name, relation_id=an_id(f"{role}: {name}"), level=2)


def for_pupil(actor: Actor) -> Actor:
    """The same person, writing on the pupil's behalf."""
    return actor.model_copy(update={"on_behalf_of": PUPIL.person_id})


PUPIL = Actor(
    person_id=an_id("Elsa Åkesson"),
    role=Role.PUPIL,
    name="Elsa Åkesson",
    relation_id=student_file.own_relation_id(an_id("Elsa Åkesson")),
)
GUARDIAN = an_actor("Åke Åkesson", Role.GUARDIAN)
OTHER_GUARDIAN = an_actor("Örjan Öst", Role.GUARDIAN)
TEACHER = an_actor("Maja Lind", Role.TEACHER)
OTHER_TEACHER = an_actor("Nils Ek", Role.TEACHER)
MENTOR = an_actor("Karin Berg", Role.MENTOR)
EDUCATOR = an_actor("Pia Dahl", Role.EDUCATOR)
ADMINISTRATOR = an_actor("Adam Falk", Role.ADMINISTRATOR)
PRINCIPAL = an_actor("Rut Holm", Role.PRINCIPAL)
EVERYBODY = (PUPIL, GUARDIAN, OTHER_GUARDIAN, TEACHER, OTHER_TEACHER, MENTOR, EDUCATOR, ADMINISTRATOR, PRINCIPAL)

SCALE = (ScaleStep(key="sallan", label="Sällan"), ScaleStep(key="ofta", label="Ofta"))
FOR_PUPIL, FOR_CHILD, RATING, FOR_ALL, FOR_GUARDIAN, FOR_TEACHER, FOR_MENTOR = (
    Question(key="trivs", text="Hur trivs du?", directed_to=(Role.PUPIL,)),
    Question(key="tillsammans", text="Vad tycker du om?", directed_to=(Role.PUPIL,), proxy=True),
    Question(
        key="laser", text="Jag läser", kind=QuestionKind.SCALE, directed_to=(Role.PUPIL,), scale=SCALE, proxy=True
    ),
    Question(
        key="kommentar",
        text="Kommentarer",
        kind=QuestionKind.COMMENT,
        directed_to=(Role.PUPIL, Role.GUARDIAN, Role.TEACHER, Role.MENTOR),
    ),
    Question(key="hemma", text="Hur är det hemma?", directed_to=(Role.GUARDIAN,)),
    Question(key="klassrum", text="Hur går arbetet?", directed_to=(Role.TEACHER,)),
    Question(key="uppfoljning", text="Vad följer vi upp?", directed_to=(Role.MENTOR,)),
)


def a_template_content(**changes: object) -> TemplateContent:
    """A template for years 4-6 with one question of each kind and two subjects."""
    content = TemplateContent(
        name="IUP 4-6",
        grades=(4, 5, 6),
        pages=(
            Page(
                key="om-mig",
                title="Om mig",
                kind=PageKind.PREPARATION,
                questions=(FOR_PUPIL, FOR_CHILD, RATING, FOR_ALL),
            ),
            Page(
                key="mitt-larande",
                title="Mitt lärande",
                kind=PageKind.PREPARATION,
                questions=(FOR_GUARDIAN, FOR_TEACHER, FOR_MENTOR),
            ),
            Page(key="omdomen", title="Mina omdömen", kind=PageKind.ASSESSMENTS),
            Page(key="samtalet", title="Samtalet", kind=PageKind.CONVERSATION),
            Page(key="min-iup", title="Min IUP", kind=PageKind.GOALS),
        ),
        subjects=(
            SubjectHeading(code="MA", name="Matematik", planning=True, criteria=True),
            SubjectHeading(code="SV", name="Svenska"),
        ),
        national_goals_grade=6,
    )
    return content.model_copy(update=changes)


Details = dict[str, Any]
"""What a decision needs beside the state and the one who decides."""

S = TypeVar("S")
Decided = Event | Sequence[Event] | None


class Story(Generic[S]):
    """One stream as it is told: what happened, what is decided, what it has become.

    Whatever is recorded must survive its own JSON: what the ledger stores is what the ledger reads.
    """

    def __init__(
        self,
        fold: Callable[[S | None, Iterable[Any]], S | None],
        *,
        stream: UUID,
        subject: UUID,
        past: Sequence[Recorded[Any]] = (),
    ) -> None:
        self.fold, self.stream, self.subject = fold, stream, subject
        self.past: list[Recorded[Any]] = []
        self._state: S | None = None
        for recorded in past:
            self.record(recorded)

    @property
    def state(self) -> S:
        """What the stream has become."""
        assert self._state is not None, "nothing has happened yet"
        return self._state

    def record(self, recorded: Recorded[Any]) -> None:
        """Let one more event have happened."""
        event = recorded.event
        assert type(event).model_validate_json(event.model_dump_json()) == event
        self.past.append(recorded)
        self._state = self.fold(self._state, [recorded])

    def given(self, *events: Event, by: Actor = MENTOR) -> None:
        """Let these have happened."""
        command_id = uuid5(self.stream, f"command {len(self.past) + 1}")
        for event in events:
            version = len(self.past) + 1
            self.record(
                Recorded(
                    originator_id=self.stream,
                    originator_version=version,
                    subject_id=self.subject,
                    event=event,
                    actor=by,
                    at=START + timedelta(minutes=version),
                    command_id=command_id,
                    correlation_id=command_id,
                )
            )

    def decide(self, decision: Callable[..., Decided], /, *, by: Actor = MENTOR, **details: object) -> list[Event]:
        """What the decision says about the present state. Nothing has happened yet.

        Who decides and what day it is are told to those decisions that ask; without a day the whole story is past.
        """
        asked = inspect.signature(decision).parameters
        if "by" in asked:
            details["by"] = by
        if "today" in asked:
            details.setdefault("today", date.max)
        decided = decision(self._state, **details)
        if decided is None:
            return []
        return [decided] if isinstance(decided, Event) else list(decided)

    def when(self, decision: Callable[..., Decided], /, *, by: Actor = MENTOR, **details: object) -> list[Event]:
        """Decide, and let what was decided happen."""
        decided = self.decide(decision, by=by, **details)
        self.given(*decided, by=by)
        return decided

    def refuses(
        self, refusal: type[Refusal], decision: Callable[..., Decided], /, *, by: Actor = MENTOR, **details: object
    ) -> None:
        """The decision says no by this rule, and has changed nothing."""
        with pytest.raises(refusal) as raised:
            self.decide(decision, by=by, **details)
        assert type(raised.value) is refusal
        assert self.fold(None, self.past) == self._state


class FileStory(Story[StudentFile]):
    """The story of one pupil's file."""

    def __init__(self, past: Sequence[Recorded[Any]] = ()) -> None:
        person_id = PUPIL.person_id
        super().__init__(
            student_file.fold,
            stream=student_file.student_file_id(person_id),
            subject=student_file.student_file_id(person_id),
            past=past,
        )

    def retold(self) -> "FileStory":
        """The same past, free to go on in another way."""
        return FileStory(self.past)

    @property
    def plan(self) -> Plan:
        """The first plan."""
        return self.state.plans[PLAN]

    @property
    def goal(self) -> Goal:
        """The first goal of the first plan."""
        return self.plan.goals[GOAL]

    def saves(self, question: Question, text: str | None, *, by: Actor, choice: str | None = None) -> list[Event]:
        """Somebody saves an answer in the first plan."""
        return self.when(answers.save_answer, plan_id=PLAN, question=question.key, text=text, choice=choice, by=by)

    def proposes(self, goal_id: UUID = GOAL, *, by: Actor = PUPIL, text: str = "Läsa en bok i veckan") -> list[Event]:
        """Somebody proposes a goal in the first plan."""
        return self.when(goals.propose_goal, plan_id=PLAN, goal_id=goal_id, content=GoalContent(text=text), by=by)

    def accepts(self, goal_id: UUID = GOAL) -> list[Event]:
        """The mentor accepts a proposal."""
        return self.when(goals.accept_goal, plan_id=PLAN, goal_id=goal_id, by=MENTOR)

    def agrees(self, by: Actor) -> list[Event]:
        """Somebody agrees to the first plan as it is now."""
        return self.when(agreement.agree, plan_id=PLAN, plan_version=self.plan.content_version, by=by)

    def locks(self, *reasons: LockReason, plan_id: UUID = PLAN) -> list[Event]:
        """The mentor locks a plan as it is now."""
        version = self.state.plans[plan_id].content_version
        return self.when(
            agreement.lock_plan,
            plan_id=plan_id,
            plan_version=version,
            conversation_on=day(10, 14),
            reasons=reasons,
            by=MENTOR,
        )

    def moves(self, *steps: GoalStatus, by: Actor = MENTOR, reason: str | None = None) -> list[Event]:
        """Somebody moves the first goal on the staircase."""
        moved: list[Event] = []
        for step in steps:
            moved += self.when(goals.move_goal, by=by, **a_move(step, reason=reason))
        return moved

    def starts(self, plan_id: UUID = PLAN, **details: object) -> list[Event]:
        """The mentor starts a plan."""
        return self.when(plans.start_plan, by=MENTOR, **a_start(plan_id, **details))


def a_move(to: GoalStatus, *, reason: str | None = None, only_mentor_confirms: bool = False) -> Details:
    """What a move of the first goal needs."""
    return {
        "plan_id": PLAN,
        "goal_id": GOAL,
        "to": to,
        "reason": reason,
        "only_mentor_confirms": only_mentor_confirms,
    }


def a_start(plan_id: UUID = PLAN, **details: object) -> Details:
    """What the start of a plan needs."""
    usual: Details = {
        "plan_id": plan_id,
        "template": an_approved_template(),
        "template_version": 1,
        "school_year": "2026/2027",
        "term": "HT",
    }
    return usual | details


def an_approved_template(content: TemplateContent | None = None, *, school_id: UUID = SCHOOL) -> template.Template:
    """A template of which the first version is approved."""
    story: Story[template.Template] = Story(template.fold, stream=TEMPLATE, subject=school_id)
    drafted = TemplateDrafted(school_id=school_id, template_version=1, content=content or a_template_content())
    story.given(drafted, by=ADMINISTRATOR)
    story.given(TemplateApproved(template_version=1), by=PRINCIPAL)
    return story.state


def a_document_for(
    subject: str, name: str = "lpp", *, kind: DocumentKind = DocumentKind.PLANNING
) -> planning_document.PlanningDocument:
    """A planning document of a subject at the pupil's school."""
    content = DocumentContent(title=name, subject=subject)
    return planning_document.PlanningDocument(an_id(name), SCHOOL, 1, SCHOOL, kind, content)


def a_relation(of: Actor, **details: object) -> Details:
    """What the start of a person's relation to the pupil needs."""
    usual: Details = {
        "relation_id": of.relation_id,
        "person_id": of.person_id,
        "name": of.name,
        "role": of.role,
        "since": day(8, 17),
        "subjects": ("MA",) if of.role is Role.TEACHER else (),
    }
    return usual | details


def enrolled(grade: int = 4) -> FileStory:
    """A pupil with a file and nobody around."""
    story = FileStory()
    story.given(
        StudentEnrolled(
            person_id=PUPIL.person_id, name=PUPIL.name, school_id=SCHOOL, grade=grade, enrolled_on=day(8, 17)
        ),
        by=ADMINISTRATOR,
    )
    return story


def with_people() -> FileStory:
    """A pupil with guardians, teachers, a mentor and an educator."""
    story = enrolled()
    for person in (GUARDIAN, OTHER_GUARDIAN, TEACHER, OTHER_TEACHER, MENTOR, EDUCATOR):
        story.when(enrolment.start_relation, by=ADMINISTRATOR, **a_relation(person))
    return story


def planned() -> FileStory:
    """An open plan, nothing written yet."""
    story = with_people()
    story.starts()
    return story


def with_goal() -> FileStory:
    """An open plan with one accepted goal."""
    story = planned()
    story.proposes()
    story.accepts()
    return story


def agreed() -> FileStory:
    """An open plan with one accepted goal to which the pupil and a guardian have agreed."""
    story = with_goal()
    story.agrees(PUPIL)
    story.agrees(GUARDIAN)
    return story


def locked() -> FileStory:
    """A locked plan with one agreed goal."""
    story = agreed()
    story.locks()
    return story


def evaluated() -> FileStory:
    """A locked plan whose goal has been evaluated: ready to make room for the next."""
    story = locked()
    story.when(goals.evaluate_goal, plan_id=PLAN, goal_id=GOAL, text="Det gick bra.", by=PUPIL)
    return story


def archived() -> FileStory:
    """A plan that gave way to the next."""
    story = evaluated()
    story.starts(NEXT_PLAN)
    return story


def lock_in_spite_of(obstacle: LockObstacle, concern_id: UUID | None = None) -> LockReason:
    """The mentor's reason for locking in spite of one obstacle."""
    return LockReason(obstacle=obstacle, concern_id=concern_id, reason="Vi talade om det på telefon.")


def only(events: Sequence[Event]) -> Event:
    """The one event that was decided."""
    assert len(events) == 1, events
    return events[0]


def carried(events: Sequence[Event], kind: type[S]) -> list[S]:
    """The events of one kind."""
    return cast("list[S]", [event for event in events if isinstance(event, kind)])
