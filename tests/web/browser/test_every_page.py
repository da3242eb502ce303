"""What holds for every page: it fits a phone, reads well without a pointer, and looks as it should by day and night."""

import pytest
from playwright.sync_api import expect

from app.local import system_command
from commands.bulk import StreamChange, change_streams
from commands.streams import PERSON
from events.person import RosterEmailGiven
from tests.api.school import School
from tests.api.template import MATHS
from tests.web.browser.conftest import DESK, PHONE, Photograph, Site
from tests.web.browser.filled import Filled, fill
from tests.web.browser.pages import faults, violations

OF_ALL = {
    "start": "/",
    "settings": "/installningar",
    "sessions": "/installningar/inloggningar",
    "notices": "/notiser",
    "terms": "/villkor",
    "about": "/om",
    "help": "/hjalp",
    "guide": "/hjalp/vardnadshavare",
    "missing": "/finns-inte",
}
OF_GUARDIAN = OF_ALL | {
    "contact-list": "/klasser/{group}/kontaktlista",
    "readers": "/elever/{student}/lasratt",
    "profile": "/personer/{person}",
    "pupil": "/elever/{student}",
    "overview": "/elever/{student}/iup",
    "overview-earlier": "/elever/{student}/iup/{earlier}",
    "questions": "/elever/{student}/iup/{plan}/om-mig",
    "scale": "/elever/{student}/iup/{plan}/min-utveckling",
    "assessments": "/elever/{student}/iup/{plan}/omdomen",
    "conversation": "/elever/{student}/iup/{plan}/samtalet",
    "concern": "/elever/{student}/iup/{plan}/granskning?slag=viewpoint&person={person}",
    "goals": "/elever/{student}/iup/{plan}/min-iup",
    "goals-earlier": "/elever/{student}/iup/{earlier}/min-iup",
    "focus": "/elever/{student}/fokus",
    "learning-blog": "/elever/{student}/larblogg",
    "conversation-earlier": "/elever/{student}/iup/{earlier}/samtalet",
}
OF_SCHOOL = {
    "pupil": "/elever/{student}",
    "overview": "/elever/{student}/iup",
    "questions": "/elever/{student}/iup/{plan}/mitt-larande",
    "assessments": "/elever/{student}/iup/{plan}/omdomen",
    "conversation": "/elever/{student}/iup/{plan}/samtalet",
    "goals": "/elever/{student}/iup/{plan}/min-iup",
    "learning-blog": "/elever/{student}/larblogg",
    "new-plan": "/elever/{student}/iup/ny",
}
OF_TEACHER = {
    "assessing": "/elever/{student}/iup/{plan}/omdome-{subject}",
    "assessing-in-class": "/elever/{student}/iup/{plan}/omdome-{subject}?klass={group}",
    "class-assessments": "/klasser/{group}/omdomen/{subject}",
}
ROLES = {"guardian": OF_GUARDIAN, "pupil": OF_SCHOOL, "mentor": OF_ALL | OF_SCHOOL, "teacher": OF_SCHOOL | OF_TEACHER}
OF_MENTOR = {"new-plan"}


def ids_of(school: School, filled: Filled) -> dict[str, str]:
    """What stands in the addresses."""
    return {
        "group": school.group, "student": school.student, "person": school.guardian.person_id, "plan": filled.plan,
        "earlier": filled.earlier, "subject": MATHS,
    }  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_every_page_fits_and_reads(site: Site, school: School, photograph: Photograph, role: str) -> None:
    """At 320 pixels nothing is wider than the screen; axe-core finds nothing, by day and by night."""
    ids = ids_of(school, fill(school))
    page = site.window_of(getattr(school, role))
    found = {}
    for name, address in ROLES[role].items():
        if name in OF_MENTOR and role != "mentor":
            continue
        page.set_viewport_size({"width": 320, "height": 640})
        response = page.goto(address.format(**ids))
        assert response
        assert response.status == (404 if name == "missing" else 200), name
        found[name] = faults(page)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found[name] += violations(page)
            for width, size in (("phone", PHONE), ("desk", DESK)):
                page.set_viewport_size(size)
                photograph(page, f"{role}-{name}-{width}-{scheme}")
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_a_long_address_from_the_school_fits_too(site: Site, own_school: School) -> None:
    """What has no space in it is broken where the screen ends."""
    pupil = site.person_id(own_school.pupil)
    given = RosterEmailGiven(email="ett.mycket.langt.elevnamn@elev.demokommunen.exempel.se")
    change = StreamChange(pupil, lambda *_: [given])
    change_streams(site.made.services.context, system_command(), PERSON, {pupil: change})
    page = site.window_of(own_school.pupil, level=1, viewport={"width": 320, "height": 640})
    page.goto("/installningar")
    expect(page.get_by_text(given.email or "")).to_be_visible()
    assert faults(page) == []


def test_no_link_leads_nowhere(site: Site, school: School) -> None:
    """Every address that a page names is a page."""
    ids = ids_of(school, fill(school))
    for role in ("guardian", "mentor"):
        page = site.window_of(getattr(school, role))
        found: set[str] = set()
        for name, address in ROLES[role].items():
            if name != "missing":
                page.goto(address.format(**ids))
                found |= set(page.evaluate("[...document.links].map(link => link.getAttribute('href'))"))
        own = sorted({href.split("#")[0] for href in found if href.startswith("/")} - {""})
        answers = {address: page.request.get(address).status for address in own}
        assert {address: status for address, status in answers.items() if status != 200} == {}
        assert len(answers) > 5
