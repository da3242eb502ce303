"""Reads a request's body before any route does: size, encoding, form and characters."""

import json
import re
from collections.abc import Collection, Iterable
from typing import Any, NoReturn

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aggregates.errors import Refusal
from api.errors import (
    BodyNotJson,
    BodyTooLarge,
    ContentTypeNotJson,
    PictureTooLarge,
    PictureTypeNotAllowed,
    TextNotAllowed,
)
from api.problems import problem_response
from store.pictures import LARGEST_FILE

LARGEST = 256 * 1024
DEEPEST = 32
_NOT_ALLOWED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_WITHOUT = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


_PICTURE = re.compile(r"/api/v1/persons/[^/]+/picture")
PICTURE_TYPES = ("image/jpeg", "image/png", "image/webp", "image/gif")
"""What a picture may be sent as; what it is, is seen when it is opened."""


class BodyGate:
    """Lets through bodies that are at most 256 kB of strict JSON without control characters; refuses all others.

    A picture may be larger, so it waits unread until its route knows who sends it.

    `others` are addresses that take something else than JSON and look to their bodies themselves.

    Chunked bodies are counted while they are read, and reading stops at the limit.
    """

    def __init__(self, app: ASGIApp, others: Collection[str] = ()) -> None:
        self.app = app
        self.others = others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read, check, and hand on what was read."""
        if scope["type"] != "http" or scope["method"] in _WITHOUT or scope["path"] in self.others:
            await self.app(scope, receive, send)
            return
        if scope["method"] == "POST" and _PICTURE.fullmatch(scope["path"]):
            unread = _Unread(receive, send)
            await self.app(scope, unread.receive, unread.send)
            return
        try:
            body = await _read(scope, receive, LARGEST, BodyTooLarge)
            if body is None:
                return
            if body:
                check_content_type(_header(scope, b"content-type"))
                check_json(body)
        except Refusal as refused:
            scope.setdefault("state", {})["problem"] = refused.code
            await problem_response(refused, {"Connection": "close"})(scope, receive, send)
            return
        scope.setdefault("state", {})["body"] = body
        await self.app(scope, _replay(body, receive), send)


class _Unread:
    """Passes on a body that has not been read, and hangs up where the answer does not wait for the end of it."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._has_more = True

    async def receive(self) -> Message:
        """The next part of the body."""
        message = await self._receive()
        self._has_more = message["type"] == "http.request" and message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        """The next part of the answer."""
        if message["type"] == "http.response.start" and self._has_more:
            message["headers"] = [*message.get("headers", ()), (b"connection", b"close")]
        await self._send(message)


async def read_picture(request: Request) -> bytes:
    """The picture that is sent, once it is known who sends it; nothing where the sender hung up.

    Raises PictureTypeNotAllowed before anything of it is read, and PictureTooLarge beyond 10 MB.
    """
    check_picture_type(request.headers.get("content-type", ""))
    return await _read(request.scope, request.receive, LARGEST_FILE, PictureTooLarge) or b""


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


async def _read(scope: Scope, receive: Receive, limit: int, too_large: type[Refusal]) -> bytes | None:
    """The whole body; None where the caller hung up. Raises the refusal of what is larger than the limit."""
    said = _header(scope, b"content-length")
    if said.isdigit() and (len(said) > len(str(limit)) or int(said) > limit):
        raise too_large
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if len(body) > limit:
            raise too_large
        if not message.get("more_body", False):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return waiting.pop() if waiting else await receive()

    return replayed


def check_picture_type(value: str) -> None:
    """Raise PictureTypeNotAllowed where the body does not say that it is a picture of a kind we read."""
    if value.split(";", maxsplit=1)[0].strip().lower() not in PICTURE_TYPES:
        raise PictureTypeNotAllowed


def check_content_type(value: str) -> None:
    """Only JSON, in no other encoding than UTF-8. Raises ContentTypeNotJson."""
    kind, *parameters = (part.strip().lower() for part in value.split(";"))
    if kind != "application/json" or any(p not in {"", "charset=utf-8", 'charset="utf-8"'} for p in parameters):
        raise ContentTypeNotJson


def check_json(body: bytes) -> None:
    """Raise BodyNotJson or TextNotAllowed where the body is not what a route may meet."""
    try:
        parsed = json.loads(
            body.decode("utf-8"), object_pairs_hook=_each_key_once, parse_constant=_no_constant, parse_float=_finite
        )
    except (ValueError, RecursionError):
        raise BodyNotJson from None
    _check_value(parsed)


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BodyNotJson
    return found


def _no_constant(_: str) -> NoReturn:
    raise BodyNotJson


def _finite(text: str) -> float:
    number = float(text)
    if number in {float("inf"), float("-inf")}:
        raise BodyNotJson
    return number


def _check_value(parsed: object) -> None:
    level: Iterable[object] = (parsed,)
    for _ in range(DEEPEST):
        level = [inner for value in level for inner in _inside(value)]
        if not level:
            return
    raise BodyNotJson


def _inside(value: object) -> Iterable[object]:
    """What is inside the value, after a look at its own texts."""
    match value:
        case dict():
            return [*value.keys(), *value.values()]
        case list():
            return value
        case str():
            if _NOT_ALLOWED.search(value):
                raise TextNotAllowed
    return ()
