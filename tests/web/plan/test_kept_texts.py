"""What is typed on a plan's pages meets what others saved meanwhile, and what is put right afterwards is read there."""

import pytest

from tests.api.school import School
from tests.api.template import MATHS, approved, template
from tests.web.plan.conftest import ReaderOf
from tests.web.plan.test_questions import address

HEALTH = "Jag har fått diagnosen ADHD."


def test_a_conflict_shows_what_was_sent_and_not_an_older_draft(school: School, reader: ReaderOf) -> None:
    """The script keeps a draft a moment after the last letter; what was typed after that is in the form alone."""
    at = address(school, school.start(), "om-mig")
    pupil = reader(school.pupil)
    first, second = pupil.get(at), pupil.get(at)
    pupil.submit(first, "#svar", svar_trivs_pupil="Bra.")
    pupil.submit(second, "#svar", to=at.rsplit("/", 1)[0] + "/utkast", svar_trivs_pupil="Bullrigt i")
    both = pupil.submit(second, "#svar", svar_trivs_pupil="Bullrigt i matsalen.")
    assert both.status == 409
    assert both.one("textarea").get_text().strip() == "Bullrigt i matsalen."


def test_whoever_is_warned_still_sees_what_another_saved_meanwhile(own_school: School, reader: ReaderOf) -> None:
    """A page that asks its author to read once more is about what the author saw, not about what came since."""
    school = own_school
    school.template = approved(school, template(proxy=True))
    at = address(school, school.start(), "om-mig")
    guardian, pupil = reader(school.guardian), reader(school.pupil)
    page = guardian.get(at)
    pupil.submit(pupil.get(at), "#svar", svar_trivs_pupil="Jag trivs bra.")
    page = guardian.submit(page, "#svar", svar_trivs_pupil="Hon har fått diagnosen ADHD.")
    assert page.has("#svar-trivs-pupil-varning")
    both = guardian.submit(page, "#svar", "anda")
    assert both.status == 409
    assert "Jag trivs bra." in both.text


def test_a_box_that_was_left_alone_takes_nothing_back(own_school: School, reader: ReaderOf) -> None:
    """Saving the whole page saves what was changed on it; what another wrote meanwhile beside it stands."""
    school = own_school
    school.template = approved(school, template(proxy=True))
    at = address(school, school.start(), "om-mig")
    guardian, pupil = reader(school.guardian), reader(school.pupil)
    pupil.submit(pupil.get(at), "#svar", svar_trivs_pupil="Först.")
    page = guardian.get(at)
    pupil.submit(pupil.get(at), "#svar", svar_trivs_pupil="Sedan.")
    page = guardian.submit(page, "#svar", svar_hemma_guardian="Hon läser.")
    assert page.status == 200
    assert page.one("#svar-trivs-pupil").get_text().strip() == "Sedan."
    assert page.one("#svar-hemma-guardian").get_text().strip() == "Hon läser."


def test_save_as_it_is_saves_what_was_warned_of(school: School, reader: ReaderOf) -> None:
    """Pressed beside one answer the button is about that one; nobody was asked about the others on the page."""
    at = address(school, school.start(), "mitt-larande")
    mentor = reader(school.mentor)
    page = mentor.get(at)
    asked, other = (str(page.one(f"textarea[name^=svar-{key}]")["name"]) for key in ("kommentar", "mentor"))
    page = mentor.submit(page, "#svar", "fraga", **{asked: HEALTH, other: "Hennes diagnos."})
    assert [str(one["id"]) for one in page.soup.select("[id$=-varning]")] == [f"{asked}-varning"]
    page = mentor.submit(page, "#svar", "anda")
    assert page.one(f"#{asked}").get_text().strip() == HEALTH
    assert page.one(f"#{other}").get_text().strip() == "Hennes diagnos.", "not saved, and not lost"
    assert page.all(".draft button") == ["Släng utkastet"]
    read = reader(school.guardian).get(at).text
    assert HEALTH in read
    assert "Hennes diagnos." not in read


def test_a_viewpoint_that_is_warned_of_meets_what_another_window_saved(school: School, reader: ReaderOf) -> None:
    """The version that stood on the page goes with the text until it is saved."""
    at = address(school, school.start(), "samtalet")
    guardian = reader(school.guardian)
    page = guardian.get(at)
    guardian.submit(guardian.get(at), "#synpunkt-form", synpunkt="Läsningen.")
    page = guardian.submit(page, "#synpunkt-form", synpunkt=HEALTH)
    both = guardian.submit(page, "#synpunkt-form", "anda")
    assert both.status == 409
    assert "Läsningen." in both.text


def test_an_answer_is_put_right_where_it_stands(own_school: School, reader: ReaderOf) -> None:
    """After the lock the author, or the mentor, corrects it with a reason, and all read it so; its step stays."""
    school = own_school
    plan = school.start()
    at = address(school, plan, "min-utveckling")
    pupil = reader(school.pupil)
    pupil.submit(pupil.get(at), "#svar", val_lasning_pupil="latt", svar_lasning_pupil="Jag läser brra.")
    school.lock(plan)
    link = '#fraga-lasning a[href*="rattelse"]'
    assert not reader(school.guardian).get(at).has(link)
    page = pupil.get(str(pupil.get(at).one(link)["href"]))
    box = next(str(one["name"]) for one in page.soup.select("#ratta textarea") if str(one["name"]).startswith("ratta"))
    assert page.one(f'[name="{box}"]').get_text().strip() == "Jag läser brra."
    reason = box.replace("ratta", "skal", 1)
    again = pupil.submit(page, "#ratta", **{reason: "Stavfel"})
    assert again.status == 422, "the same text is no correction"
    page = pupil.submit(page, "#ratta", **{box: "Jag läser bra.", reason: "Stavfel"})
    assert page.address.endswith("min-utveckling?klart=rattat")
    read = reader(school.guardian).get(at)
    assert read.all("#fraga-lasning .answer > p > strong") == ["Lätt"]
    assert read.all("#fraga-lasning .written > .typed")[0] == "Jag läser bra."
    assert "Stavfel" in read.text
    concern = str(read.one('#fraga-lasning a[href*="granskning"]')["href"])
    assert "Lätt" in reader(school.guardian).get(concern).text


def test_what_is_written_anew_is_not_hidden_by_an_older_correction(own_school: School, reader: ReaderOf) -> None:
    """A guardian goes on writing how the conversation went after the mentor put a text of it right."""
    school = own_school
    plan = school.start()
    at = address(school, plan, "samtalet")
    school.lock(plan)
    guardian = reader(school.guardian)
    guardian.submit(guardian.get(at), "#utvardering-form", samtalets_utvardering="Det gikk bra.")
    target = {"kind": "conversation_evaluation", "person_id": school.guardian.person_id}
    correction = {"target": target, "text": "Det gick bra.", "reason": "Stavfel"}
    assert school.mentor.post(f"{plan}/corrections", **correction).status == 201
    assert guardian.get(at).all("#utvardering > .written > .typed")[0] == "Det gick bra."
    guardian.submit(guardian.get(at), "#utvardering-form", samtalets_utvardering="Det gick mycket bra.")
    assert reader(school.mentor).get(at).all("#utvardering > .written > .typed") == ["Det gick mycket bra."]


@pytest.mark.parametrize("text", [HEALTH, "Du kan räkna."])
def test_an_assessment_that_was_looked_at_again_meets_what_another_published(
    own_school: School, reader: ReaderOf, text: str
) -> None:
    """Neither a warning nor a look in the syllabus lets a teacher's text take the place of one never seen."""
    school = own_school
    at = address(school, school.start(), f"omdome-{MATHS}")
    teacher, educator = reader(school.teacher), reader(school.educator)
    page, box = teacher.get(at), f"omdome-{MATHS}"
    educator.submit(educator.get(at), "#omdome", prognos="expected", **{box: "Du kan bråk."})
    page = teacher.submit(page, "#omdome", "" if text == HEALTH else "visa", prognos="expected", **{box: text})
    assert page.one(f"#{box}").get_text().strip() == text
    both = teacher.submit(page, "#omdome", "anda" if text == HEALTH else "")
    assert both.status == 409
    assert "Du kan bråk." in both.text


def test_an_evaluation_that_is_warned_of_meets_what_another_window_saved(own_school: School, reader: ReaderOf) -> None:
    """As for every text: the second to save sees both."""
    plan, goal = own_school.locked_with_goal()
    at, form, box = _of_goal(own_school, plan, goal)
    guardian = reader(own_school.guardian)
    page = guardian.get(at)
    guardian.submit(guardian.get(at), form, **{box: "Det gick bra."})
    page = guardian.submit(page, form, **{box: HEALTH})
    both = guardian.submit(page, form, "anda")
    assert both.status == 409
    assert "Det gick bra." in both.text


def test_an_evaluation_reads_as_it_was_put_right(own_school: School, reader: ReaderOf) -> None:
    """The mentor corrects it with a reason; its author sees so too, and what is written anew counts from then on."""
    school = own_school
    plan, goal = school.locked_with_goal()
    at, form, box = _of_goal(school, plan, goal)
    guardian = reader(school.guardian)
    guardian.submit(guardian.get(at), form, **{box: "Det gick brra."})
    target = {"kind": "goal_evaluation", "key": goal.rsplit("/", 1)[-1], "person_id": school.guardian.person_id}
    correction = {"target": target, "text": "Det gick bra.", "reason": "Stavfel"}
    assert school.mentor.post(f"{plan}/corrections", **correction).status == 201
    for person in (school.pupil, school.guardian):
        assert reader(person).get(at).all(".goal > .written > .typed")[0] == "Det gick bra."
    guardian.submit(guardian.get(at), form, **{box: "Det gick mycket bra."})
    assert reader(school.pupil).get(at).all(".goal > .written > .typed") == ["Det gick mycket bra."]


def test_what_is_accepted_is_what_the_mentor_read(own_school: School, reader: ReaderOf) -> None:
    """A proposal that its author reworded meanwhile is read again before it is agreed on."""
    school = own_school
    plan = school.start()
    goal = school.propose(plan)
    at, _, _ = _of_goal(school, plan, goal)
    mentor = reader(school.mentor)
    page = mentor.get(at)
    assert school.pupil.put(goal, text="Jag vill åka skridskor").status == 200
    form = f"#godta-{goal.rsplit('/', 1)[-1]}"
    page = mentor.submit(page, form, "till")
    assert page.has(form), "nothing was decided"
    assert "ändrades" in page.one(".done").get_text()
    page = mentor.submit(page, form, "till")
    assert not page.has(form)


def _of_goal(school: School, plan: str, goal: str) -> tuple[str, str, str]:
    """The page of the goals, and the form and the box of a goal's evaluation."""
    name = goal.rsplit("/", 1)[-1]
    return address(school, plan, "min-iup"), f"#utvardera-{name}", f"mal-{name}-utvardering"
