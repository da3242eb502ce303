"""The preparatory questions: who writes where, what is shown of it, and that nothing that was typed is lost."""

from datetime import timedelta

import pytest

from tests.api.conftest import Installation
from tests.api.school import School
from tests.api.template import approved, template
from tests.web.plan.conftest import ReaderOf


def address(school: School, plan: str, tab: str) -> str:
    """Where a page of a plan is."""
    return f"/elever/{school.student}/iup/{plan.rsplit('/', 1)[-1]}/{tab}"


@pytest.mark.requirement("S-QUE-1")
@pytest.mark.requirement("S-TPL-9")
def test_only_what_is_directed_to_the_reader_has_a_box(school: School, reader: ReaderOf) -> None:
    """A frame and the words "Till dig" where one may write; everybody else reads."""
    at = address(school, school.start(), "om-mig")
    for person, mine in ((school.pupil, "trivs"), (school.guardian, "hemma"), (school.principal, None)):
        page = reader(person).get(at)
        framed = [str(found["id"]) for found in page.soup.select(".question.mine")]
        assert framed == ([f"fraga-{mine}"] if mine else [])
        assert page.text.count("Till dig") == len(framed)
        assert [str(box["name"]).split("-")[1] for box in page.soup.select("textarea")] == ([mine] if mine else [])


@pytest.mark.requirement("S-QUE-2")
@pytest.mark.requirement("S-QUE-5")
@pytest.mark.requirement("S-QUE-3")
def test_an_answer_is_saved_and_read_by_the_others(school: School, reader: ReaderOf) -> None:
    """One question at a time or all of the page; the scale stands with its text; what is saved leads to its place."""
    plan = school.start()
    pupil = reader(school.pupil)
    page = pupil.get(address(school, plan, "min-utveckling"))
    page = pupil.submit(page, "#svar", "fraga", svar_lasning_pupil="Jag läser varje kväll.", val_lasning_pupil="latt")
    assert page.address.endswith("min-utveckling?klart=sparat")
    assert "Sparat." in page.text
    read = reader(school.guardian).get(address(school, plan, "min-utveckling"))
    assert read.all(".answer strong") == ["Lätt"]
    assert "Jag läser varje kväll." in read.text
    page = pupil.submit(page, "#svar", svar_lasning_pupil="Jag läser ibland.")
    assert "1 tidigare version" in page.text
    assert page.one('input[value="latt"]').has_attr("checked")


@pytest.mark.requirement("S-TPL-10")
def test_written_for_the_pupil_says_who_wrote(own_school: School, reader: ReaderOf) -> None:
    """Where the template lets guardians write in the pupil's field, the page says by whom and for whom."""
    school = own_school
    school.template = approved(school, template(proxy=True))
    guardian = reader(school.guardian)
    page = guardian.get(address(school, school.start(), "om-mig"))
    page = guardian.submit(page, "#svar", svar_trivs_pupil="Hon trivs med sina kompisar.")
    assert "Skrivet av" in page.text
    assert page.one("#svar-trivs-pupil").get_text().strip() == "Hon trivs med sina kompisar."
    read = reader(school.pupil).get(page.address.split("?")[0])
    assert f"Skrivet av Guardian Testguardian för {read.one('h1 .of').get_text().strip()}" in read.text


def test_what_cannot_be_saved_stays_on_the_page(school: School, reader: ReaderOf) -> None:
    """Too long a text is not cut: it stands in the box with words on what to do."""
    pupil = reader(school.pupil)
    page = pupil.get(address(school, school.start(), "om-mig"))
    page = pupil.submit(page, "#svar", svar_trivs_pupil="å" * 4001)
    assert page.status == 422
    assert page.one("textarea").get_text().strip() == "å" * 4001
    assert "för många" in page.text
    assert "för många" in page.one(".error").get_text()


def test_what_nobody_sees_in_a_pasted_text_is_taken_out_on_the_page(school: School, reader: ReaderOf) -> None:
    """Nobody can delete what cannot be seen: the text comes back without it, to be read and saved again."""
    pupil = reader(school.pupil)
    page = pupil.get(address(school, school.start(), "om-mig"))
    pasted = "\ufeffBra\u200b med\u202e alla \U0001f469\u200d\U0001f467.\nJa."
    page = pupil.submit(page, "#svar", svar_trivs_pupil=pasted)
    assert page.status == 422
    assert "har tagits bort" in page.one(".error").get_text()
    page = pupil.submit(page, "#svar")
    assert page.status == 200
    assert page.one("textarea").get_text().strip() == "Bra med alla \U0001f469\u200d\U0001f467.\nJa."


def test_two_windows_on_one_field_show_both_texts(school: School, reader: ReaderOf) -> None:
    """The second to save sees both and chooses; choosing one's own makes it a new version."""
    at = address(school, school.start(), "om-mig")
    one, other = reader(school.pupil), reader(school.pupil)
    first, second = one.get(at), other.get(at)
    one.submit(first, "#svar", svar_trivs_pupil="Bra med kompisarna.")
    both = other.submit(second, "#svar", svar_trivs_pupil="Lite bullrigt.")
    assert both.status == 409
    assert "Bra med kompisarna." in both.text
    assert both.one("textarea").get_text().strip() == "Lite bullrigt."
    page = other.submit(both, "#konflikt")
    assert page.one("#svar-trivs-pupil").get_text().strip() == "Lite bullrigt."
    assert "1 tidigare version" in page.text


def test_an_unchanged_page_saves_nothing(school: School, reader: ReaderOf) -> None:
    """Sending the page as it stands makes no event."""
    plan = school.start()
    pupil = reader(school.pupil)
    page = pupil.get(address(school, plan, "om-mig"))
    page = pupil.submit(page, "#svar", svar_trivs_pupil="Bra.")
    before = len(school.mentor.get(f"{school.path}/events").body["items"])
    pupil.submit(page, "#svar")
    assert len(school.mentor.get(f"{school.path}/events").body["items"]) == before


@pytest.mark.requirement("S-FRE-2")
def test_a_warning_lets_the_author_go_on(school: School, reader: ReaderOf) -> None:
    """A text about health is asked about once; pressed again, it is saved as it is."""
    pupil = reader(school.pupil)
    page = pupil.get(address(school, school.start(), "om-mig"))
    page = pupil.submit(page, "#svar", svar_trivs_pupil="Jag har fått diagnosen ADHD.")
    assert page.has("#svar-trivs-pupil-varning")
    assert "Sparat av" not in page.text
    page = pupil.submit(page, "#svar", "anda")
    assert "Sparat av Pupil Testpupil" in page.text
    assert page.one("#svar-trivs-pupil").get_text().strip() == "Jag har fått diagnosen ADHD."


def test_who_is_warned_of_one_answer_goes_on_beside_it(school: School, reader: ReaderOf) -> None:
    """The only button that saves it as it is stands with the answer, not at the end of the page."""
    pupil = reader(school.pupil)
    page = pupil.get(address(school, school.start(), "om-mig"))
    page = pupil.submit(page, "#svar", "fraga", svar_trivs_pupil="Jag har fått diagnosen ADHD.")
    (button,) = page.soup.select("button[name=anda]")
    assert button.find_parent(id="fraga-trivs")
    assert "Sparat av Pupil Testpupil" in pupil.submit(page, "#svar", "anda").text


def test_a_draft_is_the_authors_own_for_a_day(school: School, reader: ReaderOf, installation: Installation) -> None:
    """It comes back in the box, nobody else sees it, it counts nowhere, and it is gone at save or after 24 hours."""
    at = address(school, school.start(), "om-mig")
    pupil = reader(school.pupil)
    page = pupil.get(at)
    pupil.submit(page, "#svar", to="/".join(at.split("/")[:-1]) + "/utkast", svar_trivs_pupil="Halvt skrivet")
    page = pupil.get(at)
    assert page.one("textarea").get_text().strip() == "Halvt skrivet"
    assert "har inte sparat" in page.text
    for other in (school.guardian, school.mentor):
        assert "Halvt skrivet" not in reader(other).get(at).text
    installation.clock.offset = timedelta(hours=24, seconds=1)
    assert reader(school.pupil).get(at).one("textarea").get_text().strip() == ""
    installation.clock.offset = timedelta()
    thrown = str(page.one('button[name="slang"]')["formaction"])
    assert thrown == "/".join(at.split("/")[:-1]) + "/utkast/slang"
    page = pupil.submit(page, "#svar", "slang", to=thrown)
    assert page.address == at
    assert pupil.get(at).one("textarea").get_text().strip() == ""
    pupil.submit(page, "#svar", to="/".join(at.split("/")[:-1]) + "/utkast", svar_trivs_pupil="Halvt skrivet")
    pupil.submit(pupil.get(at), "#svar")
    assert "har inte sparat" not in pupil.get(at).text
