"""What is left when somebody is destroyed, and what is not."""

import pytest

from events.retention import SkipReason
from store.errors import SubjectErased
from tests.projections.telling import tell
from tests.retention.purging import World


def test_a_purged_file_is_nowhere(world: World) -> None:
    """Neither its id nor its wrapped key nor any of its ciphertexts is in any table of either database."""
    story = world.pupil("Elsa Åkesson")
    file = story.stream
    secrets = world.secrets(file)
    assert len(secrets) > len(story.past)
    assert len(world.holding(file, *secrets)) > 10
    begun = world.begin_run(file)
    outcome = begun.purge()
    assert outcome.note is not None
    assert world.holding(file, *secrets) == []


def test_what_is_destroyed_is_refused_by_name(world: World) -> None:
    """Appending about it again, in this process and in one that remembers nothing."""
    story = world.pupil("Elsa Åkesson")
    world.begin_run(story.stream).purge()
    for _ in range(2):
        with pytest.raises(SubjectErased):
            tell(world.ledger, story.past)
        world.ledger.forget()
    assert world.holding(story.stream) == [], "whoever is refused leaves no key behind"


def test_what_is_not_due_any_more_is_left(world: World) -> None:
    """The fence is lifted, the reason is in the run, and the pupil can be written about as before."""
    story = world.pupil("Elsa Åkesson")
    before = world.rows()
    begun = world.begin_run(story.stream)
    assert begun.purge(still_due=lambda: SkipReason.HELD).reason is SkipReason.HELD
    after = world.rows()
    assert {table for table in before if before[table] != after[table]} == {
        "ledger.disposal_items", "ledger.events", "ledger.feeds", "ledger.subjects", "keys.wrapped_keys",
    }  # fmt: skip
    assert world.owner.execute("select state from subjects where subject_id = %s", (story.stream,)).fetchone() == (
        "active",
    )
