"""Writing assessments: the form, what is published of it and when, and a whole class one pupil after the other."""

import pytest

from tests.api.school import School
from tests.api.template import MATHS, SWEDISH
from tests.web.assessed import TEXT, WORDING, criterion, publish, tab
from tests.web.plan.conftest import ReaderOf

__all__ = ["criterion"]
FIELD = f"omdome-{MATHS}"


def form(school: School, plan: str, subject: str = MATHS) -> str:
    """Where the assessment of a subject is written."""
    return f"/elever/{school.student}/iup/{plan.rsplit('/', 1)[-1]}/omdome-{subject}"


def test_an_assessment_begins_with_its_structure_and_is_read_once_published(school: School, reader: ReaderOf) -> None:
    """Three headings to fill in; home sees nothing until the teacher publishes, and then where it stands (G-16)."""
    plan = school.start()
    teacher, guardian = reader(school.teacher), reader(school.guardian)
    page = teacher.get(form(school, plan))
    begun = page.one("textarea[name^=omdome]").get_text()
    assert [line for line in begun.split("\n") if line] == [
        "Det här kan du:", "Det här har du lärt dig:", "Det här ska du jobba vidare med:"
    ]  # fmt: skip
    empty = teacher.submit(page, "#omdome")
    assert empty.status == 422
    assert [one["href"] for one in empty.soup.select("#fel a")] == ["#prognos", f"#{FIELD}"]
    teacher.submit(page, "#omdome", to=form(school, plan).rsplit("/", 1)[0] + "/utkast", **{FIELD: "Halvt skrivet"})
    assert "Halvt skrivet" not in guardian.get(tab(school, plan)).text
    page = teacher.get(form(school, plan))
    assert page.one("textarea[name^=omdome]").get_text().strip() == "Halvt skrivet"
    page = teacher.submit(page, "#omdome", prognos="expected", **{FIELD: TEXT})
    assert page.address.startswith(tab(school, plan))
    assert "Publicerat." in page.text
    assert page.one(f"#amne-{MATHS}").has_attr("open")
    assert TEXT in guardian.get(tab(school, plan)).text
    assert "har inte sparat" not in teacher.get(form(school, plan)).text


@pytest.mark.requirement("S-OMD-1")
@pytest.mark.requirement("S-ROL-3")
def test_only_a_teacher_of_the_subject_is_let_in(school: School, reader: ReaderOf) -> None:
    """Nobody else is offered the form, nor gets it by its address; after the lock it leads to what was published."""
    plan = school.start()
    for name, offered in (("teacher", [MATHS]), ("other_teacher", [SWEDISH]), ("educator", [MATHS, SWEDISH])):
        page = reader(getattr(school, name)).get(tab(school, plan))
        assert [str(one["href"]).rsplit("omdome-")[1] for one in page.soup.select("a[href*='omdome-']")] == offered
    for name in ("pupil", "guardian", "mentor", "other_teacher", "principal"):
        assert not reader(getattr(school, name)).get(tab(school, plan)).has(f"a[href*='omdome-{MATHS}']")
        assert reader(getattr(school, name)).get(form(school, plan)).status == 403
    assert reader(school.teacher).get(form(school, plan, "GRGRMUS01")).status == 404
    publish(school, plan)
    school.lock(plan)
    assert reader(school.teacher).get(form(school, plan)).address.startswith(tab(school, plan))


@pytest.mark.requirement("S-DEV-1")
@pytest.mark.requirement("S-DEV-2")
def test_what_it_is_about_and_what_to_develop_are_picked_from_the_syllabus(
    school: School, reader: ReaderOf, criterion: dict[str, str]
) -> None:
    """Offered by the pupil's grade, found by words, and nothing typed is lost meanwhile."""
    plan = school.start()
    teacher = reader(school.teacher)
    page = teacher.get(form(school, plan))
    assert page.all("fieldset.item legend") == [WORDING, "Eleven löser enkla problem."]
    key = next(str(box["name"]) for box in page.soup.select("fieldset.item input")).removeprefix("om-")
    page = teacher.submit(page, "#omdome", "visa", sok="SVÅRA", **{FIELD: TEXT, f"ut-{key}": "ja"})
    assert page.status == 200
    assert page.all("fieldset.item legend") == [WORDING, "Eleven löser svåra problem."]
    assert page.one("textarea[name^=omdome]").get_text().strip() == TEXT
    missing = teacher.submit(page, "#omdome", prognos="expected")
    assert [one["href"] for one in missing.soup.select("#fel a")] == [f"#utveckling-{MATHS}", f"#stod-{MATHS}"]
    area = {f"utveckling-{MATHS}": "Begreppen", f"stod-{MATHS}": "Spela spel hemma", f"om-{key}": "ja"}
    page = teacher.submit(missing, "#omdome", **area)
    assert page.all(f"#amne-{MATHS} h3") == ["Utvecklingsområden"]
    plan_now = school.guardian.get(plan).body
    assert plan_now["assessments"][0]["versions"][0]["syllabus"] == [criterion]
    (noted,) = plan_now["development_areas"]
    assert (noted["text"], noted["support"], noted["syllabus"]) == ("Begreppen", "Spela spel hemma", [criterion])
    assert page.text.count(WORDING) == 2


def test_an_area_alone_publishes_no_assessment(school: School, reader: ReaderOf) -> None:
    """A teacher may note what to develop before the assessment is written; sent twice it is noted once."""
    plan = school.start()
    teacher = reader(school.teacher)
    page = teacher.get(form(school, plan))
    area = {f"utveckling-{MATHS}": "Begreppen", f"stod-{MATHS}": "Spela spel hemma"}
    for _ in range(2):
        shown = teacher.submit(page, "#omdome", **area)
        assert "Begreppen" in shown.text
    body = school.guardian.get(plan).body
    assert (len(body["development_areas"]), body["assessments"]) == (1, [])


def test_documents_are_ticked_under_the_headings_of_the_template(own_school: School, reader: ReaderOf) -> None:
    """Those of the subject, and none where the template has no such heading."""
    school = own_school
    ids = {}
    for subject in (MATHS, SWEDISH):
        content = {"title": f"LPP; {subject}", "subject": subject, "sections": [{"heading": "Mål", "text": "…"}]}
        body = {"school_id": school.id, "kind": "planning", "content": content}
        ids[subject] = school.staff.post("planning-documents", **body).id
    plan = school.start()
    assert not reader(school.other_teacher).get(form(school, plan, SWEDISH)).has("input[name^=dokument]")
    teacher = reader(school.teacher)
    page = teacher.get(form(school, plan))
    assert page.all("input[name^=dokument] + div label") == [f"LPP; {MATHS}"]
    page = teacher.submit(page, "#omdome", prognos="expected", **{FIELD: TEXT, f"dokument-{ids[MATHS]}": "ja"})
    assert f"LPP; {MATHS}" in page.text
    assert teacher.get(form(school, plan)).one("input[name^=dokument]").has_attr("checked")


def test_a_warning_lets_the_teacher_go_on(school: School, reader: ReaderOf) -> None:
    """A text about health is asked about before it is published."""
    plan = school.start()
    teacher = reader(school.teacher)
    page = teacher.get(form(school, plan))
    page = teacher.submit(page, "#omdome", prognos="expected", **{FIELD: "Du har fått diagnosen ADHD."})
    assert page.has(f"#{FIELD}-varning")
    assert school.guardian.get(plan).body["assessments"] == []
    assert "ADHD" in teacher.submit(page, "#omdome", "anda").one(f"#amne-{MATHS} .typed").get_text()


def test_two_who_publish_at_once_see_both_texts(school: School, reader: ReaderOf) -> None:
    """The second chooses; what was ticked goes with the text."""
    plan = school.start()
    teacher, educator = reader(school.teacher), reader(school.educator)
    first, second = teacher.get(form(school, plan)), educator.get(form(school, plan))
    teacher.submit(first, "#omdome", prognos="expected", **{FIELD: "Du kan addera."})
    both = educator.submit(second, "#omdome", prognos="at_risk", **{FIELD: "Du ska öva mer."})
    assert both.status == 409
    assert "Du kan addera." in both.text
    page = educator.submit(both, "#konflikt")
    assert page.all(f"#amne-{MATHS} > .typed") == ["Du ska öva mer."]
    assert page.has("summary .risk")


@pytest.fixture
def class_of_two(own_school: School) -> School:
    """A class with two pupils whom the same teacher teaches, each with a plan."""
    school = own_school
    body = {"person_id": school.teacher.person_id, "role": "teacher", "subjects": [MATHS]}
    school.administrator.post(f"students/{school.other_student}/relations", **body)
    relation = school.administrator.post(
        f"students/{school.other_student}/relations", person_id=school.mentor.person_id, role="mentor", subjects=[]
    ).id
    started = {"template_id": school.template, "template_version": 1, "school_year": "2026/2027", "term": "HT"}
    plan = school.mentor.post(f"students/{school.other_student}/plans", as_=relation, **started)
    assert plan.status == 201, plan.body
    return school


def test_a_class_is_written_one_pupil_after_the_other(class_of_two: School, reader: ReaderOf) -> None:
    """Progress, the next pupil without going back, the structure copied and never the text; each look on record."""
    school = class_of_two
    school.start()
    teacher = reader(school.teacher)
    address = f"/klasser/{school.group}/omdomen/{MATHS}"
    page = teacher.get(address)
    assert page.all("tbody th") == ["Classmate Testclassmate", "Pupil Testpupil"]
    assert [cells.split()[:2] for cells in page.all("tbody td:nth-child(2)")] == [["inte", "skrivet"]] * 2
    assert "0 av 2 klara" in page.text
    page = teacher.get(str(page.soup.select("main a.button")[0]["href"]))
    assert page.all("h1 .of") == ["Classmate Testclassmate"]
    assert not page.has("[name=kopiera]")
    own = "Styrkor hos Classmate:\nSvag.\nStyrkor:\nDu kan addera.\n\nVidare:\nSubtraktion."
    page = teacher.submit(page, "#omdome", "nasta", prognos="at_risk", **{FIELD: own})
    assert page.all("h1 .of") == ["Pupil Testpupil"]
    assert "1 av 2 klara" in page.text
    assert "Publicerat." in page.text
    page = teacher.submit(page, "#omdome", "kopiera")
    copied = page.one("textarea[name^=omdome]").get_text().strip()
    assert copied == "Styrkor:\n\nVidare:"
    assert teacher.submit(page, "#omdome", prognos="expected").status == 422
    page = teacher.submit(page, "#omdome", "nasta", prognos="expected", **{FIELD: TEXT})
    assert page.address.startswith(address)
    assert "2 av 2 klara" in page.text
    assert page.all("tbody td:nth-child(3)") == ["Risk att inte uppfylla kriterierna", "Väntas uppfylla kriterierna"]
    looks = school.guardian.get(f"{school.path}/access-record").body["items"]
    assert [look["part"] for look in looks if look["person_id"] == school.teacher.person_id].count("plan") >= 2


def test_nobody_else_reaches_a_classs_assessments(class_of_two: School, reader: ReaderOf) -> None:
    """Not the mentor, not home, not a teacher of another subject: there is no such page for them."""
    school = class_of_two
    for name in ("mentor", "guardian", "pupil", "other_teacher", "principal", "outsider"):
        assert reader(getattr(school, name)).get(f"/klasser/{school.group}/omdomen/{MATHS}").status == 404
    assert reader(school.teacher).get(f"/klasser/{school.student}/omdomen/{MATHS}").status == 404


def test_a_draft_shows_in_the_class(class_of_two: School, reader: ReaderOf) -> None:
    """What is begun and not published is marked, for its author alone."""
    school = class_of_two
    plan = school.start()
    teacher = reader(school.teacher)
    page = teacher.get(form(school, plan) + f"?klass={school.group}")
    teacher.submit(page, "#omdome", to=form(school, plan).rsplit("/", 1)[0] + "/utkast", **{FIELD: "Halvt skrivet"})
    page = teacher.get(f"/klasser/{school.group}/omdomen/{MATHS}")
    assert page.all("tbody td:nth-child(2)") == ["inte skrivet", "utkast"]
