"""What the archive says has become of the plan before."""

from collections.abc import Mapping

SINCE: Mapping[str, str] = {
    "achieved": "Goals that were achieved",
    "carried": "Goals that went on into this plan",
    "new": "New goals",
    "left": "Goals that were left as they were",
    "abandoned": "Goals that were broken off",
    "forecasts": "Forecasts that changed",
    "subjects_added": "Subjects that are new",
    "subjects_gone": "Subjects that are gone",
}
"""By the name of the change, in English; catalogues have the other languages."""
