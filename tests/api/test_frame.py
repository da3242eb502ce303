"""Round every request: bodies, ids, headers, logs, failures; nothing that was sent comes back or is logged."""

import contextlib
import http.client
import json
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
import structlog
from anyio.from_thread import BlockingPortal

from aggregates.errors import Refusal
from api.application import make_application
from api.field_rules import RULES
from store import errors as store_errors
from tests.api.client import Api, Person, as_json
from tests.api.conftest import Installation
from tests.api.school import School

SECRET = "Hemligheten om Elsas kattunge"


def _answer_body(school: School, **more: Any) -> bytes:  # noqa: ANN401 - JSON
    return as_json({"as": school.pupil.acting_as, "text": "Bra"} | more)


@pytest.mark.parametrize(
    ("body", "headers", "status", "problem"),
    [
        (b"", {}, 422, "not-valid"),
        (b"{", {}, 400, "body-not-json"),
        (b'{"text": NaN}', {}, 400, "body-not-json"),
        (b'{"text": "a", "text": "b"}', {}, 400, "body-not-json"),
        (b"[" * 50_000, {}, 400, "body-not-json"),
        (b'{"text": "\xff"}', {}, 400, "body-not-json"),
        (b'"text"', {}, 422, "not-valid"),
        (b"[]", {}, 422, "not-valid"),
        (b"null", {}, 422, "not-valid"),
        (b"{}", {"Content-Type": "text/plain"}, 415, "content-type-not-json"),
        (b'{"text": "a\\u0000b"}', {}, 422, "text-not-allowed"),
        (b'{"text": "a\\u001bb"}', {}, 422, "text-not-allowed"),
        (b'{"text": "a\\ud800b"}', {}, 422, "text-not-allowed"),
        (b'{"text": "' + b"a" * 300_000 + b'"}', {}, 413, "body-too-large"),
        (b'{"text": "' + b"a" * 4001 + b'"}', {}, 422, "not-valid"),
        (b'{"text": "a", "colour": "red"}', {}, 422, "not-valid"),
    ],
)
def test_bodies_that_are_not_what_they_must_be_store_nothing(
    school: School, body: bytes, headers: dict[str, str], status: int, problem: str
) -> None:
    """Each is refused by name, before anything is decided."""
    plan = school.start()
    answer = school.pupil.send("PUT", f"{plan}/answers/trivs", body, headers)
    assert (answer.status, answer.problem) == (status, problem)
    assert school.codes()[-1] == "plan_started.v1"


def test_a_body_without_a_length_is_counted_while_it_is_read(school: School, address: str) -> None:
    """A chunked body is refused at 256 kB, and a small one is taken."""
    path = f"/api/v1/{school.start()}/answers/trivs"
    for size, status in ((1_000, 200), (300_000, 413)):
        body = _answer_body(school, text="a" * 900) + b" " * size
        connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=10)
        headers = {"Authorization": f"Bearer {school.pupil.token}", "Content-Type": "application/json"}
        chunks = (body[at : at + 4096] for at in range(0, len(body), 4096))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.request("PUT", path, body=chunks, headers=headers, encode_chunked=True)
        answer = connection.getresponse()
        assert answer.status == status
        if status == 413:
            assert json.load(answer)["type"] == "/problems/body-too-large"
        connection.close()


def test_a_field_that_breaks_a_rule_is_named_and_what_was_sent_is_not(school: School) -> None:
    """The place is a path of our own names; an unknown field's name is input and is not repeated."""
    plan = school.start()
    answer = school.pupil.send("POST", f"{plan}/goals", as_json({"as": SECRET, "text": 5, SECRET: SECRET}))
    assert answer.body["errors"] == [
        {"field": "/as", "rule": RULES["uuid_parsing"]},
        {"field": "/text", "rule": RULES["string_type"]},
        {"field": "body", "rule": RULES["extra_forbidden"]},
    ]
    nested = school.administrator.post(
        "templates", school_id=school.id, content={"name": "X", "grades": [], "pages": [{"key": SECRET, SECRET: 1}]}
    )
    assert {"field": "/content/pages/0", "rule": RULES["extra_forbidden"]} in nested.body["errors"]
    assert SECRET not in nested.response.text
    query = school.pupil.get(f"{school.path}/plans", state=SECRET)
    assert query.body["errors"] == [{"field": "query state", "rule": RULES["enum"]}]


def test_a_query_holds_what_the_route_knows_each_once(school: School) -> None:
    """A mistyped name would be left out without a word, and something else be done than was meant."""
    relation = f"{school.path}/relations/{school.guardian.acting_as}"
    mistyped = school.administrator.delete(relation, ended="2999-01-01")
    assert mistyped.body["errors"] == [{"field": "query", "rule": "It holds a name that is not known here."}]
    twice = school.administrator.delete(relation, ended_on=["2999-01-01", "2999-01-02"])
    assert twice.body["errors"] == [{"field": "query", "rule": "Each name comes once."}]
    assert school.pupil.get("me", colour="red").problem == "not-valid"
    assert school.guardian.get(school.path).status == 200


def test_every_answer_has_an_id_and_headers_that_keep_browsers_from_harm(school: School) -> None:
    """The caller's own id is kept where it is a UUID, and made anew where it is anything else."""
    own = str(uuid4())
    answer = school.pupil._send("GET", "me", headers={"X-Request-Id": own})
    assert answer.headers["x-request-id"] == own
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    other = school.pupil._send("GET", "me", headers={"X-Request-Id": SECRET})
    assert SECRET not in other.headers["x-request-id"]
    plan = school.start()
    school.pupil._send("PUT", f"{plan}/answers/trivs", headers={"X-Request-Id": own}, json=_json(school))
    assert school.events()[-1]["correlation_id"] == own


def _json(school: School) -> dict[str, Any]:
    return dict(json.loads(_answer_body(school)))


def test_a_log_line_holds_ids_and_never_a_text_or_a_path(school: School) -> None:
    """One line a request, with the route's template."""
    plan = school.start()
    with structlog.testing.capture_logs() as lines:
        school.pupil.put(f"{plan}/answers/trivs", text=SECRET)
        school.pupil.put(f"{plan}/answers/{SECRET}", text=SECRET)
        school.pupil.get("students", school=SECRET)
        school.pupil.get("nowhere/" + SECRET)
    answered = [line for line in lines if line["event"] == "request_answered"]
    assert [(line["method"], line["status"], line["problem"]) for line in answered] == [
        ("PUT", 200, None),
        ("PUT", 422, "not-valid"),
        ("GET", 422, "not-valid"),
        ("GET", 404, "address-not-found"),
    ]
    assert answered[0]["route"] == "/students/{student}/plans/{plan}/answers/{question:path}"
    assert answered[0]["person_id"] == school.pupil.person_id
    spoken = json.dumps(lines, default=str)
    assert SECRET not in spoken
    assert school.student not in spoken


FAILURES: list[tuple[Exception, int, str]] = [
    (store_errors.StoreUnavailable(SECRET), 503, "unavailable"),
    (store_errors.KeyMissing(uuid4()), 503, "unavailable"),
    (store_errors.SubjectErased(uuid4()), 410, "erased"),
    (store_errors.EventTooLarge(2, 1), 413, "event-too-large"),
    (store_errors.TooManyEvents(2, 1), 413, "too-many-events"),
    (store_errors.VersionConflict(uuid4(), 1, 2), 409, "written-at-the-same-time"),
    (store_errors.CommandReused(uuid4()), 422, "idempotency-key-reused"),
    (store_errors.NotAuthentic(SECRET), 500, "failed"),
    (RuntimeError(SECRET), 500, "failed"),
]


@pytest.mark.parametrize(("error", "status", "problem"), FAILURES, ids=lambda value: type(value).__name__)
def test_what_goes_wrong_inside_is_answered_without_its_words(
    installation: Installation, school: School, portal: BlockingPortal, error: Exception, status: int, problem: str
) -> None:
    """By its rule where there is one, else as failed; neither the answer nor the log says what the error said."""

    def fails() -> None:
        raise error

    services = replace(installation.services, checks=fails, now=fails)  # type: ignore[arg-type]  # the edge that fails
    broken = Api(make_application(services), portal, installation.api.description)
    person = Person(broken, school.pupil.person_id, school.pupil.token, school.pupil.acting_as)
    with structlog.testing.capture_logs() as lines:
        answer = person.post(f"{school.path}/learning-notes", text="Hej")
    assert (answer.status, answer.problem) == (status, problem)
    assert ("retry-after" in answer.headers) is (status == 503)
    assert SECRET not in answer.response.text + json.dumps(lines, default=str)
    if status >= 500:
        assert {"request_failed", "store_failed"} & {line["event"] for line in lines}


def test_the_process_says_whether_it_can_do_its_work(
    installation: Installation, school: School, portal: BlockingPortal
) -> None:
    """Alive is not ready: the database, the migrations and the read models are looked at."""
    del school
    api = installation.api
    assert api.request("GET", "/livez").body == {"alive": True}
    ready = api.request("GET", "/readyz")
    assert ready.body == {"checks": {"database": None, "migrations": None, "read_models": None}}
    services = replace(installation.services, checks=lambda: {"database": None, "read_models": "stopped: overview"})
    answer = Api(make_application(services), portal, installation.api.description).request("GET", "/readyz")
    assert (answer.status, answer.problem) == (503, "not-ready")
    assert answer.body["checks"]["read_models"] == "stopped: overview"


def test_the_documentation_is_one_page_with_nothing_from_elsewhere(installation: Installation) -> None:
    """Every file it names is served here; no script or style stands inside it."""
    page = installation.api.fetch("/docs")
    for name in ("swagger-ui.css", "swagger-ui-bundle.js", "start.js", "favicon.png"):
        assert f'"/docs/{name}"' in page.text
        assert installation.api.fetch(f"/docs/{name}").status_code == 200
    assert "http" not in page.text
    assert "<script>" not in page.text
    assert "style" not in page.text.replace("stylesheet", "")


def test_refusals_have_words_of_their_own() -> None:
    """A rule and what to do, in whole sentences, and nothing to be filled in."""
    for refusal in Refusal.__subclasses__():
        if "code" in refusal.__dict__:
            assert refusal.rule.endswith("."), refusal.code
            assert refusal.remedy.endswith("."), refusal.code
            assert "{" not in refusal.rule + refusal.remedy
