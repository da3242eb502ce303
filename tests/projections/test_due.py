"""What retention asks of all files is what the files themselves say, whatever happened to them."""

from collections.abc import Callable
from random import Random
from typing import Any
from uuid import UUID, uuid5

import psycopg
import pytest

from aggregates import disposal_run, student_file
from aggregates.student_file import StudentFile
from projections.registry import projections
from projections.runner import Runner
from retention.due import EndedFile, ended
from store.ledger import Ledger
from tests.aggregates.given import Story
from tests.aggregates.retention_stories import a_file_that_is_kept, a_run, a_withdrawn_run, approved_run, finished
from tests.projections.lives import a_life
from tests.projections.rows import rows_of
from tests.projections.telling import tell


def _row_says(file: StudentFile, rows: list[dict[str, Any]]) -> None:
    row = next((row for row in rows if row["student_id"] == file.id), None)
    end = ended(file)
    if row is None:
        assert end is None
        assert not file.retention.holds
        return
    assert row["subject_id"] == file.subject_id
    assert row["holds"] == len(file.retention.holds)
    if end is None:
        assert row["ended_on"] is None
        return
    assert (
        EndedFile(
            file.id,
            row["ended_on"],
            row["ended_cause"],
            row["holds"],
            row["reviewed_schedule"],
            row["reviewed_outcome"],
            row["reviewed_until"],
        )
        == end
    )


@pytest.mark.requirement("S-RET-1")
@pytest.mark.parametrize("upto", range(2, 8))
def test_after_each_event_the_row_says_what_the_file_says(
    ledger: Ledger, owner: psycopg.Connection, runner: Runner, upto: int
) -> None:
    """Ended, set right, held, released, reviewed, taken back (G-8)."""
    past = a_file_that_is_kept().past[:upto]
    tell(ledger, past)
    runner.catch_up(projections())
    file = student_file.fold(None, past)
    assert file is not None
    _row_says(file, rows_of(owner, ledger, "file_retention")["file_retention"])


def test_made_up_lives_are_told_rightly_in_any_batches(
    ledger: Ledger, owner: psycopg.Connection, runner: Runner
) -> None:
    """Pupils who leave and come back, by chance: each row is what its file says in the end."""
    files = []
    for number in range(5):
        life = a_life(Random(number), 60, space=uuid5(UUID(int=5), str(number)))  # noqa: S311 - repeatable chance
        tell(ledger, life)
        files.append(student_file.fold(None, life))
    ending = finished()
    tell(ledger, ending.past)
    runner.catch_up(projections())
    rows = rows_of(owner, ledger, "file_retention")["file_retention"]
    for file in (*files, ending.state):
        assert file is not None
        _row_says(file, rows)


@pytest.mark.parametrize("told", [approved_run, a_run, a_withdrawn_run])
def test_each_run_has_a_row_with_its_state(
    ledger: Ledger, owner: psycopg.Connection, runner: Runner, told: Callable[[], Story[disposal_run.DisposalRun]]
) -> None:
    """As the run itself says."""
    story = told()
    tell(ledger, story.past, "disposal_run", "disposal_run")
    runner.catch_up(projections())
    (row,) = rows_of(owner, ledger, "disposal_runs")["disposal_runs"]
    run = story.state
    assert (row["run_id"], row["state"], row["version"], row["items"]) == (run.id, run.state, run.version, run.items)
    assert (row["as_of"], row["lapses_on"], row["planned_at"]) == (run.as_of, run.lapses_on, run.planned.at)
