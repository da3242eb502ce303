"""What a reader with a small screen, a keyboard or a screen reader would stumble on, looked for in the page itself."""

from pathlib import Path

from playwright.sync_api import Page

_CHECKS = (Path(__file__).parent / "checks.js").read_text("utf-8")


def faults(page: Page) -> list[str]:
    """Each fault in words; empty where there is none."""
    found: list[str] = page.evaluate(_CHECKS)
    return found
