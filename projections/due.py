"""What retention asks of all files at once: whose schooling has ended, what keeps them; and the runs there are."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from aggregates.disposal_run import RunState
from events.base import Recorded
from events.enrolment import SchoolingEndCorrected, SchoolingEnded, SchoolingEndWithdrawn, StudentReenrolled
from events.retention import (
    FileTransferred,
    ItemSkipped,
    RetentionHeld,
    RetentionReleased,
    RetentionReviewed,
    RunApproved,
    RunFinished,
    RunPlanned,
    RunStarted,
    RunWithdrawn,
    SubjectPurged,
)
from projections.projection import Memory, Projection, Target, kinds_of
from projections.reading import Batch
from projections.statements import statements_beside

if TYPE_CHECKING:
    from uuid import UUID

_SQL = statements_beside(__file__)
_FILE = (
    SchoolingEnded, SchoolingEndCorrected, SchoolingEndWithdrawn, StudentReenrolled, RetentionHeld, RetentionReleased,
    RetentionReviewed,
)  # fmt: skip
_RUN = (
    RunPlanned, RunApproved, RunWithdrawn, RunStarted, FileTransferred, SubjectPurged, ItemSkipped, RunFinished,
)  # fmt: skip
_STATE: dict[type[Any], RunState] = {
    RunApproved: RunState.APPROVED,
    RunWithdrawn: RunState.WITHDRAWN,
    RunStarted: RunState.STARTED,
    RunFinished: RunState.FINISHED,
}
_NOT_REVIEWED = [None, None, None]


class DueProjection(Projection):
    """Folds the end of schooling, holds and reviews into one row a pupil, and each run into one row."""

    name: ClassVar[str] = "due"
    kinds: ClassVar[frozenset[str]] = kinds_of(*_FILE, *_RUN)

    def fold(self, target: Target, memory: Memory, batch: Batch) -> None:  # noqa: ARG002 - its rows are cheap to read
        """Load the rows of the batch, fold, write each once."""
        events = list(batch)
        _fold_files(target, [recorded for recorded in events if isinstance(recorded.event, _FILE)])
        _fold_runs(target, [recorded for recorded in events if isinstance(recorded.event, _RUN)])


def _fold_files(target: Target, events: Sequence[Recorded[Any]]) -> None:
    """Columns: pupil, subject, ended on, cause, holds, reviewed schedule, outcome, kept until."""
    ids = list({recorded.originator_id for recorded in events})
    rows: dict[UUID, list[Any]] = {row[0]: list(row) for row in target.fetch(_SQL, "load", ids)} if ids else {}
    for recorded in events:
        new = [recorded.originator_id, recorded.subject_id, None, None, 0, *_NOT_REVIEWED]
        row = rows.setdefault(recorded.originator_id, new)
        match recorded.event:
            case SchoolingEnded() | SchoolingEndCorrected() as event:
                row[2:4], row[5:] = [event.ended_on, event.cause.value], _NOT_REVIEWED
            case SchoolingEndWithdrawn() | StudentReenrolled():
                row[2:4], row[5:] = [None, None], _NOT_REVIEWED
            case RetentionHeld():
                row[4] += 1
            case RetentionReleased():
                row[4] -= 1
            case RetentionReviewed() as event:
                row[5:] = [event.schedule_id, event.outcome.value, event.keep_until]
    target.write(_SQL, "save", list(rows.values()))


def _fold_runs(target: Target, events: Sequence[Recorded[Any]]) -> None:
    """Columns: run, version, state, as of, lapses on, items, planned at."""
    ids = list({recorded.originator_id for recorded in events})
    rows: dict[UUID, list[Any]] = {row[0]: list(row) for row in target.fetch(_SQL, "load_runs", ids)} if ids else {}
    for recorded in events:
        run_id, event = recorded.originator_id, recorded.event
        if isinstance(event, RunPlanned):
            rows[run_id] = [run_id, 0, RunState.PLANNED, event.as_of, event.lapses_on, event.items, recorded.at]
        row = rows[run_id]
        row[1] = recorded.originator_version
        row[2] = _STATE.get(type(event), RunState(row[2])).value
    target.write(_SQL, "save_runs", list(rows.values()))
