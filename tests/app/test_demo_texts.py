"""The demo's texts: one for every question, repeatable, varied, and within the rules for what may be written."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from random import Random

import pytest

from app.demo_texts import DemoTexts, Household, class_name, is_taught, person_name, school_name
from app.demo_texts.phrases import Band, band_of, bank, for_band, words
from events.assessments import Forecast
from events.base import Role
from events.goals import GoalContent
from events.plan import LockObstacle
from events.template import Question, TemplateContent
from exchange.iup_template_file import TEMPLATE_FOLDER, read_template

TEMPLATES = [read_template(path) for path in sorted(TEMPLATE_FOLDER.glob("*.yaml"))]
ASKED = [
    pytest.param(question, role, grade, id=f"{question.key}-{role}-{grade}")
    for content in TEMPLATES
    for grade in content.grades[:1]
    for page in content.pages
    for question in page.questions
    for role in question.directed_to
]
GRADES = [(content, grade) for content in TEMPLATES for grade in content.grades]
FORBIDDEN = re.compile(
    r"\b(sjuk\w*|diagnos\w*|adhd|autis\w*|dyslex\w*|medicin\w*|allerg\w*|deprim\w*|ångest|psyk\w*|handikapp\w*|"
    r"kristen|kristna|muslim\w*|jud[ea]\w*|moské\w*|kyrka\w*|ramadan|invandrar\w*|flykting\w*|hudfärg|"
    r"moderat\w*|socialdemokrat\w*|homosex\w*|"
    r"lat|lata|blyg\w*|envis\w*|snäll\w*|elak\w*|dum|dumma|smart\w*|duktig\w*|ambitiös\w*|stökig\w*|slarvig\w*|"
    r"tystlåten|pratig\w*|klumpig\w*|omogen|lydig\w*|ouppfostrad|begåvad\w*|svag elev|stark elev)\b",
    re.IGNORECASE,
)
"""Health, faith, origin, politics, sexuality (S-FRE-2); words for somebody's character (S-FRE-3)."""


def _chance(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - repeatable chance, not secrets


def _sentences(entry: object) -> Iterator[str]:
    if isinstance(entry, str):
        yield entry
    elif isinstance(entry, dict):
        for part in entry.values():
            yield from _sentences(part)
    elif isinstance(entry, list):
        for part in entry:
            yield from _sentences(part)


def _plan(seed: int, content: TemplateContent, grade: int) -> list[tuple[str, str]]:
    """All that one made-up pupil's plan holds, each text with where it stands."""
    texts = DemoTexts(_chance(seed))
    written = [
        (f"{question.key}/{role}", texts.answer(question, role, grade))
        for page in content.pages
        for question in page.questions
        for role in question.directed_to
    ]
    for subject in content.subjects:
        goal = texts.goal(subject.code, subject.name, grade)
        written.append((f"goal/{subject.code}", f"{goal.text} {goal.activities} {goal.responsibility}"))
        written.extend(
            (f"{forecast}/{subject.code}", texts.assessment(subject.code, subject.name, forecast, grade))
            for forecast in Forecast
        )
        written.append((f"area/{subject.code}", " ".join(texts.development_area(subject.code, subject.name, grade))))
    return written


@pytest.mark.parametrize(("question", "role", "grade"), ASKED)
def test_every_question_is_answered_by_everyone_it_is_directed_to(question: Question, role: Role, grade: int) -> None:
    """A whole text from the question's own bank, never too long, with no gap left to fill in."""
    assert for_band(bank("answers")[question.key][role], band_of(grade))
    for seed in range(20):
        text = DemoTexts(_chance(seed)).answer(question, role, grade)
        assert 0 < len(text) <= 4000
        assert text == text.strip()
        assert text[0].isupper()
        assert text[-1] in ".!?"
        assert not re.search(r"[{}]|\s{2}|\bNone\b", text)


@pytest.mark.parametrize(("content", "grade"), GRADES, ids=[str(grade) for _, grade in GRADES])
def test_fifty_pupils_do_not_read_the_same(content: TemplateContent, grade: int) -> None:
    """No two plans are alike, few texts recur, and no wording of an answer is everybody's."""
    plans = [_plan(seed, content, grade) for seed in range(50)]
    assert len({tuple(plan) for plan in plans}) == 50
    by_place: dict[str, Counter[str]] = {}
    for plan in plans:
        for place, text in plan:
            by_place.setdefault(place, Counter())[text] += 1
    for place, counter in by_place.items():
        assert len(counter) >= 12, (place, len(counter))
        assert counter.most_common(1)[0][1] <= 15, (place, counter.most_common(1))
    shared = [
        sum(one == other for one, other in zip(first, second, strict=True)) / len(first)
        for first, second in pairwise(plans)
    ]
    assert max(shared) < 0.25


def test_the_same_seed_gives_the_same_texts() -> None:
    """A demo can be made again, text by text; another seed gives another school."""
    content = TEMPLATES[0]
    assert _plan(4, content, 2) == _plan(4, content, 2)
    assert _plan(4, content, 2) != _plan(5, content, 2)


@pytest.mark.parametrize("name", ["answers", "frames", "subjects", "words", "schools"])
def test_no_text_of_the_demo_breaks_the_rules_for_what_may_be_written(name: str) -> None:
    """Nothing sensitive, and nobody's character is described or valued."""
    sentences = list(_sentences(bank(name)))
    assert len(sentences) > 20
    assert [sentence for sentence in sentences if FORBIDDEN.search(sentence)] == []


@pytest.mark.parametrize("bad", ["Hen är lat.", "Du är så duktig!", "har en diagnos", "är muslim"])
def test_the_rule_finds_what_it_is_there_to_find(bad: str) -> None:
    """The pattern above is not blind."""
    assert FORBIDDEN.search(bad)


def test_what_one_can_fits_after_kan_and_att() -> None:
    """The abilities of a subject begin with a verb: a comma that split one in two would be seen here."""
    short_verbs = {"förstå", "ge", "sy", "gå", "be", "se", "få", "le"}
    for code, bands in bank("subjects").items():
        for band, subject in bands.items():
            for text in [*subject["kan"], *subject["stod"]]:
                first = text.split()[0].rstrip(",")
                assert first.endswith(("a", "as")) or first in {*short_verbs, "namnge", "turas", "utgå"}, (
                    code,
                    band,
                    text,
                )


def test_every_word_that_a_sentence_asks_for_is_there() -> None:
    """Each list has words for each band whose sentences use it."""
    missing = []
    for key, roles in bank("answers").items():
        for role, entry in roles.items():
            for band in Band:
                slots = for_band(entry, band) or []
                names = {name.lower() for name in re.findall(r"\{(\w+)\}", " ".join(_sentences(slots)))}
                asked = any(band_of(grade) is band and _is_asked(content, key, role) for content, grade in GRADES)
                missing += [(key, role, band, name) for name in names if asked and not words(band).get(name)]
    assert missing == []


def _is_asked(content: TemplateContent, key: str, role: str) -> bool:
    questions = [question for page in content.pages for question in page.questions]
    return any(question.key == key and role in question.directed_to for question in questions)


@pytest.mark.parametrize("grade", range(10))
def test_a_school_with_its_own_questions_and_subjects_gets_texts_too(grade: int) -> None:
    """An unknown question or subject is no error."""
    texts = DemoTexts(_chance(1))
    for role in (Role.PUPIL, Role.GUARDIAN, Role.TEACHER, Role.MENTOR, Role.EDUCATOR):
        assert texts.answer(Question(key="egen", text="Egen fråga?", directed_to=(Role.PUPIL,)), role, grade)
    assert isinstance(texts.goal("EGET", "Eget ämne", grade), GoalContent)
    assert "eget ämne" in " ".join(texts.assessment("EGET", "Eget ämne", f, grade) for f in Forecast for _ in range(20))


def test_a_choice_is_a_step_of_the_scale_and_all_steps_come() -> None:
    """Most choose the first steps, some the last."""
    questions = [q for content in TEMPLATES for page in content.pages for q in page.questions if q.scale]
    texts = DemoTexts(_chance(3))
    for question in questions:
        assert {texts.choice(question) for _ in range(300)} == {step.key for step in question.scale}


@pytest.mark.parametrize(("content", "grade"), GRADES, ids=[str(grade) for _, grade in GRADES])
def test_an_assessment_names_the_risk_only_where_there_is_one(content: TemplateContent, grade: int) -> None:
    """Text and forecast say the same (S-OMD-10)."""
    texts = DemoTexts(_chance(grade))
    for subject in content.subjects:
        for _ in range(10):
            said = {forecast: texts.assessment(subject.code, subject.name, forecast, grade) for forecast in Forecast}
            assert not re.search(r"\brisk\b", said[Forecast.EXPECTED])
            assert not re.search(r"\brisk\b", said[Forecast.NOT_YET_ASSESSABLE])
            assert bool(re.search(r"\brisk\b", said[Forecast.AT_RISK])) == (grade > 0)
            assert "{" not in "".join(said.values())
            assert max(map(len, said.values())) <= 4000


def test_nobody_speaks_of_oneself_in_the_third_person() -> None:
    """The reflexive words follow who speaks: mig in a goal, dig in an assessment."""
    texts = DemoTexts(_chance(2))
    goals = " ".join(texts.goal("GRGRENG01", "Engelska", 1).text for _ in range(60))
    said = " ".join(texts.assessment("GRGRENG01", "Engelska", Forecast.EXPECTED, 1) for _ in range(60))
    assert "presentera mig" in goals
    assert "presentera dig" in said
    assert "presentera sig" not in goals + said


def test_the_small_texts_of_a_year_are_there() -> None:
    """Reasons, viewpoints, evaluations and notes, each with more than one wording."""
    texts = DemoTexts(_chance(1))
    writers: list[Callable[[], str]] = [
        texts.viewpoint,
        texts.evaluation_of_conversation,
        texts.evaluation_of_goal,
        texts.concern,
        texts.concern_closed,
        texts.goal_declined,
        texts.goal_reopened,
        texts.goal_abandoned,
        texts.correction_reason,
        texts.start_reason,
        lambda: texts.learning_note("Jag ska kunna räkna."),
        *(partial(texts.lock_reason, obstacle) for obstacle in LockObstacle),
    ]
    for write in writers:
        written = {write() for _ in range(60)}
        assert len(written) >= 2
        assert all(0 < len(text) <= 300 and "{" not in text for text in written)


def test_plannings_and_matrices_are_made_for_a_subject() -> None:
    """Both are whole documents for the subject and the year."""
    texts = DemoTexts(_chance(1))
    planning = texts.planning("GRGRMAT01", 5)
    matrix = texts.matrix("GRGRMAT01", "Matematik", 5)
    assert (planning.subject, planning.grades, len(planning.sections)) == ("GRGRMAT01", (5,), 4)
    assert (matrix.title, len(matrix.rows), len(matrix.levels)) == ("Bedömningsmatris: Matematik", 4, 3)
    assert all(len(row.levels) == len(matrix.levels) for row in matrix.rows)


def test_a_pupil_reads_one_swedish_and_keeps_it() -> None:
    """Swedish or Swedish as a second language, the same every year; languages only from year 6."""
    swedish = {"GRGRSVE01", "GRGRSVA01"}
    middle = next(content for content in TEMPLATES if 5 in content.grades)
    high = next(content for content in TEMPLATES if 8 in content.grades)
    chosen = set()
    for number in range(100):
        fifth = {s.code for s in middle.subjects if is_taught(s.code, 5, f"pupil-{number}")}
        eighth = {s.code for s in high.subjects if is_taught(s.code, 8, f"pupil-{number}")}
        assert len(fifth & swedish) == 1
        assert fifth & swedish == eighth & swedish
        assert "GRGRMSP01" not in fifth
        assert "GRGRMSP01" in eighth
        chosen |= fifth & swedish
    assert chosen == swedish


def test_people_of_one_home_share_a_name_and_are_told_apart() -> None:
    """Children have the home's family name, and no two people of it the same given name."""
    for seed in range(50):
        home = Household(_chance(seed))
        children = [home.child(), home.child()]
        guardians = [home.guardian(), home.guardian()]
        assert len({child.family for child in children}) == 1
        assert len({person.given for person in children + guardians}) == 4


def test_names_are_many_and_of_many_origins() -> None:
    """A school of a thousand has few namesakes, and names stand in a form the ledger takes."""
    rng = _chance(1)
    names = [str(person_name(rng)) for _ in range(1000)]
    assert len(set(names)) > 650
    assert len({str(person_name(rng, grown=True)) for _ in range(200)}) > 150
    assert all(re.fullmatch(r"[^\W\d_]+ [^\W\d_]+", name) for name in names)
    assert len({school_name(rng) for _ in range(100)}) > 60


@pytest.mark.parametrize(
    ("grade", "number", "name"), [(0, 0, "F-klass A"), (4, 1, "4B"), (9, 25, "9Z"), (1, 26, "1AA"), (1, 51, "1AZ")]
)
def test_classes_are_named_by_year_and_letter(grade: int, number: int, name: str) -> None:
    """No two classes of a school share a name, however many there are."""
    assert class_name(grade, number) == name
