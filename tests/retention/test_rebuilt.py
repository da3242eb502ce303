"""What others keep of somebody who is gone, as they may, is read again by a rebuild, and brings nobody back."""

from datetime import date
from typing import Any

import pytest

from aggregates import person
from aggregates.student_file import student_file_id
from events.base import Actor
from events.enrolment import TeacherUnassigned
from events.person import PictureVisibilityChosen
from events.retention import DocumentClass
from projections.rebuild import rebuild
from projections.registry import projections
from tests.aggregates.given import GUARDIAN, MENTOR, TEACHER, Story, day
from tests.projections.telling import pupil_id, rel, tell
from tests.retention.purging import World


@pytest.mark.parametrize("gone", [TEACHER, MENTOR, GUARDIAN], ids=lambda one: one.role.value)
def test_an_account_that_is_gone_stays_so_through_a_rebuild(world: World, gone: Actor) -> None:
    """The files of the pupils say who was there (G-19); no table does any more, however often it is filled again."""
    for one in (TEACHER, MENTOR, GUARDIAN):
        world.person(one.person_id, one.name)
    story = world.pupil("Elsa Åkesson")
    world.begin_run(gone.person_id, document_class=DocumentClass.ACCOUNT).purge()
    assert world.holding(gone.person_id) == []
    story.given(TeacherUnassigned(relation_id=rel(TEACHER), ended_on=day(12, 18)))
    tell(world.ledger, story.past[-1:])
    world.runner.catch_up(projections())
    assert world.holding(gone.person_id) == []
    for _ in ("while it may come back", "when nothing of it can come back"):
        for projection in projections():
            rebuild(world.pool, world.ledger, projection)
        assert world.holding(gone.person_id) == []
        world.purger.sweep_marks(date.max)


def test_whose_picture_was_shown_is_forgotten_through_a_rebuild(world: World) -> None:
    """A guardian had chosen to show the pupil's picture, and stays: whose it was is in no table any more."""
    world.pupil("Elsa Åkesson")
    child = pupil_id("Elsa Åkesson")
    known: list[Any] = world.ledger.load(GUARDIAN.person_id, lambda past, events: [*(past or ()), *events])
    told: Story[Any] = Story(person.fold, stream=GUARDIAN.person_id, subject=GUARDIAN.person_id, past=known)
    told.given(PictureVisibilityChosen(of_person_id=child, visible_to_class=True), by=GUARDIAN)
    tell(world.ledger, told.past[-1:], "person", "person")
    world.runner.catch_up(projections())
    assert "ledger.picture_choices" in world.holding(child)
    world.begin_run(student_file_id(child)).purge()
    world.begin_run(child, document_class=DocumentClass.ACCOUNT).purge()
    assert world.holding(child) == []
    for projection in projections():
        rebuild(world.pool, world.ledger, projection)
    assert world.holding(child) == []
