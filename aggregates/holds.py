"""Decisions on whether a pupil's file may be destroyed: hold it, release it, say what a review came to."""

from datetime import date
from uuid import UUID

from aggregates.errors.retention import HoldNotFound, ReviewNotSound, ReviewNotWanted
from aggregates.retention_policy import Schedule
from aggregates.student_file import StudentFile
from events.retention import (
    DisposalAction,
    HoldGround,
    RetentionHeld,
    RetentionReleased,
    RetentionReviewed,
    ReviewOutcome,
)


def hold(
    _: StudentFile, *, hold_id: UUID, ground: HoldGround, authority: str, reference: str, reason: str
) -> RetentionHeld:
    """Keep the file from being destroyed, due or not; a file may be held several times over, each to be released."""
    return RetentionHeld(hold_id=hold_id, ground=ground, authority=authority, reference=reference, reason=reason)


def release(file: StudentFile, *, hold_id: UUID, authority: str, reference: str, reason: str) -> RetentionReleased:
    """Let a hold go. Raises HoldNotFound where it does not stand."""
    if hold_id not in file.retention.holds:
        raise HoldNotFound
    return RetentionReleased(hold_id=hold_id, authority=authority, reference=reference, reason=reason)


def review(
    file: StudentFile,
    *,
    schedule: Schedule | None,
    outcome: ReviewOutcome,
    keep_until: date | None,
    decision_reference: str,
    reason: str,
    today: date,
) -> RetentionReviewed:
    """Say what becomes of a file that its schedule lists for review: destroyed, or kept until a day to come."""
    if schedule is None or schedule.action is not DisposalAction.REVIEW or file.schooling_ended is None:
        raise ReviewNotWanted
    is_kept = outcome is ReviewOutcome.KEEP
    if is_kept != (keep_until is not None) or (keep_until is not None and keep_until <= today):
        raise ReviewNotSound
    return RetentionReviewed(
        schedule_id=schedule.id,
        outcome=outcome,
        keep_until=keep_until,
        decision_reference=decision_reference,
        reason=reason,
    )
