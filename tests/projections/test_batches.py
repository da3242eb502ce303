"""Whatever people did, and however the feeds were cut into batches, the read models say the same, and say it right."""

from collections.abc import Iterator
from random import Random
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.base import Recorded
from projections.registry import projections
from projections.runner import Runner, Went
from store.appends import feed_of
from store.database import Pool
from store.ledger import Ledger
from tests.projections.lives import a_life
from tests.projections.oracle import is_as_the_file_says
from tests.projections.rows import Row, rows_of
from tests.projections.telling import tell


def begin_anew(owner: psycopg.Connection) -> None:
    """Empty every read model and put its checkpoints at the beginning of the feeds."""
    for (table,) in owner.execute("select table_name from projection_tables").fetchall():
        owner.execute(f"truncate {table}".encode())
    owner.execute("update projection_checkpoints set position = 0")


def in_pieces(random: Random, lives: list[list[Recorded[Any]]]) -> Iterator[list[Recorded[Any]]]:
    """The lives cut into appends of a few events, mixed."""
    left = [list(life) for life in lives]
    while left:
        life = random.choice(left)
        count = random.randint(1, 12)
        yield life[:count]
        del life[:count]
        left = [life for life in left if life]


def told_of(owner: psycopg.Connection, ledger: Ledger, lives: list[list[Recorded[Any]]]) -> dict[str, list[Row]]:
    """The rows about these pupils."""
    subjects = {life[0].subject_id for life in lives}
    rows = rows_of(owner, ledger)
    return {table: [row for row in rows[table] if row["subject_id"] in subjects] for table in rows}


@given(seed=st.integers(0, 2**32), size=st.integers(1, 40), other=st.integers(1, 40))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_cut_into_batches_gives_the_same_rows(
    ledger: Ledger, pool: Pool, owner: psycopg.Connection, seed: int, size: int, other: int
) -> None:
    """Followed piece by piece as it happens, or replayed later in other batches: the rows are the same.

    Half of the time nothing is remembered between batches, so that what is read back must be what was written.
    """
    random = Random(seed)  # noqa: S311 - repeatable chance, and quicker than hypothesis's own
    lives = [a_life(random, random.randint(5, 45), space=uuid4()) for _ in range(2)]
    feeds = {feed_of(life[0].originator_id) for life in lives}
    live, replaying = Runner(pool, ledger, batch=size), Runner(pool, ledger, batch=other)
    following = projections()
    for piece in in_pieces(random, lives):
        tell(ledger, piece)
        if random.random() < 0.5:
            live.catch_up(following, feeds)
        if random.random() < 0.5:
            live.forget()
    live.catch_up(following, feeds)
    followed = told_of(owner, ledger, lives)
    assert live.catch_up(following, feeds) == 0
    assert told_of(owner, ledger, lives) == followed, "looking again where nothing is new changes nothing"
    begin_anew(owner)
    replaying.catch_up(following, feeds)
    assert told_of(owner, ledger, lives) == followed
    for life in lives:
        is_as_the_file_says(life, followed)


@pytest.mark.requirement("S-OVR-2")
@pytest.mark.requirement("S-OVR-5")
@pytest.mark.requirement("S-OVR-6")
@pytest.mark.requirement("S-OVR-7")
@pytest.mark.requirement("S-OVR-8")
@pytest.mark.requirement("S-OVR-9")
@pytest.mark.parametrize(("seed", "size"), [(1, 1000), (2, 1000), (3, 1000), (4, 2), (5, 1)])
def test_the_overview_says_what_the_file_says(
    ledger: Ledger, pool: Pool, owner: psycopg.Connection, seed: int, size: int
) -> None:
    """After a long life, every plan's overview is what the file itself, loaded and counted naively, comes to.

    Small batches are each folded by a worker that has just started: it knows only what the tables say.
    """
    life = a_life(Random(seed), 400, space=uuid4())  # noqa: S311 - repeatable chance
    for at in range(0, len(life), 90):
        tell(ledger, life[at : at + 90])
    feed = feed_of(life[0].originator_id)
    for projection in projections():
        runner = Runner(pool, ledger, batch=size)
        while runner.step(projection, feed).went is Went.ON:
            if size < len(life):
                runner.forget()
    is_as_the_file_says(life, rows_of(owner, ledger))
