"""The API and the pages at one address."""

import asyncio
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from app.server import Together


class Said:
    """An application that answers with its own name."""

    def __init__(self, name: bytes) -> None:
        self.name = name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": self.name})


def _asked(path: str, *, is_tls: bool) -> tuple[list[Any], bytes]:
    got: list[Any] = []

    async def receive() -> Any:  # noqa: ANN401 - ASGI
        raise AssertionError

    async def send(message: Any) -> None:  # noqa: ANN401 - ASGI
        got.append(message)

    together = Together(Said(b"api"), Said(b"pages"), is_tls=is_tls)
    asyncio.run(together({"type": "http", "path": path}, receive, send))
    return got[0]["headers"], got[1]["body"]


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("/api/v1/me", b"api"),
        ("/oauth/token", b"api"),
        ("/docs", b"api"),
        ("/readyz", b"api"),
        ("/ledger/checkpoint", b"api"),
        ("/ledgers", b"pages"),
        ("/", b"pages"),
        ("/logga-in", b"pages"),
        ("/apiary", b"pages"),
        ("/docsx", b"pages"),
    ],
)
def test_each_path_is_answered_by_the_one_that_it_is_for(path: str, who: bytes) -> None:
    """By whole parts of the path."""
    assert _asked(path, is_tls=False) == ([], who)


@pytest.mark.parametrize("path", ["/", "/api/v1/me"])
def test_over_tls_browsers_are_told_never_to_come_without(path: str) -> None:
    """Pages and API alike (HSTS)."""
    ((name, value),), _ = _asked(path, is_tls=True)
    assert name == b"strict-transport-security"
    assert int(value.split(b";")[0].removeprefix(b"max-age=")) >= 365 * 86400
