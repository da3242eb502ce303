"""The page about the API says what the routes say."""

from app.api_doc import PAGE, api_page


def test_the_page_about_the_api_is_current() -> None:
    """Whoever changes a route or a rule runs `make docs` and sees what the reader will see."""
    assert PAGE.read_text(encoding="utf-8") == api_page(), "docs/api.md is old: run make docs"
