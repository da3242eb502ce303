"""Round every request: its id, its one log line, headers that hold everywhere, and the last answer."""

import re
import time
import traceback
from collections.abc import Callable, Iterable
from uuid import UUID, uuid4

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import Failed
from api.problems import problem_response

HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", b"default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_NO_STORE = (b"cache-control", b"no-store")
_UUID = re.compile(rb"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_QUIET = frozenset({"/livez", "/readyz"})

log = structlog.get_logger()


def _failed(_: Request) -> Response:
    return problem_response(Failed())


class Frame:
    """Binds the request's id to every log line, answers it as X-Request-Id, and logs the route's template.

    The line holds the template and never the path, which holds ids; nor an exception's message, which may hold text.
    """

    def __init__(
        self,
        app: ASGIApp,
        headers: Iterable[tuple[bytes, bytes]] = HEADERS,
        failed: Callable[[Request], Response] = _failed,
    ) -> None:
        """`headers` go with every answer of the application; `failed` is its last one, where nobody foresaw what."""
        self.app = app
        self.headers = tuple(headers)
        self.failed = failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and see it out."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        correlation_id = _correlation_id(scope["headers"])
        scope["state"] = {**scope.get("state", {}), "correlation_id": correlation_id}
        status = 0
        started = time.perf_counter()
        more = [*self.headers, (b"x-request-id", str(correlation_id).encode())]

        async def framed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message["headers"] = [*message.get("headers", ()), *more]
                if all(name.lower() != b"cache-control" for name, _ in headers):
                    headers.append(_NO_STORE)
            await send(message)

        with structlog.contextvars.bound_contextvars(correlation_id=str(correlation_id)):
            try:
                await self.app(scope, receive, framed)
            except Exception as error:  # noqa: BLE001 - the last net: whatever it is, its words reach neither log nor caller
                _log_failure(error)
                scope["state"]["problem"] = Failed.code
                if not status:
                    await self.failed(Request(scope))(scope, receive, framed)
            _log_answer(scope, status, time.perf_counter() - started)


def _correlation_id(headers: Iterable[tuple[bytes, bytes]]) -> UUID:
    """The id that the caller gave, where it is a UUID; else a new one."""
    given = next((value for name, value in headers if name == b"x-request-id"), b"")
    return UUID(given.decode()) if _UUID.fullmatch(given) else uuid4()


def _log_failure(error: Exception) -> None:
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames]
    log.error("request_failed", error=type(error).__name__, at=places)


def _log_answer(scope: Scope, status: int, seconds: float) -> None:
    template = route_template(scope)
    if template in _QUIET:
        return
    state = scope["state"]
    log.info(
        "request_answered",
        method=scope["method"],
        route=template,
        status=status,
        milliseconds=round(seconds * 1000, 1),
        problem=state.get("problem"),
        person_id=state.get("person_id"),
    )


def route_template(scope: Scope) -> str | None:
    """The address of the route as it was written, without the ids in it; None where there is no route."""
    template: str | None = scope.get("route_template") or getattr(scope.get("route"), "path", None)
    return template
