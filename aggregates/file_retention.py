"""What of a pupil's file says whether it may be destroyed: holds, and what a review decided."""

from dataclasses import dataclass, field
from typing import assert_never
from uuid import UUID

from events.retention import RetentionHeld, RetentionReleased, RetentionReviewed

RetentionEvent = RetentionHeld | RetentionReleased | RetentionReviewed


@dataclass(slots=True)
class FileRetention:
    """The holds that stand, by id, and the latest review, where the end of schooling is still the one reviewed."""

    holds: dict[UUID, RetentionHeld] = field(default_factory=dict)
    review: RetentionReviewed | None = None


def evolve_retention(retention: FileRetention, event: RetentionEvent) -> None:
    """Change it in place, as the file that it belongs to is."""
    match event:
        case RetentionHeld():
            retention.holds[event.hold_id] = event
        case RetentionReleased():
            del retention.holds[event.hold_id]
        case RetentionReviewed():
            retention.review = event
        case _:
            assert_never(event)
