"""`python -m bench [--only NAME]…`: one JSON line for each bench, as it is done."""

import argparse
import signal
import sys
from collections.abc import Callable, Iterator
from functools import partial

import structlog

from app.postgres import EmbeddedPostgres
from bench import appends, catching_up, growing, loading, notary, playing, purging, reading, seeing, serving, tree
from bench.databases import cluster
from bench.measure import TINY, Line, Scale

Bench = Callable[[EmbeddedPostgres, Scale], Line | Iterator[Line]]

BENCHES: dict[str, Bench] = {
    "append_1": partial(appends.measure, threads=1, batch=1),
    "append_16": partial(appends.measure, threads=16, batch=1),
    "append_100": partial(appends.measure, threads=1, batch=100),
    "load_500": loading.load,
    "catch_up": catching_up.catch_up,
    "visible": seeing.visible,
    "overview": serving.overview,
    "record": serving.record,
    "pages": reading.pages,
    "purge": purging.purge,
    "purge_beside": purging.beside,
    "growth": growing.growth,
    "tree": tree.leaves,
    "proof": tree.proof,
    "notary": notary.cost,
    "verify": notary.verification,
    "prove": notary.proving,
    "demo": playing.demo,
    "bytes": loading.size,
}


def lines(names: list[str], scale: Scale) -> Iterator[Line]:
    """The results of each bench of these names, in the order given."""
    with cluster() as server:
        for name in names:
            yield from measured(name, server, scale)


def measured(name: str, server: EmbeddedPostgres, scale: Scale) -> Iterator[Line]:
    """The results of one bench on this server, in databases of its own."""
    result = BENCHES[name](server, scale)
    yield from (result,) if isinstance(result, Line) else result


def main() -> None:
    """Print the lines."""
    parser = argparse.ArgumentParser(prog="bench", description="Ours beside a peer; a ratio above 1 is in our favour.")
    parser.add_argument("--only", action="append", choices=BENCHES, help="only this one; may be given again")
    parser.add_argument("--tiny", action="store_true", help="so small that it only shows that the bench works")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # only results on standard output
    for line in lines(arguments.only or list(BENCHES), TINY if arguments.tiny else Scale()):
        print(line, flush=True)


if __name__ == "__main__":
    main()
