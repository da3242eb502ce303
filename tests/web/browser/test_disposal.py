"""Disposal in a browser: from the list of what is due to the certificate, by two officers; and the auditor's page."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from store.database import open_pool
from tests.api.archive import DECISION, HOLD, KEY, Archive
from tests.api.conftest import Installation, archive
from tests.web.browser.conftest import PHONE, Photograph, Site
from tests.web.browser.test_every_page import NARROW, looked_at
from transparency.notary import Notary
from transparency.publishing import Folder

__all__ = ["archive"]


@pytest.fixture
def installation(archive: Archive) -> Installation:
    """The installation that the pages are of is the municipality's own: what is due in it is this test's."""
    return archive.installation


@pytest.fixture
def due(archive: Archive) -> Archive:
    """A municipality with schedules, in which the files of two pupils are due, and their accounts with them."""
    archive.adopts()
    archive.adopts(document_class="account", years=1)
    archive.finishes()
    archive.finishes(archive.school.other_student)
    archive.wait(3000)
    return archive


@pytest.fixture
def signed(archive: Archive, tmp_path: Path) -> Iterator[None]:
    """The notary has signed what there is."""
    urls = archive.installation.urls
    with open_pool(urls.app, schema="liggare", size=1, name="notary") as pool:
        notary = Notary(pool, "liggare")
        notary.advance()
        assert notary.sign(KEY, datetime.now(UTC), Folder(tmp_path / "checkpoints"))
        yield


def _window(site: Site, due: Archive, name: str, **more: Any) -> Page:  # noqa: ANN401 - the options of a window
    return site.window_of(due.at_level(name, 3), level=3, **more)


def _press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


@pytest.mark.requirement("S-RET-1", surface="browser")
@pytest.mark.parametrize("has_script", [True, False])
@pytest.mark.usefixtures("signed")
def test_two_officers_destroy_what_is_due_and_an_auditor_reads_the_certificate(
    site: Site, due: Archive, photograph: Photograph, *, has_script: bool
) -> None:
    """From the start page: one file held and listed so, a plan approved by another, begun and certified."""
    operator = _window(site, due, "operator", java_script_enabled=has_script)
    operator.goto("/")
    operator.get_by_role("link", name=re.compile("^Gallring .* Arkivarie")).click()
    expect(operator.get_by_role("row")).to_have_count(3)
    photograph(operator, f"disposal-due-{has_script}")
    operator.get_by_role("link", name=due.school.other_student).click()
    operator.get_by_label("Varför den måste finnas kvar").select_option("Forskning behöver den")
    operator.get_by_label("Vem som begär det").fill("Universitetet")
    operator.get_by_label("Ärendets nummer").fill("Dnr 17")
    operator.get_by_label("Skälet i ord").first.fill("Akten ingår i en studie.")
    _press(operator, "Stoppa gallringen")
    expect(operator.get_by_role("status")).to_contain_text("Akten är stoppad")
    operator.get_by_role("link", name="Gallring", exact=True).first.click()
    expect(operator.get_by_text("Stoppad", exact=True)).to_be_visible()
    _press(operator, "Planera en gallring")
    expect(operator.get_by_text("Du har planerat den")).to_be_visible()
    held = operator.get_by_role("row").filter(has_text=due.school.other_student)
    expect(held).to_contain_text("väntar: den är stoppad")
    address = operator.url.split("?")[0]
    other = _window(site, due, "other_operator", java_script_enabled=has_script, viewport=PHONE)
    other.goto(address)
    other.get_by_label("Jag har gått igenom listan").check()
    _press(other, "Godkänn listan")
    expect(other.get_by_role("status")).to_contain_text("Listan är godkänd")
    photograph(other, f"disposal-approved-{has_script}")
    operator.goto(address)
    _press(operator, "Börja gallra")
    expect(operator.get_by_role("progressbar")).to_be_visible()
    due.carries_out("disposal-runs/" + address.rpartition("/")[2])
    operator.get_by_role("link", name="Se hur långt det har kommit").click()
    expect(operator.get_by_text("2 saker gallrades. 1 sak lämnades som den är.")).to_be_visible()
    auditor = _window(site, due, "auditor", java_script_enabled=has_script)
    auditor.goto(address)
    expect(auditor.get_by_text(due.school.student)).to_have_count(0)
    auditor.get_by_role("link", name=re.compile("^Intyg")).first.click()
    for said in (DECISION, "Operator Testoperator", "Other_operator Testother_operator"):
        expect(auditor.locator("dl").get_by_text(said).first).to_be_visible()
    photograph(auditor, f"disposal-certificate-{has_script}")
    with auditor.expect_download() as download:
        auditor.get_by_role("link", name="Hämta intyget").click()
    assert download.value.path().read_bytes().startswith(b'{"')
    auditor.get_by_role("link", name="Granskning").click()
    expect(auditor.get_by_text("liggare.example/ledger").first).to_be_visible()
    photograph(auditor, f"disposal-audit-{has_script}")


@pytest.mark.usefixtures("signed")
def test_every_page_of_an_officer_fits_and_reads(site: Site, due: Archive, photograph: Photograph) -> None:
    """On a phone, on a desk, zoomed and by night; axe-core finds nothing; links lead to pages."""
    file = due.school.other_student
    hold = due.operator.post(f"students/{file}/holds", **HOLD).id
    run = due.begins()
    purged = sorted(due.carries_out(run).purged)
    schedule = due.operator.get("disposal-schedules").body["items"][0]["id"]
    address = "/gallring/korningar/" + run.rpartition("/")[2]
    pages = {
        "start": "/",
        "due": "/gallring",
        "run": address,
        "certificate": f"{address}/intyg/{purged[0]}",
        "periods": "/gallring/frister",
        "period": f"/gallring/frister/{schedule}",
        "held": "/gallring/stopp?akt=fel",
        "file": f"/gallring/akter/{file}",
        "hold": f"/gallring/akter/{file}/stopp/{hold}",
        "audit": "/granskning",
    }
    page = _window(site, due, "operator")
    found = {}
    for name, where in pages.items():
        page.set_viewport_size(NARROW)
        response = page.goto(where)
        assert response
        assert response.status == 200, name
        found[name] = looked_at(page, partial(_keep, photograph, page, f"officer-{name}"))
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def _keep(photograph: Photograph, page: Page, name: str, look: str) -> None:
    photograph(page, f"{name}-{look}")
