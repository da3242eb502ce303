"""Templates as files: ours are whole and varied, and a faulty one is refused with line and remedy."""

import json
from pathlib import Path

import pytest

from events.base import Role
from events.template import PageKind, Question, QuestionKind, TemplateContent
from exchange.iup_template_file import TEMPLATE_FOLDER, TemplateFileError, read_template

GOOD = """\
name: En mall
grades: [1, 2]
pages:
  - key: om-mig
    title: Om mig
    kind: preparation
    questions:
      - key: trivs
        text: Hur har du det?
        kind: scale
        directed_to: [pupil]
        scale:
          - {key: bra, label: Bra}
          - {key: sadar, label: Sådär}
      - key: mer
        text: Något mer?
        directed_to: [pupil, guardian]
        proxy: true
    links:
      - title: Läs mer
        url: https://www.skolverket.se/
  - key: omdomen
    title: Mina omdömen
    kind: assessments
  - {key: samtalet, title: Samtalet, kind: conversation}
  - {key: min-iup, title: Min IUP, kind: goals}
subjects:
  - {code: GRGRMAT01, name: Matematik}
"""
SYLLABUSES = Path(__file__).parents[3] / "shared" / "data" / "lgr22"
OWN = sorted(TEMPLATE_FOLDER.glob("*.yaml"))
BY_NAME = {path.stem: path for path in OWN}
SCHOOL_YEARS = ("ar-1-3", "ar-4-6", "ar-7-9")


def _written(folder: Path, text: str) -> Path:
    path = folder / "mall.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def _faults(folder: Path, text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(TemplateFileError) as caught:
        read_template(_written(folder, text))
    return [(fault.line, fault.where, fault.advice) for fault in caught.value.faults]


def _questions(content: TemplateContent) -> list[Question]:
    return [question for page in content.pages for question in page.questions]


def _line(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.requirement("S-TPL-2")
@pytest.mark.requirement("S-TPL-3")
@pytest.mark.requirement("S-TPL-4")
@pytest.mark.requirement("S-TPL-5")
@pytest.mark.requirement("S-TPL-8")
@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_each_of_our_templates_has_the_parts_of_an_iup(path: Path) -> None:
    """Three preparatory pages, then assessments, the conversation and the goals."""
    content = read_template(path)
    assert [(page.key, page.title, page.kind) for page in content.pages] == [
        ("om-mig", "Om mig", PageKind.PREPARATION),
        ("min-utveckling", "Min utveckling", PageKind.PREPARATION),
        ("mitt-larande", "Mitt lärande", PageKind.PREPARATION),
        ("omdomen", "Mina omdömen", PageKind.ASSESSMENTS),
        ("samtalet", "Samtalet", PageKind.CONVERSATION),
        ("min-iup", "Min IUP", PageKind.GOALS),
    ]
    assert all(page.questions for page in content.pages if page.kind is PageKind.PREPARATION)
    assert any(page.links for page in content.pages)


@pytest.mark.requirement("S-TPL-9")
@pytest.mark.parametrize("name", SCHOOL_YEARS)
def test_a_plan_of_a_school_year_asks_enough_of_every_party(name: str) -> None:
    """At least 22 questions, all four roles, self-assessments, and comment boxes for several roles."""
    questions = _questions(read_template(BY_NAME[name]))
    assert len(questions) >= 22
    assert {role for question in questions for role in question.directed_to} == {
        Role.PUPIL,
        Role.GUARDIAN,
        Role.TEACHER,
        Role.MENTOR,
    }
    assert sum(question.kind is QuestionKind.SCALE for question in questions) >= 5
    assert any(question.kind is QuestionKind.COMMENT and len(question.directed_to) > 1 for question in questions)


def test_only_the_template_for_f_klass_lets_adults_write_for_the_child() -> None:
    """In F-klass every field of the child may be filled in together; from year 1 the child's field is the child's."""
    for name, path in BY_NAME.items():
        for question in _questions(read_template(path)):
            assert question.proxy == (name == "f-klass" and Role.PUPIL in question.directed_to), question.key


@pytest.mark.requirement("S-TPL-7")
def test_the_templates_differ_between_school_years_and_leave_none_out() -> None:
    """Every year from F-klass to 9 has one template, and no two ask the same."""
    contents = [read_template(path) for path in OWN]
    assert sorted(grade for content in contents for grade in content.grades) == list(range(10))
    asked = {tuple(question.text for question in _questions(content)) for content in contents}
    assert len(asked) == len(contents)


@pytest.mark.requirement("S-TPL-11")
def test_the_headings_for_plannings_and_criteria_are_optional() -> None:
    """Some subjects have them and some do not."""
    subjects = [subject for path in OWN for subject in read_template(path).subjects]
    assert {subject.planning for subject in subjects} == {True, False}
    assert {subject.criteria for subject in subjects} == {True, False}


@pytest.mark.skipif(not SYLLABUSES.is_dir(), reason="the syllabus files are not beside this checkout")
@pytest.mark.parametrize("name", SCHOOL_YEARS)
def test_subjects_go_by_the_codes_and_names_of_the_national_syllabus(name: str) -> None:
    """A subject of years 1-9 has the code and the Swedish name that Lgr22 gives it, in years that it covers."""
    content = read_template(BY_NAME[name])
    known = {}
    for path in sorted(SYLLABUSES.glob("*.json")):
        subject = json.loads(path.read_text(encoding="utf-8")).get("subject")
        if subject:
            known[subject["code"]] = subject
    for heading in content.subjects:
        assert heading.name == known[heading.code]["name"]["local"]
        assert max(content.grades) in {band["afterGrade"] for band in known[heading.code]["gradeBands"]}


def test_a_sound_file_is_read_as_it_stands(tmp_path: Path) -> None:
    """What is written is what the template says, å ä ö included."""
    content = read_template(_written(tmp_path, GOOD))
    assert content.name == "En mall"
    assert content.grades == (1, 2)
    assert [question.key for question in _questions(content)] == ["trivs", "mer"]
    assert content.pages[0].questions[0].scale[1].label == "Sådär"
    assert content.pages[0].questions[1].directed_to == (Role.PUPIL, Role.GUARDIAN)


def test_a_file_with_a_byte_order_mark_is_read_too(tmp_path: Path) -> None:
    """Editors on Windows put one first."""
    assert read_template(_written(tmp_path, "\ufeff" + GOOD)).name == "En mall"


@pytest.mark.parametrize(
    ("old", "new", "at", "where", "advice"),
    [
        ("text: Något mer?", "text: Något mer?\n        text: Igen", "text: Igen", "text", "already on line 16"),
        ("name: En mall", "name: En mall\nfärg: blå", "färg", "färg", "not known here"),
        ("[pupil, guardian]", "[pupil, kusin]", "kusin", "directed_to.2", "'guardian'"),
        ("[pupil, guardian]", "[pupil, principal]", "principal", "directed_to.2", "pupil, guardian, teacher, mentor"),
        ("[pupil, guardian]", "[guardian]", "proxy", "proxy", "direct the question to pupil"),
        ("[pupil, guardian]", "[pupil, pupil]", "pupil, pupil", "directed_to.2", "already in this list"),
        ("[pupil, guardian]", "[]", "directed_to: []", "directed_to", "at least one"),
        ("        directed_to: [pupil, guardian]\n", "", "key: mer", "directed_to", "add this field"),
        ("        proxy: true", "        kind: scale", "kind: scale\n    links", "kind", "at least two steps"),
        ("kind: scale", "kind: text", "scale:\n", "scale", "remove the scale"),
        ("{key: sadar", "{key: bra", "{key: bra, label: Sådär", "scale.2.key", "already in this list"),
        ("key: mer", "key: trivs", "key: trivs\n        text: Något", "key", "another key: pages.1.questions.1"),
        ("key: omdomen", "key: om-mig", "key: om-mig\n    title: Mina", "pages.2.key", "already in this list"),
        ("kind: assessments", "kind: prov", "kind: prov", "pages.2.kind", "'conversation'"),
        ("proxy: true", "proxy: ja", "proxy: ja", "proxy", "true or false"),
        ("proxy: true", "proxy: yes", "proxy: yes", "proxy", "put quotes"),
        ("name: Matematik", "name: NO", "{code", "subjects.1.name", "put quotes"),
        ("text: Något mer?", "text: 2026-08-17", "2026", "text", "put quotes"),
        ("text: Något mer?", "text: 15", "text: 15", "text", "quotes"),
        ("text: Något mer?", f"text: {'å' * 301}", "text: åå", "text", "at most 300"),
        ("key: mer", "key: nytt ord", "key: nytt ord", "key", "characters"),
        ("https://www.skolverket.se/", "javascript:alert(1)", "javascript", "links.1.url", "https://"),
        ("https://www.skolverket.se/", "skolverket", "url: skolverket", "links.1.url", "https://"),
        ("grades: [1, 2]", "grades: [1, 1]", "grades", "grades.2", "already in this list"),
        ("grades: [1, 2]", "grades: 1", "grades: 1", "grades", "list"),
        ("grades: [1, 2]", "grades: [010]", "grades", "grades.1", "put quotes"),
        ("grades: [1, 2]", "grades: [1]\nnational_goals_grade: 4", "national", "national_goals_grade", "3, 6 or 9"),
        ("grades: [1, 2]", "grades: [1]\n1: 2", "1: 2", "file", "plain word"),
        ("name: En mall", "name: !!python/name:os.system x", "name", "name", "put quotes"),
        ("name: En mall", "name: [oavslutad", "grades", "file", "correct the YAML"),
        ("  - {key: min-iup, title: Min IUP, kind: goals}\n", "", "pages:", "pages", "add a page of the kind goals"),
        ("kind: preparation", "kind: conversation", "questions:", "questions", "the kind preparation"),
    ],
)
def test_a_fault_is_named_with_its_line_its_place_and_what_to_do(
    tmp_path: Path, old: str, new: str, at: str, where: str, advice: str
) -> None:
    """Whoever wrote the file finds the fault without reading our code."""
    text = GOOD.replace(old, new)
    assert text != GOOD
    faults = _faults(tmp_path, text)
    assert any(line == _line(text, at) and place.endswith(where) and advice in told for line, place, told in faults), (
        faults
    )


def test_all_faults_are_told_at_once_each_on_a_line_with_the_file(tmp_path: Path) -> None:
    """One reading is enough to mend the file."""
    text = GOOD.replace("key: trivs", "key: trivs\n        fel: 1").replace("grades: [1, 2]", "grades: []")
    with pytest.raises(TemplateFileError) as caught:
        read_template(_written(tmp_path, text))
    first, second = str(caught.value).splitlines()
    assert first.startswith(f"{tmp_path / 'mall.yaml'}:2: grades: ")
    assert second.startswith(f"{tmp_path / 'mall.yaml'}:9: pages.1.questions.1.fel: ")


@pytest.mark.parametrize(
    ("raw", "advice"),
    [
        (b"", "empty"),
        (b"- en lista", "fields"),
        (b"name: \xff", "UTF-8"),
        (b"a: 1\n---\nb: 2\n", "correct the YAML"),
        (b"#" * 300_000, "smaller"),
        (b"&a [*a]", "smaller"),
        (b"[" * 5_000, "less deeply"),
        (b"name: \x00", "correct the YAML"),
        (b"\n".join([b"a0: &a0 [x,x,x,x,x,x,x,x,x,x]"] + [
            b"a%d: &a%d [%s]" % (n, n, b",".join([b"*a%d" % (n - 1)] * 10)) for n in range(1, 9)
        ]), "smaller"),
    ],
    ids=["empty", "list", "latin", "two-documents", "big", "endless", "deep", "nul", "laughs"],
)  # fmt: skip
def test_a_file_that_is_no_template_at_all_is_refused(tmp_path: Path, raw: bytes, advice: str) -> None:
    """Neither broken nor hostile files do more than give a message."""
    path = tmp_path / "mall.yaml"
    path.write_bytes(raw)
    with pytest.raises(TemplateFileError, match=advice):
        read_template(path)


def test_a_missing_file_is_told_as_a_fault(tmp_path: Path) -> None:
    """No traceback for a mistyped name."""
    with pytest.raises(TemplateFileError, match="can be read"):
        read_template(tmp_path / "saknas.yaml")
