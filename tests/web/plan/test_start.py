"""The start page and a pupil's own page: whom one has to do with, what is new, and the way to it (S-NAV)."""

import pytest

from projections.notice_places import TELLING
from tests.api.school import School, relate
from tests.api.template import MATHS
from tests.web.plan.conftest import ReaderOf
from web.texts.notices import NOTICES


def test_every_event_that_makes_a_notice_has_words() -> None:
    """And no words are kept for events that make none."""
    assert set(NOTICES) == {kind.code for kind in TELLING}


@pytest.mark.requirement("S-NAV-4")
@pytest.mark.requirement("S-NAV-6")
@pytest.mark.requirement("S-NAV-8")
def test_everybody_finds_their_own_and_the_way_to_the_plan(own_school: School, reader: ReaderOf) -> None:
    """A guardian the child, a pupil the own plan, a mentor the pupil and the class; each card has the IUP symbol."""
    school = own_school
    school.start()
    plan = f"/elever/{school.student}/iup"
    seen = {}
    for name in ("pupil", "guardian", "mentor"):
        page = reader(getattr(school, name)).get("/")
        seen[name] = page.all("h2")
        assert page.has(f'.card a[href="{plan}"]'), name
        assert page.has('.card img.symbol[src="/static/plan.svg"]')
    assert "Min plan" in seen["pupil"]
    assert "Mina barn" in seen["guardian"]
    assert "Mina elever" in seen["mentor"]
    assert reader(school.mentor).get("/").has(f'a[href="/klasser/{school.group}/iup"]')
    assert not reader(school.guardian).get("/").has(f'a[href="/klasser/{school.group}/iup"]')


def test_the_schools_card_says_what_one_is_there(own_school: School, reader: ReaderOf) -> None:
    """A teacher is no other staff, whatever the roster calls all who work there; the order is always the same."""
    school = own_school
    for name in ("teacher", "mentor"):
        body = {"person_id": getattr(school, name).person_id, "role": "staff"}
        assert school.administrator.post(f"schools/{school.id}/roles", **body).status == 201
    relate(school, "mentor", school.other_student, "teacher", (MATHS,))
    said = {"teacher": "lärare", "mentor": "lärare, mentor", "staff": "övrig personal", "principal": "rektor"}
    for name, words in said.items():
        (card,) = [text for text in reader(getattr(school, name)).get("/").all(".card") if "Lindskolan" in text]
        assert card.endswith(f"Lindskolan {words}")


@pytest.mark.requirement("S-NAV-3")
@pytest.mark.requirement("S-NOT-4")
def test_a_notice_leads_to_its_place_and_is_read_then(own_school: School, reader: ReaderOf) -> None:
    """In words on the start page; followed, it lands on the very question, and is gone for this reader alone."""
    school = own_school
    plan = school.start()
    school.pupil.put(f"{plan}/answers/trivs", text="Bra")
    guardian = reader(school.guardian)
    page = guardian.get("/")
    told = [text for text in page.all(".notices .notice") if "besvarade en fråga" in text]
    assert len(told) == 1
    assert "Pupil Testpupil, elev" in told[0]
    (href,) = [str(a["href"]) for a in page.soup.select(".notices a") if "besvarade" in a.get_text()]
    place = guardian.get(href)
    assert place.address.endswith("/om-mig")
    assert place.has("#fraga-trivs")
    assert not [text for text in guardian.get("/").all(".notices .notice") if "besvarade" in text]
    assert [text for text in reader(school.mentor).get("/").all(".notices .notice") if "besvarade" in text]
    assert guardian.get(href).address.endswith("/om-mig")


@pytest.mark.requirement("S-NOT-4")
def test_all_that_the_page_shows_is_marked_read_at_once(own_school: School, reader: ReaderOf) -> None:
    """For who has read it in the plan itself; what came after the page was shown stays, and others' notices too."""
    school = own_school
    plan = school.start()
    school.pupil.put(f"{plan}/answers/trivs", text="Bra")
    guardian = reader(school.guardian)
    page = guardian.get("/notiser")
    assert len(page.all(".notice")) == 2
    school.propose(plan)
    left = guardian.submit(page, "#lasta")
    assert [text for text in left.all(".notice") if "föreslog ett mål" not in text] == []
    assert len(left.all(".notice")) == 1
    assert guardian.send(left, "/notiser/lasta", till="ingen dag").all(".notice") == left.all(".notice")
    assert "Du har läst allt" in guardian.submit(left, "#lasta").text
    assert [text for text in reader(school.mentor).get("/notiser").all(".notice") if "besvarade" in text]


def test_a_browser_that_only_looks_ahead_reads_nothing(own_school: School, reader: ReaderOf) -> None:
    """The notice stays until somebody follows it."""
    own_school.start()
    guardian = reader(own_school.guardian)
    href = str(guardian.get("/").soup.select(".notices a")[0]["href"])
    assert guardian.get(href, **{"Sec-Purpose": "prefetch"}).address == "/notiser"
    assert guardian.get(href, **{"Sec-Fetch-Site": "cross-site"}).address == "/notiser"
    assert guardian.get("/").has(f'.notices a[href="{href}"]')


@pytest.mark.requirement("S-NAV-5")
@pytest.mark.requirement("S-NAV-7")
@pytest.mark.requirement("S-GEN-9")
def test_a_pupils_page_has_the_modules_that_the_school_has(own_school: School, reader: ReaderOf) -> None:
    """First the person, then the module; what is switched off is neither offered nor there."""
    school = own_school
    school.start()
    guardian = reader(school.guardian)
    page = guardian.get(f"/elever/{school.student}")
    assert page.all(".cards h3") == ["IUP", "Fokus", "Bedömning", "Lärblogg", "Arkiv"]
    chosen = school.principal.put(f"schools/{school.id}/modules", modules=["assessment"])
    assert chosen.status == 200, chosen.body
    assert school.principal.get(f"schools/{school.id}").body["modules"] == ["assessment"]
    assert guardian.get(page.address).all(".card h3") == ["IUP", "Bedömning", "Arkiv"]
    for address in ("fokus", "larblogg"):
        assert guardian.get(f"/elever/{school.student}/{address}").status == 404


@pytest.mark.requirement("S-GEN-8")
def test_nothing_is_shown_of_others(own_school: School, reader: ReaderOf) -> None:
    """Neither cards nor notices of pupils one has nothing to do with."""
    own_school.start()
    page = reader(own_school.outsider).get("/")
    assert own_school.student not in str(page.soup)
    assert reader(own_school.outsider).get(f"/elever/{own_school.student}").status == 404
