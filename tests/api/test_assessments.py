"""Written assessments, plannings and development areas (S-OMD, S-LPP, S-DEV)."""

import hashlib
from typing import Any

import pytest

from events.syllabus import SyllabusItem, SyllabusKind
from store.syllabus import SyllabusChanges, Wording
from tests.api.conftest import Installation
from tests.api.school import School
from tests.api.template import MATHS, SWEDISH

EXPECTED: dict[str, Any] = {
    "forecast": "expected",
    "text": "Kan de fyra räknesätten, har lärt sig bråk, ska jobba vidare med procent",
}
WORDING = "Eleven kan använda grundläggande matematiska begrepp."


@pytest.fixture
def criterion(installation: Installation) -> dict[str, Any]:
    """An item of the imported syllabus, as a link holds it."""
    version = hashlib.sha256(WORDING.encode()).hexdigest()
    item = SyllabusItem(subject=MATHS, years="6", kind=SyllabusKind.CRITERION, ordinal=1, version=version)
    syllabus = installation.services.context.syllabus
    syllabus.save(SyllabusChanges(subjects={MATHS: "Matematik"}, wordings=[Wording(item, WORDING, "C1")]))
    return item.model_dump(mode="json")


@pytest.mark.requirement("S-OMD-1", surface="api")
@pytest.mark.requirement("S-ROL-3", surface="api")
@pytest.mark.requirement("S-OMD-12", surface="api")
def test_only_a_teacher_of_the_subject_writes_its_assessment_and_home_reads_it(school: School) -> None:
    """A teacher in the own subjects, nobody else; pupil and guardians read and cannot change it."""
    plan = school.start()
    path = f"{plan}/assessments/{MATHS}"
    assert school.teacher.put(path, **EXPECTED).status == 200
    other_subject = school.other_teacher.put(path, **EXPECTED)
    assert (other_subject.status, other_subject.problem) == (403, "not-own-subject")
    for name in ("pupil", "guardian", "administrator", "principal"):
        assert getattr(school, name).put(path, **EXPECTED).problem == "only-teachers-assess"
    for name in ("pupil", "guardian"):
        (subject,) = getattr(school, name).get(plan).body["assessments"]
        assert subject["versions"][0]["text"] == EXPECTED["text"]
    assert school.mentor.put(path, **EXPECTED).problem == "not-own-subject"
    assert "assessment_published.v1" in school.codes()


@pytest.mark.requirement("S-OMD-2", surface="api")
@pytest.mark.requirement("S-OMD-4", surface="api")
@pytest.mark.requirement("S-OMD-5", surface="api")
def test_each_subject_has_its_own_assessments_with_the_earlier_kept(school: School) -> None:
    """One for each subject of the plan, the latest last; a subject that the plan has not is refused."""
    plan = school.start()
    first = school.teacher.put(f"{plan}/assessments/{MATHS}", **EXPECTED)
    same = school.teacher.put(f"{plan}/assessments/{MATHS}", **EXPECTED)
    assert same.version == first.version
    later = EXPECTED | {"text": "Kan nu procent"}
    assert school.teacher.put(f"{plan}/assessments/{MATHS}", **later).version > first.version
    assert school.other_teacher.put(f"{plan}/assessments/{SWEDISH}", **EXPECTED).status == 200
    assert school.educator.put(f"{plan}/assessments/GRGRMUS01", **EXPECTED).problem == "subject-not-in-plan"
    subjects = {s["subject"]: s["versions"] for s in school.guardian.get(plan).body["assessments"]}
    assert [version["text"] for version in subjects[MATHS]] == [EXPECTED["text"], "Kan nu procent"]
    assert len(subjects[SWEDISH]) == 1


@pytest.mark.requirement("S-OMD-6", surface="api")
@pytest.mark.requirement("S-OMD-8", surface="api")
@pytest.mark.requirement("S-OMD-9", surface="api")
@pytest.mark.requirement("S-OMD-11", surface="api")
@pytest.mark.requirement("S-OMD-7", surface="api")
def test_an_assessment_is_a_forecast_and_a_formative_text_and_no_grade(
    school: School, criterion: dict[str, Any]
) -> None:
    """Three forecasts and no others; the text is never missing; it is linked to what it is measured by."""
    plan = school.start()
    path = f"{plan}/assessments/{MATHS}"
    for forecast in ("not_yet_assessable", "at_risk", "expected"):
        assert school.teacher.put(path, **EXPECTED | {"forecast": forecast, "syllabus": [criterion]}).status == 200
    for grade in ("A", "F", 5):
        assert school.teacher.put(path, **EXPECTED | {"forecast": grade}).problem == "not-valid"
    assert school.teacher.put(path, forecast="expected").problem == "not-valid"
    assert school.teacher.put(path, **EXPECTED | {"text": "  "}).problem == "not-valid"
    shown = school.pupil.get(plan).body
    latest = shown["assessments"][0]["versions"][-1]
    assert (latest["forecast"], latest["text"], latest["syllabus"]) == ("expected", EXPECTED["text"], [criterion])
    assert shown["forecast_words"]["expected"].startswith("Väntas")


@pytest.mark.requirement("S-OMD-10", surface="api")
def test_a_risk_opens_a_duty_that_stays_until_an_action_programme_is_linked(school: School) -> None:
    """Said clearly, open through later assessments, closed by the mentor's link to what the principal decided."""
    plan = school.start()
    path = f"{plan}/assessments/{MATHS}"
    link = {"subjects": [MATHS], "decision": "drawn_up", "reference": "Dnr 2026/17"}
    none_open = school.mentor.post(f"{plan}/action-programmes", **link)
    assert (none_open.status, none_open.problem) == (409, "no-open-obligation")
    school.teacher.put(path, **EXPECTED | {"forecast": "at_risk"})
    school.teacher.put(path, **EXPECTED)
    (subject,) = school.guardian.get(plan).body["assessments"]
    assert subject["obligation_open"] is True
    duties = school.principal.get(school.path).body["duties"]
    assert {"kind": "action_programme", "plan_id": plan.rsplit("/", 1)[-1], "subject": MATHS} in duties
    for name in ("pupil", "guardian", "teacher", "administrator"):
        refused = getattr(school, name).post(f"{plan}/action-programmes", **link)
        assert refused.problem == "only-mentor-and-principal-link-programmes"
    not_needed = school.mentor.post(f"{plan}/action-programmes", **link | {"decision": "not_needed"})
    assert (not_needed.status, not_needed.problem) == (403, "only-principal-decides-not-needed")
    programme = school.mentor.post(f"{plan}/action-programmes", **link)
    (subject,) = school.guardian.get(plan).body["assessments"]
    assert (subject["obligation_open"], subject["programme_id"]) == (False, programme.id)
    assert school.mentor.post(f"{plan}/action-programmes", **link).problem == "no-open-obligation"
    assert "action_programme_linked.v1" in school.codes()


@pytest.mark.requirement("S-OMD-10", surface="api")
def test_a_forecast_that_was_entered_wrongly_is_corrected_after_the_lock(school: School) -> None:
    """Like a text: beside it, with a reason, by its teacher or the mentor; the duty follows what is right (G-6)."""
    plan = school.start()
    school.teacher.put(f"{plan}/assessments/{MATHS}", **EXPECTED)
    path = f"{plan}/corrections"
    correction = {"target": {"kind": "assessment", "key": MATHS}, "forecast": "at_risk", "reason": "Fel ruta"}
    assert school.teacher.post(path, **correction).problem == "plan-is-not-locked"
    school.lock(plan)
    both = school.teacher.post(path, **correction, text="Bra")
    assert (both.status, both.problem) == (422, "correction-of-one-thing")
    assert school.teacher.post(path, **correction | {"forecast": "F"}).problem == "not-valid"
    assert school.other_teacher.post(path, **correction).problem == "not-own-text"
    same = school.teacher.post(path, **correction | {"forecast": "expected"})
    assert (same.status, same.problem) == (409, "forecast-stands")
    made = school.teacher.post(path, **correction, headers={"Prefer": "wait=1"})
    (subject,) = school.guardian.get(plan).body["assessments"]
    assert (subject["forecast"], subject["obligation_open"]) == ("at_risk", True)
    assert subject["versions"][-1]["forecast"] == "expected"
    (shown,) = subject["forecast_corrections"]
    assert (shown["id"], shown["forecast"], shown["reason"]) == (made.id, "at_risk", "Fel ruta")
    assert shown["by"]["person_id"] == school.teacher.person_id
    assert school.guardian.get(f"{school.path}/overview").body["obligations"] == {MATHS: None}
    back = correction | {"forecast": "not_yet_assessable"}
    assert school.mentor.post(path, **back, headers={"Prefer": "wait=1"}).status == 201
    (subject,) = school.guardian.get(plan).body["assessments"]
    assert (subject["forecast"], subject["obligation_open"]) == ("not_yet_assessable", False)
    assert school.guardian.get(f"{school.path}/overview").body["obligations"] == {}
    assert "action_programme" not in {duty["kind"] for duty in school.mentor.get(school.path).body["duties"]}
    assert "forecast_corrected.v1" in school.codes()


def test_the_principal_may_decide_that_no_programme_is_needed(school: School) -> None:
    """A decision too (skollagen 3:9), and it closes the duty."""
    plan = school.start()
    school.teacher.put(f"{plan}/assessments/{MATHS}", **EXPECTED | {"forecast": "at_risk"})
    link = {"subjects": [MATHS], "decision": "not_needed", "reference": "Beslut 3"}
    assert school.principal.post(f"{plan}/action-programmes", **link).status == 201
    assert school.mentor.get(plan).body["assessments"][0]["obligation_open"] is False


def test_a_schools_settings_decide_whether_a_risk_opens_a_duty(own_school: School) -> None:
    """Dated settings, not constants."""
    own_school.principal.put(
        f"schools/{own_school.id}/settings", valid_from="2020-01-01", settings={"risk_needs_programme": False}
    )
    plan = own_school.start()
    own_school.teacher.put(f"{plan}/assessments/{MATHS}", **EXPECTED | {"forecast": "at_risk"})
    assert own_school.mentor.get(plan).body["assessments"][0]["obligation_open"] is False


@pytest.mark.requirement("S-GEN-6", surface="api")
def test_an_assessment_complements_the_conversation_and_never_replaces_it(school: School) -> None:
    """A plan with every assessment written is still open until the conversation is held and the plan locked."""
    plan = school.start()
    school.teacher.put(f"{plan}/assessments/{MATHS}", **EXPECTED)
    school.other_teacher.put(f"{plan}/assessments/{SWEDISH}", **EXPECTED)
    assert school.mentor.get(plan).body["state"] == "open"
    assert school.guardian.put(f"{plan}/conversation-evaluation", text="Bra").problem == "plan-is-not-locked"
    assert "conversation" in {duty["kind"] for duty in school.mentor.get(school.path).body["duties"]}


def _content(**more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"title": "LPP; Mätning", "subject": MATHS, "grades": [5]} | more


@pytest.mark.requirement("S-LPP-1", surface="api")
def test_a_planning_opens_from_its_heading(school: School) -> None:
    """Goals, content, working methods, ways to show; read by home through the assessment that rests on it."""
    sections = [{"heading": h, "text": "…"} for h in ("Mål", "Innehåll", "Arbetssätt", "Så visar du")]
    publish = {"school_id": school.id, "kind": "planning", "content": _content(sections=sections)}
    planning = school.staff.post("planning-documents", **publish)
    assert planning.status == 201
    assert school.guardian.post("planning-documents", **publish).problem == "school-not-found"
    plan = school.start()
    reading = f"{school.path}/planning-documents/{planning.id}"
    assert school.pupil.get(reading).problem == "school-not-found"
    assert school.teacher.put(f"{plan}/assessments/{MATHS}", **EXPECTED, documents=[school.student]).problem == (
        "school-not-found"
    )
    of_swedish = publish | {"content": _content(sections=sections) | {"subject": SWEDISH}}
    other = school.staff.post("planning-documents", **of_swedish).id
    refused = school.teacher.put(f"{plan}/assessments/{MATHS}", **EXPECTED, documents=[planning.id, other])
    assert (refused.status, refused.problem) == (422, "document-of-another-subject")
    school.teacher.put(f"{plan}/assessments/{MATHS}", **EXPECTED, documents=[planning.id])
    for name in ("pupil", "guardian", "teacher"):
        shown = getattr(school, name).get(reading).body
        assert [s["heading"] for s in shown["content"]["sections"]] == ["Mål", "Innehåll", "Arbetssätt", "Så visar du"]
    assert school.outsider.get(reading).problem == "student-not-found"
    listed = school.staff.get("planning-documents", school=school.id).body["items"]
    assert "LPP; Mätning" in {item["title"] for item in listed}
    assert school.pupil.get(f"planning-documents/{planning.id}").problem == "school-not-found"


@pytest.mark.requirement("S-LPP-2", surface="api")
def test_a_matrix_has_levels_and_a_text_for_each(school: School) -> None:
    """Rows with a text for each level; a planning never becomes a matrix, nor a matrix without its levels."""
    rows = [{"ability": "Metoder", "levels": ["Delvis", "Relativt väl", "Väl"]}]
    matrix = _content(title="Bedömningsmatris - Matematik", levels=["E", "C", "A"], rows=rows)
    publish = {"school_id": school.id, "kind": "matrix", "content": matrix}
    made = school.principal.post("planning-documents", **publish)
    assert school.staff.get(f"planning-documents/{made.id}").body["content"]["rows"] == rows
    planning = _content(sections=[{"heading": "Mål", "text": "Mäta"}])
    for wrong in (planning, _content(), matrix | {"levels": ["E"]}):
        refused = school.staff.post("planning-documents", **publish | {"content": wrong})
        assert (refused.status, refused.problem) == (422, "document-kind-fixed")
    assert school.staff.put(f"planning-documents/{made.id}", content=planning).problem == "document-kind-fixed"
    second = school.staff.put(f"planning-documents/{made.id}", content=matrix | {"title": "Matris, ny"})
    assert second.version == 2
    assert school.staff.put(f"planning-documents/{school.id}", content=matrix).problem == "school-not-found"


@pytest.mark.requirement("S-LPP-3", surface="api")
def test_national_goals_are_read_from_the_syllabus(school: School, criterion: dict[str, Any]) -> None:
    """The template names the year; the syllabus gives the subject's criteria for it."""
    year = school.pupil.get(school.start()).body["template"]["national_goals_grade"]
    assert "Matematik" in {subject["name"] for subject in school.pupil.get("syllabus").body["items"]}
    items = school.guardian.get(f"syllabus/{MATHS}", years=str(year), kind="criterion").body["items"]
    assert [(item["item"], item["wording"]) for item in items] == [(criterion, WORDING)]


@pytest.mark.requirement("S-DEV-1", surface="api")
@pytest.mark.requirement("S-DEV-2", surface="api")
def test_a_teacher_notes_what_to_develop_and_links_it_to_the_syllabus(
    school: School, criterion: dict[str, Any]
) -> None:
    """What to develop, how it is stimulated, and the items it is about; only items that the syllabus has."""
    plan = school.start()
    area = {"subject": MATHS, "text": "Procent", "support": "Praktiska uppgifter", "syllabus": [criterion]}
    path = f"{plan}/development-areas"
    made = school.teacher.post(path, **area)
    (shown,) = school.guardian.get(plan).body["development_areas"]
    assert {key: shown[key] for key in area} == area
    assert shown["id"] == made.id
    unknown = area | {"syllabus": [criterion | {"version": "0" * 64}]}
    assert school.teacher.post(path, **unknown).problem == "syllabus-item-not-found"
    assert school.teacher.put(f"{plan}/assessments/{MATHS}", **EXPECTED, syllabus=unknown["syllabus"]).problem == (
        "syllabus-item-not-found"
    )
    assert school.teacher.post(path, **area | {"subject": SWEDISH}).problem == "not-own-subject"
    assert school.educator.post(path, **area | {"subject": "GRGRMUS01"}).problem == "subject-not-in-plan"
    assert school.pupil.post(path, **area).problem == "only-teachers-assess"
    assert "development_area_noted.v1" in school.codes()
