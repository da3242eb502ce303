"""Drafts: the author's own, for a day, and never more than a few."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from store import drafts as module
from store.database import open_pool
from store.drafts import LIFE, Draft, Drafts
from store.ledger import Ledger
from store.readers import SeenBy
from tests.store.making import AT, append, known

PLAN = uuid4()
AUTHOR, OTHER = SeenBy(uuid4(), AT.date()), SeenBy(uuid4(), AT.date())


@pytest.fixture
def drafts(ledger: Ledger, owner: psycopg.Connection) -> Iterator[Drafts]:
    """The drafts of the ledger, on a pool of their own."""
    known(ledger, owner, AUTHOR.person_id, OTHER.person_id)
    with open_pool(ledger.settings.app_url, schema=ledger.settings.schema, size=2, name="drafts") as pool:
        yield Drafts(pool, ledger)


@pytest.fixture
def subject(ledger: Ledger) -> UUID:
    """Somebody whom the ledger knows."""
    one = append(uuid4())
    ledger.append(one)
    return one.subject_id


def test_the_latest_text_of_each_field_is_the_authors_own(drafts: Drafts, subject: UUID) -> None:
    """Nobody else finds it, in no other plan, and what is discarded is gone."""
    for text in ("Jag ", "Jag tycker "):
        assert drafts.keep(AUTHOR, PLAN, subject, "svar-trivs", text, now=AT)
    drafts.keep(AUTHOR, PLAN, subject, "synpunkter", "Mer om", now=AT)
    drafts.keep(OTHER, PLAN, subject, "svar-trivs", "En annans", now=AT)
    assert drafts.of(AUTHOR, PLAN, now=AT) == {
        "svar-trivs": Draft("Jag tycker ", AT),
        "synpunkter": Draft("Mer om", AT),
    }
    assert drafts.of(AUTHOR, uuid4(), now=AT) == {}
    drafts.discard(AUTHOR, PLAN, ["svar-trivs"])
    assert set(drafts.of(AUTHOR, PLAN, now=AT)) == {"synpunkter"}
    assert set(drafts.of(OTHER, PLAN, now=AT)) == {"svar-trivs"}


def test_the_plans_with_a_draft_of_a_field_are_the_authors_own(drafts: Drafts, subject: UUID) -> None:
    """Of those asked about, while the draft lasts, and of that field alone."""
    plans = [uuid4() for _ in range(3)]
    drafts.keep(AUTHOR, plans[0], subject, "omdome-MAT", "Du kan", now=AT)
    drafts.keep(AUTHOR, plans[1], subject, "omdome-SVE", "Du kan", now=AT)
    drafts.keep(OTHER, plans[2], subject, "omdome-MAT", "Du kan", now=AT)
    assert drafts.plans_with(AUTHOR, "omdome-MAT", plans, now=AT) == {plans[0]}
    assert drafts.plans_with(AUTHOR, "omdome-MAT", plans[1:], now=AT) == set()
    assert drafts.plans_with(AUTHOR, "omdome-MAT", plans, now=AT + LIFE) == set()


def test_a_draft_is_over_after_a_day(drafts: Drafts, subject: UUID) -> None:
    """It is shown no more from that moment, and swept; a change makes the day begin anew."""
    drafts.keep(AUTHOR, PLAN, subject, "svar-trivs", "Jag", now=AT)
    drafts.keep(AUTHOR, PLAN, subject, "svar-hemma", "Vi", now=AT + timedelta(hours=1))
    assert set(drafts.of(AUTHOR, PLAN, now=AT + LIFE)) == {"svar-hemma"}
    assert drafts.sweep(AT + LIFE) == 1
    assert drafts.sweep(AT + LIFE) == 0


def test_an_author_has_so_many_and_no_more(drafts: Drafts, subject: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    """One more field is refused; a field that is kept already goes on being kept."""
    monkeypatch.setattr(module, "MOST", 2)
    kept = [drafts.keep(AUTHOR, PLAN, subject, f"svar-{n}", "Jag", now=AT) for n in range(3)]
    assert kept == [True, True, False]
    assert drafts.keep(AUTHOR, PLAN, subject, "svar-1", "Jag tycker", now=AT)
    assert drafts.of(AUTHOR, PLAN, now=AT)["svar-1"].text == "Jag tycker"
