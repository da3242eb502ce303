"""What holds for every page: it fits a phone, reads well without a pointer, and looks as it should by day and night."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from app.local import system_command
from commands.bulk import StreamChange, change_streams
from commands.context import STOCKHOLM
from commands.streams import PERSON
from events.person import RosterEmailGiven
from tests.api.conftest import Installation
from tests.api.school import Known, School, add_pupil
from tests.api.template import MATHS
from tests.web.browser.conftest import DESK, Photograph, Site
from tests.web.browser.filled import Filled, fill
from tests.web.browser.pages import faults, set_letters, violations

NARROW: ViewportSize = {"width": 320, "height": 640}
ZOOMED: ViewportSize = {"width": 640, "height": 450}
"""A screen of 1280 pixels at 200 per cent."""
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
    "history": "/elever/{student}/iup/{plan}/historik",
    "archive": "/elever/{student}/arkiv",
    "overview-earlier": "/elever/{student}/iup/{earlier}",
    "questions": "/elever/{student}/iup/{plan}/om-mig",
    "scale": "/elever/{student}/iup/{plan}/min-utveckling",
    "assessments": "/elever/{student}/iup/{plan}/omdomen",
    "assessments-open": "/elever/{student}/iup/{plan}/omdomen?alla=oppna",
    "as-it-was": "/elever/{student}/iup/{plan}/om-mig?dag={today}",
    "goal": "/elever/{student}/iup/{plan}/mal?mal={proposal}",
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
    "correction": "/elever/{student}/iup/{earlier}/rattelse?slag=goal&nyckel={goal}",
}
OF_TEACHER = {
    "class-plans": "/klasser/{group}/iup",
    "assessing": "/elever/{student}/iup/{plan}/omdome-{subject}",
    "assessing-in-class": "/elever/{student}/iup/{plan}/omdome-{subject}?klass={group}",
    "class-assessments": "/klasser/{group}/omdomen/{subject}",
}
ROLES = {"guardian": OF_GUARDIAN, "pupil": OF_SCHOOL, "mentor": OF_ALL | OF_SCHOOL, "teacher": OF_SCHOOL | OF_TEACHER}
OF_MENTOR = {"new-plan", "correction"}


def ids_of(school: School, filled: Filled) -> dict[str, str]:
    """What stands in the addresses."""
    return {
        "group": school.group, "student": school.student, "person": school.guardian.person_id, "plan": filled.plan,
        "earlier": filled.earlier, "goal": filled.goal, "proposal": filled.proposal, "subject": MATHS,
        "today": datetime.now(STOCKHOLM).date().isoformat(),
    }  # fmt: skip


def pages_of(role: str, ids: dict[str, str]) -> dict[str, str]:
    """The pages that somebody in this role comes to."""
    return {
        name: address.format(**ids)
        for name, address in ROLES[role].items()
        if name not in OF_MENTOR or role == "mentor"
    }


@pytest.fixture(scope="module")
def file(shared: tuple[Installation, Known]) -> tuple[School, Filled]:
    """A pupil with something on every page, the same for all roles."""
    made, known = shared
    school = add_pupil(made.api, known, made.issue)
    return school, fill(school)


def looked_at(page: Page, keep: Callable[[str], None]) -> list[str]:
    """What is wrong with a page: on a phone by day, on a desk by night, zoomed twofold, and in letters twice as big."""
    page.emulate_media(color_scheme="light")
    found = faults(page) + violations(page)
    keep("phone-light")
    page.set_viewport_size(DESK)
    keep("desk-light")
    page.emulate_media(color_scheme="dark")
    found += violations(page)
    keep("desk-dark")
    page.set_viewport_size(NARROW)
    keep("phone-dark")
    page.set_viewport_size(ZOOMED)
    found += [f"zoomed: {fault}" for fault in faults(page)]
    page.set_viewport_size(DESK)
    set_letters(page, size=32)
    found += [f"in big letters: {fault}" for fault in faults(page)]
    set_letters(page, size=16)
    return found


@pytest.mark.parametrize("role", ROLES)
def test_every_page_fits_and_reads(site: Site, file: tuple[School, Filled], photograph: Photograph, role: str) -> None:
    """Nothing is cut off or wider than the screen; axe-core finds nothing by day or night; links lead to pages."""
    school, filled = file
    page = site.window_of(getattr(school, role))
    found, links = dict[str, list[str]](), set[str]()
    for name, address in pages_of(role, ids_of(school, filled)).items():
        page.set_viewport_size(NARROW)
        response = page.goto(address)
        assert response
        assert response.status == (404 if name == "missing" else 200), name
        assert page.url == f"{site.base_url}{address}", name
        links |= set(page.evaluate("[...document.links].map(link => link.getAttribute('href'))"))
        found[name] = looked_at(page, partial(_keep, photograph, page, f"{role}-{name}"))
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    own = {href.split("#")[0] for href in links if href.startswith("/")}
    answers = {address: page.request.get(address).status for address in sorted(own)}
    assert {address: status for address, status in answers.items() if status != 200} == {}
    assert len(answers) > 5


def _keep(photograph: Photograph, page: Page, name: str, look: str) -> None:
    photograph(page, f"{name}-{look}")


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
