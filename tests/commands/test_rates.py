"""How often one caller may do what is costly: token buckets in memory."""

from hypothesis import given
from hypothesis import strategies as st

import commands.rates
from commands.rates import Rate, RateClass, Rates

SEARCH, EXPORT = RateClass.SEARCH, RateClass.EXPORT


def _rates() -> Rates:
    return Rates({SEARCH: Rate(3, 0.5), EXPORT: Rate(1, 1)})


def test_so_many_at_once_and_so_many_a_second_after_that() -> None:
    """And how long to wait, to the moment at which the next is let through."""
    rates = _rates()
    assert [rates.take(SEARCH, "a", 0) for _ in range(5)] == [0, 0, 0, 2, 2]
    assert rates.take(SEARCH, "a", 1.5) == 0.5
    assert rates.take(SEARCH, "a", 2) == 0
    assert rates.take(SEARCH, "a", 2) == 2


def test_callers_and_kinds_are_counted_apart() -> None:
    """One who asks too often is in nobody's way."""
    rates = _rates()
    assert [rates.take(EXPORT, who, 0) for who in ("a", "a", "b")] == [0, 1, 0]
    assert rates.take(SEARCH, "a", 0) == 0


@given(st.lists(st.floats(0, 20), max_size=60))
def test_nobody_gets_more_than_the_rate_however_the_requests_fall(moments: list[float]) -> None:
    """In any stretch of time: the burst and what came in since."""
    rates = _rates()
    taken = [at for at in sorted(moments) if rates.take(SEARCH, "a", at) == 0]
    for first, start in enumerate(taken):
        for more, end in enumerate(taken[first:], 1):
            assert more <= 3 + (end - start) * 0.5 + 1e-6


def test_memory_is_bounded() -> None:
    """However many addresses ask, the longest unused is forgotten first."""
    rates = _rates()
    for who in range(commands.rates._MOST + 100):
        rates.take(EXPORT, str(who), 0)
    assert len(rates._buckets) == commands.rates._MOST
    assert rates.take(EXPORT, str(commands.rates._MOST + 99), 0) == 1
    assert rates.take(EXPORT, "0", 0) == 0
