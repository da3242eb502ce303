"""What is said of disposal on the pages: classes, periods, grounds, and what becomes of what is due."""

from collections.abc import Mapping

from aggregates.disposal_run import RunState
from events.enrolment import SchoolingEndCause
from events.retention import DisposalAction, DocumentClass, HoldGround, ReviewOutcome, SkipReason, Trigger

CLASSES: Mapping[DocumentClass, str] = {
    DocumentClass.STUDENT_FILE: "Pupils' files",
    DocumentClass.ACCOUNT: "Accounts",
    DocumentClass.ACCESS_RECORD: "Months of the record of who has read",
}
ONE_OF: Mapping[DocumentClass, str] = {
    DocumentClass.STUDENT_FILE: "A pupil's file",
    DocumentClass.ACCOUNT: "An account",
    DocumentClass.ACCESS_RECORD: "A month of the record of who has read",
}
TRIGGERS: Mapping[Trigger, str] = {
    Trigger.SCHOOLING_ENDED: "after schooling ended",
    Trigger.LAST_RELATION_ENDED: "after the last connection to a pupil or school ended",
    Trigger.MONTH_ENDED: "after the end of the month",
}
ACTIONS: Mapping[DisposalAction, str] = {
    DisposalAction.PURGE: "is destroyed",
    DisposalAction.TRANSFER: "is handed over to the archive, and then destroyed here",
    DisposalAction.REVIEW: "waits until somebody has decided",
}
CAUSES: Mapping[SchoolingEndCause, str] = {
    SchoolingEndCause.COMPLETED: "finished compulsory school",
    SchoolingEndCause.MOVED: "moved to another municipality",
    SchoolingEndCause.INDEPENDENT_SCHOOL: "went on to an independent school",
    SchoolingEndCause.ABROAD: "moved abroad",
    SchoolingEndCause.DECEASED: "deceased",
    SchoolingEndCause.OTHER: "another cause",
}
GROUNDS: Mapping[HoldGround, str] = {
    HoldGround.DISCLOSURE_CASE: "Somebody has asked for the file, and the case is open",
    HoldGround.APPEAL: "A decision about the file is appealed",
    HoldGround.SUBJECT_ACCESS: "The pupil has asked what is kept",
    HoldGround.SUPERVISION: "An authority supervises",
    HoldGround.DISPUTE: "There is a dispute",
    HoldGround.RESEARCH: "Research needs it",
}
OUTCOMES: Mapping[ReviewOutcome, str] = {
    ReviewOutcome.PURGE: "It is to be destroyed",
    ReviewOutcome.KEEP: "It is to be kept until a day",
}
STATES: Mapping[RunState, str] = {
    RunState.PLANNED: "waits for another officer's approval",
    RunState.APPROVED: "approved, not begun",
    RunState.WITHDRAWN: "taken back",
    RunState.STARTED: "is being carried out",
    RunState.FINISHED: "carried out",
}
ITEM_STATES: Mapping[str, str] = {
    "planned": "waits",
    "purging": "is being destroyed",
    "purged": "destroyed",
    "skipped": "left as it is",
}
REASONS: Mapping[SkipReason, str] = {
    SkipReason.HELD: "it is held",
    SkipReason.SCHOOLING_NOT_ENDED: "the pupil goes to school again",
    SkipReason.NOT_DUE: "it is not due any more",
    SkipReason.REVIEW_WANTED: "it is to be reviewed first",
    SkipReason.IN_USE: "the person has something to do with a school again",
    SkipReason.NOT_TRANSFERRED: "it could not be handed over to the archive",
    SkipReason.GONE: "it was destroyed before",
}
WORDS: Mapping[str, Mapping[str, str]] = {
    name: {str(key): text for key, text in table.items()}
    for name, table in (
        ("CLASSES", CLASSES),
        ("ONE_OF", ONE_OF),
        ("TRIGGERS", TRIGGERS),
        ("ACTIONS", ACTIONS),
        ("CAUSES", CAUSES),
        ("GROUNDS", GROUNDS),
        ("OUTCOMES", OUTCOMES),
        ("STATES", STATES),
        ("ITEM_STATES", ITEM_STATES),
        ("REASONS", REASONS),
    )
}
"""All of the above in English, as templates look them up; catalogues have the other languages."""
