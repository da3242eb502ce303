"""`python -m bench.library_worker`: the library's runner in a process of its own, until its standard input closes."""

import os
import sys

from bench.library_view import runner


def main() -> None:
    """Run; the database is named in the environment, and a line says when the runner is at work."""
    with runner(os.environ["BENCH_PEER_URL"]):
        print("ready", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
