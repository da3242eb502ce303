"""A form is sent after something changed under it: the plan was locked, its author left a role, it was sent before."""

from tests.api.school import School
from tests.api.template import MATHS
from tests.web.plan.conftest import ReaderOf
from tests.web.plan.test_questions import address
from tests.web.reader import Seen

LONG = "Det här skrev jag länge på.\nOch lite till."


def boxes(page: Seen) -> list[str]:
    """What stands in the boxes of a page."""
    return [one.get_text().strip() for one in page.soup.select("textarea")]


def test_an_answer_to_a_plan_locked_meanwhile_is_not_lost(school: School, reader: ReaderOf) -> None:
    """Nothing is said to be saved that was not: the page says why, and the text stands on it."""
    plan = school.start()
    pupil = reader(school.pupil)
    page = pupil.get(address(school, plan, "om-mig"))
    school.lock(plan)
    after = pupil.submit(page, "#svar", "fraga", svar_trivs_pupil=LONG)
    assert after.status == 409
    assert "Planen är låst" in after.text
    assert LONG in boxes(after)


def test_an_answer_of_somebody_who_is_no_mentor_any_more_is_not_lost(own_school: School, reader: ReaderOf) -> None:
    """It is refused in so many words; what was typed in a box that is still there waits in it."""
    school = own_school
    plan = school.start()
    both = {"person_id": school.mentor.person_id, "role": "teacher", "subjects": [MATHS]}
    school.administrator.post(f"students/{school.student}/relations", **both)
    mentor = reader(school.mentor)
    page = mentor.get(address(school, plan, "mitt-larande"))
    relation = f"students/{school.student}/relations/{school.mentor.acting_as}"
    assert school.administrator.delete(relation).status == 200
    after = mentor.submit(page, "#svar", svar_mentor_mentor=LONG, svar_kommentar_teacher="Läs varje dag.")
    assert after.status == 403
    assert LONG in boxes(after)
    assert "Läs varje dag." in boxes(mentor.get(page.address))


def test_two_guardians_at_one_computer_take_nothing_from_each_other(school: School, reader: ReaderOf) -> None:
    """A page that one of them opened, sent by the other who has signed in since, is the other's first answer."""
    at = address(school, school.start(), "om-mig")
    guardian, other = reader(school.guardian), reader(school.other_guardian)
    guardian.submit(guardian.get(at), "#svar", svar_hemma_guardian="Vi läser.")
    page = guardian.get(at)
    token = str(other.get(at).soup.select("[name=form_token]")[0]["value"])
    after = other.submit(page, "#svar", svar_hemma_guardian=LONG, form_token=token)
    assert after.status == 200
    assert LONG in boxes(after)
    assert "Vi läser." in after.text


def test_whoever_goes_back_and_proposes_another_goal_has_two(school: School, reader: ReaderOf) -> None:
    """The page that the browser kept is the old one; sent with another goal in it, it is another proposal."""
    plan = school.start()
    pupil = reader(school.pupil)
    page = pupil.get(address(school, plan, "min-iup"))
    pupil.submit(page, "#nytt-mal", mal_nytt_text="Läsa en bok.")
    pupil.submit(page, "#nytt-mal", mal_nytt_text="Läsa en bok.")
    after = pupil.submit(page, "#nytt-mal", mal_nytt_text="Skriva en saga om drakar.")
    assert after.status == 200
    assert after.all("article.goal h3") == ["Läsa en bok.", "Skriva en saga om drakar."]


def test_whoever_goes_back_and_publishes_again_chooses(school: School, reader: ReaderOf) -> None:
    """What was published stands beside what is sent now."""
    plan = school.start()
    teacher = reader(school.teacher)
    page = teacher.get(address(school, plan, f"omdome-{MATHS}"))
    field = f"omdome-{MATHS}"
    teacher.submit(page, "#omdome", prognos="expected", **{field: "Kan räkna."})
    both = teacher.submit(page, "#omdome", prognos="expected", **{field: "Kan räkna till tusen."})
    assert both.status == 409
    assert "Kan räkna." in both.text
    after = teacher.submit(both, "#konflikt")
    assert after.status == 200
    assert "Kan räkna till tusen." in after.text


def test_throwing_a_draft_away_keeps_what_stands_in_the_other_boxes(school: School, reader: ReaderOf) -> None:
    """The button sends the whole form; nobody asked for the rest to go."""
    plan = school.start()
    at = address(school, plan, "mitt-larande")
    drafts = at.rsplit("/", 1)[0] + "/utkast"
    mentor = reader(school.mentor)
    mentor.submit(mentor.get(at), "#svar", to=drafts, svar_kommentar_mentor="Halv")
    page = mentor.get(at)
    after = mentor.submit(page, "#svar", "slang", to=f"{drafts}/slang", svar_mentor_mentor=LONG)
    assert boxes(after) == ["", LONG]


def test_nobody_is_offered_to_write_once_schooling_has_ended(own_school: School, reader: ReaderOf) -> None:
    """The plan is read; what would be refused is not offered."""
    school = own_school
    plan = school.start()
    assert school.end_schooling().status == 200
    for person in (school.pupil, school.guardian, school.mentor, school.teacher):
        for tab in ("om-mig", "mitt-larande", "omdomen", "samtalet", "min-iup"):
            page = reader(person).get(address(school, plan, tab))
            forms = [str(form["action"]).rsplit("/", 1)[-1] for form in page.soup.select("main form[method=post]")]
            assert page.status != 200 or forms == [], (tab, forms)
