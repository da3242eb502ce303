"""Every page about a pupil leaves a look on record, and the look says which part of the file it was."""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute

import web
from commands.context import STOCKHOLM
from tests.api.conftest import Installation, installation, own_school, portal, school, shared
from tests.api.school import School
from tests.api.template import MATHS
from tests.web.assessed import documents
from tests.web.plan.conftest import ReaderOf, reader
from web.application import ROUTERS

ASKED_WITH = {
    "/elever/{student}/iup/{plan}/granskning": "?slag=goal&nyckel={goal}",
    "/elever/{student}/iup/{plan}/rattelse": "?slag=goal&nyckel={goal}",
    "/elever/{student}/iup/{plan}/mal": "?mal={goal}",
}
"""What stands after the address of pages that say there what they are about."""
WRITTEN_BY_TEACHERS = {"/elever/{student}/iup/{plan}/omdome-{subject}"}
"""Pages of a plan that is not agreed yet, for those who teach the pupil."""

__all__ = ["installation", "own_school", "portal", "reader", "school", "shared"]


def pages_about_a_pupil() -> Iterator[str]:
    """The address of every page that shows something of one pupil's file.

    The desk of disposal is none: it names files by their ids, and shows what was decided of them alone.
    """
    for router in ROUTERS:
        for route in router.routes:
            if (
                isinstance(route, APIRoute)
                and route.path.startswith("/elever/{student}")
                and "GET" in (route.methods or ())
            ):
                yield route.path.replace(":path}", "}")


@pytest.mark.requirement("S-ACC-6")
@pytest.mark.parametrize("address", sorted(pages_about_a_pupil()))
def test_a_page_about_a_pupil_is_on_record_by_its_part(school: School, reader: ReaderOf, address: str) -> None:
    """Never as the whole file: who asks later sees what of it was looked at."""
    planning, _ = documents(school)
    plan, goal = school.start(), ""
    assert school.teacher.put(f"{plan}/assessments/{MATHS}", forecast="expected", text="…", documents=[planning]).id
    if address not in WRITTEN_BY_TEACHERS:
        goal = school.propose(plan)
        school.accept(goal)
        school.lock(plan)
    known = {
        "student": school.student,
        "plan": plan.rsplit("/", 1)[1],
        "goal": goal.rsplit("/", 1)[-1],
        "key": "om-mig",
        "question": "trivs",
        "subject": MATHS,
        "document": planning,
        "term": "HT",
    }
    missing = set(re.findall(r"{(\w+)}", address)) - set(known)
    assert not missing, f"say above what stands for {missing} in the address"
    visitor = reader(school.teacher if address in WRITTEN_BY_TEACHERS else school.mentor)
    page = visitor.get((address + ASKED_WITH.get(address, "")).format(**known))
    assert page.status == 200, page.text
    looks = school.guardian.items(f"{school.path}/access-record")
    found = {look["part"] for look in looks if look["correlation_id"] == page.headers["x-request-id"]}
    assert len(found) == 1
    assert found != {"file"}


@pytest.mark.requirement("S-SEC-2")
def test_what_only_sends_back_is_no_look(school: School, reader: ReaderOf) -> None:
    """Whom a guardian lets read is written down as that; only the page that shows the readers is a look at them."""
    visitor = reader(school.guardian)
    page = visitor.get(f"/elever/{school.student}/lasratt")
    before = len(school.guardian.items(f"{school.path}/access-record"))
    refused = visitor.submit(page, f'form[action$="{page.address}"], form:has([name="person"])', person="ingen")
    assert refused.status == 422
    parts = [look["part"] for look in school.guardian.items(f"{school.path}/access-record")]
    assert parts[: len(parts) - before] == ["readers", "access_record"]


def looks(school: School) -> list[str]:
    """The parts of the pupil's file that were looked at, the latest first, but the record itself."""
    found = [look["part"] for look in school.guardian.items(f"{school.path}/access-record")]
    return [part for part in found if part != "access_record"]


SHOW_NOTHING = [
    ("mentor", "iup/{no_plan}"),
    ("mentor", "iup/{no_plan}/om-mig"),
    ("mentor", "iup/{no_plan}/historik"),
    ("mentor", "iup/{no_plan}?dag={today}"),
    ("mentor", "iup/{plan}?dag=2020-01-01"),
    ("mentor", "iup/{plan}/om-mig?dag=2020-01-01"),
    ("mentor", "iup/{plan}?dag=2999-01-01"),
    ("mentor", "iup/{plan}/finns-inte"),
    ("mentor", "iup/{plan}/finns-inte?dag={today}"),
    ("mentor", "iup/{plan}/mal?mal={no_plan}"),
    ("mentor", "iup/{plan}/granskning?slag=goal&nyckel={no_plan}"),
    ("mentor", "iup/{plan}/granskning?slag=finns-inte"),
    ("mentor", "iup/{plan}/rattelse?slag=goal&nyckel={no_plan}"),
    ("mentor", "iup/{no_plan}/utskrift.pdf"),
    ("guardian", "iup/ny"),
    ("teacher", "iup/{plan}/omdome-finns-inte"),
    ("guardian", "iup/{plan}/omdome-{subject}"),
    ("outsider", "iup/{plan}"),
    ("outsider", "arkiv"),
]


@pytest.mark.requirement("S-ACC-6")
def test_a_page_that_shows_nothing_is_no_look(school: School, reader: ReaderOf, installation: Installation) -> None:
    """A row of the record says that somebody saw something: who is refused, or asks for what is not there, did not."""
    plan = school.start().rsplit("/", 1)[1]
    today = installation.clock().astimezone(STOCKHOLM).date()
    known = {"plan": plan, "no_plan": uuid4(), "today": today, "subject": MATHS}
    before, found = looks(school), []
    for who, address in SHOW_NOTHING:
        page = reader(getattr(school, who)).get(f"/elever/{school.student}/{address.format(**known)}")
        assert page.status in {403, 404}, address
        if len(now := looks(school)) > len(before):
            found.append((address, now[0]))
            before = now
    assert found == []


@pytest.mark.requirement("S-ACC-6")
def test_what_is_shown_is_one_look(own_school: School, reader: ReaderOf, installation: Installation) -> None:
    """Also where the way there led by another page, or the plan is not the newest."""
    school = own_school
    first, goal = school.locked_with_goal()
    assert school.guardian.put(f"{goal}/evaluation", text="Det gick bra").status == 200
    second = school.start(term="VT", reason="Terminen är slut").rsplit("/", 1)[1]
    first, today = first.rsplit("/", 1)[1], installation.clock().astimezone(STOCKHOLM).date()
    visitor = reader(school.mentor)
    for address, parts in (
        (f"iup/{first}", ["overview"]),
        (f"iup/{second}", ["overview"]),
        (f"arkiv?dag={today}", ["history"]),
        ("arkiv?dag=2020-01-01", ["plans"]),
        (f"iup/{first}/mal?mal={goal.rsplit('/', 1)[1]}", ["plan"]),
        (f"iup/{first}/rattelse?slag=goal&nyckel={goal.rsplit('/', 1)[1]}", ["plan"]),
    ):
        before = looks(school)
        assert visitor.get(f"/elever/{school.student}/{address}").status in {200, 422}
        now = looks(school)
        assert now[: len(now) - len(before)] == parts, address


FOR_NOBODY = {"people.py", "archived.py"}
"""What asks who somebody is, before there is anybody to ask for, and what sets a plan for the archive."""


def test_pages_ask_the_directory_for_whoever_looks_at_them() -> None:
    """What they show passes the database's own wall: none asks as what decides and imports does."""
    modules = sorted(Path(web.__file__).parent.rglob("*.py"))
    assert len(modules) > 20
    asking = {path.name for path in modules if "context.directory" in path.read_text("utf-8")}
    assert asking - {"visit.py"} == FOR_NOBODY
