"""What a reader with a small screen, a keyboard or a screen reader would stumble on, looked for in the page itself."""

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

_CHECKS = (Path(__file__).parent / "checks.js").read_text("utf-8")
_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
_RUN = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations.flatMap(
    (rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 120)}`))"""


def faults(page: Page) -> list[str]:
    """Each fault in words; empty where there is none."""
    found: list[str] = page.evaluate(_CHECKS)
    return found


def violations(page: Page) -> list[str]:
    """What axe-core finds, contrast included, in the look that the page has now; empty where there is nothing."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE)
    found: list[str] = page.evaluate(_RUN)
    return found
