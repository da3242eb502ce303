"""What a page says when something was done: by the word that stands in the address after it."""

from collections.abc import Mapping

DONE: Mapping[str, str] = {
    "sparat": "Saved.",
}
"""In English; catalogues have the other languages."""
