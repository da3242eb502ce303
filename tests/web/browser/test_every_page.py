"""What holds for every page: it fits a phone, reads well without a pointer, and looks as it should by day and night."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.api.school import School
from tests.web.browser.conftest import DESK, PHONE, Site

Photograph = Callable[[Page, str], None]

ADDRESSES = {
    "start": "/",
    "settings": "/installningar",
    "sessions": "/installningar/inloggningar",
    "contact-list": "/klasser/{group}/kontaktlista",
    "readers": "/elever/{student}/lasratt",
    "terms": "/villkor",
    "about": "/om",
    "missing": "/finns-inte",
}


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_page_fits_reads_and_has_no_dead_end(
    site: Site, school: School, photograph: Photograph, name: str
) -> None:
    """At 320 pixels nothing is wider than the screen; headings, labels and landmarks are as a screen reader needs."""
    address = ADDRESSES[name].format(group=school.group, student=school.student)
    page = site.window_of(school.guardian, viewport={"width": 320, "height": 640})
    page.goto(address)
    found = faults(page)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width, size in (("phone", PHONE), ("desk", DESK)):
            page.set_viewport_size(size)
            photograph(page, f"{name}-{width}-{scheme}")
    assert found == []


CHECKS = """() => {
  const wrong = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) wrong.push(`wider than the screen: ${root.scrollWidth}`);
  if (!root.lang) wrong.push("no language");
  if (document.querySelectorAll("h1").length !== 1) wrong.push("not one h1");
  for (const each of ["header", "main", "footer"])
    if (document.querySelectorAll(`body > ${each}`).length !== 1) wrong.push(`not one ${each}`);
  let before = 0;
  for (const heading of document.querySelectorAll("h1, h2, h3, h4")) {
    const level = Number(heading.tagName[1]);
    if (level > before + 1) wrong.push(`heading after h${before}: ${heading.textContent}`);
    before = level;
  }
  const seen = new Set();
  for (const each of document.querySelectorAll("[id]")) {
    if (seen.has(each.id)) wrong.push(`id twice: ${each.id}`);
    seen.add(each.id);
  }
  for (const field of document.querySelectorAll("input:not([type=hidden]), textarea, select"))
    if (!field.labels.length) wrong.push(`no label: ${field.name}`);
  for (const each of document.querySelectorAll("[aria-describedby], [aria-labelledby]"))
    for (const id of `${each.getAttribute("aria-describedby") || ""} ${each.getAttribute("aria-labelledby") || ""}`
      .trim().split(/\\s+/))
      if (!document.getElementById(id)) wrong.push(`names nothing: ${id}`);
  for (const image of document.querySelectorAll("img")) if (!image.hasAttribute("alt")) wrong.push("image without alt");
  for (const each of document.querySelectorAll("a, button"))
    if (!each.textContent.trim() && !each.getAttribute("aria-label")) wrong.push(`says nothing: ${each.outerHTML}`);
  for (const each of document.querySelectorAll("button, a.button, a.target, .top a, .choice input, input, select")) {
    const box = each.getBoundingClientRect();
    const least = each.matches("[type=checkbox], [type=radio], [type=file]") ? 24 : 44;
    if (each.type !== "hidden" && box.width && Math.min(box.height, box.width) < least)
      wrong.push(`smaller than ${least} pixels: ${each.outerHTML.slice(0, 90)} ${Math.round(box.height)}`);
  }
  return wrong;
}"""


def faults(page: Page) -> list[str]:
    """What a reader with a small screen, a keyboard or a screen reader would stumble on."""
    found: list[str] = page.evaluate(CHECKS)
    return found
