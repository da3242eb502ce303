"""The assessments as they are read: subject by subject, what stood before, what they rest on, and a risk's duty."""

from typing import Any

import pytest

from commands.context import STOCKHOLM
from tests.api.conftest import Installation
from tests.api.school import School
from tests.api.template import MATHS, SWEDISH
from tests.web.assessed import TEXT, WORDING, criterion, documents, publish, tab
from tests.web.plan.conftest import ReaderOf

__all__ = ["criterion"]


@pytest.mark.requirement("S-OMD-12")
def test_home_reads_the_forecast_and_the_text_and_changes_nothing(school: School, reader: ReaderOf) -> None:
    """In the words of the school, with who wrote it; a subject nobody has written in says what comes next."""
    plan = school.start()
    publish(school, plan)
    for name in ("pupil", "guardian"):
        page = reader(getattr(school, name)).get(tab(school, plan))
        assert page.all("summary .forecast") == ["Väntas uppfylla kriterierna"]
        assert TEXT in page.text
        assert page.all(f"#amne-{MATHS} .who") == ["Teacher Testteacher"]
        assert "Läraren i ämnet skriver omdömet inför samtalet." in page.text
        assert not page.has("main textarea")
        assert "Skriv" not in " ".join(page.all("main a.button"))
    assert "Expected to meet the criteria" in reader(school.guardian, language="en").get(tab(school, plan)).text


def test_all_are_opened_and_closed_by_an_address(school: School, reader: ReaderOf) -> None:
    """Without a script too: the link of the page turns all of them."""
    guardian = reader(school.guardian)
    page = guardian.get(tab(school, school.start()))
    states = []
    for _ in range(3):
        states.append({one.has_attr("open") for one in page.soup.select("details[data-subject]")})
        assert page.one("[data-open-all]").get_text() == "Öppna/stäng alla"
        page = guardian.get(str(page.one("[data-open-all]")["href"]).split("#")[0])
    assert states == [{False}, {True}, {False}]


def test_only_subjects_that_somebody_teaches_take_a_place(own_school: School, reader: ReaderOf) -> None:
    """The template has more than the pupil is taught; what is written in one stays, and the page names the others."""
    school = own_school
    school.administrator.delete(f"{school.path}/relations/{school.educator.acting_as}")
    plan = school.start()
    guardian = reader(school.guardian)
    assert guardian.get(tab(school, plan)).all("summary h2") == ["Matematik", "Svenska"]
    assert school.other_teacher.put(f"{plan}/assessments/{SWEDISH}", forecast="expected", text=TEXT).status == 200
    for name in ("teacher", "other_teacher"):
        school.administrator.delete(f"{school.path}/relations/{getattr(school, name).acting_as}")
    page = guardian.get(tab(school, plan))
    assert page.all("summary h2") == ["Svenska"]
    assert "elevens lärare i: Matematik." in page.one("#undervisas-inte").get_text()
    newer = guardian.get(tab(school, school.start(reason="Nytt läsår")))
    assert newer.all("summary h2") == ["Svenska"]


def test_a_notice_opens_its_subject_without_a_script(own_school: School, reader: ReaderOf) -> None:
    """The address that it leads to says which; of an assessment and an area in one step it tells of the assessment."""
    school = own_school
    plan = school.start()
    teacher = reader(school.teacher)
    page = teacher.get(f"{tab(school, plan).removesuffix('omdomen')}omdome-{MATHS}")
    area = {f"utveckling-{MATHS}": "Begreppen", f"stod-{MATHS}": "Spela spel hemma"}
    teacher.submit(page, "#omdome", prognos="expected", **{f"omdome-{MATHS}": TEXT}, **area)
    guardian = reader(school.guardian)
    found = guardian.get("/notiser")
    (link,) = [one for one in found.soup.select('main a[href^="/notiser/"]') if "omdöme" in one.get_text()]
    assert "publicerade ett omdöme" in link.get_text()
    page = guardian.get(str(link["href"]))
    assert page.address == f"{tab(school, plan)}?amne={MATHS}"
    assert [one["id"] for one in page.soup.select("details[data-subject][open]")] == [f"amne-{MATHS}"]
    assert (TEXT in page.text, "Begreppen" in page.text) == (True, True)


def test_earlier_assessments_are_tabs_with_addresses(own_school: School, reader: ReaderOf) -> None:
    """Of this plan, and the last one of the plan before with its school year."""
    school = own_school
    first = school.start(school_year="2025/2026")
    publish(school, first, text="Du kan addera.")
    plan = school.start(reason="Byte av mall")
    publish(school, plan)
    publish(school, plan, text="Du kan nu procent.", forecast="not_yet_assessable")
    guardian = reader(school.guardian)
    page = guardian.get(tab(school, plan))
    tabs = page.soup.select(f"#amne-{MATHS} nav a")
    assert len(tabs) == 3
    assert "2025/2026" in tabs[2].get_text()
    assert "Du kan nu procent." in page.text
    assert page.all(f"#amne-{MATHS} summary span") == ["Kan inte bedömas ännu"]
    middle = guardian.get(str(tabs[1]["href"]).split("#")[0])
    assert TEXT in middle.text
    assert middle.one(f"#amne-{MATHS}").has_attr("open")
    old = guardian.get(str(tabs[2]["href"]).split("#")[0])
    assert "Du kan addera." in old.text
    assert old.soup.select(f"#amne-{MATHS} nav a")[2]["aria-current"] == "true"
    assert not old.has(f"#amne-{MATHS} .concern")


def test_what_it_rests_on_is_opened_from_its_heading(
    school: School, reader: ReaderOf, criterion: dict[str, Any]
) -> None:
    """The planning, the matrix and the national goals, for whoever reads the assessment and for nobody else."""
    planning, matrix = documents(school)
    plan = school.start()
    guardian = reader(school.guardian)
    address = f"{tab(school, plan).removesuffix('/omdomen')}/planeringar/{planning}"
    assert guardian.get(address).status == 404
    publish(school, plan, documents=[planning, matrix], syllabus=[criterion])
    page = guardian.get(tab(school, plan))
    assert page.all(f"#amne-{MATHS} h3") == ["LPP", "Kriterier"]
    assert WORDING in page.text
    opened = guardian.get(address)
    assert (opened.all("h1"), opened.all("h2")) == (["LPP; Mätning"], ["Mål"])
    (way,) = [link for link in page.soup.select(f"#amne-{MATHS} a") if link.get_text() == "LPP; Mätning"]
    opened = guardian.get(str(way["href"]))
    assert opened.all(".path li")[-2:] == ["Mina omdömen", "LPP; Mätning"]
    back = guardian.get(str(opened.soup.select(".path a")[-1]["href"]))
    assert back.one(f"#amne-{MATHS}").has_attr("open")
    assert "många" in guardian.get(address.replace(planning, matrix)).text
    assert guardian.get(f"/planeringar/{planning}").status == 404
    assert reader(school.staff).get(f"/planeringar/{planning}").status == 200
    (goals,) = page.soup.select(f'a[href^="/kursplaner/{MATHS}"]')
    assert goals.get_text().startswith("Nationella mål för år 6")
    national = guardian.get(str(goals["href"]))
    assert WORDING in national.text
    assert "svåra problem" not in national.text
    assert guardian.get("/kursplaner/FINNSINTE").status == 404


def test_a_risk_says_what_must_come_and_the_mentor_links_it(own_school: School, reader: ReaderOf) -> None:
    """Everybody reads that it is open; mentor and principal link it, and the principal may find that none is needed."""
    school = own_school
    plan = school.start()
    publish(school, plan, forecast="at_risk")
    assert school.other_teacher.put(f"{plan}/assessments/{SWEDISH}", forecast="at_risk", text=TEXT).status == 200
    guardian = reader(school.guardian)
    page = guardian.get(tab(school, plan))
    assert page.all("summary .risk") == ["Risk att inte uppfylla kriterierna"] * 2
    assert "Läraren har signalerat risk i Matematik, Svenska." in page.text
    assert not page.has("#koppla")
    mentor = reader(school.mentor)
    page = mentor.get(tab(school, plan))
    assert not page.has("#koppla [type=radio]")
    untick: dict[str, Any] = {f"riskamnen-{SWEDISH}": None}
    wrong = mentor.submit(page, "#koppla", **{f"riskamnen-{MATHS}": None} | untick)
    assert [one["href"] for one in wrong.soup.select("#fel a")] == ["#referens", "#riskamnen"]
    page = mentor.submit(page, "#koppla", referens="Dnr 2026/17", **untick)
    assert "Ett åtgärdsprogram är upprättat: Dnr 2026/17." in page.text
    assert "risk i Svenska." in page.text
    principal = reader(school.principal)
    page = principal.get(tab(school, plan))
    page = principal.submit(page, "#koppla", beslut="not_needed", referens="Beslut 3")
    assert "Rektorn har beslutat att inget åtgärdsprogram behövs: Beslut 3." in page.text
    assert not guardian.get(tab(school, plan)).has("#atgardsprogram")


def test_development_areas_stand_with_their_links(school: School, reader: ReaderOf, criterion: dict[str, Any]) -> None:
    """What to develop, how, and the words of the syllabus; with a way to tell the mentor about the text."""
    plan = school.start()
    area = {"subject": MATHS, "text": "Resonera om likhetstecken", "support": "Arbeta i par", "syllabus": [criterion]}
    assert school.teacher.post(f"{plan}/development-areas", **area).status == 201
    page = reader(school.guardian).get(tab(school, plan))
    assert page.all(f"#amne-{MATHS} h3") == ["Utvecklingsområden"]
    for words in ("Resonera om likhetstecken", "Arbeta i par", WORDING):
        assert words in page.text
    assert len(page.soup.select(f"#amne-{MATHS} .concern a[href*='slag=development_area']")) == 1


def test_an_archived_plan_reads_well_and_can_still_get_its_programme(own_school: School, reader: ReaderOf) -> None:
    """The duty that a risk opened outlives the plan; nothing else of it can be changed."""
    school = own_school
    plan = school.start(school_year="2025/2026")
    publish(school, plan, forecast="at_risk")
    school.start(reason="Nytt läsår")
    page = reader(school.teacher).get(tab(school, plan))
    assert TEXT in page.text
    assert not page.has("a[href*='omdome-']")
    mentor = reader(school.mentor)
    page = mentor.submit(mentor.get(tab(school, plan)), "#koppla", referens="Dnr 2026/18")
    assert "Dnr 2026/18" in page.text


def test_what_is_agreed_is_corrected_with_a_reason(own_school: School, reader: ReaderOf) -> None:
    """Its author and the mentor put right a text or a forecast; what stood there before stays, and nobody else may."""
    school = own_school
    plan = school.start()
    publish(school, plan)
    correct = f"a[href*='rattelse?slag=assessment&nyckel={MATHS}']"
    assert not reader(school.teacher).get(tab(school, plan)).has(correct)
    school.lock(plan)
    for name in ("pupil", "guardian", "other_teacher", "principal"):
        page = reader(getattr(school, name)).get(tab(school, plan))
        assert not page.has(correct)
        there = f"{tab(school, plan).rsplit('/', 1)[0]}/rattelse?slag=assessment&nyckel={MATHS}"
        assert reader(getattr(school, name)).get(there).address == f"{tab(school, plan)}?amne={MATHS}"
    teacher = reader(school.teacher)
    page = teacher.get(str(teacher.get(tab(school, plan)).one(correct)["href"]))
    box, why = f"ratta-assessment-{MATHS}", f"skal-assessment-{MATHS}"
    assert page.one(f"#{box}").get_text().strip() == TEXT
    same = teacher.submit(page, "form#ratta", **{why: "Fel elev"})
    assert [one["href"] for one in same.soup.select("#fel a")] == [f"#{box}"]
    page = teacher.submit(page, "form#ratta", **{box: "Du kan addera.", why: "Fel elev"})
    assert page.one(f"#amne-{MATHS}").has_attr("open")
    assert page.all(f"#amne-{MATHS} > .typed") == ["Du kan addera.", "Varför: Fel elev"]
    assert "Fel elev" in page.text
    assert TEXT in page.text
    mentor = reader(school.mentor)
    page = mentor.get(str(mentor.get(tab(school, plan)).one(correct)["href"]))
    assert page.all("#ratta-prognos fieldset label") == ["Risk att inte uppfylla kriterierna", "Kan inte bedömas ännu"]
    page = mentor.submit(
        page, "form#ratta-prognos", prognos="at_risk", **{f"prognosskal-assessment-{MATHS}": "Fel ruta"}
    )
    assert page.all("summary .risk") == ["Risk att inte uppfylla kriterierna"]
    assert "Fel ruta" in page.text
    assert page.has("#koppla")


def test_an_earlier_day_keeps_its_day_in_every_address(
    school: School, reader: ReaderOf, installation: Installation
) -> None:
    """Whoever looks at how it was goes on looking at that day, and changes nothing."""
    plan = school.start()
    publish(school, plan)
    today = installation.clock().astimezone(STOCKHOLM).date()
    page = reader(school.teacher).get(f"{tab(school, plan)}?dag={today}")
    assert TEXT in page.text
    assert not page.has("a[href*='omdome-']")
    assert f"dag={today}&alla=oppna" in str(page.one("[data-open-all]")["href"])
