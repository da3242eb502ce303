"""What a purge changes of others: nothing. And what is left of it confirms no guess."""

import hmac
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.base import Recorded
from events.goals import GoalAchieved, GoalContent, GoalProposed, GoalReportedDone, GoalStarted
from events.retention import DocumentClass, SkipReason
from store.sealing import canonical_json
from tests.aggregates.given import PUPIL, TEACHER, an_id
from tests.projections.telling import a_file, a_start, pupil_id, tell
from tests.retention.purging import World

BOOKKEEPING = {
    "ledger.disposal_items", "ledger.disposal_runs", "ledger.erased_subjects", "ledger.feeds",
    "ledger.projection_checkpoints", "ledger.purge_certificates", "ledger.register_state", "ledger.tree_head",
    "ledger.tree_runs", "ledger.tree_tiles", "keys.destroyed_keys",
}  # fmt: skip
"""What changes with each purge and is about nobody."""


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(st.sampled_from("ABCDEFGHIJ"), min_size=2, max_size=5, unique=True),
    gone=st.data(),
    is_account=st.booleans(),
)
def test_no_row_of_anybody_else_changes(world: World, names: list[str], gone: st.DataObject, is_account: bool) -> None:  # noqa: FBT001 - drawn
    """Whoever goes of however many: every row that is gone had the subject in it, and none was changed or came."""
    own = uuid4().hex[:6]
    stories = {name: world.pupil(f"{name}{own} Prov") for name in names}
    name = gone.draw(st.sampled_from(names), label="who goes")
    story = stories[name]
    if is_account:
        world.begin_run(story.stream).purge()
    subject = story.state.person_id if is_account else story.stream
    begun = world.begin_run(subject, document_class=DocumentClass.ACCOUNT if is_account else DocumentClass.STUDENT_FILE)
    before = world.rows()
    begun.purge()
    after = world.rows()
    for table in before.keys() - BOOKKEEPING:
        lost, come = set(before[table]) - set(after[table]), set(after[table]) - set(before[table])
        assert all(str(subject) in row for row in lost), table
        about_run = [row for row in come if str(begun.run.id) in row]
        assert come == set(about_run), table
        assert not come or table == "ledger.events"
    assert world.holding(subject) == []


def test_an_account_that_a_file_needs_is_left(world: World) -> None:
    """A pupil's account goes after the file: while the file is there it is in use."""
    story = world.pupil("Elsa Åkesson")
    begun = world.begin_run(story.state.person_id, document_class=DocumentClass.ACCOUNT)
    assert begun.purge().reason is SkipReason.IN_USE


def test_whoever_is_gone_already_is_left(world: World) -> None:
    """Two runs over the same file: the second finds nobody, and says so."""
    story = world.pupil("Elsa Åkesson")
    first, second = world.begin_run(story.stream), world.begin_run(story.stream)
    first.purge()
    assert second.purge().reason is SkipReason.GONE
    assert first.purge().note == first.purge().note
    query = "select count(*) from events where kind = 'subject_purged.v1'"
    assert world.owner.execute(query).fetchone() == (1,)


PLAN, GOAL = an_id("plan"), an_id("goal")
STEPS = [
    (GoalStarted(plan_id=PLAN, goal_id=GOAL), PUPIL),
    (GoalReportedDone(plan_id=PLAN, goal_id=GOAL), PUPIL),
    (GoalAchieved(plan_id=PLAN, goal_id=GOAL), TEACHER),
]


@pytest.mark.requirement("S-RET-1")
def test_no_guess_at_a_goal_is_confirmed(world: World) -> None:
    """An auditor has kept every envelope, commitment and leaf, and tries every status that the goal can have had.

    With the nonce that was sealed, and is destroyed, the guess would be confirmed: the only thing that lacks is that.
    """
    story = a_file("Elsa Åkesson")
    story.given(a_start(PLAN))
    story.given(GoalProposed(plan_id=PLAN, goal_id=GOAL, content=GoalContent(text="Läsa")), by=TEACHER)
    for event, by in STEPS:
        story.given(event, by=by)
    tell(world.ledger, story.past)
    world.person(pupil_id("Elsa Åkesson"), "Elsa Åkesson")
    kept = kept_by_an_auditor(world, story.stream)
    (payload,) = world.ledger.payloads(story.stream)[-1:]
    assert commits(payload.commitment_nonce, story.past[-1]) == kept[-1]
    world.begin_run(story.stream).purge()
    leaves = world.owner.execute("select string_agg(hashes, '') from tree_tiles where level = 0").fetchone()
    assert leaves is not None
    guessable = [b"", bytes(32), *kept, *register_marks(world), *(leaves[0][at : at + 32] for at in range(0, 320, 32))]
    for recorded in story.past:
        for nonce in guessable:
            assert commits(nonce, recorded) not in kept
            assert sha256(nonce + canonical_json(recorded.event)).digest() not in kept


def kept_by_an_auditor(world: World, stream: UUID) -> list[bytes]:
    """The commitments of the stream, before it was destroyed."""
    query = "select commitment from events where stream_id = %s order by version"
    return [row[0] for row in world.owner.execute(query, (stream,)).fetchall()]


def register_marks(world: World) -> list[bytes]:
    """What the register says of whom it is about."""
    return [bytes.fromhex(line.mark) for line in world.register.lines]


def commits(nonce: bytes, recorded: Recorded) -> bytes:  # type: ignore[type-arg]
    """What the ledger would have committed to, for an event that somebody guesses, with a nonce that is tried."""
    text = b'{"actor":%b,"event":%b}' % (canonical_json(recorded.actor), canonical_json(recorded.event))
    return hmac.digest(nonce, text, "sha256")
