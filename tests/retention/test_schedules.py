"""Periods are counted by the calendar, leap days and all."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retention.schedules import due_on, latest_beginning

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.requirement("S-RET-1")
@pytest.mark.parametrize(
    ("counted_from", "years", "months", "due"),
    [
        (date(2026, 6, 12), 5, 0, date(2031, 6, 12)),
        (date(2024, 2, 29), 5, 0, date(2029, 2, 28)),
        (date(2024, 2, 29), 4, 0, date(2028, 2, 29)),
        (date(2023, 2, 28), 5, 0, date(2028, 2, 28)),
        (date(2026, 12, 31), 0, 2, date(2027, 2, 28)),
        (date(2026, 10, 31), 1, 4, date(2028, 2, 29)),
        (date(2026, 12, 1), 0, 1, date(2027, 1, 1)),
        (date(2026, 3, 29), 0, 7, date(2026, 10, 29)),
    ],
)
def test_a_period_ends_on_the_same_day_of_its_last_month_or_the_last_one(
    counted_from: date, years: int, months: int, due: date
) -> None:
    """G-21: 29 February plus five years is 28 February."""
    assert due_on(counted_from, years=years, months=months) == due


@given(began=DAYS, today=DAYS, years=st.integers(0, 30), months=st.integers(0, 11))
def test_no_day_that_is_due_is_missed_by_the_query(began: date, today: date, years: int, months: int) -> None:
    """What began after the latest beginning is not due; and the day itself is no more than three days too late."""
    latest = latest_beginning(today, years=years, months=months)
    if due_on(began, years=years, months=months) <= today:
        assert began <= latest
    assert due_on(latest - timedelta(days=3), years=years, months=months) <= today


@given(began=DAYS, years=st.integers(0, 30), months=st.integers(0, 11))
def test_a_later_beginning_is_never_due_earlier(began: date, years: int, months: int) -> None:
    """The order of the days is kept."""
    later = began + timedelta(days=1)
    assert due_on(began, years=years, months=months) <= due_on(later, years=years, months=months)
