"""The pages on paper: they fit A4, leave out what only a screen needs, and hide nothing that somebody wrote."""

import io

from playwright.sync_api import PdfMargins, ViewportSize
from pypdf import PdfReader

from tests.api.school import School
from tests.web.browser.conftest import Photograph, Site
from tests.web.browser.filled import fill

A4_BETWEEN_MARGINS: ViewportSize = {"width": 680, "height": 1000}
"""In CSS pixels."""
MARGINS: PdfMargins = {"top": "15mm", "bottom": "15mm", "left": "15mm", "right": "15mm"}


def test_the_pages_fit_paper(site: Site, school: School, photograph: Photograph) -> None:
    """Nothing is wider than the sheet; buttons stay on the screen; what is folded away is unfolded."""
    filled = fill(school)
    page = site.window_of(school.guardian)
    plan = f"/elever/{school.student}/iup/{filled.plan}"
    page.set_viewport_size(A4_BETWEEN_MARGINS)
    for address, said in {
        f"{plan}/om-mig": "Hon berättar gärna om skolan.",
        f"{plan}/omdomen": "Kan de fyra räknesätten.",
        f"{plan}/samtalet": "Vi vill tala om matsalen.",
        f"{plan}/min-iup": "Läsa en bok i månaden",
        f"/elever/{school.student}/iup": "2 av",
        "/hjalp/vardnadshavare": "Bekräfta att du har läst",
    }.items():
        page.emulate_media(media="print")
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= A4_BETWEEN_MARGINS["width"], address
        assert page.locator("button:visible").count() == 0, address
        photograph(page, f"print-{address.rsplit('/', 1)[-1]}")
        pdf = PdfReader(io.BytesIO(page.pdf(format="A4", margin=MARGINS)))
        text = " ".join(" ".join(one.extract_text() for one in pdf.pages).split())
        assert said in text, address
        assert "Gå till innehållet" not in text
        assert "Föreslå ett mål" not in text
