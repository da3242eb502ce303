"""How long what is kept is kept: schedules, holds, and the runs in which what is due is destroyed (S-RET-1)."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from events.base import Event
from events.enrolment import SchoolingEndCause
from events.text import Digest, Line, Prose


class DocumentClass(StrEnum):
    """What a schedule is about (handlingsslag)."""

    STUDENT_FILE = "student_file"
    """A pupil's file: everything of the pupil's plans."""
    ACCOUNT = "account"
    """The account of a person who has nothing to do with any school any more (G-19)."""
    ACCESS_RECORD = "access_record"
    """A month of the record of who has looked at whose file."""


class Trigger(StrEnum):
    """What a period is counted from."""

    SCHOOLING_ENDED = "schooling_ended"
    LAST_RELATION_ENDED = "last_relation_ended"
    MONTH_ENDED = "month_ended"


class DisposalAction(StrEnum):
    """What is done with what is due."""

    PURGE = "purge"
    TRANSFER = "transfer"
    """It is handed over to the archive, and then destroyed here."""
    REVIEW = "review"
    """It is listed, and nothing is done until somebody has decided."""


class ScheduleAdopted(Event):
    """The municipality decided for how long a class of documents is kept, and what is done then (gallringsbeslut).

    `cause` narrows it to pupils whose schooling ended so (G-21). `decision_reference` is where the decision itself is
    found. It holds from `valid_from`, and to `valid_until` where that was set.
    """

    code: ClassVar[str] = "schedule_adopted.v1"
    schedule_id: UUID
    document_class: DocumentClass
    trigger: Trigger
    cause: SchoolingEndCause | None = None
    years: int = Field(ge=0, le=200)
    months: int = Field(default=0, ge=0, le=11)
    action: DisposalAction
    legal_ground: Line
    decision_reference: Line
    valid_from: date
    valid_until: date | None = None


class ScheduleWithdrawn(Event):
    """The schedule was taken back: nothing is due by it from this day."""

    code: ClassVar[str] = "schedule_withdrawn.v1"
    schedule_id: UUID
    withdrawn_on: date
    decision_reference: Line
    reason: Prose


class HoldGround(StrEnum):
    """Why a file must not be destroyed though it is due."""

    DISCLOSURE_CASE = "disclosure_case"
    APPEAL = "appeal"
    SUBJECT_ACCESS = "subject_access"
    SUPERVISION = "supervision"
    DISPUTE = "dispute"
    RESEARCH = "research"


class RetentionHeld(Event):
    """The pupil's file is not destroyed until the hold is released, whatever a schedule says."""

    code: ClassVar[str] = "retention_held.v1"
    hold_id: UUID
    ground: HoldGround
    authority: Line
    """Who asked for it or decided on it."""
    reference: Line
    """The case in which it was."""
    reason: Prose


class RetentionReleased(Event):
    """The hold holds no more."""

    code: ClassVar[str] = "retention_released.v1"
    hold_id: UUID
    authority: Line
    reference: Line
    reason: Prose


class ReviewOutcome(StrEnum):
    """What was decided of a file that was to be looked at before anything is done."""

    PURGE = "purge"
    KEEP = "keep"


class RetentionReviewed(Event):
    """It was decided what becomes of a file that a schedule lists for review: destroyed, or kept until a day."""

    code: ClassVar[str] = "retention_reviewed.v1"
    schedule_id: UUID
    outcome: ReviewOutcome
    keep_until: date | None = None
    """The day on which it is due anew, where it is kept."""
    decision_reference: Line
    reason: Prose


class RunPlanned(Event):
    """What is due was frozen into a list (gallringsutredning) that another person is to approve.

    `plan_hash` covers every item without saying whom it is about; `as_of` is the day on which they were due. The plan
    ends by itself after `lapses_on`.
    """

    code: ClassVar[str] = "run_planned.v1"
    plan_hash: Digest
    items: int
    as_of: date
    lapses_on: date


class RunApproved(Event):
    """Another person than the planner approved exactly the list that has this hash."""

    code: ClassVar[str] = "run_approved.v1"
    plan_hash: Digest


class RunWithdrawn(Event):
    """The plan was taken back before it was carried out."""

    code: ClassVar[str] = "run_withdrawn.v1"
    reason: Prose


class RunStarted(Event):
    """The approved list is being carried out, one subject at a time."""

    code: ClassVar[str] = "run_started.v1"
    plan_hash: Digest


class FileTransferred(Event):
    """What an item is about was handed over as a package to the archive, before it was destroyed here."""

    code: ClassVar[str] = "file_transferred.v1"
    item: int
    package_id: UUID
    sha256: Digest


class SubjectPurged(Event):
    """What an item is about is destroyed: its key, and its rows in every table. Says nothing of whom it was.

    `leaves`: how many events were destroyed; their places in the tree stand in the certificate.
    """

    code: ClassVar[str] = "subject_purged.v1"
    item: int
    leaves: int
    certificate_sha256: Digest


class SkipReason(StrEnum):
    """Why an item of an approved list was left as it is."""

    HELD = "held"
    SCHOOLING_NOT_ENDED = "schooling_not_ended"
    """The pupil came back, or the end of schooling was taken back."""
    NOT_DUE = "not_due"
    """Its day has moved, or no schedule counts for it any more."""
    REVIEW_WANTED = "review_wanted"
    IN_USE = "in_use"
    """The person has a relation or a part again."""
    NOT_TRANSFERRED = "not_transferred"
    GONE = "gone"
    """It was destroyed already."""


class ItemSkipped(Event):
    """An item of the list was left as it is, for this reason."""

    code: ClassVar[str] = "item_skipped.v1"
    item: int
    reason: SkipReason


class RunFinished(Event):
    """Every item of the list was destroyed or left for a reason."""

    code: ClassVar[str] = "run_finished.v1"
    purged: int
    skipped: int
