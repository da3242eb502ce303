"""The getting-started guides: the steps of a year for each role, for whoever asks."""

import pytest

from tests.api.school import School
from tests.web.plan.conftest import ReaderOf
from web.texts.guides import GUIDES, STEPS, steps_for
from web.texts.helps import HELPS


@pytest.mark.parametrize("language", ["sv", "en"])
def test_each_role_has_a_guide_that_needs_no_sign_in(school: School, reader: ReaderOf, language: str) -> None:
    """Every step has a number, says what its page is for and what to do there."""
    guest = reader(school.guardian, language=language)
    guest.signs_out()
    choice = guest.get("/hjalp")
    for one in GUIDES:
        assert choice.has(f'a[href="/hjalp/{one}"]')
        page = guest.get(f"/hjalp/{one}")
        assert page.status == 200
        assert len(page.all("section.step")) == len(list(steps_for(one))) > 8
        assert [text.split(".")[0] for text in page.all("h2")] == [str(n + 1) for n in range(len(page.all("h2")))]
    assert guest.get("/hjalp/okand").status == 404


def test_a_guide_says_what_concerns_its_reader_and_nothing_else(school: School, reader: ReaderOf) -> None:
    """A guardian reads of confirming and of the child's card, a teacher of writing for the class."""
    guardian = reader(school.guardian).get("/hjalp/vardnadshavare").text
    teacher = reader(school.teacher).get("/hjalp/larare").text
    assert "Bekräfta att du har läst" in guardian
    assert "Välj ditt barns kort." in guardian
    assert "Skriv omdömen" not in guardian
    assert "Skriv omdömen" in teacher
    assert "Välj ditt barns kort." not in teacher


def test_the_pages_say_the_same_as_the_guides(school: School, reader: ReaderOf) -> None:
    """The sentence of the overview is the overview's own."""
    plan = school.start().rsplit("/", 1)[-1]
    guardian = reader(school.guardian)
    guide = guardian.get("/hjalp/vardnadshavare").all(".lead")
    for address in ("iup", f"iup/{plan}/omdomen", f"iup/{plan}/om-mig", f"iup/{plan}/samtalet", f"iup/{plan}/min-iup"):
        (lead,) = guardian.get(f"/elever/{school.student}/{address}").all(".lead")
        assert lead in guide
    assert guardian.get("/").one(".lead").get_text() in guide


def test_a_guide_is_found_from_every_page(school: School, reader: ReaderOf) -> None:
    """From the foot of it, and from the start page."""
    page = reader(school.pupil, level=1).get("/")
    assert page.has('footer a[href="/hjalp"]')
    assert page.has('main a[href="/hjalp"]')


def test_every_step_is_about_a_page_that_says_what_it_is_for() -> None:
    """No step without its sentence, and none that nobody reads."""
    assert {step.page for step in STEPS} <= set(HELPS)
    assert all(point.readers & step.readers for step in STEPS for point in step.points)


def test_the_page_for_everybody_says_how_to_reach_the_municipality(school: School, reader: ReaderOf) -> None:
    """As whoever runs it has set it, in both languages."""
    for language in ("sv", "en"):
        guest = reader(school.guardian, language=language)
        guest.signs_out()
        assert guest.get("/om").all("address p") == ["Testkommunen", "090-00 00 00"]
