import pytest

from aggregates import answers
from aggregates.errors.answers import (
    AnswerIsEmpty,
    ChoiceNotOnScale,
    ProxyWritingNotAllowed,
    QuestionNotDirectedToRole,
    QuestionNotFound,
)
from aggregates.errors.plans import PlanIsLocked
from aggregates.plan_parts import Written
from events.base import Actor, Role
from events.plan import AnswerRevised, QuestionAnswered
from events.template import Page, PageKind, Question
from tests.aggregates.given import (
    ADMINISTRATOR,
    EDUCATOR,
    EVERYBODY,
    FOR_ALL,
    FOR_CHILD,
    FOR_GUARDIAN,
    FOR_MENTOR,
    FOR_PUPIL,
    FOR_TEACHER,
    GUARDIAN,
    MENTOR,
    OTHER_GUARDIAN,
    OTHER_TEACHER,
    PLAN,
    PRINCIPAL,
    PUPIL,
    RATING,
    TEACHER,
    Details,
    FileStory,
    a_template_content,
    an_approved_template,
    for_pupil,
    locked,
    only,
    planned,
    with_people,
)

MAY_ANSWER: dict[str, set[Actor]] = {
    FOR_PUPIL.key: {PUPIL},
    FOR_CHILD.key: {PUPIL},
    RATING.key: {PUPIL},
    FOR_ALL.key: {PUPIL, GUARDIAN, OTHER_GUARDIAN, TEACHER, OTHER_TEACHER, MENTOR, EDUCATOR},
    FOR_GUARDIAN.key: {GUARDIAN, OTHER_GUARDIAN},
    FOR_TEACHER.key: {TEACHER, OTHER_TEACHER, EDUCATOR},
    FOR_MENTOR.key: {MENTOR},
}
QUESTIONS = (FOR_PUPIL, FOR_CHILD, RATING, FOR_ALL, FOR_GUARDIAN, FOR_TEACHER, FOR_MENTOR)


def _answer(question: Question, text: str | None = "Hej", choice: str | None = None) -> Details:
    return {"plan_id": PLAN, "question": question.key, "text": text, "choice": choice}


def _versions(story: FileStory, question: Question, role: Role, who: Actor) -> list[Written]:
    return story.plan.answers[question.key, role, who.person_id]


@pytest.mark.requirement("S-TPL-9")
@pytest.mark.requirement("S-QUE-1")
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)
@pytest.mark.parametrize("who", EVERYBODY, ids=lambda actor: actor.name)
def test_a_question_is_answered_by_those_it_is_directed_to(question: Question, who: Actor) -> None:
    """Everybody else is refused; an educator answers as a teacher."""
    story = planned()
    if who in MAY_ANSWER[question.key]:
        answered = only(story.when(answers.save_answer, by=who, **_answer(question)))
        role = Role.TEACHER if who is EDUCATOR else who.role
        assert answered == QuestionAnswered(
            plan_id=PLAN, question=question.key, role=role, person_id=who.person_id, text="Hej"
        )
    else:
        story.refuses(QuestionNotDirectedToRole, answers.save_answer, by=who, **_answer(question))


@pytest.mark.requirement("S-TPL-9")
def test_what_is_no_question_of_the_plan_is_not_answered() -> None:
    """The plan's template decides what is asked."""
    answer = _answer(FOR_PUPIL) | {"question": "okand"}
    planned().refuses(QuestionNotFound, answers.save_answer, by=PUPIL, **answer)


@pytest.mark.requirement("S-TPL-10")
@pytest.mark.requirement("S-ROL-5")
@pytest.mark.parametrize("who", [GUARDIAN, OTHER_GUARDIAN, EDUCATOR], ids=lambda actor: actor.name)
def test_guardians_and_educators_write_in_the_childs_field_where_the_template_says_so(who: Actor) -> None:
    """The answer is the child's; the event says who wrote it and for whom."""
    story = planned()
    written = only(story.saves(FOR_CHILD, "Att bygga.", by=for_pupil(who)))
    assert written == QuestionAnswered(
        plan_id=PLAN, question=FOR_CHILD.key, role=Role.PUPIL, person_id=PUPIL.person_id, text="Att bygga."
    )
    (answer,) = _versions(story, FOR_CHILD, Role.PUPIL, PUPIL)
    assert (answer.by.person_id, answer.by.on_behalf_of) == (who.person_id, PUPIL.person_id)


@pytest.mark.requirement("S-TPL-10")
@pytest.mark.parametrize("who", EVERYBODY, ids=lambda actor: actor.name)
def test_nobody_else_writes_in_the_childs_field(who: Actor) -> None:
    """Neither where the template is silent, nor for another child, nor in any other role."""
    story = planned()
    story.refuses(ProxyWritingNotAllowed, answers.save_answer, by=for_pupil(who), **_answer(FOR_PUPIL))
    for_another = who.model_copy(update={"on_behalf_of": MENTOR.person_id})
    story.refuses(ProxyWritingNotAllowed, answers.save_answer, by=for_another, **_answer(FOR_CHILD))
    if who.role not in {Role.GUARDIAN, Role.EDUCATOR}:
        story.refuses(ProxyWritingNotAllowed, answers.save_answer, by=for_pupil(who), **_answer(FOR_CHILD))


@pytest.mark.requirement("S-TPL-10")
def test_there_is_no_childs_field_where_the_child_is_not_asked() -> None:
    """A plan of a template from before this was looked at at drafting does not let anybody answer for the child."""
    unasked = FOR_CHILD.model_copy(update={"directed_to": (Role.GUARDIAN,)})
    page = Page(key="om-mig", title="Om mig", kind=PageKind.PREPARATION, questions=(unasked,))
    story = with_people()
    story.starts(template=an_approved_template(a_template_content(pages=(page,))))
    story.refuses(QuestionNotDirectedToRole, answers.save_answer, by=for_pupil(GUARDIAN), **_answer(unasked))


@pytest.mark.requirement("S-TPL-10")
@pytest.mark.requirement("S-ROL-1")
def test_the_child_goes_on_in_the_field_that_another_began() -> None:
    """It is one field: the child's own words are a new version of what was written on the child's behalf."""
    story = planned()
    story.saves(FOR_CHILD, "Att bygga.", by=for_pupil(EDUCATOR))
    assert isinstance(only(story.saves(FOR_CHILD, "Att bygga kojor.", by=PUPIL)), AnswerRevised)
    versions = _versions(story, FOR_CHILD, Role.PUPIL, PUPIL)
    assert [(v.text, v.by.person_id) for v in versions] == [
        ("Att bygga.", EDUCATOR.person_id),
        ("Att bygga kojor.", PUPIL.person_id),
    ]


@pytest.mark.requirement("S-QUE-2")
@pytest.mark.requirement("S-QUE-4")
def test_everybody_writes_in_a_comment_box_of_their_own() -> None:
    """G-7, G-13: one box for many roles holds one answer a person; nobody's fills another's or writes over it."""
    story = planned()
    for who in (PUPIL, GUARDIAN, OTHER_GUARDIAN, TEACHER, EDUCATOR, MENTOR):
        story.saves(FOR_ALL, f"Jag heter {who.name}.", by=who)
    texts = {(role, person): [v.text for v in versions] for (_, role, person), versions in story.plan.answers.items()}
    assert texts == {
        (Role.PUPIL, PUPIL.person_id): [f"Jag heter {PUPIL.name}."],
        (Role.GUARDIAN, GUARDIAN.person_id): [f"Jag heter {GUARDIAN.name}."],
        (Role.GUARDIAN, OTHER_GUARDIAN.person_id): [f"Jag heter {OTHER_GUARDIAN.name}."],
        (Role.TEACHER, TEACHER.person_id): [f"Jag heter {TEACHER.name}."],
        (Role.TEACHER, EDUCATOR.person_id): [f"Jag heter {EDUCATOR.name}."],
        (Role.MENTOR, MENTOR.person_id): [f"Jag heter {MENTOR.name}."],
    }


def test_a_person_in_two_roles_has_two_fields() -> None:
    """G-13: an answer belongs to question, role and person: the mentor who is a guardian answers twice."""
    story = planned()
    as_mentor = MENTOR.model_copy(update={"person_id": GUARDIAN.person_id})
    story.saves(FOR_ALL, "Som mamma.", by=GUARDIAN)
    assert isinstance(only(story.saves(FOR_ALL, "Som mentor.", by=as_mentor)), QuestionAnswered)
    assert {role for _, role, _ in story.plan.answers} == {Role.GUARDIAN, Role.MENTOR}


@pytest.mark.requirement("S-QUE-3")
def test_a_self_assessment_is_a_step_of_the_scale_with_text_beside_it() -> None:
    """A step, a text, or both; a step that the scale lacks is refused, and so is any step where there is no scale."""
    story = planned()
    story.saves(RATING, None, choice="ofta", by=PUPIL)
    story.saves(RATING, "Mest serier.", choice="ofta", by=PUPIL)
    assert [(v.choice, v.text) for v in _versions(story, RATING, Role.PUPIL, PUPIL)] == [
        ("ofta", None),
        ("ofta", "Mest serier."),
    ]
    story.refuses(ChoiceNotOnScale, answers.save_answer, by=PUPIL, **_answer(RATING, choice="aldrig"))
    story.refuses(ChoiceNotOnScale, answers.save_answer, by=PUPIL, **_answer(FOR_PUPIL, choice="ofta"))


@pytest.mark.requirement("S-QUE-5")
@pytest.mark.parametrize("blank", [None, "", " ", "\n\t", "\u00a0"], ids=ascii)
def test_nothing_is_no_answer(blank: str | None) -> None:
    """An empty box is not saved; beside a chosen step it counts as no text."""
    story = planned()
    story.refuses(AnswerIsEmpty, answers.save_answer, by=PUPIL, **_answer(RATING, blank))
    chosen = only(story.when(answers.save_answer, by=PUPIL, **_answer(RATING, blank, "ofta")))
    assert chosen == QuestionAnswered(
        plan_id=PLAN, question=RATING.key, role=Role.PUPIL, person_id=PUPIL.person_id, choice="ofta"
    )


@pytest.mark.requirement("S-QUE-5")
def test_each_save_before_the_lock_keeps_the_version_before() -> None:
    """G-6: the new text counts, the old one stands in the file with its time and its author."""
    story = planned()
    assert isinstance(only(story.saves(FOR_PUPIL, "Bra.", by=PUPIL)), QuestionAnswered)
    assert isinstance(only(story.saves(FOR_PUPIL, "Mycket bra.", by=PUPIL)), AnswerRevised)
    first, second = _versions(story, FOR_PUPIL, Role.PUPIL, PUPIL)
    assert (first.text, second.text) == ("Bra.", "Mycket bra.")
    assert first.version < second.version
    assert first.at < second.at


@pytest.mark.parametrize("again", ["Åsa säger ja.", "  Åsa säger ja.\n", "A\u030asa sa\u0308ger ja."], ids=ascii)
def test_saving_the_same_again_says_nothing_new(again: str) -> None:
    """Neither spaces at the ends nor another way to write å make a new version."""
    story = planned()
    story.saves(FOR_PUPIL, "Åsa säger ja.", by=PUPIL)
    assert story.saves(FOR_PUPIL, again, by=PUPIL) == []


def test_an_answer_goes_back_to_what_it_said_before() -> None:
    """Only the latest version is compared: changing one's mind twice is two versions."""
    story = planned()
    for text in ("Ja.", "Nej.", "Ja."):
        assert len(story.saves(FOR_PUPIL, text, by=PUPIL)) == 1
    assert len(_versions(story, FOR_PUPIL, Role.PUPIL, PUPIL)) == 3


@pytest.mark.parametrize("who", [PUPIL, GUARDIAN, TEACHER, MENTOR], ids=lambda actor: actor.name)
def test_after_the_lock_no_answer_is_edited(who: Actor) -> None:
    """G-6: what all agreed to is corrected with a reason, never written over."""
    locked().refuses(PlanIsLocked, answers.save_answer, by=who, **_answer(FOR_ALL))


@pytest.mark.requirement("S-ROL-6")
@pytest.mark.parametrize("who", [ADMINISTRATOR, PRINCIPAL], ids=lambda actor: actor.name)
def test_who_runs_the_school_answers_nothing(who: Actor) -> None:
    """Access to the file is not a voice in it."""
    planned().refuses(QuestionNotDirectedToRole, answers.save_answer, by=who, **_answer(FOR_ALL))
