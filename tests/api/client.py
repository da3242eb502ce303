"""A caller of the API in tests; every answer it gets must be one that the API's own description promises."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
from anyio.from_thread import BlockingPortal

from aggregates.errors import refusals
from api.application import Liggare
from api.names import API

PROBLEM = "application/problem+json"


class Answer:
    """What came back."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.status = response.status_code
        self.headers = response.headers
        is_json = "json" in self.headers.get("content-type", "")
        self.body: Any = response.json() if response.content and is_json else None

    @property
    def problem(self) -> str | None:
        """The code of the refusal; None where there is none."""
        if self.headers.get("content-type") != PROBLEM:
            return None
        return str(self.body["type"]).removeprefix("/problems/")

    @property
    def id(self) -> str:
        """The id of what was written."""
        assert self.status < 300, self.body
        return str(self.body["id"])

    @property
    def version(self) -> int:
        """The version of what was read or written."""
        return int(self.headers["etag"].strip('"'))


class Api:
    """The application, called without a network, from the thread of the test."""

    def __init__(self, app: Liggare, portal: BlockingPortal, description: dict[str, Any] | None = None) -> None:
        self.app = app
        self.description: dict[str, Any] = description or app.openapi()
        self._portal = portal
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self._client = httpx.AsyncClient(transport=transport, base_url="http://liggare.test")

    def fetch(self, path: str) -> httpx.Response:
        """Read a page or a file."""
        return self._portal.call(lambda: self._client.get(path))

    def request(self, method: str, path: str, **more: Any) -> Answer:  # noqa: ANN401 - whatever httpx takes
        """Send one request and hold its answer against the description."""
        answer = Answer(self._portal.call(lambda: self._client.request(method, path, **more)))
        self._check(method, path, answer)
        if answer.problem:
            _says_its_rule(answer)
            _echoes_nothing(more, answer)
        return answer

    def _check(self, method: str, path: str, answer: Answer) -> None:
        """The status, the content type and the problem stand in the description of the route."""
        UUID(answer.headers["x-request-id"])
        operation = self._operation(method, path.split("?", maxsplit=1)[0])
        if operation is None:
            assert answer.problem in {"address-not-found", "method-not-allowed", "body-too-large"}, answer.body
            return
        promised = operation["responses"].get(str(answer.status))
        assert promised, f"{method} {path} answered {answer.status} {answer.body}, which it does not promise"
        assert answer.headers["content-type"].split(";")[0] in promised["content"]
        if answer.problem:
            assert answer.problem in promised["x-problems"], f"{method} {path} does not promise {answer.problem}"

    def _operation(self, method: str, path: str) -> dict[str, Any] | None:
        parts = path.strip("/").split("/")
        for template, operations in self.description["paths"].items():
            wanted = template.strip("/").split("/")
            if len(wanted) == len(parts) and all(
                w == p or w.startswith("{") for w, p in zip(wanted, parts, strict=True)
            ):
                found: dict[str, Any] | None = operations.get(method.lower())
                return found
        return None


def _says_its_rule(answer: Answer) -> None:
    """Status, rule and what to do are those of the refusal that the type names."""
    (refusal,) = [refusal for refusal in refusals() if refusal.code == answer.problem]
    said = answer.body["status"], answer.body["title"], answer.body["detail"]
    assert said == (answer.status, refusal.rule, refusal.remedy)
    assert answer.status == refusal.status


def _echoes_nothing(sent: dict[str, Any], answer: Answer) -> None:
    """Nothing that was sent comes back in a refusal, but single words that the rules use too."""
    spoken = answer.response.text
    for value in _texts(sent.get("json")):
        assert len(value) < 4 or value.isalpha() or value not in spoken, "a refusal echoes what was sent"


def _texts(value: object) -> Iterator[str]:
    match value:
        case dict():
            for inner in value.values():
                yield from _texts(inner)
        case list() | tuple():
            for inner in value:
                yield from _texts(inner)
        case str():
            yield value


@dataclass
class Person:
    """A person with a session, who writes in one relation unless a test says otherwise."""

    api: Api
    person_id: str
    token: str
    acting_as: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **query: Any) -> Answer:  # noqa: ANN401 - any value of a query
        """Read."""
        return self._send("GET", path, params=query)

    def items(self, path: str, **query: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - any value of a query
        """Read a list, page by page to its end: a school that tests share has more pupils than a page holds."""
        page = self.get(path, limit=200, **query).body
        found: list[dict[str, Any]] = page["items"]
        while page["next"]:
            page = self.get(path, limit=200, cursor=page["next"], **query).body
            found += page["items"]
        return found

    def post(self, path: str, headers: Any = None, **body: Any) -> Answer:  # noqa: ANN401 - JSON
        """Write, in the person's relation."""
        return self._send("POST", path, json=self._named(body), headers=headers)

    def put(self, path: str, headers: Any = None, **body: Any) -> Answer:  # noqa: ANN401 - JSON
        """Write, in the person's relation."""
        return self._send("PUT", path, json=self._named(body), headers=headers)

    def delete(self, path: str, **query: Any) -> Answer:  # noqa: ANN401 - any value of a query
        """End something, in the person's relation."""
        return self._send("DELETE", path, params=self._named(query))

    def signed(self) -> list[tuple[str, bytes]]:
        """The header that says who calls."""
        return [("Authorization", f"Bearer {self.token}".encode())]

    def send(self, method: str, path: str, content: bytes, headers: dict[str, str] | None = None) -> Answer:
        """Send bytes as they are."""
        return self._send(method, path, content=content, headers={"Content-Type": "application/json"} | (headers or {}))

    def _named(self, body: dict[str, Any]) -> dict[str, Any]:
        named = {"as": self.acting_as} | {key.rstrip("_"): value for key, value in body.items()}
        if "without_as" in named:
            return {key: value for key, value in named.items() if key not in {"as", "without_as"}}
        return {key: value for key, value in named.items() if key != "as" or value is not None}

    def _send(self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any) -> Answer:  # noqa: ANN401
        sent = {"Authorization": f"Bearer {self.token}", **self.headers, **(headers or {})}
        return self.api.request(method, path if path.startswith("/") else f"{API}/{path}", headers=sent, **more)


def as_json(value: object) -> bytes:
    """The bytes of a JSON body."""
    return json.dumps(value).encode()
