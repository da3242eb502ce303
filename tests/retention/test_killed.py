"""Killed at any step, a purge leaves a whole pupil or, once it is begun again, none: never half of one."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from events.retention import SkipReason
from store.errors import SubjectErased
from store.settings import StoreSettings
from tests.aggregates.given import Story
from tests.projections.telling import tell
from tests.retention.purging import Begun, World
from transparency.certificates import open_certificate

ROOT = Path(__file__).parents[2]
MOST_STEPS = 200


class Dying:
    """The process that is told at which step to die."""

    def __init__(self, process: "subprocess.Popen[str]", settings: StoreSettings) -> None:
        self._process = process
        self._settings = settings

    def purge(self, begun: Begun, step: int) -> str:
        """Let it destroy the run's one item; `died` or `done`."""
        asked = {
            "urls": vars(begun.world.urls),
            "key_file": str(self._settings.key_file),
            "home": str(begun.world.home),
            "run": str(begun.run.id),
            "version": begun.run.version,
            "step": step,
        }
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()


@pytest.fixture
def dying(settings: StoreSettings) -> Iterator[Dying]:
    """A process that imports everything once, and forks for each death."""
    command = [sys.executable, "-m", "tests.retention.dying"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Dying(process, settings)
        assert process.stdin
        process.stdin.close()


def test_killed_at_every_step(world: World, dying: Dying) -> None:
    """Before or after each statement, commit and write: whoever goes on finds a pupil to leave alone, or none at all.

    Going on, the item is held: before the point of no return that saves the pupil, after it nothing does.
    """
    world.runner.catch_up([])
    ended, answer = {"whole": 0, "gone": 0}, "died"
    for step in range(1, MOST_STEPS):
        story = world.pupil(f"Elev {step}")
        file, secrets = story.stream, world.secrets(story.stream)
        where = world.holding(file)
        begun = world.begin_run(file)
        answer = dying.purge(begun, step)
        assert answer in {"died", "done"}
        begun.run.reload(world.owner)
        world.register.read()
        world.ledger.forget()
        is_written = world.register.of(begun.run.id, 1) is not None
        outcome = begun.purge(still_due=lambda: SkipReason.HELD)
        if is_written:
            assert outcome.reason is None
            assert_gone(world, begun, secrets, story)
            ended["gone"] += 1
        else:
            assert outcome.reason is SkipReason.HELD
            assert_whole(world, file, secrets, where, story)
            ended["whole"] += 1
        if answer == "done":
            break
    assert answer == "done"
    assert min(ended.values()) > 10, ended


def assert_gone(world: World, begun: Begun, secrets: list[bytes], story: Story) -> None:  # type: ignore[type-arg]
    """Nothing of the pupil is in any table; the certificate covers every event, in the database and outside."""
    assert world.holding(story.stream, *secrets) == []
    query = "select note from purge_certificates where run_id = %s"
    ((note,),) = world.owner.execute(query, (begun.run.id,)).fetchall()
    certificate = open_certificate(note, world.key.verifier)
    assert certificate.said["events"] == len(story.past)
    assert (world.purger.certificates / f"{begun.run.id}-1.txt").read_bytes() == note
    query = "select count(*) from events where stream_id = %s and kind = 'subject_purged.v1'"
    assert world.owner.execute(query, (begun.run.id,)).fetchone() == (1,)
    with pytest.raises(SubjectErased):
        tell(world.ledger, story.past)


def assert_whole(world: World, file: UUID, secrets: list[bytes], where: list[str], story: Story) -> None:  # type: ignore[type-arg]
    """Every row is where it was, all of it opens, and the pupil is written about as before."""
    assert world.secrets(file) == secrets
    assert [table for table in world.holding(file) if table != "ledger.disposal_items"] == where
    assert world.ledger.load(file, story.fold).version == len(story.past)
    story.given(story.past[-1].event)
    tell(world.ledger, story.past[-1:])
