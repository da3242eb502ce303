"""What a page says when something was done: by the word that stands in the address after it."""

from collections.abc import Mapping

DONE: Mapping[str, str] = {
    "sparat": "Saved.",
    "granskas": "The mentor has been told and looks at the text before the plan is locked.",
}
"""In English; catalogues have the other languages."""
