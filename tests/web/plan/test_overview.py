"""The overview: how far each party has come, in words and as bars, the goals, and when and by whom (S-OVR)."""

import pytest

from tests.api.school import School
from tests.api.template import MATHS
from tests.web.plan.conftest import ReaderOf


@pytest.mark.requirement("S-OVR-2")
@pytest.mark.requirement("S-OVR-4")
def test_bars_say_in_words_how_far_each_party_has_come(school: School, reader: ReaderOf) -> None:
    """A question to several counts in each one's bar; the page says why a bar is seldom full."""
    plan = school.start()
    school.pupil.put(f"{plan}/answers/trivs", text="Bra")
    page = reader(school.guardian).get(f"/elever/{school.student}/iup")
    assert page.status == 200
    assert "Elev: 1 av 3 frågor besvarade" in page.text
    assert "Vårdnadshavare: 0 av 2 frågor besvarade" in page.text
    assert [(bar["value"], bar["max"]) for bar in page.soup.select(".bar progress")][:2] == [("1", "3"), ("0", "2")]
    assert "En stapel blir sällan full" in page.text


@pytest.mark.requirement("S-OVR-6")
@pytest.mark.requirement("S-OVR-7")
@pytest.mark.requirement("S-OVR-8")
@pytest.mark.requirement("S-OVR-9")
def test_goals_moments_and_template(school: School, reader: ReaderOf) -> None:
    """Goals with subject and step, proposals named as such; when it was started, last changed, and the template."""
    plan = school.start()
    school.propose(plan, subjects=[MATHS])
    page = reader(school.pupil).get(f"/elever/{school.student}/iup")
    assert "Förslag" in page.text
    assert "Matematik" in page.text
    assert "IUP år 4-6" in page.text
    assert page.text.count("Mentor Testmentor, mentor") == 1
    assert "Senast ändrad" in page.text


def test_no_plan_says_what_comes_next(own_school: School, reader: ReaderOf) -> None:
    """The mentor can start one; everybody else is told who does."""
    mentor = reader(own_school.mentor).get(f"/elever/{own_school.student}/iup")
    assert mentor.has('a[href$="/iup/ny"]')
    guardian = reader(own_school.guardian).get(f"/elever/{own_school.student}/iup")
    assert not guardian.has('a[href$="/iup/ny"]')
    assert "Mentorn startar den" in guardian.text


def test_an_outsider_learns_nothing(school: School, reader: ReaderOf) -> None:
    """As if there were no such pupil."""
    school.start()
    assert reader(school.outsider).get(f"/elever/{school.student}/iup").status == 404


@pytest.mark.requirement("S-OMD-10")
def test_a_risk_leads_to_where_its_programme_is_linked(school: School, reader: ReaderOf) -> None:
    """Whoever reads of it on the overview comes to the place from there; linked, it is no longer said."""
    plan = school.start()
    school.teacher.put(f"{plan}/assessments/{MATHS}", forecast="at_risk", text="Behöver öva på bråk.")
    mentor, overview = reader(school.mentor), f"/elever/{school.student}/iup"
    link = mentor.get(overview).one(".notice a[href$='/omdomen#atgardsprogram']")
    assert mentor.get(str(link["href"])).has("#atgardsprogram form")
    programme = {"subjects": [MATHS], "reference": "2026:14", "decision": "drawn_up"}
    assert school.mentor.post(f"{plan}/action-programmes", **programme).status == 201
    assert not mentor.get(overview).has(".notice a[href$='#atgardsprogram']")
