"""`python -m bench.notary_process URL`: a notary in a process of its own, until its standard input closes."""

import sys
from threading import Event, Thread

from store.database import open_pool
from transparency.notary import Notary

LOOK_SECONDS = 0.1


def main() -> None:
    """Number what is new, ten times a second; a line says when it is at work."""
    stop = Event()
    with open_pool(sys.argv[1], schema="liggare", size=1, name="notary") as pool:
        notary = Notary(pool, "liggare")
        notary.advance()
        print("ready", flush=True)
        Thread(target=_wait, args=(stop,), daemon=True).start()
        while not stop.wait(LOOK_SECONDS):
            notary.advance()


def _wait(stop: Event) -> None:
    """Until nobody can ask for anything more."""
    sys.stdin.read()
    stop.set()


if __name__ == "__main__":
    main()
