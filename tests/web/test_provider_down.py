"""A provider that does not answer is asked seldom, so that whoever waits for it holds up nobody else."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from web.discovery import Discovery
from web.failures import Because, ProviderDown

CALLERS = 20


class Broken(ThreadingHTTPServer):
    """A provider whose every answer is an error, and which counts them."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.asked = 0


class Answer(BaseHTTPRequestHandler):
    """The error."""

    server: Broken

    def do_GET(self) -> None:
        """Count, and fail."""
        self.server.asked += 1
        self.send_error(500)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


@pytest.fixture
def broken() -> Iterator[Broken]:
    """The provider, as it is served."""
    with Broken() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_many_who_want_to_sign_in_at_a_broken_provider_ask_it_once(broken: Broken) -> None:
    """The first waits for its answer; the others are told at once what became of it."""
    with httpx.Client(trust_env=False) as http:
        discovery = Discovery(f"http://127.0.0.1:{broken.server_address[1]}", http)
        told: list[Because | None] = []

        def ask() -> None:
            try:
                discovery.addresses()
            except ProviderDown as down:
                told.append(down.because)

        threads = [threading.Thread(target=ask) for _ in range(CALLERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert broken.asked == 1
    assert sorted(told, key=str) == [Because.NO_ANSWER] * (CALLERS - 1) + [Because.STATUS]
