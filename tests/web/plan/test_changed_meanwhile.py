"""A form is sent after something changed under it: the plan was locked, its author left a role, it was sent before."""

import pytest

from tests.api.school import School
from tests.api.template import MATHS, approved, template
from tests.web.plan.conftest import ReaderOf
from tests.web.plan.test_questions import address
from tests.web.reader import Reader, Seen

EVALUATION = "samtalets-utvardering"
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


@pytest.mark.parametrize(
    ("language", "said", "button"),
    [("sv", "det du skickade då är sparat", "Spara det här också"), ("en", "and that was saved", "Save this as well")],
)
def test_whoever_goes_back_and_sends_something_else_is_asked(
    own_school: School, reader: ReaderOf, language: str, said: str, button: str
) -> None:
    """The text stands on a page that says what happened, and one press saves it beside what was saved before."""
    school = own_school
    plan = school.start()
    pupil = reader(school.pupil, language=language)
    page = pupil.get(address(school, plan, "min-iup"))
    pupil.submit(page, "#nytt-mal", mal_nytt_text="Läsa en bok.")
    assert pupil.submit(page, "#nytt-mal", mal_nytt_text="Läsa en bok.").all("article.goal h3") == ["Läsa en bok."]
    asked = pupil.submit(page, "#nytt-mal", mal_nytt_text=LONG)
    assert asked.status == 409
    assert said in asked.text
    assert boxes(asked) == [LONG]
    assert asked.has(f'main a[href="{page.address}"]')
    assert asked.all("main form button") == [button]
    assert len(pupil.get(page.address).all("article.goal h3")) == 1
    after = pupil.submit(asked, "main form")
    assert after.status == 200
    assert after.all("article.goal h3") == ["Läsa en bok.", " ".join(LONG.split())]
    assert pupil.submit(asked, "main form").all("article.goal h3") == after.all("article.goal h3")


KEYED = {
    "/larblogg": ("pupil", "#skriv", {"anteckning": LONG}),
    "/iup/{plan}/granskning?slag=goal&nyckel={goal}": ("guardian", "#granska", {"granska-goal-{goal}": LONG}),
    "/iup/{plan}/rattelse?slag=goal&nyckel={goal}": (
        "mentor",
        "#ratta",
        {"ratta-goal-{goal}": "Jag vill kunna simma", "skal-goal-{goal}": LONG},
    ),
}


@pytest.mark.parametrize("where", KEYED)
def test_every_form_that_is_carried_out_once_asks_so(own_school: School, reader: ReaderOf, where: str) -> None:
    """A note, a concern, a correction: the second text is saved by one press, and neither is lost before."""
    school = own_school
    plan, goal = (one.rsplit("/", 1)[1] for one in school.locked_with_goal())
    who, form, fields = KEYED[where]
    visitor = reader(getattr(school, who))
    page = visitor.get(f"/elever/{school.student}" + where.format(plan=plan, goal=goal))
    typed = {name.format(goal=goal): text for name, text in fields.items()}
    assert visitor.submit(page, form, **typed).status == 200
    asked = visitor.submit(page, form, **{name: f"{text} Ändrat." for name, text in typed.items()})
    assert (asked.status, "sparat" in asked.text) == (409, True)
    assert f"{LONG} Ändrat." in boxes(asked)
    after = visitor.submit(asked, "main form")
    assert after.status == 200
    assert "Ändrat." in str(school.events())


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


def test_an_area_that_is_noted_is_not_noted_again(school: School, reader: ReaderOf) -> None:
    """Whoever goes back and publishes anew sends the development area along, which stands there already."""
    plan = school.start()
    teacher = reader(school.teacher)
    page = teacher.get(address(school, plan, f"omdome-{MATHS}"))
    area = {f"utveckling-{MATHS}": "Bråk", f"stod-{MATHS}": "Räkna med pizza"}
    teacher.submit(page, "#omdome", prognos="expected", **{f"omdome-{MATHS}": "Kan räkna."}, **area)
    both = teacher.submit(page, "#omdome", prognos="expected", **{f"omdome-{MATHS}": LONG}, **area)
    assert both.status == 409
    after = teacher.submit(both, "#konflikt")
    assert after.status == 200
    assert school.codes().count("development_area_noted.v1") == 1
    page = teacher.get(page.address)
    area[f"utveckling-{MATHS}"] = "Procent"
    assert teacher.submit(page, "#omdome", prognos="expected", **{f"omdome-{MATHS}": LONG}, **area).status == 200
    assert school.codes().count("development_area_noted.v1") == 2


def test_throwing_a_draft_away_keeps_what_stands_in_the_other_boxes(school: School, reader: ReaderOf) -> None:
    """The button sends the whole form; nobody asked for the rest to go."""
    plan = school.start()
    at = address(school, plan, "mitt-larande")
    drafts = at.rsplit("/", 1)[0] + "/utkast"
    mentor = reader(school.mentor)
    mentor.submit(mentor.get(at), "#svar", to=drafts, svar_kommentar_mentor="Halv")
    page = mentor.get(at)
    first = page.soup.select("#svar button")[0]
    assert first.get("name") != "slang", "the Enter key presses the first button of a form"
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


def test_pressed_twice_a_text_is_saved_and_stands_against_nothing(own_school: School, reader: ReaderOf) -> None:
    """Whoever presses twice, or sends the same from two windows, has said one thing; nobody is asked to choose."""
    school = own_school
    plan = school.start()
    goal = school.propose(plan).rsplit("/", 1)[-1]
    pupil, guardian, teacher = reader(school.pupil), reader(school.guardian), reader(school.teacher)
    forms: list[tuple[Reader, str, str, dict[str, str]]] = [
        (pupil, f"mal?mal={goal}", "#malet", {f"mal-{goal}-text": LONG}),
        (guardian, "samtalet", "#synpunkt-form", {"synpunkt": LONG}),
        (teacher, f"omdome-{MATHS}", "#omdome", {"prognos": "expected", f"omdome-{MATHS}": LONG}),
    ]
    for person, tab, form, typed in forms:
        page = person.get(address(school, plan, tab))
        other = person.get(address(school, plan, tab))
        for window in (page, page, other):
            after = person.submit(window, form, **typed)
            assert after.status == 200, tab
            assert not after.has("#konflikt"), tab
    school.accept(f"{plan}/goals/{goal}")
    school.lock(plan)
    for tab, form, field in (
        ("min-iup", f"#utvardera-{goal}", f"mal-{goal}-utvardering"),
        ("samtalet", "#utvardering-form", EVALUATION),
    ):
        page = guardian.get(address(school, plan, tab))
        for _ in range(2):
            assert guardian.submit(page, form, **{field: LONG}).status == 200, tab
    codes = school.codes()
    once = ("viewpoint_given.v1", "goal_revised.v1", "assessment_published.v1", "goal_evaluated.v1")
    assert [codes.count(code) for code in once] == [1, 1, 1, 1]


def test_who_writes_is_who_was_chosen_when_the_page_comes_back(own_school: School, reader: ReaderOf) -> None:
    """Somebody with two roles chooses one; asked to read the text once more, the choice stands."""
    school = own_school
    plan = school.start()
    both = {"person_id": school.mentor.person_id, "role": "teacher", "subjects": [MATHS]}
    school.administrator.post(f"students/{school.student}/relations", **both)
    mentor = reader(school.mentor)
    page = mentor.get(address(school, plan, "min-iup"))
    as_teacher = [str(one["value"]) for one in page.soup.select("#nytt-mal [name=som]")][1]
    page = mentor.submit(page, "#nytt-mal", som=as_teacher, mal_nytt_text="Hon har fått diagnosen ADHD.")
    assert page.has("#mal-nytt-text-varning")
    mentor.submit(page, "#nytt-mal", "anda")
    (proposed,) = (event for event in school.events() if event["code"] == "goal_proposed.v1")
    assert proposed["by"]["role"] == "teacher"


def test_a_text_to_look_at_once_more_is_not_lost_when_its_form_is_gone(school: School, reader: ReaderOf) -> None:
    """The plan was locked meanwhile: the page on which the author would be warned has no box for the text any more."""
    plan = school.start()
    pupil, guardian = reader(school.pupil), reader(school.guardian)
    health = "Hon har fått diagnosen ADHD."
    goals = pupil.get(address(school, plan, "min-iup"))
    held = guardian.get(address(school, plan, "samtalet"))
    school.lock(plan)
    for person, page, form, field in (
        (pupil, goals, "#nytt-mal", "mal_nytt_text"),
        (guardian, held, "#synpunkt-form", "synpunkt"),
    ):
        after = person.submit(page, form, **{field: health})
        assert health in boxes(after), form
        assert "Planen är låst" in after.text, form


def test_an_evaluation_to_look_at_once_more_is_not_lost_when_the_plan_is_archived(
    own_school: School, reader: ReaderOf
) -> None:
    """The mentor started the next plan meanwhile: the page has no box for it any more, and says so."""
    school = own_school
    plan, goal = school.locked_with_goal()
    goal = goal.rsplit("/", 1)[-1]
    guardian = reader(school.guardian)
    page = guardian.get(address(school, plan, "min-iup"))
    school.start(term="VT", reason="Vi börjar om.")
    health = "Hon har fått diagnosen ADHD."
    after = guardian.submit(page, f"#utvardera-{goal}", **{f"mal-{goal}-utvardering": health})
    assert "Planen är arkiverad" in after.text
    assert health in boxes(after)


def test_a_version_of_a_text_that_was_never_there_is_no_fault_of_ours(school: School, reader: ReaderOf) -> None:
    """Nothing stands there that the text could be held against: it is saved as the first."""
    plan, goal = school.locked_with_goal()
    goal = goal.rsplit("/", 1)[-1]
    guardian = reader(school.guardian)
    box = f"mal-{goal}-utvardering"
    for tab, form, field in (("min-iup", f"#utvardera-{goal}", box), ("samtalet", "#utvardering-form", EVALUATION)):
        after = guardian.submit(guardian.get(address(school, plan, tab)), form, version="77", **{field: LONG})
        assert after.status == 200
        assert LONG in boxes(after)


def test_nobody_is_offered_a_plan_or_an_assessment_once_schooling_has_ended(
    own_school: School, reader: ReaderOf
) -> None:
    """What would be refused is no link either."""
    school = own_school
    plan = school.start()
    assert school.end_schooling().status == 200
    page = reader(school.mentor).get(f"/elever/{school.student}/iup")
    assert page.status != 200 or not page.has('a[href$="/iup/ny"]')
    page = reader(school.teacher).get(address(school, plan, "omdomen"))
    assert page.status != 200 or not page.has('a[href*="/omdome-"]')


def test_a_draft_hides_nothing_that_another_wrote_since(own_school: School, reader: ReaderOf) -> None:
    """Both stand on the page: who goes on with the draft has seen what it takes the place of."""
    school = own_school
    school.template = approved(school, template(proxy=True))
    at = address(school, school.start(), "om-mig")
    pupil, guardian = reader(school.pupil), reader(school.guardian)
    pupil.submit(pupil.get(at), "#svar", to=at.rsplit("/", 1)[0] + "/utkast", svar_trivs_pupil="Halv")
    guardian.submit(guardian.get(at), "#svar", svar_trivs_pupil="Hon trivs med alla.")
    page = pupil.get(at)
    assert boxes(page) == ["Halv"]
    assert "Hon trivs med alla." in page.text


def test_what_was_chosen_or_typed_beside_a_saved_answer_waits(own_school: School, reader: ReaderOf) -> None:
    """Saving one answer saves it alone; the rest of the page waits, also where the one meets what another wrote."""
    school = own_school
    content = template()
    content["pages"][1]["questions"].insert(0, {"key": "skriva", "text": "Att skriva?", "directed_to": ["pupil"]})
    school.template = approved(school, content)
    at = address(school, school.start(), "min-utveckling")
    pupil = reader(school.pupil)
    old = pupil.get(at)
    page = pupil.submit(pupil.get(at), "#svar", "fraga", svar_skriva_pupil="Bra.", val_lasning_pupil="svart")
    assert page.one('input[value="svart"]').has_attr("checked")
    assert "Du valde det här" in page.text
    also = {"svar_lasning_pupil": LONG, "val_lasning_pupil": "svart"}
    both = pupil.submit(old, "#svar", "fraga", svar_skriva_pupil="Dåligt.", **also)
    assert both.status == 409
    page = pupil.get(at)
    assert LONG in boxes(page)
    page = pupil.submit(page, "#svar")
    assert "Du valde det här" not in page.text
    assert page.one('input[value="svart"]').has_attr("checked")
