"""The archive, and a plan as it was at the end of a day: the same pages, nothing to fill in, and the way back."""

from datetime import date, timedelta

import pytest

from commands.context import STOCKHOLM
from tests.api.conftest import Installation
from tests.api.school import School
from tests.web.plan.conftest import ReaderOf

TABS = ("om-mig", "omdomen", "samtalet", "min-iup")


def today(installation: Installation) -> date:
    """The day where the schools are."""
    return installation.clock().astimezone(STOCKHOLM).date()


@pytest.fixture
def two_plans(own_school: School) -> tuple[School, str, str]:
    """A school, an archived plan that was agreed, and the plan that took its place."""
    first, goal = own_school.locked_with_goal()
    own_school.guardian.put(f"{goal}/evaluation", text="Bra jobbat")
    second = own_school.start(term="VT", reason="Terminen är slut", carry_over=[goal.rsplit("/", 1)[1]])
    return own_school, first.rsplit("/", 1)[1], second.rsplit("/", 1)[1]


@pytest.mark.requirement("S-ARC-2")
def test_plans_stand_by_school_year_and_the_archived_one_is_only_read(
    two_plans: tuple[School, str, str], reader: ReaderOf
) -> None:
    """The latest first, each a link to its pages; no page of an archived plan has a form but for leaving."""
    school, first, second = two_plans
    visitor = reader(school.guardian)
    page = visitor.get(f"/elever/{school.student}/arkiv")
    assert page.status == 200
    assert "Läsåret 2026/2027" in page.text
    assert [str(link["href"]).rsplit("/", 1)[1] for link in page.soup.select("h3 a")] == [second, first]
    assert "arkiverad" in page.text
    for key in ("", *(f"/{key}" for key in TABS)):
        kept = visitor.get(f"/elever/{school.student}/iup/{first}{key}")
        assert (kept.status, kept.all("main form[method=post]")) == (200, [])


def test_every_page_shows_how_it_was_and_keeps_the_day(
    own_school: School, reader: ReaderOf, installation: Installation
) -> None:
    """A line in yellow says so and leads back; what was written later is not there; tabs keep to the day."""
    plan = own_school.start()
    own_school.pupil.put(f"{plan}/answers/trivs", text="Som det var i går")
    installation.clock.offset = timedelta(days=1)
    own_school.pupil.put(f"{plan}/answers/trivs", text="Som det blev sedan")
    own_school.propose(plan)
    yesterday = today(installation) - timedelta(days=1)
    address = f"/elever/{own_school.student}/iup/{plan.rsplit('/', 1)[1]}"
    visitor = reader(own_school.pupil, level=1)
    for key in ("", *(f"/{key}" for key in TABS)):
        page = visitor.get(f"{address}{key}?dag={yesterday}")
        assert page.status == 200, key
        assert page.all("main form[method=post]") == []
        assert page.one(".as-it-was a:first-child")["href"] == address + key
        assert all(str(link["href"]).endswith(f"?dag={yesterday}") for link in page.soup.select(".tabs a"))
        assert "Som det blev sedan" not in page.text
        assert "tiokamraterna" not in page.text
    assert "Som det var i går" in visitor.get(f"{address}/om-mig?dag={yesterday}").text
    overview = visitor.get(f"{address}?dag={yesterday}")
    assert "1 av 3 frågor besvarade" in overview.text
    assert str(overview.soup.select("details li a")[0]["href"]).split("#")[0].endswith(f"?dag={yesterday}")


def test_a_day_leads_to_the_plan_of_that_day(
    two_plans: tuple[School, str, str], reader: ReaderOf, installation: Installation
) -> None:
    """Chosen in the archive; a day without a plan, a day to come and what is no day are answered in words."""
    school, first, second = two_plans
    visitor = reader(school.mentor)
    archive = visitor.get(f"/elever/{school.student}/arkiv")
    assert archive.one('[name="dag"]')["value"] == str(today(installation))
    address = f"/elever/{school.student}/arkiv?dag="
    found = visitor.get(f"{address}{today(installation)}")
    assert found.address == f"/elever/{school.student}/iup/{second}?dag={today(installation)}"
    for day, words in (
        (str(today(installation) + timedelta(days=1)), "Välj i dag eller en tidigare dag"),
        ("2020-01-01", "Det fanns ingen plan den dagen"),
        ("i går", "Skriv dagen som"),
    ):
        page = visitor.get(f"{address}{day}")
        assert page.status == 422
        assert words in page.text
    before = visitor.get(f"/elever/{school.student}/iup/{first}?dag=2020-01-01")
    assert (before.status, "inte startad" in before.text) == (404, True)
    to_come = visitor.get(f"/elever/{school.student}/iup/{first}/om-mig?dag=2999-01-01")
    assert (to_come.status, "inte kommit än" in to_come.text) == (404, True)


def test_a_look_back_is_on_record_and_only_for_who_may_read_now(
    two_plans: tuple[School, str, str], reader: ReaderOf, installation: Installation
) -> None:
    """As a look at the history; an outsider meets no pupil."""
    school, first, _ = two_plans
    address = f"/elever/{school.student}/iup/{first}?dag={today(installation)}"
    page = reader(school.teacher).get(address)
    looks = school.guardian.items(f"{school.path}/access-record")
    found = {look["part"] for look in looks if look["correlation_id"] == page.headers["x-request-id"]}
    assert found == {"history"}
    assert reader(school.outsider).get(address).status == 404


def test_the_archive_says_what_has_become_of_the_plan_before(
    two_plans: tuple[School, str, str], reader: ReaderOf
) -> None:
    """Under the later plan, in words; the first plan has nothing before it."""
    school, _, _ = two_plans
    page = reader(school.pupil, level=1).get(f"/elever/{school.student}/arkiv")
    later, first = page.soup.select(".sheet")
    assert "Sedan planen före Mål som följde med till den här planen Jag vill kunna tiokamraterna" in " ".join(
        later.get_text(" ").split()
    )
    assert "Sedan planen före" not in first.get_text()


def test_a_goal_is_named_by_what_is_to_be_reached(two_plans: tuple[School, str, str], reader: ReaderOf) -> None:
    """The archive and the history name goals, each on its own; what is to be done for it stands with the goal."""
    school, _, second = two_plans
    plan = f"{school.path}/plans/{second}"
    for text in ("Jag vill kunna simma", "Jag vill kunna läsa noter"):
        school.propose(plan, text=text, activities="Tio minuter varje dag")
    for goal in school.pupil.get(plan).body["goals"]:
        school.accept(f"{plan}/goals/{goal['id']}")
    school.lock(plan)
    visitor = reader(school.guardian)
    archive = visitor.get(f"/elever/{school.student}/arkiv")
    assert [text for text in archive.all(".facts li") if "vill kunna" in text][-2:] == [
        "Jag vill kunna simma",
        "Jag vill kunna läsa noter",
    ]
    history = visitor.get(f"/elever/{school.student}/iup/{second}/historik")
    assert "föreslog ett mål: Jag vill kunna simma" in history.text
    assert "Tio minuter varje dag" not in archive.text + history.text


def test_the_history_says_who_did_what_and_leads_to_the_day(
    two_plans: tuple[School, str, str], reader: ReaderOf, installation: Installation
) -> None:
    """The latest first; each day leads to the plan as it was when the day was over; it is a look at the history."""
    school, first, _ = two_plans
    visitor = reader(school.mentor)
    page = visitor.get(f"/elever/{school.student}/iup/{first}/historik")
    rows = page.all(".rows li")
    assert rows[0].startswith("Mentor Testmentor , mentor, arkiverade planen")
    assert "föreslog ett mål: Jag vill kunna tiokamraterna" in page.text
    assert "startade en plan" in rows[-1]
    assert page.one("h2 a")["href"] == f"/elever/{school.student}/iup/{first}?dag={today(installation)}"
    last = len(rows)
    earlier = visitor.get(f"{page.address}?fore=3")
    assert len(earlier.all(".rows li")) < last
    assert earlier.has('main a[href$="/historik"]')
    looks = school.guardian.items(f"{school.path}/access-record")
    assert {look["part"] for look in looks if look["correlation_id"] == page.headers["x-request-id"]} == {"history"}


def test_a_later_correction_is_shown_now_and_not_then(
    two_plans: tuple[School, str, str], reader: ReaderOf, installation: Installation
) -> None:
    """An archived plan shows that a text was put right; the day before nobody knew."""
    school, first, _ = two_plans
    plan = f"{school.path}/plans/{first}"
    (goal,) = school.mentor.get(plan).body["goals"]
    installation.clock.offset = timedelta(days=1)
    correction = {
        "target": {"kind": "goal", "key": goal["id"]},
        "text": "Jag kan hundrakamraterna",
        "reason": "Fel ord",
    }
    assert school.mentor.post(f"{plan}/corrections", **correction).status == 201
    address = f"/elever/{school.student}/iup/{first}/min-iup"
    visitor = reader(school.guardian)
    assert "hundrakamraterna" in visitor.get(address).text
    then = visitor.get(f"{address}?dag={today(installation) - timedelta(days=1)}")
    assert "tiokamraterna" in then.text
    assert "hundrakamraterna" not in then.text
