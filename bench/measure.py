"""Measuring two sides fairly: a warm-up, then slices in turn, and the median of each side's slices."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from threading import Barrier, Thread
from typing import Any

Work = Callable[[], object]
"""One piece of work, done again and again for the length of a slice."""


@dataclass(frozen=True)
class Scale:
    """How much is measured: seconds a slice, slices a side, and sizes. `TINY` only shows that a bench works."""

    seconds: float = 0.25
    slices: int = 15
    file_events: int = 500
    files: int = 6
    catch_up_events: int = 24_000
    clients: int = 8
    writes: int = 120
    growth: tuple[int, ...] = (10_000, 100_000)
    samples: int = 400
    leaves: int = 1_000_000
    demo: tuple[int, int] = (25, 1)
    """Pupils and years."""


TINY = Scale(
    seconds=0.05,
    slices=1,
    file_events=30,
    files=1,
    catch_up_events=120,
    clients=2,
    writes=3,
    growth=(200, 400),
    samples=5,
    leaves=3_000,
    demo=(1, 1),
)


@dataclass(frozen=True)
class Line:
    """One result. `ratio` above 1 says that ours is the better side, whether more or less is better in `unit`."""

    name: str
    ours: float
    peer: float | None
    unit: str
    less_is_better: bool = False
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """How many times better ours is than the peer; None where there is none."""
        if self.peer is None:
            return None
        over, under = (self.peer, self.ours) if self.less_is_better else (self.ours, self.peer)
        return over / under if under else 0.0

    def __str__(self) -> str:
        main = {"name": self.name, "ours": self.ours, "peer": self.peer, "ratio": self.ratio, "unit": self.unit}
        return json.dumps({key: _rounded(value) for key, value in (main | self.more).items()}, ensure_ascii=False)


def _rounded(value: object) -> object:
    """Three significant figures and no more than are measured."""
    if not isinstance(value, float):
        return value
    return round(value) if abs(value) >= 1000 else float(f"{value:.3g}")  # noqa: PLR2004 - three figures


def in_turn(sides: Sequence[Callable[[], float]], slices: int) -> list[float]:
    """The median of each side, measured in turn so that what slows the machine slows all; the first round warms up."""
    measured: list[list[float]] = [[] for _ in sides]
    for turn in range(slices + 1):
        for side, results in zip(sides, measured, strict=True):
            result = side()
            if turn or slices == 1:
                results.append(result)
    return [median(results) for results in measured]


def rate(workers: Sequence[Work], seconds: float, each: int = 1) -> float:
    """How many pieces a second the workers do, one thread each; a piece counts for `each`."""
    counts = [0] * len(workers)
    errors: list[BaseException] = []
    start = Barrier(len(workers))

    def run(index: int, work: Work) -> None:
        start.wait()
        deadline = time.perf_counter() + seconds
        try:
            while time.perf_counter() < deadline:
                work()
                counts[index] += 1
        except BaseException as error:  # noqa: BLE001 - raised again where the slice was asked for
            errors.append(error)

    began = time.perf_counter()
    if len(workers) == 1:
        run(0, workers[0])
    else:
        threads = [Thread(target=run, args=pair) for pair in enumerate(workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if errors:
        raise errors[0]
    return sum(counts) * each / (time.perf_counter() - began)
