"""Assessments in a browser: a teacher writes for a class, home reads them, and a risk gets its programme."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.api.school import School
from tests.api.template import MATHS, SWEDISH
from tests.web.assessed import TEXT, WORDING, criterion, documents, publish, tab
from tests.web.browser.conftest import DESK, PHONE, Photograph, Site
from tests.web.browser.pages import faults, violations

__all__ = ["criterion"]


def kept(page: Page, photograph: Photograph, name: str) -> None:
    """Nothing is wider than a phone, axe-core finds nothing by day or night, and there are photographs."""
    page.set_viewport_size({"width": 320, "height": 640})
    assert faults(page) == []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == []
        for width, size in (("phone", PHONE), ("desk", DESK)):
            page.set_viewport_size(size)
            photograph(page, f"{name}-{width}-{scheme}")


@pytest.mark.requirement("S-OMD-1", surface="browser")
@pytest.mark.requirement("S-OMD-6", surface="browser")
@pytest.mark.requirement("S-OMD-7", surface="browser")
@pytest.mark.requirement("S-OMD-8", surface="browser")
@pytest.mark.requirement("S-OMD-9", surface="browser")
@pytest.mark.requirement("S-OMD-11", surface="browser")
@pytest.mark.requirement("S-DEV-1", surface="browser")
@pytest.mark.requirement("S-DEV-2", surface="browser")
@pytest.mark.requirement("S-ROL-3", surface="browser")
def test_a_teacher_writes_an_assessment(
    site: Site, own_school: School, criterion: dict[str, Any], photograph: Photograph
) -> None:
    """From the class: forecast, text under its headings, what it rests on, what to develop; no grade is asked for."""
    school = own_school
    documents(school)
    plan = school.start()
    page = site.window_of(school.teacher)
    page.goto(f"/klasser/{school.group}/omdomen/{MATHS}")
    expect(page.get_by_text("0 av 1 klara")).to_be_visible()
    kept(page, photograph, "class-assessments")
    page.get_by_role("link", name="Skriv för nästa elev").click()
    expect(page.get_by_text("Det är inte ett betyg.")).to_be_visible()
    box = page.get_by_label("Omdömet", exact=True)
    expect(box).to_have_value(re.compile("Det här kan du:[^.]*Det här har du lärt dig:"))
    box.fill(TEXT)
    page.get_by_label("Väntas uppfylla kriterierna").check()
    page.get_by_label("LPP; Mätning").check()
    page.get_by_text("Koppla till kursplanen").click()
    page.get_by_label("Ord att leta efter i ämnets kursplan").fill("grundläggande begrepp")
    page.get_by_role("button", name="Visa", exact=True).click()
    expect(page.get_by_label("Omdömet", exact=True)).to_have_value(TEXT)
    item = page.get_by_role("group", name=WORDING)
    item.get_by_label("Omdömet handlar om detta").check()
    item.get_by_label("Att utveckla").check()
    page.get_by_label("Det som ska utvecklas").fill("Begreppen")
    page.get_by_label("Så gör vi i skolan och hemma").fill("Spela spel")
    kept(page, photograph, "assessing")
    page.get_by_role("button", name="Publicera och gå till nästa elev").click()
    expect(page.get_by_role("status")).to_contain_text("Publicerat.")
    expect(page.get_by_text("1 av 1 klara")).to_be_visible()
    shown = school.guardian.get(plan).body
    assert shown["assessments"][0]["versions"][0]["text"] == TEXT
    assert shown["development_areas"][0]["syllabus"] == [criterion]


@pytest.mark.requirement("S-OMD-2", surface="browser")
@pytest.mark.requirement("S-OMD-3", surface="browser")
@pytest.mark.requirement("S-OMD-4", surface="browser")
@pytest.mark.requirement("S-OMD-5", surface="browser")
@pytest.mark.requirement("S-OMD-12", surface="browser")
@pytest.mark.requirement("S-LPP-1", surface="browser")
@pytest.mark.requirement("S-LPP-2", surface="browser")
@pytest.mark.requirement("S-LPP-3", surface="browser")
@pytest.mark.requirement("S-TPL-3", surface="browser")
@pytest.mark.requirement("S-TPL-11", surface="browser")
def test_home_reads_the_assessments(
    site: Site, own_school: School, criterion: dict[str, Any], photograph: Photograph
) -> None:
    """One subject by a click, all by "Öppna/stäng alla", earlier ones as tabs, each heading opens its document.

    What nobody teaches the pupil takes no place.
    """
    school = own_school
    first = school.start(school_year="2025/2026")
    publish(school, first, text="Du kan addera.")
    plan = school.start(reason="Nytt läsår")
    publish(school, plan, documents=documents(school), syllabus=[criterion])
    page = site.window_of(school.guardian, viewport=PHONE)
    page.goto(tab(school, plan))
    maths, swedish = page.locator(f"#amne-{MATHS}"), page.locator(f"#amne-{SWEDISH}")
    expect(maths.get_by_text(TEXT)).to_be_hidden()
    page.get_by_role("heading", name="Matematik").click()
    expect(maths.get_by_text(TEXT)).to_be_visible()
    expect(swedish.get_by_text("Läraren i ämnet skriver")).to_be_hidden()
    page.get_by_role("link", name="Öppna/stäng alla").click()
    expect(swedish.get_by_text("Läraren i ämnet skriver")).to_be_visible()
    kept(page, photograph, "assessments")
    assert page.locator("main textarea").count() == 0
    maths.get_by_role("navigation").get_by_role("link").nth(1).click()
    expect(page.get_by_text("Du kan addera.")).to_be_visible()
    page.go_back()
    page.goto(f"{tab(school, plan)}#amne-{MATHS}")
    for name, words in (
        ("LPP; Mätning", "Att mäta längd"),
        ("Bedömningsmatris - Matematik", "många"),
        ("Nationella mål för år 6", WORDING),
    ):
        maths.get_by_role("link", name=name).click()
        expect(page.get_by_role("main").get_by_text(words)).to_be_visible()
        kept(page, photograph, f"document-{words.split()[-1].strip('.')}")
        page.go_back()
    expect(swedish.get_by_role("heading", name="LPP")).to_have_count(0)
    maths.get_by_role("link", name="LPP; Mätning").click()
    page.get_by_role("navigation", name="Du är här").get_by_role("link", name="Mina omdömen").click()
    expect(maths.get_by_text(TEXT)).to_be_visible()
    for name in ("educator", "other_teacher"):
        school.administrator.delete(f"{school.path}/relations/{getattr(school, name).acting_as}")
    page.reload()
    expect(page.get_by_text("elevens lärare i: Svenska.")).to_be_visible()
    expect(swedish).to_have_count(0)
    kept(page, photograph, "assessments-taught")


@pytest.mark.requirement("S-OMD-10", surface="browser")
def test_a_risk_is_said_clearly_until_its_programme_is_linked(
    site: Site, own_school: School, photograph: Photograph
) -> None:
    """Home reads the risk and what must come; the mentor links the programme where it says so."""
    school = own_school
    plan = school.start()
    publish(school, plan, forecast="at_risk")
    guardian, mentor = site.window_of(school.guardian), site.window_of(school.mentor)
    guardian.goto(tab(school, plan))
    expect(guardian.locator("summary").get_by_text("Risk att inte uppfylla kriterierna")).to_be_visible()
    expect(guardian.get_by_text("Läraren har signalerat risk i Matematik.")).to_be_visible()
    mentor.goto(tab(school, plan))
    kept(mentor, photograph, "risk")
    mentor.get_by_label("Hänvisning till programmet eller beslutet").fill("Dnr 2026/17")
    mentor.get_by_role("button", name="Koppla åtgärdsprogrammet").click()
    guardian.reload()
    guardian.get_by_role("heading", name="Matematik").click()
    expect(guardian.get_by_text("Dnr 2026/17")).to_be_visible()
    expect(guardian.get_by_text("Läraren har signalerat risk")).to_have_count(0)
