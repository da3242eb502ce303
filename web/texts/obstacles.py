"""What hinders the lock of a plan, in words."""

from collections.abc import Mapping

from events.plan import LockObstacle

OBSTACLES: Mapping[LockObstacle, str] = {
    LockObstacle.PUPIL_MISSING: "The pupil has not agreed",
    LockObstacle.GUARDIAN_MISSING: "No guardian has agreed",
    LockObstacle.OPEN_CONCERN: "Somebody has asked the mentor to look at a text",
}
"""Each in English; catalogues have the other languages."""

REASONS: Mapping[LockObstacle, str] = {
    LockObstacle.PUPIL_MISSING: "Write why you lock the plan although the pupil has not agreed",
    LockObstacle.GUARDIAN_MISSING: "Write why you lock the plan although no guardian has agreed",
    LockObstacle.OPEN_CONCERN: "Write why you lock the plan although a text is still to be looked at",
}
"""What is said at the field of a reason that is not there, in English."""
