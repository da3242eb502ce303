"""The mentor starts a plan from a template; the plan before is archived, and what hinders that is asked about."""

from datetime import datetime
from typing import Any

import pytest

from aggregates.duties import school_year_of, term_of
from commands.context import STOCKHOLM
from tests.api.school import School
from tests.api.template import template
from tests.web.plan.conftest import ReaderOf

REASON = "Byte av skola."


def address(school: School) -> str:
    """Where a plan is started."""
    return f"/elever/{school.student}/iup/ny"


def plans(school: School) -> list[dict[str, Any]]:
    """The pupil's plans, the latest first."""
    found: list[dict[str, Any]] = school.mentor.get(f"{school.path}/plans").body["items"]
    return found


def test_the_first_plan_is_started_for_this_term(school: School, reader: ReaderOf) -> None:
    """The only template that is approved for the pupil's school year is chosen already, and so is the term."""
    mentor = reader(school.mentor)
    page = mentor.get(address(school))
    assert page.status == 200, page.text
    assert not page.has("[name=skal]")
    after = mentor.submit(page, "#starta")
    assert "Den nya planen är startad" in after.text
    (plan,) = plans(school)
    today = datetime.now(STOCKHOLM).date()
    assert (plan["school_year"], plan["term"]) == (school_year_of(today), term_of(today))
    assert after.address.startswith(f"/elever/{school.student}/iup/{plan['id']}?")


def test_the_same_form_sent_twice_starts_one_plan(school: School, reader: ReaderOf) -> None:
    """Both times the page of the plan is shown; a form from before that plan says that there is one now."""
    mentor = reader(school.mentor)
    page, window = mentor.get(address(school)), mentor.get(address(school))
    first = mentor.submit(page, "#starta")
    assert first.status == 200
    second = mentor.submit(page, "#starta")
    assert second.address == first.address.partition("?")[0]
    overtaken = mentor.submit(window, "#starta")
    assert overtaken.status == 409
    assert "Någon annan har startat en plan" in overtaken.text
    assert len(plans(school)) == 1


def test_a_plan_that_was_never_locked_is_started_over_with_a_reason(school: School, reader: ReaderOf) -> None:
    """Without one the page asks for it (G-15); the next term is proposed, and the plan before is archived."""
    today = datetime.now(STOCKHOLM).date()
    old = school.start(school_year=school_year_of(today), term=term_of(today)).rsplit("/", 1)[-1]
    mentor = reader(school.mentor)
    page = mentor.get(address(school))
    assert "Den är inte låst som överenskommen." in page.text
    wrong = mentor.submit(page, "#starta")
    assert wrong.status == 422
    assert wrong.has('#fel a[href="#skal"]')
    after = mentor.submit(wrong, "#starta", skal=f"{REASON}\r\nOch av mentor.")
    assert after.status == 200
    new, before = plans(school)
    assert (before["id"], before["state"]) == (old, "archived")
    assert (new["school_year"], new["term"]) != (before["school_year"], before["term"])
    said = school.mentor.get(f"{school.path}/plans/{new['id']}").body["started_without"]
    assert said == f"{REASON} Och av mentor."


def test_goals_are_evaluated_first_or_said_why_not_and_carried_over(school: School, reader: ReaderOf) -> None:
    """The page names what waits for evaluation; what is ticked goes on as a proposal, what is not stays behind."""
    plan = school.start()
    goals = [school.propose(plan, text=text) for text in ("Läsa varje dag", "Räkna huvudräkning")]
    for goal in goals:
        school.accept(goal)
    school.lock(plan)
    mentor = reader(school.mentor)
    page = mentor.get(address(school))
    assert "2 mål i den är inte utvärderade." in page.text
    assert page.all(".notice li") == ["Läsa varje dag", "Räkna huvudräkning"]
    for goal in goals:
        assert school.pupil.put(f"{goal}/evaluation", text="Det gick bra.").status == 200
    page = mentor.get(address(school))
    assert not page.has("[name=skal]")
    assert mentor.submit(page, "#starta", mal=goals[0].rsplit("/", 1)[-1]).status == 200
    started = school.mentor.get(f"{school.path}/plans/{plans(school)[0]['id']}").body
    assert [goal["content"]["text"] for goal in started["goals"]] == ["Läsa varje dag"]


def test_what_was_chosen_stays_on_the_page_that_asks_again(school: School, reader: ReaderOf) -> None:
    """Template, term and ticks."""
    plan = school.start()
    goal = school.propose(plan)
    school.accept(goal)
    mentor = reader(school.mentor)
    page = mentor.get(address(school))
    terms = [str(one["value"]) for one in page.soup.select("[name=termin]")]
    goal_id = goal.rsplit("/", 1)[-1]
    for term in terms:
        wrong = mentor.submit(page, "#starta", termin=term, mal=goal_id)
        assert wrong.status == 422
        assert wrong.one("[name=termin][checked]")["value"] == term
        assert wrong.one("[name=mal][checked]")["value"] == goal_id
        assert wrong.has("[name=mall][checked]")


def test_only_templates_that_can_be_used_are_offered(own_school: School, reader: ReaderOf) -> None:
    """Approved, for the pupil's school year, and of each the latest version; where there are several, one is chosen."""
    school = own_school
    draft = school.administrator.post("templates", school_id=school.id, content=template("Utkast")).id
    younger = school.administrator.post("templates", school_id=school.id, content=template("Yngre", (1, 2))).id
    other = school.administrator.post("templates", school_id=school.id, content=template("Annan")).id
    school.administrator.post("templates", school_id=school.id, template_id=other, content=template("Annan nu"))
    school.administrator.post("templates", school_id=school.id, template_id=other, content=template("Annan sen"))
    for found, version in ((younger, 1), (other, 1), (other, 2)):
        assert school.principal.post(f"templates/{found}/approve", template_version=version).status == 200
    mentor = reader(school.mentor)
    page = mentor.get(address(school))
    assert sorted(page.all("#mall label")) == ["Annan nu", "IUP år 4-6"]
    assert not page.has("[name=mall][checked]")
    assert mentor.submit(page, "#starta").has('#fel a[href="#mall"]')
    assert mentor.submit(page, "#starta", mall=f"{draft}:1").status == 422
    assert plans(school) == []
    assert mentor.submit(page, "#starta", mall=f"{other}:2").status == 200
    assert plans(school)[0]["template_name"] == "Annan nu"


def test_a_school_without_a_template_for_the_pupil_says_what_to_do(own_school: School, reader: ReaderOf) -> None:
    """No form, and no dead end."""
    school = own_school
    assert school.administrator.post(f"{school.path}/grade", grade=9).status == 200
    page = reader(school.mentor).get(address(school))
    assert "Skolan har ingen godkänd mall för elevens årskurs." in page.text
    assert not page.has("main form")


def test_no_plan_is_started_when_schooling_has_ended(school: School, reader: ReaderOf) -> None:
    """The page says so at once, not after it is filled in."""
    school.end_schooling()
    page = reader(school.mentor).get(address(school))
    assert page.status == 409
    assert not page.has("#starta")


@pytest.mark.parametrize("name", ["pupil", "guardian", "teacher", "educator", "principal", "administrator"])
def test_nobody_but_the_mentor_starts_a_plan(school: School, reader: ReaderOf, name: str) -> None:
    """The page says that it is for the mentor, also to who makes up a form."""
    person = getattr(school, name)
    own = reader(person, level=1 if name == "pupil" else 2)
    assert own.get(address(school)).status == 403
    theirs = reader(school.mentor).get(address(school))
    token = str(own.get("/").soup.select("[name=form_token]")[0]["value"])
    assert own.submit(theirs, "#starta", form_token=token, som="").status == 403
    assert plans(school) == []


def test_an_outsider_learns_nothing(school: School, reader: ReaderOf) -> None:
    """Not even that there is such a pupil."""
    assert reader(school.outsider).get(address(school)).status == 404


def test_mentor_and_principal_are_told_what_is_still_to_be_done(school: School, reader: ReaderOf) -> None:
    """In words on the pupil's page, until the plan is locked; others have no part in it."""
    plan = school.start()
    address = f"/elever/{school.student}"
    for person in (school.mentor, school.principal):
        told = reader(person).get(address).all("#kvar-att-gora + ul li")
        assert told == [
            "Ingen IUP är överenskommen för eleven det här läsåret än.",
            "Inget utvecklingssamtal har hållits och avslutats med en låst plan den här terminen än.",
        ]
    for person in (school.guardian, school.teacher, school.administrator):
        assert not reader(person).get(address).has("#kvar-att-gora")
    school.lock(plan)
    assert not reader(school.mentor).get(address).has("#kvar-att-gora")
