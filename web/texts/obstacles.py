"""What hinders the lock of a plan, in words."""

from collections.abc import Mapping

from events.plan import LockObstacle

OBSTACLES: Mapping[LockObstacle, str] = {
    LockObstacle.PUPIL_MISSING: "The pupil has not agreed",
    LockObstacle.GUARDIAN_MISSING: "No guardian has agreed",
    LockObstacle.OPEN_CONCERN: "Somebody has asked the mentor to look at a text",
}
"""Each in English; catalogues have the other languages."""
