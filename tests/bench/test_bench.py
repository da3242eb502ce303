"""Every bench runs, and prints what a reader of the results expects; how fast it was is nobody's promise here."""

import json

import pytest

from app.postgres import EmbeddedPostgres
from bench.__main__ import BENCHES, measured
from bench.measure import TINY, Line

NAMES = {
    "append_1",
    "append_16",
    "append_100",
    "catch_up",
    "load_500",
    "overview",
    "visible",
    "growth",
    "tree",
    "proof",
    "notary",
    "verify",
    "prove",
}
ALONE = {"purge", "demo", "proof", "prove"}
KEYS = ["name", "ours", "peer", "ratio", "unit"]


def test_the_benches_of_the_promise_are_there() -> None:
    """Each of the results that are compared with a target has a bench of its name."""
    assert set(BENCHES) >= NAMES


@pytest.mark.parametrize("name", BENCHES)
def test_a_bench_prints_its_results(name: str, cluster: EmbeddedPostgres) -> None:
    """At tiny sizes each bench gives its line of JSON, with both sides and their ratio, where there are two."""
    printed = [json.loads(str(line)) for line in measured(name, cluster, TINY)]
    assert printed[0]["name"] == name
    for line in printed:
        assert list(line)[: len(KEYS)] == KEYS
        assert line["ours"] > 0
        assert line["unit"]
        if name not in ALONE:
            assert line["peer"] > 0
            assert line["ratio"] > 0


def test_a_ratio_above_one_is_in_our_favour() -> None:
    """More of a rate and less of a time are both better."""
    assert Line("rate", 20, 10, "events/s").ratio == 2
    assert Line("time", 10, 20, "ms", less_is_better=True).ratio == 2
    assert Line("alone", 10, None, "events/s").ratio is None
