"""What holds for every page: it fits a phone, reads well without a pointer, and looks as it should by day and night."""

from playwright.sync_api import expect

from app.local import system_command
from commands.bulk import StreamChange, change_streams
from commands.streams import PERSON
from events.person import RosterEmailGiven
from tests.api.school import School
from tests.web.browser.conftest import DESK, PHONE, Photograph, Site
from tests.web.browser.pages import faults

ADDRESSES = {
    "start": "/",
    "settings": "/installningar",
    "sessions": "/installningar/inloggningar",
    "contact-list": "/klasser/{group}/kontaktlista",
    "readers": "/elever/{student}/lasratt",
    "profile": "/personer/{person}",
    "terms": "/villkor",
    "about": "/om",
    "missing": "/finns-inte",
}


def ids_of(school: School) -> dict[str, str]:
    """What stands in the addresses."""
    return {"group": school.group, "student": school.student, "person": school.guardian.person_id}


def test_every_page_fits_and_reads(site: Site, school: School, photograph: Photograph) -> None:
    """At 320 pixels nothing is wider than the screen; headings, labels and landmarks are as a screen reader needs."""
    page = site.window_of(school.guardian)
    ids = ids_of(school)
    found = {}
    for name, address in ADDRESSES.items():
        page.set_viewport_size({"width": 320, "height": 640})
        response = page.goto(address.format(**ids))
        assert response
        assert response.status == (404 if name == "missing" else 200)
        found[name] = faults(page)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for width, size in (("phone", PHONE), ("desk", DESK)):
                page.set_viewport_size(size)
                photograph(page, f"{name}-{width}-{scheme}")
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
    page = site.window_of(school.guardian)
    found: set[str] = set()
    for address in ADDRESSES.values():
        page.goto(address.format(**ids_of(school)))
        found |= set(page.evaluate("[...document.links].map(link => link.getAttribute('href'))"))
    answers = {address: page.request.get(address).status for address in found if address.startswith("/")}
    assert {address: status for address, status in answers.items() if status != 200} == {}
    assert len(answers) > 5
