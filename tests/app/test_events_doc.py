"""The page about events says what the code says."""

from app.events_doc import PAGE, events_page
from events import event_classes


def test_the_page_about_events_is_current() -> None:
    """Whoever changes an event runs `make docs` and sees what the reader will see."""
    assert PAGE.read_text(encoding="utf-8") == events_page(), "docs/events.md is old: run make docs"


def test_every_event_is_on_the_page_with_its_code_and_its_fields() -> None:
    """No event is left out, and no field of one."""
    page = events_page()
    for event in event_classes():
        section = page.split(f"### `{event.code}` {event.__name__}\n")[1].split("\n#")[0]
        assert (event.__doc__ or "").splitlines()[0] in section
        assert all(f"- `{name}`: " in section for name in event.model_fields)


def test_every_link_on_the_page_leads_somewhere() -> None:
    """A part that a field points at is described."""
    page = events_page()
    for link in {part.split(")")[0] for part in page.split("](#")[1:]}:
        assert f"\n### {link}\n" in page.lower()
