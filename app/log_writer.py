"""Writes log lines in a thread of its own, many at a time: a server's requests do not wait for a terminal or disk."""

import sys
import threading
import time
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Self

GATHERING_SECONDS = 0.02


class LogWriter:
    """A stream to standard error for one writer of lines or many. What is written is out within about 20 ms.

    Used as a context: leaving it writes what is left, and from then on each line at once.
    """

    def __init__(self) -> None:
        self._lines: SimpleQueue[str | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="log-writer", daemon=True)
        self._apart = False

    def __enter__(self) -> Self:
        """Begin to gather."""
        self._apart = True
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Write what is left."""
        self._apart = False
        self._lines.put(None)
        self._thread.join()

    def write(self, text: str) -> int:
        """Take the text."""
        if self._apart:
            self._lines.put(text)
        else:
            sys.stderr.write(text)
            sys.stderr.flush()
        return len(text)

    def flush(self) -> None:
        """Nothing: the thread does it."""

    def _run(self) -> None:
        while (text := self._lines.get()) is not None:
            if self._apart:
                time.sleep(GATHERING_SECONDS)
            if not self._written(text):
                return

    def _written(self, text: str) -> bool:
        """Write the text and all that waits behind it; False when that was the last."""
        texts: list[str] = [text]
        more = True
        while more:
            try:
                following = self._lines.get_nowait()
            except Empty:
                break
            more = following is not None
            texts.append(following or "")
        with suppress(OSError):  # a full disk or a closed terminal: the lines are gone, but not the thread or memory
            sys.stderr.write("".join(texts))
            sys.stderr.flush()
        return more
