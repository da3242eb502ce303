"""What a reader with a small screen, a keyboard or a screen reader would stumble on, looked for in the page itself."""

from importlib.resources import files
from pathlib import Path

from playwright.sync_api import Page

_CHECKS = (Path(__file__).parent / "checks.js").read_text("utf-8")
_AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
_RUN = """async (isFirst) => {
    const rules = isFirst ? {} : {runOnly: {type: "rule", values: ["color-contrast", "link-in-text-block"]}};
    const found = await axe.run(document, {reporter: "no-passes", preload: isFirst, ...rules});
    return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 120)}`));
}"""


def faults(page: Page) -> list[str]:
    """Each fault in words; empty where there is none."""
    found: list[str] = page.evaluate(_CHECKS)
    return found


def violations(page: Page) -> list[str]:
    """What axe-core finds, contrast included, in the look that the page has now; empty where there is nothing.

    A page that is looked at again, in another look, is the same page in other colours: the rules on colour are what can
    say something else then.
    """
    is_first = not page.evaluate("'axe' in window")
    if is_first:
        page.evaluate(_AXE)
    found: list[str] = page.evaluate(_RUN, is_first)
    return found


def set_letters(page: Page, *, size: int) -> None:
    """How big the reader has chosen letters to be in the browser's own settings, in pixels; 16 unless chosen."""
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": size}})
