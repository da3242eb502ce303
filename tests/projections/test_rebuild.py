"""A read model is built anew beside the live one: people write, workers go on, an interrupted one is run again."""

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from events.goals import GoalContent, GoalProposed
from projections import rebuild as rebuilding
from projections.checkpoints import statuses
from projections.overview import OverviewProjection
from projections.rebuild import RebuildFailed, RebuildSuperseded, rebuild
from projections.registry import projection_named, projections
from projections.runner import Runner, Went
from projections.seen_by import SYSTEM, as_seen_by
from store.database import Pool
from store.ledger import Ledger
from tests.aggregates.given import PLAN, PUPIL
from tests.projections.rows import rows_of
from tests.projections.telling import a_file, a_start, tell

ROOT = Path(__file__).parents[2]
NAMES = [projection.name for projection in projections()]

_HELD_BY = """
select
    c.relname, c.relkind, obj_description(c.oid, 'pg_class'), c.reloptions::text, c.relkind = 'i' and x.indisprimary,
    pg_get_indexdef(x.indexrelid), array(select a::text from unnest(c.relacl) as a order by 1), c.relrowsecurity,
    array(select to_jsonb(p) - 'tablename' from pg_policies as p where p.tablename = c.relname order by p.policyname)
from pg_class as c left join pg_index as x on x.indexrelid = c.oid
where c.relnamespace = 'liggare'::regnamespace and c.relkind in ('r', 'i') order by c.relname
"""
_SHOWN = b"select plan_id, version from overview"


@pytest.mark.parametrize("name", NAMES)
def test_a_rebuilt_read_model_says_the_same(
    ledger: Ledger, pool: Pool, owner: psycopg.Connection, runner: Runner, name: str
) -> None:
    """Same rows, same checkpoints, same tables to the last index, comment and privilege."""
    story = a_file()
    story.given(a_start())
    story.given(GoalProposed(plan_id=PLAN, goal_id=uuid4(), content=GoalContent(text="Läsa")), by=PUPIL)
    tell(ledger, story.past)
    runner.catch_up(projections())
    rows, tables = rows_of(owner, ledger), owner.execute(_HELD_BY).fetchall()
    checkpoints = "select projection, feed, position from projection_checkpoints order by 1, 2"
    positions = owner.execute(checkpoints).fetchall()
    projection = projection_named(name)
    assert projection is not None
    for _ in range(2):
        rebuild(pool, ledger, projection)
        assert rows_of(owner, ledger) == rows
        assert owner.execute(_HELD_BY).fetchall() == tables
        assert owner.execute(checkpoints).fetchall() == positions


def test_a_wrong_row_is_righted(ledger: Ledger, pool: Pool, owner: psycopg.Connection, runner: Runner) -> None:
    """What a mistake left in the live table is gone after a rebuild, and a worker that ran before goes on rightly."""
    story = a_file()
    story.given(a_start())
    tell(ledger, story.past)
    runner.catch_up(projections())
    right = rows_of(owner, ledger, "overview")
    owner.execute("update overview set pupil_asked = 99, state = 'lost'")
    rebuild(pool, ledger, OverviewProjection())
    assert rows_of(owner, ledger, "overview") == right
    story.given(GoalProposed(plan_id=PLAN, goal_id=uuid4(), content=GoalContent(text="Läsa")), by=PUPIL)
    tell(ledger, story.past[-1:])
    runner.catch_up(projections())
    (row,) = rows_of(owner, ledger, "overview")["overview"]
    assert (row["state"], row["version"]) == ("open", len(story.past))


def test_people_write_and_a_worker_goes_on_during_a_rebuild(  # noqa: C901 - three people at once
    ledger: Ledger, pool: Pool, owner: psycopg.Connection, runner: Runner
) -> None:
    """Nothing that is written meanwhile is lost; a reader finds the overview at any moment, never older than before."""
    stories = [a_file(f"Elev {number}") for number in range(4)]
    for story in stories:
        story.given(a_start(uuid4()))
        tell(ledger, story.past)
    runner.catch_up(projections())
    done, faults, seen = threading.Event(), list[str](), dict[object, int]()

    def write() -> None:
        for number in range(40):
            story = stories[number % 4]
            plan_id = next(iter(story.state.plans))
            goal = GoalProposed(plan_id=plan_id, goal_id=uuid4(), content=GoalContent(text=f"Mål {number}"))
            story.given(goal, by=PUPIL)
            tell(ledger, story.past[-1:])
        done.set()

    def work() -> None:
        worker = Runner(pool, ledger, batch=2)
        while not done.is_set():
            for feed in range(16):
                worker.step(OverviewProjection(), feed)

    def read() -> None:
        while not done.is_set():
            with pool.connection() as connection:
                shown = connection.execute(as_seen_by(_SHOWN), SYSTEM.settings).fetchall()
            if len(shown) != 4 or any(version < seen.get(plan_id, 0) for plan_id, version in shown):
                faults.append("a reader was shown less than before")
            seen.update(shown)

    threads = [threading.Thread(target=each) for each in (write, work, read)]
    for thread in threads:
        thread.start()
    rebuilt = 0
    while not done.is_set():
        rebuild(pool, ledger, OverviewProjection())
        rebuilt += 1
    for thread in threads:
        thread.join()
    runner.catch_up([OverviewProjection()])
    shown = {row["student_id"]: row["version"] for row in rows_of(owner, ledger, "overview")["overview"]}
    assert shown == {story.stream: len(story.past) for story in stories}
    assert not faults
    assert rebuilt


KILLED = """
import os, signal, sys
from pathlib import Path
from typing import Any
from projections import rebuild
from projections.registry import projection_named
from store.database import open_pool
from store.ledger import Ledger
from store.settings import StoreSettings

app, keys, ring, moment = sys.argv[1:]
ledger = Ledger(StoreSettings(app, keys, Path(ring)))
pool = open_pool(app, schema="liggare", size=4, name="killed")


def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)


if moment == "swapping":
    whole = rebuild._catch_up
    calls = []
    rebuild._catch_up = lambda *given: (calls.append(1), die() if len(calls) > 1 else whole(*given))[1]
rebuild.rebuild(pool, ledger, projection_named("directory"), tell=die if moment == "filling" else lambda _: None)
"""


@pytest.mark.parametrize("moment", ["filling", "swapping"])
def test_a_killed_rebuild_is_run_again(
    ledger: Ledger, pool: Pool, owner: psycopg.Connection, runner: Runner, moment: str
) -> None:
    """After kill -9 the live tables are as they were, and the next rebuild throws away what was left and finishes."""
    story = a_file()
    tell(ledger, story.past)
    runner.catch_up(projections())
    rows, tables = rows_of(owner, ledger), owner.execute(_HELD_BY).fetchall()
    settings = ledger.settings
    arguments = [settings.app_url, settings.keys_url, str(settings.key_file), moment]
    killed = subprocess.run([sys.executable, "-c", KILLED, *arguments], cwd=ROOT, check=False, timeout=60)
    assert killed.returncode == -9
    assert owner.execute(
        "select count(*) from projection_checkpoints where projection = 'directory__next'"
    ).fetchone() == (16,)
    assert rows_of(owner, ledger) == rows
    projection = projection_named("directory")
    assert projection is not None
    rebuild(pool, ledger, projection)
    assert rows_of(owner, ledger) == rows
    assert owner.execute(_HELD_BY).fetchall() == tables


def test_the_later_of_two_rebuilds_goes_on(
    ledger: Ledger, pool: Pool, owner: psycopg.Connection, runner: Runner
) -> None:
    """A rebuild that another overtook says so and touches nothing more."""
    story = a_file()
    story.given(a_start())
    tell(ledger, story.past)
    runner.catch_up(projections())
    rows = rows_of(owner, ledger)
    overtaken: list[int] = []

    def overtake(_: int) -> None:
        if not overtaken:
            overtaken.append(1)
            rebuild(pool, ledger, OverviewProjection())
            with pool.connection() as connection:
                connection.execute("select begin_generation('overview', %s)", (uuid4(),))

    with pytest.raises(RebuildSuperseded):
        rebuild(pool, ledger, OverviewProjection(), tell=overtake)
    assert rows_of(owner, ledger) == rows


def test_a_rebuild_that_cannot_read_an_event_leaves_the_live_model(
    ledger: Ledger, pool: Pool, owner: psycopg.Connection, runner: Runner
) -> None:
    """It fails by name; what people look at stays."""
    story = a_file()
    story.given(a_start())
    tell(ledger, story.past)
    runner.catch_up(projections())
    rows = rows_of(owner, ledger)
    owner.execute("update events set sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1) where version = 5")
    with pytest.raises(RebuildFailed):
        rebuild(pool, ledger, OverviewProjection())
    assert rows_of(owner, ledger) == rows
    assert not [status for status in statuses(pool) if status.stops or status.is_rebuilding]


def test_a_swap_does_not_wait_for_ever(
    ledger: Ledger, pool: Pool, owner: psycopg.Connection, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where somebody holds the live table all the time, the rebuild gives up by name and can be run again."""
    monkeypatch.setattr(rebuilding, "_SWAP_ATTEMPTS", 2)
    tell(ledger, a_file().past)
    runner.catch_up(projections())
    with owner.transaction():
        owner.execute("lock table overview in access share mode")
        with pytest.raises(RebuildFailed):
            rebuild(pool, ledger, OverviewProjection())
    rebuild(pool, ledger, OverviewProjection())


def test_an_unknown_projection_makes_no_tables(pool: Pool) -> None:
    """The functions that make tables know only those that are listed."""
    with pool.connection() as connection, pytest.raises(psycopg.errors.NoDataFound):
        connection.execute("select begin_generation('events', %s)", (uuid4(),))


def test_an_unfinished_generation_is_not_swapped_in(ledger: Ledger, pool: Pool, runner: Runner) -> None:
    """Only a generation that has read as far as the live one takes its place."""
    tell(ledger, a_file().past)
    runner.catch_up(projections())
    generation = uuid4()
    with pool.connection() as connection:
        connection.execute("select begin_generation('overview', %s)", (generation,))
        with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState):
            connection.execute("select swap_generation('overview', %s)", (generation,))


def test_workers_leave_the_live_model_alone_while_it_is_swapped(
    ledger: Ledger, pool: Pool, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the last look at what is new until the swap, no worker may fold into the tables that are to go."""
    tell(ledger, a_file().past)
    whole, went = rebuilding._catch_up, list[set[Went]]()

    def observed(*given: Any) -> int:  # noqa: ANN401 - passed on
        went.append({runner.step(OverviewProjection(), feed).went for feed in range(16)})
        return whole(*given)

    monkeypatch.setattr(rebuilding, "_catch_up", observed)
    rebuild(pool, ledger, OverviewProjection())
    assert went == [{Went.ON, Went.NOWHERE}, {Went.BUSY}]
