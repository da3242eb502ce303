"""What the history of a plan says that somebody did: "Anna Ek, mentor, locked the plan as agreed"."""

from collections.abc import Mapping

from web.texts.notices import NOTICES

TIMELINE: Mapping[str, str] = {
    **NOTICES,
    "preparation_reminded.v1": "reminded those at home to prepare",
    "plan_archived.v1": "archived the plan",
}
"""By the code of the event, in English; catalogues have the other languages."""
