"""Every page about a pupil leaves a look on record, and the look says which part of the file it was."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

import web
from tests.api.conftest import installation, portal, school, shared
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

__all__ = ["installation", "portal", "reader", "school", "shared"]


def pages_about_a_pupil() -> Iterator[str]:
    """The address of every page that shows something of one pupil's file."""
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute) and "{student}" in route.path and "GET" in (route.methods or ()):
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


BEFORE_SIGN_IN = {"people.py"}
"""What asks who somebody is, before there is anybody to ask for."""


def test_pages_ask_the_directory_for_whoever_looks_at_them() -> None:
    """What they show passes the database's own wall: none asks as what decides and imports does."""
    modules = sorted(Path(web.__file__).parent.rglob("*.py"))
    assert len(modules) > 20
    asking = {path.name for path in modules if "context.directory" in path.read_text("utf-8")}
    assert asking - {"visit.py"} == BEFORE_SIGN_IN
