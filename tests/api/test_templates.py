"""Templates: versioned, drafted by an administrator, approved by the principal; every plan is made from one (S-TPL)."""

from typing import Any

import pytest

from tests.api.conftest import Installation
from tests.api.school import School, add_pupil
from tests.api.template import MATHS, SWEDISH, approved, template


@pytest.mark.requirement("S-TPL-1", surface="api")
def test_a_plan_is_made_from_an_approved_version_of_a_template(school: School) -> None:
    """A draft is not enough; the plan names its template and keeps it, whatever becomes of it later."""
    draft = school.administrator.post("templates", school_id=school.id, content=template("IUP vår")).id
    start = {"template_id": draft, "template_version": 1, "school_year": "2026/2027", "term": "HT"}
    path = f"{school.path}/plans"
    assert school.mentor.post(path, **start).problem == "template-not-approved"
    assert school.mentor.post(path, **start | {"template_version": 9}).problem == "template-version-not-found"
    assert school.mentor.post(path, **start | {"template_id": school.student}).problem == "school-not-found"
    assert school.principal.post(f"templates/{draft}/approve", template_version=1).status == 200
    plan = f"{path}/{school.mentor.post(path, **start).id}"
    next_version = template("IUP vår, ny")
    again = {"school_id": school.id, "template_id": draft, "content": next_version}
    assert school.administrator.post("templates", **again).id == draft
    shown = school.pupil.get(plan).body
    assert (shown["template_name"], shown["template_version"]) == ("IUP vår", 1)
    versions = school.staff.get(f"templates/{draft}").body["versions"]
    assert [(v["template_version"], v["name"], v["approved_at"] is not None) for v in versions] == [
        (1, "IUP vår", True),
        (2, "IUP vår, ny", False),
    ]


def test_drafting_and_approving_are_two_persons_work(school: School) -> None:
    """The administrator drafts, the principal approves, once for each version."""
    content = template("IUP prov")
    draft = {"school_id": school.id, "content": content}
    assert school.principal.post("templates", **draft).problem == "only-administrators-draft-templates"
    assert school.staff.post("templates", **draft).problem == "only-administrators-draft-templates"
    made = school.administrator.post("templates", **draft).id
    approve = f"templates/{made}/approve"
    assert school.administrator.post(approve, template_version=1).problem == "only-principal-approves-templates"
    assert school.principal.post(approve, template_version=2).problem == "template-version-not-found"
    assert school.principal.post(approve, template_version=1).status == 200
    assert school.principal.post(approve, template_version=1).problem == "template-already-approved"
    assert (
        school.principal.post(f"templates/{school.student}/approve", template_version=1).problem == "school-not-found"
    )
    unchanged = school.administrator.post("templates", **draft | {"template_id": made})
    assert (unchanged.status, unchanged.version) == (201, 2)
    listed = school.staff.get("templates", school=school.id).body["items"]
    assert made in {item["id"] for item in listed}
    assert school.guardian.get("templates", school=school.id).problem == "school-not-found"
    assert school.guardian.get(f"templates/{made}").problem == "school-not-found"


def test_a_template_that_could_not_be_filled_in_is_refused(school: School) -> None:
    """The same key twice, a question on a page that holds none, or a link that is no web address."""
    twice, misplaced = template(), template()
    twice["pages"][1]["questions"][0]["key"] = "trivs"
    misplaced["pages"][3]["questions"] = template()["pages"][0]["questions"]
    for content in (twice, misplaced):
        refused = school.administrator.post("templates", school_id=school.id, content=content)
        assert (refused.status, refused.problem) == (422, "template-not-sound")
    script = template()
    script["pages"][0]["links"][0]["url"] = "javascript:alert(1)"
    refused = school.administrator.post("templates", school_id=school.id, content=script)
    assert refused.problem in {"template-not-sound", "not-valid"}


@pytest.mark.requirement("S-TPL-2", surface="api")
@pytest.mark.requirement("S-TPL-3", surface="api")
@pytest.mark.requirement("S-TPL-4", surface="api")
@pytest.mark.requirement("S-TPL-6", surface="api")
@pytest.mark.requirement("S-TPL-8", surface="api")
def test_a_plan_has_the_pages_of_its_template(school: School) -> None:
    """Three preparatory pages with questions, assessments, the conversation, and the goals; with links to material."""
    pages = school.guardian.get(school.start()).body["template"]["pages"]
    assert [(page["title"], page["kind"]) for page in pages] == [
        ("Om mig", "preparation"),
        ("Min utveckling", "preparation"),
        ("Mitt lärande", "preparation"),
        ("Mina omdömen", "assessments"),
        ("Samtalet", "conversation"),
        ("Min IUP", "goals"),
    ]
    assert [bool(page["questions"]) for page in pages] == [True, True, True, False, False, False]
    assert pages[0]["links"] == [{"title": "Läroplanen", "url": "https://www.skolverket.se/laroplan"}]


@pytest.mark.requirement("S-TPL-5", surface="api")
def test_a_goal_holds_activities_and_responsibility(school: School) -> None:
    """The goal itself, what is done towards it, and who is responsible for what."""
    plan = school.start()
    parts: dict[str, Any] = {
        "text": "Läsa tyst",
        "activities": "Bok varje kväll",
        "responsibility": "Jag läser, pappa frågar",
    }
    school.propose(plan, **parts)
    content = school.teacher.get(plan).body["goals"][0]["content"]
    assert {key: content[key] for key in parts} == parts


@pytest.mark.requirement("S-TPL-7", surface="api")
@pytest.mark.requirement("S-GEN-7", surface="api")
def test_school_years_have_their_own_templates(school: School, installation: Installation, own_school: School) -> None:
    """A template says which years it is for, F-klass among them, and plans are started for no others."""
    younger = approved(school, template("IUP år 1-3", (1, 2, 3)))
    start = {"template_id": younger, "template_version": 1, "school_year": "2026/2027", "term": "HT"}
    refused = school.mentor.post(f"{school.path}/plans", **start)
    assert (refused.status, refused.problem) == (409, "template-not-for-grade")
    six_years_old = approved(own_school, template("IUP F-klass", (0,)))
    elsewhere = start | {"template_id": six_years_old}
    assert school.mentor.post(f"{school.path}/plans", **elsewhere).problem == "template-of-another-school"
    in_preschool_class = add_pupil(installation.api, own_school.known, installation.issue, grade=0)
    in_preschool_class.template = six_years_old
    shown = in_preschool_class.pupil.get(in_preschool_class.start()).body
    assert shown["template_name"] == "IUP F-klass"


@pytest.mark.requirement("S-TPL-9", surface="api")
@pytest.mark.requirement("S-QUE-1", surface="api")
def test_a_question_is_open_to_those_it_is_directed_to(school: School) -> None:
    """Each role answers what is directed to it, as the plan says, and is refused elsewhere."""
    plan = school.start()
    directed = {
        question["key"]: set(question["directed_to"])
        for page in school.pupil.get(plan).body["template"]["pages"]
        for question in page["questions"]
    }
    roles = {"pupil": "pupil", "guardian": "guardian", "teacher": "teacher", "educator": "teacher", "mentor": "mentor"}
    for key, open_to in directed.items():
        body = {"choice": "latt"} if key == "lasning" else {"text": "Ett svar"}
        for name, role in roles.items():
            answer = getattr(school, name).put(f"{plan}/answers/{key}", **body)
            expected = None if role in open_to else "question-not-directed-to-role"
            assert answer.problem == expected, (key, name)


@pytest.mark.requirement("S-TPL-10", surface="api")
@pytest.mark.requirement("S-ROL-5", surface="api")
def test_adults_write_in_the_pupils_field_where_the_template_lets_them(school: School) -> None:
    """The answer is the pupil's; the event says who held the pen and for whom. Elsewhere it is refused."""
    pupil = school.pupil.person_id
    closed = school.start()
    for name in ("guardian", "educator"):
        refused = getattr(school, name).put(f"{closed}/answers/trivs", text="Bra", on_behalf_of=pupil)
        assert (refused.status, refused.problem) == (403, "proxy-writing-not-allowed")
    school.template = approved(school, template("IUP F-klass", (0, 5), proxy=True))
    plan = school.start(reason="Annan mall")
    assert school.guardian.put(f"{plan}/answers/trivs", text="Trivs bra", on_behalf_of=pupil).status == 200
    assert school.educator.put(f"{plan}/answers/trivs", text="Trivs mycket bra", on_behalf_of=pupil).status == 200
    (answer,) = school.pupil.get(plan).body["answers"]
    assert (answer["role"], answer["person_id"]) == ("pupil", pupil)
    assert [(v["by"]["role"], v["by"]["on_behalf_of"]) for v in answer["versions"]] == [
        ("guardian", pupil),
        ("educator", pupil),
    ]
    for name in ("teacher", "mentor"):
        refused = getattr(school, name).put(f"{plan}/answers/trivs", text="Bra", on_behalf_of=pupil)
        assert refused.problem == "only-home-and-educators-write-for-pupil"
    for_another = school.guardian.put(
        f"{plan}/answers/trivs", text="Bra", on_behalf_of=school.known.people["classmate"]["person_id"]
    )
    assert for_another.problem == "proxy-writing-not-allowed"
    (bar,) = [school.pupil.get(f"{school.path}/overview").body["bars"]["pupil"]]
    assert bar["answered"] == 1


@pytest.mark.requirement("S-TPL-11", surface="api")
def test_headings_for_plannings_and_criteria_are_there_only_where_wanted(school: School) -> None:
    """A planning is linked in a subject that has the heading, and refused in one that has not."""
    planning = school.staff.post(
        "planning-documents",
        school_id=school.id,
        kind="planning",
        content={"title": "LPP; Mätning", "subject": MATHS, "sections": [{"heading": "Mål", "text": "Mäta"}]},
    ).id
    plan = school.start()
    assessment = {"forecast": "expected", "text": "Mäter säkert", "documents": [planning]}
    assert school.teacher.put(f"{plan}/assessments/{MATHS}", **assessment).status == 200
    refused = school.other_teacher.put(f"{plan}/assessments/{SWEDISH}", **assessment)
    assert (refused.status, refused.problem) == (422, "heading-not-in-template")
    headings = {s["code"]: (s["planning"], s["criteria"]) for s in school.pupil.get(plan).body["template"]["subjects"]}
    assert headings == {MATHS: (True, True), SWEDISH: (False, False)}
