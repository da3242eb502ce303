"""Which schedule counts and what is due by it, held against rules told a second time and naively."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregates.retention_policy import RetentionPolicy, Schedule
from events.enrolment import SchoolingEndCause
from events.retention import DisposalAction, DocumentClass, ReviewOutcome
from retention.due import EndedFile, due_file, due_month
from retention.items import items_from, plan_hash
from retention.schedules import due_on

FIRST = date(2026, 1, 1)
DAYS = st.integers(0, 3000).map(lambda days: FIRST + timedelta(days=days))
CAUSES = st.sampled_from([None, SchoolingEndCause.COMPLETED, SchoolingEndCause.DECEASED])
FILE = UUID(int=1)


@st.composite
def policies(draw: st.DrawFn) -> RetentionPolicy:
    """Schedules as they can have been adopted: for the same documents each begins later than the one before."""
    policy = RetentionPolicy(UUID(int=2), UUID(int=3), 0)
    begins: dict[SchoolingEndCause | None, date] = {}
    for number in range(draw(st.integers(0, 6))):
        cause = draw(CAUSES)
        begins[cause] = begins.get(cause, FIRST) + timedelta(days=draw(st.integers(1, 800)))
        lasting = draw(st.none() | st.integers(0, 800))
        withdrawn = draw(st.none() | st.integers(0, 800))
        policy.schedules[UUID(int=100 + number)] = Schedule(
            id=UUID(int=100 + number),
            document_class=DocumentClass.STUDENT_FILE,
            cause=cause,
            years=draw(st.integers(0, 3)),
            months=draw(st.integers(1, 11)),
            action=draw(st.sampled_from(DisposalAction)),
            legal_ground="Lag",
            decision_reference="Beslut",
            valid_from=begins[cause],
            valid_until=None if lasting is None else begins[cause] + timedelta(days=lasting),
            withdrawn_on=None if withdrawn is None else begins[cause] + timedelta(days=withdrawn),
        )
    return policy


def _in_force(policy: RetentionPolicy, cause: SchoolingEndCause | None, day: date) -> Schedule | None:
    """The last that had begun, if nothing has ended it."""
    begun = [s for s in policy.schedules.values() if s.cause == cause and s.valid_from <= day]
    latest = max(begun, key=lambda s: s.valid_from, default=None)
    if latest is None or (latest.valid_until and day > latest.valid_until):
        return None
    return None if latest.withdrawn_on and day >= latest.withdrawn_on else latest


@pytest.mark.requirement("S-RET-1")
@given(policy=policies(), cause=st.sampled_from(SchoolingEndCause), today=DAYS, ended_on=DAYS, holds=st.integers(0, 2))
def test_a_file_is_due_by_the_schedule_that_counts_and_by_no_other(
    policy: RetentionPolicy, cause: SchoolingEndCause, today: date, ended_on: date, holds: int
) -> None:
    """The one for the cause before the one for all (G-21); nothing where none counts."""
    counts = _in_force(policy, cause, today) or _in_force(policy, None, today)
    due = due_file(EndedFile(FILE, ended_on, cause, holds), policy, today)
    if counts is None or due_on(ended_on, years=counts.years, months=counts.months) > today:
        assert due is None
        return
    assert due is not None
    assert (due.schedule_id, due.action, due.is_held) == (counts.id, counts.action, holds > 0)
    assert due.is_on_a_list == (counts.action is not DisposalAction.REVIEW)


@given(policy=policies(), today=DAYS, ended_on=DAYS, kept=DAYS, outcome=st.sampled_from(ReviewOutcome))
def test_a_review_counts_for_the_schedule_it_was_made_by_alone(
    policy: RetentionPolicy, today: date, ended_on: date, kept: date, outcome: ReviewOutcome
) -> None:
    """Where another schedule counts since, the file is looked at anew."""
    plain = due_file(EndedFile(FILE, ended_on, SchoolingEndCause.COMPLETED), policy, today)
    keep_until = kept if outcome is ReviewOutcome.KEEP else None
    for schedule_id in policy.schedules:
        file = EndedFile(FILE, ended_on, SchoolingEndCause.COMPLETED, 0, schedule_id, outcome, keep_until)
        due = due_file(file, policy, today)
        if plain is None or plain.action is not DisposalAction.REVIEW or plain.schedule_id != schedule_id:
            assert due == plain
        elif keep_until is not None:
            assert (due is None) == (max(keep_until, plain.due_on) > today)
        else:
            assert due is not None
            assert due.action is DisposalAction.PURGE


@given(today=DAYS, months=st.integers(1, 24))
def test_a_month_is_due_when_its_last_day_is_long_enough_ago(today: date, months: int) -> None:
    """Counted from the first day of the month that follows."""
    schedule = Schedule(
        UUID(int=9),
        DocumentClass.ACCESS_RECORD,
        None,
        *divmod(months, 12),
        DisposalAction.PURGE,
        "Lag",
        "Beslut",
        FIRST,
    )
    policy = RetentionPolicy(UUID(int=2), UUID(int=3), 0, {schedule.id: schedule})
    month = date(2026, 11, 1)
    is_due = today >= due_on(date(2026, 12, 1), years=months // 12, months=months % 12)
    assert (due_month(month, policy, today) is not None) == is_due


@given(policy=policies(), today=DAYS, ended_on=DAYS)
def test_a_plans_hash_is_another_for_every_other_plan(policy: RetentionPolicy, today: date, ended_on: date) -> None:
    """Another day, another run, another order, another subject behind the same commitment: another hash."""
    due = due_file(EndedFile(FILE, ended_on, SchoolingEndCause.COMPLETED), policy, today)
    if due is None:
        return
    run, items = UUID(int=5), items_from(UUID(int=5), [due, due])
    stands = plan_hash(run, today, items)
    assert plan_hash(run, today, items) == stands
    swapped = [replace(items[0], subject_id=UUID(int=6)), items[1]]
    others = {
        plan_hash(run, today + timedelta(days=1), items),
        plan_hash(UUID(int=7), today, items),
        plan_hash(run, today, items[:1]),
        plan_hash(run, today, items[::-1]),
        plan_hash(run, today, swapped),
        plan_hash(run, today, [replace(items[0], due_on=FIRST - timedelta(days=1)), items[1]]),
    }
    assert stands not in others
    assert len(others) == 6
    destroyed = [replace(items[0], subject_id=None, nonce=None), items[1]]
    assert plan_hash(run, today, destroyed) == stands, "what is destroyed leaves the plan what it was"
