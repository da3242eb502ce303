"""The learning blog: the pupil writes, linked to goals; those who read the plan read it there and at the goal."""

import pytest

from tests.api.school import School
from tests.web.plan.conftest import ReaderOf
from tests.web.plan.test_goals import id_of, place


@pytest.mark.requirement("S-BLG-3")
def test_a_note_stands_in_the_blog_and_at_its_goal(school: School, reader: ReaderOf) -> None:
    """The goal's link ticks it; both pages lead to each other; the same form sent twice is one note."""
    plan, goal = school.locked_with_goal()
    goal = id_of(goal)
    pupil = reader(school.pupil, level=1)
    link = pupil.get(place(school, plan)).one(f'#mal-{goal} a[href*="larblogg?mal="]')
    page = pupil.get(str(link["href"]))
    assert page.one(f"#mal-{goal}").has_attr("checked")
    after = pupil.submit(page, "#skriv", anteckning="Jag kan sjuans tabell utan att titta.")
    pupil.submit(page, "#skriv", anteckning="Jag kan sjuans tabell utan att titta.")
    assert after.address == f"/elever/{school.student}/larblogg?klart=skrivet"
    assert school.codes().count("learning_note_posted.v1") == 1
    read = reader(school.guardian).get(after.address)
    (note,) = [str(one["id"]) for one in read.soup.select("article")]
    assert read.one("article li a")["href"] == f"{place(school, plan)}#mal-{goal}"
    seen = reader(school.teacher).get(place(school, plan))
    assert "Jag kan sjuans tabell" in seen.one(f"#mal-{goal}").text
    assert seen.has(f'a[href="/elever/{school.student}/larblogg#{note}"]')


def test_only_the_pupil_writes_and_only_those_involved_read(school: School, reader: ReaderOf) -> None:
    """Everybody else is told who writes there; an outsider learns nothing; a made-up form is refused."""
    at = f"/elever/{school.student}/larblogg"
    for person in (school.guardian, school.teacher, school.mentor, school.principal):
        one = reader(person)
        page = one.get(at)
        assert "Bara eleven skriver här." in page.text
        assert not page.has("main form")
        assert one.send(page, at, anteckning="Hej").status == 403
    assert reader(school.outsider).get(at).status == 404
    assert "learning_note_posted.v1" not in school.codes()
    assert school.end_schooling().status == 200
    assert not reader(school.pupil).get(at).has("#skriv")


def test_what_cannot_be_saved_stays_with_its_ticks(school: School, reader: ReaderOf) -> None:
    """An empty note is named at its box; a warned author goes on."""
    goal = id_of(school.propose(school.start()))
    pupil = reader(school.pupil)
    at = f"/elever/{school.student}/larblogg"
    wrong = pupil.submit(pupil.get(at), "#skriv", **{f"mal-{goal}": "ja"})
    assert wrong.status == 422
    assert wrong.has('#fel a[href="#anteckning"]')
    warned = pupil.submit(wrong, "#skriv", anteckning="Ring mig på 811218-9876")
    assert warned.has("#anteckning-varning")
    page = pupil.submit(warned, "#skriv", "anda")
    assert page.all("article li") == ["Jag vill kunna tiokamraterna"]


def test_older_notes_are_a_page_away(school: School, reader: ReaderOf) -> None:
    """The latest first, fifty at a time, none twice and none left out."""
    for number in range(51):
        assert school.pupil.post(f"{school.path}/learning-notes", text=f"Nummer {number}").status == 201
    guardian = reader(school.guardian)
    newest = guardian.get(f"/elever/{school.student}/larblogg")
    (older,) = [str(link["href"]) for link in newest.soup.select("main a") if "fore=" in str(link["href"])]
    oldest = guardian.get(older)
    found = newest.all("article .typed") + oldest.all("article .typed")
    assert found == [f"Nummer {number}" for number in reversed(range(51))]
    assert "fore=" not in str(oldest.soup.select("main"))


def test_a_module_that_the_school_has_not_is_no_page(own_school: School, reader: ReaderOf) -> None:
    """Neither Focus nor the learning blog, and the goals say nothing of it (S-GEN-9)."""
    plan, _ = own_school.locked_with_goal()
    path = f"schools/{own_school.id}/modules"
    assert own_school.principal.put(path, modules=[]).status == 200
    pupil = reader(own_school.pupil)
    for page in ("fokus", "larblogg"):
        assert pupil.get(f"/elever/{own_school.student}/{page}").status == 404
    assert not pupil.get(place(own_school, plan)).has('main a[href*="larblogg"]')
