"""What was typed is given back where the thing was done already, and is kept beside the plans as it is within them."""

import pytest

from tests.api.school import School
from tests.web.plan.conftest import ReaderOf
from tests.web.plan.test_goals import id_of, place
from web.plan.learning_blog import BOX


def test_a_reason_for_what_another_has_done_to_a_goal_is_given_back(own_school: School, reader: ReaderOf) -> None:
    """In words, in a box to copy from, and with nothing to send again; pressed twice it is the same reason."""
    school = own_school
    plan, goal = school.locked_with_goal()
    at, goal_id = place(school, plan), id_of(goal)
    mentor = reader(school.mentor)
    page = mentor.get(at)
    box, form = f"mal-{goal_id}-skal-abandoned", f"form:has(#mal-{goal_id}-skal-abandoned)"
    assert mentor.submit(page, form, **{box: "Flyttar."}).status == 200
    assert mentor.submit(page, form, **{box: "Flyttar."}).status == 200
    late = mentor.submit(page, form, **{box: "Nej"})
    assert (late.status, late.all("main textarea")) == (409, ["Nej"])
    assert "redan gjort" in late.text
    assert not late.has("main button")
    assert school.codes().count("goal_abandoned.v1") == 1


def test_a_warned_reason_is_not_lost_with_its_box(own_school: School, reader: ReaderOf) -> None:
    """The goal was carried out of the mentor's reach meanwhile: the page that would ask once more has no box for it."""
    school = own_school
    plan, goal = school.locked_with_goal()
    mentor = reader(school.mentor)
    page = mentor.get(place(school, plan))
    started = f"mal-{id_of(goal)}-skal-abandoned"
    assert school.mentor.post(f"{goal}/status", to="abandoned", reason="Flyttar").status == 200
    school.start(term="VT", reason="Flyttar")
    late = mentor.submit(page, f"form:has(#{started})", **{started: "Har fått diagnosen ADHD."})
    assert late.status == 409
    assert late.all("main textarea") == ["Har fått diagnosen ADHD."]


def test_a_declined_proposal_gives_another_reason_back(own_school: School, reader: ReaderOf) -> None:
    """Why it was declined stands there already; the second reason is not saved, and said to be so."""
    school = own_school
    plan = school.start()
    goal = id_of(school.propose(plan))
    mentor = reader(school.mentor)
    page = mentor.get(place(school, plan))
    box = f"mal-{goal}-skal-nej"
    assert mentor.submit(page, f"form:has(#{box})", **{box: "Redan nått."}).status == 200
    late = mentor.submit(page, f"form:has(#{box})", **{box: "Senare"})
    assert (late.status, late.all("main textarea")) == (409, ["Senare"])


def test_a_reason_to_start_all_the_same_is_never_dropped(own_school: School, reader: ReaderOf) -> None:
    """Neither where the same form has started the plan, nor where the plan before was agreed on meanwhile."""
    school = own_school
    plan = school.start()
    at = f"/elever/{school.student}/iup/ny"
    mentor = reader(school.mentor)
    page = mentor.get(at)
    school.lock(plan)
    late = mentor.submit(page, "#starta", skal="Byter")
    assert (late.status, late.all("main textarea")) == (409, ["Byter"])
    assert "inte behövs längre" in late.text
    assert school.codes().count("plan_started.v1") == 1
    page = mentor.get(at)
    assert mentor.submit(page, "#starta").status == 200
    page = mentor.get(at)
    assert mentor.submit(page, "#starta", skal="Bytte mall.").status == 200
    assert mentor.submit(page, "#starta", skal="Bytte mall.").status == 200
    late = mentor.submit(page, "#starta", skal="Annat")
    assert (late.status, late.all("main textarea")) == (409, ["Annat"])
    assert school.codes().count("plan_started.v1") == 3


@pytest.mark.requirement("S-NAV-9")
def test_a_note_that_is_not_posted_waits_for_its_author_alone(school: School, reader: ReaderOf) -> None:
    """As on a plan's pages: kept while it is typed, shown when one comes back, thrown away or gone with the post."""
    pupil = reader(school.pupil, level=1)
    at = f"/elever/{school.student}/larblogg"
    page = pupil.get(at)
    assert page.one("#skrivet")["data-kept-at"] == f"/elever/{school.student}/utkast"
    assert pupil.submit(page, "#skriv", to=f"/elever/{school.student}/utkast", anteckning="Halvt skrivet").status == 204
    again = pupil.get(at)
    assert again.one(f"#{BOX}").get_text().strip() == "Halvt skrivet"
    assert "Halvt" not in reader(school.guardian).get(at).text
    thrown = pupil.submit(again, "#skriv", "slang", to=f"/elever/{school.student}/utkast/slang")
    assert thrown.one(f"#{BOX}").get_text().strip() == ""
    pupil.submit(page, "#skriv", to=f"/elever/{school.student}/utkast", anteckning="Ja")
    posted = pupil.submit(pupil.get(at), "#skriv")
    assert posted.one(f"#{BOX}").get_text().strip() == ""
    assert posted.all("article p.typed") == ["Ja"]


def test_a_note_meets_the_end_of_schooling(own_school: School, reader: ReaderOf) -> None:
    """What would be warned of has no box to stand in any more: it comes back with the words that refuse it."""
    pupil = reader(own_school.pupil, level=1)
    page = pupil.get(f"/elever/{own_school.student}/larblogg")
    own_school.end_schooling()
    late = pupil.submit(page, "#skriv", anteckning="Ring mig på 811218-9876")
    assert late.status == 409
    assert late.all("main textarea") == ["Ring mig på 811218-9876"]
