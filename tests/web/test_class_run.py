"""What is copied from one pupil's assessment to another's: its headings, and never a word about the pupil."""

import pytest

from web.plan.class_run import headings_of, is_only_headings


@pytest.mark.parametrize(
    ("text", "copied"),
    [
        ("Du kan:\n\nRäkna med bråk.\nVidare:\nProcent", "Du kan:\n\nVidare:"),
        ("Så går det för Ada:\nBra.\nNu:\nMer", "Nu:"),
        ("Styrkor hos LOVELACE:", ""),
        ("Du kan räkna.", ""),
        ("x" * 60 + ":", ""),
        ("", ""),
    ],
)
def test_headings_are_short_lines_with_a_colon_that_name_nobody(text: str, copied: str) -> None:
    """A line about the pupil is text, whatever it ends with."""
    assert headings_of(text, "Ada Lovelace") == copied


@pytest.mark.parametrize(
    ("text", "is_only"), [("", True), ("Du kan:\n\n Vidare: \n", True), ("Du kan:\nRäkna", False), ("Räkna", False)]
)
def test_headings_alone_are_no_assessment(text: str, is_only: bool) -> None:  # noqa: FBT001 - a case
    """What stands in the box to begin with is nothing to publish."""
    assert is_only_headings(text) is is_only
