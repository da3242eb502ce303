"""Whoever writes in a browser what must not stand in a plan is asked once, gently, and decides."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.api.school import School
from tests.web.browser.conftest import DESK, PHONE, Photograph, Site
from tests.web.browser.pages import faults


def looked_at(page: Page, photograph: Photograph, name: str) -> None:
    """The page with the warning has no fault, in light and dark, on a phone and a school's computer."""
    assert faults(page) == []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for device, size in (("phone", PHONE), ("desk", DESK)):
            page.set_viewport_size(size)
            photograph(page, f"{name}-{device}-{scheme}")
    page.emulate_media(color_scheme="light")


@pytest.mark.requirement("S-FRE-1", surface="browser")
@pytest.mark.requirement("S-FRE-2", surface="browser")
@pytest.mark.requirement("S-FRE-3", surface="browser")
@pytest.mark.requirement("S-FRE-4", surface="browser")
@pytest.mark.requirement("S-FRE-5", surface="browser")
def test_each_is_warned_of_what_must_not_stand_there(site: Site, school: School, photograph: Photograph) -> None:
    """A pupil changes the text, a guardian saves it as it is, a teacher is asked beside the assessment."""
    plan = f"/elever/{school.student}/iup/{school.start().rsplit('/', 1)[-1]}"

    pupil = site.window_of(school.pupil, level=1, viewport=PHONE)
    pupil.goto(f"{plan}/om-mig")
    pupil.get_by_label("Ditt svar").fill("Jag har epilepsi och är blyg. Elin är en idiot.")
    pupil.get_by_role("button", name=re.compile("Spara svar")).click()
    asked = pupil.get_by_role("alert")
    expect(asked).to_contain_text("Texten verkar nämna någons hälsa")
    expect(asked).to_contain_text("hur någon är som person")
    expect(asked).to_contain_text("En del ord kan såra någon")
    expect(pupil.locator("#varningar")).to_be_focused()
    looked_at(pupil, photograph, "free-text-pupil")
    pupil.locator("#varningar").get_by_role("link", name=re.compile("hälsa")).click()
    expect(pupil.get_by_label("Ditt svar")).to_be_in_viewport()
    pupil.get_by_label("Ditt svar").fill("Jag trivs bäst på bilden.")
    pupil.get_by_role("button", name=re.compile("Spara svar")).click()
    expect(pupil.get_by_role("status")).to_have_text("Sparat.")
    assert "free_text_warning_shown.v1" not in school.codes()

    guardian = site.window_of(school.guardian)
    guardian.goto(f"{plan}/om-mig")
    guardian.get_by_label("Ditt svar").fill("Vi är muslimer och vill att hon slipper fläskkött.")
    guardian.get_by_role("button", name=re.compile("Spara svar")).click()
    expect(guardian.get_by_role("alert")).to_contain_text("Religion och livsåskådning")
    guardian.get_by_role("button", name="Spara som den är").click()
    expect(guardian.get_by_role("status")).to_have_text("Sparat.")
    assert school.codes()[-2:] == ["free_text_warning_shown.v1", "question_answered.v1"]

    teacher = site.window_of(school.teacher)
    teacher.goto(f"{plan}/mitt-larande")
    teacher.get_by_role("region", name="Hur arbetar eleven?").get_by_label("Ditt svar").fill("Eleven är omogen.")
    teacher.get_by_role("region", name="Hur arbetar eleven?").get_by_role("button", name=re.compile("Spara")).click()
    expect(teacher.get_by_role("alert")).to_contain_text("Skriv hellre vad eleven gör och lär sig")
    looked_at(teacher, photograph, "free-text-teacher")
