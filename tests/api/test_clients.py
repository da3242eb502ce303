"""Programs: how they prove who they are, what their tokens are good for, and what each scope reaches."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from anyio.from_thread import BlockingPortal
from cryptography.hazmat.primitives import serialization
from joserfc.jwk import OctKey
from structlog.testing import capture_logs

from access.scopes import Scope
from api.application import make_application
from api.client_assertions import TYPE, AssertionRefused, Fault
from api.client_keys import KeyNotUsable, public_key
from api.client_tokens import LIFETIME
from commands.context import STOCKHOLM
from commands.rates import Rate, RateClass, Rates
from store.token_keys import TokenKeys
from tests.api.client import Answer, Api, Person
from tests.api.conftest import ISSUER, Installation
from tests.api.program import ENDPOINT, Program, let_in, new_key, signed
from tests.api.school import School

ALL = tuple(Scope)
NOT_PROVEN = "The client is unknown or shut out, or did not sign this assertion."


@pytest.fixture
def program(installation: Installation, school: School) -> Program:
    """A program that may read and keep the school, and follow the feeds."""
    return let_in(installation, Scope.SCHOOL_READ, Scope.SCHOOL_WRITE, Scope.FEED, school=school.id)


def refused(answer: Answer) -> tuple[int, str]:
    """The status and error of an answer at the token endpoint; it is not to be kept anywhere."""
    assert set(answer.body) == {"error", "error_description"}
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["pragma"] == "no-cache"
    return answer.status, answer.body["error"]


def part(value: object) -> str:
    """A part of a token."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    ("kind", "alg"), [("OKP", "Ed25519"), ("OKP", "EdDSA"), ("EC", "ES256"), ("RSA", "RS256"), ("RSA", "PS256")]
)
@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
def test_a_program_that_signs_with_its_own_key_gets_a_short_token(
    kind: str, alg: str, installation: Installation
) -> None:
    """For the scopes it asks for, ten minutes long, to be kept nowhere on the way."""
    program = let_in(installation, Scope.FEED, Scope.AUDIT, key=new_key(kind), alg=alg)
    answer = program.ask(scope="feed", client_id=str(program.client_id))
    assert answer.status == 200, answer.body
    assert answer.headers["cache-control"] == "no-store"
    token = answer.body.pop("access_token")
    assert answer.body == {"token_type": "Bearer", "expires_in": 600, "scope": "feed"}
    header, claims = (json.loads(base64.urlsafe_b64decode(piece + "==")) for piece in token.split(".")[:2])
    assert (header["alg"], header["typ"]) == ("Ed25519", "at+jwt")
    assert (claims["iss"], claims["aud"]) == (ISSUER, "liggare-api")
    assert claims["exp"] - claims["iat"] == 600
    assert claims["sub"] == claims["client_id"] == str(program.client_id)
    assert (claims["scope"], claims["purpose"]) == ("feed", "Prov")


def test_without_a_scope_the_token_has_all_that_the_program_was_given(program: Program) -> None:
    """And the answer says which."""
    assert program.ask().body["scope"] == "feed school_read school_write"


@pytest.mark.parametrize("audience", [ENDPOINT, ISSUER, [ENDPOINT]])
def test_an_assertion_is_for_the_token_endpoint_or_the_issuer(audience: object, program: Program) -> None:
    """Either name is ours, alone."""
    assert program.ask(program.assertion(aud=audience)).status == 200


OTHER_CLAIMS: dict[str, dict[str, Any]] = {
    "audience": {"aud": "https://annan.example/oauth/token"},
    "audience of several": {"aud": [ENDPOINT, "https://annan.example"]},
    "no audience": {"aud": None},
    "other issuer": {"iss": str(uuid4())},
    "no id": {"jti": None},
    "empty id": {"jti": ""},
    "no end": {"exp": None},
    "end as text": {"exp": "i morgon"},
    "endless": {"exp": float("nan")},
    "truth as an end": {"exp": True},
    "end beyond all time": {"exp": 10**30},
    "half a character": {"jti": "\ud800"},
    "long id": {"jti": "x" * 257},
}


@pytest.mark.parametrize("other", OTHER_CLAIMS.values(), ids=OTHER_CLAIMS)
def test_an_assertion_that_says_anything_else_is_refused(other: dict[str, Any], program: Program) -> None:
    """It was made for others, or could be used again, or for ever."""
    assert refused(program.ask(program.assertion(**other))) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("claim", "seconds", "is_good"),
    [
        ("exp", -59, True), ("exp", -61, False), ("exp", 359, True), ("exp", 362, False),
        ("iat", 59, True), ("iat", 62, False), ("nbf", 59, True), ("nbf", 62, False),
    ],
)  # fmt: skip
def test_an_assertion_is_good_for_five_minutes_and_clocks_may_differ_by_one(
    claim: str, seconds: int, program: Program, *, is_good: bool
) -> None:
    """Not expired, not from the future, not long-lived."""
    at = program.installation.clock().timestamp() + seconds
    answer = program.ask(program.assertion(**{claim: at}))
    if is_good:
        assert answer.status == 200, answer.body
    else:
        assert refused(answer) == (401, "invalid_client")


def test_an_assertion_is_good_once(program: Program, installation: Installation) -> None:
    """Sent again, within its life and in the last moment of it, it is refused by name; another program's is its own."""
    said = program.claims()
    first = signed(said, program.key)
    assert program.ask(first).status == 200
    for later in (timedelta(0), timedelta(seconds=175)):
        installation.clock.offset = later
        answer = program.ask(first)
        assert refused(answer) == (401, "invalid_client")
        assert answer.body["error_description"] == "An assertion with this jti was used before."
    installation.clock.offset = timedelta()
    other = let_in(installation, Scope.FEED)
    assert other.ask(other.assertion(jti=said["jti"])).status == 200


def test_an_assertion_that_comes_many_times_at_once_is_good_once(program: Program) -> None:
    """Whoever listens in and is quick gains nothing."""
    assertion, programs = program.assertion(), program.installation.services.programs

    def prove(_: int) -> bool:
        try:
            programs.assertions.client(assertion, claimed_id=None, now=program.installation.clock())
        except AssertionRefused as refused:
            return refused.fault is not Fault.REPLAYED
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(prove, range(24))) == 1


def test_used_assertions_are_forgotten_when_nobody_could_use_them(program: Program, installation: Installation) -> None:
    """The table does not grow for ever."""
    clients = installation.services.programs.clients
    now = installation.clock()
    assert clients.use_once(program.client_id, "x", good_until=now, now=now)
    assert not clients.use_once(program.client_id, "x", good_until=now, now=now + timedelta(minutes=9))
    assert clients.use_once(program.client_id, "x", good_until=now, now=now + timedelta(minutes=11))


def _none(program: Program) -> str:
    return f"{part({'alg': 'none'})}.{part(program.claims())}."


def _public_key_as_secret(program: Program) -> str:
    """The classic: the public key, known to all, taken for a shared secret."""
    pem = program.key.as_pem(private=False)  # type: ignore[union-attr]
    unsigned = f"{part({'alg': 'HS256'})}.{part(program.claims())}"
    digest = hmac.new(pem, unsigned.encode(), hashlib.sha256).digest()
    return f"{unsigned}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def _public_bytes_as_secret(program: Program) -> str:
    raw = program.key.public_key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)  # type: ignore[union-attr]
    return signed(program.claims(), OctKey.import_key(raw), "HS256")


def _other_key(program: Program) -> str:
    return signed(program.claims(), new_key())


def _other_kind_of_key(program: Program) -> str:
    return signed(program.claims(), new_key("RSA"), "RS256")


def _key_in_the_header(program: Program) -> str:
    other = new_key()
    return signed(program.claims(), other, jwk=other.as_dict(private=False))


def _address_in_the_header(program: Program) -> str:
    return signed(program.claims(), program.key, jku="https://annan.example/nycklar")


def _critical_header(program: Program) -> str:
    return signed(program.claims(), program.key, crit=["b64"], b64=True)


def _changed(program: Program) -> str:
    header, _, signature = program.assertion().split(".")
    return f"{header}.{part(program.claims())}.{signature}"


def _no_signature(program: Program) -> str:
    return ".".join([*program.assertion().split(".")[:2], ""])


def _unknown_client(program: Program) -> str:
    someone = str(uuid4())
    return program.assertion(iss=someone, sub=someone)


UNPROVEN: tuple[Callable[[Program], str], ...] = (
    _none, _public_key_as_secret, _public_bytes_as_secret, _other_key, _other_kind_of_key, _key_in_the_header,
    _address_in_the_header, _critical_header, _changed, _no_signature, _unknown_client,
)  # fmt: skip


@pytest.mark.parametrize("forged", UNPROVEN, ids=lambda forged: forged.__name__.strip("_"))
def test_who_has_not_the_clients_key_is_refused_and_learns_nothing(
    forged: Callable[[Program], str], program: Program
) -> None:
    """Unsigned, signed by another key or in another way, or by nobody we know: one answer."""
    answer = program.ask(forged(program))
    assert refused(answer) == (401, "invalid_client")
    assert answer.body["error_description"] in {
        NOT_PROVEN,
        "The assertion is no signed JWT with the client's id as its subject.",
    }


def test_who_has_not_the_clients_key_cannot_tell_a_client_from_none(program: Program) -> None:
    """Unknown, shut out, or signed with another key: the answer is the same to the letter."""
    answers = {program.ask(_unknown_client(program)).response.text, program.ask(_other_key(program)).response.text}
    program.installation.services.programs.clients.revoke(program.client_id, at=program.installation.clock())
    answers.add(program.ask(_other_key(program)).response.text)
    answers.add(program.ask().response.text)
    assert len(answers) == 1


@pytest.mark.parametrize(
    "text", ["x", "a.b", "a.b.c.d.e", "...", "å.ä.ö", "e30.e30.e30", f"{part(['alg'])}.{part({})}.x", "x" * 9000],
    ids=["word", "two", "five", "dots", "letters", "empty", "list", "long"],
)  # fmt: skip
def test_what_is_no_assertion_is_refused_by_name(text: str, program: Program) -> None:
    """However broken, and however long."""
    assert refused(program.ask(text)) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"grant_type": None}, (400, "invalid_request")),
        ({"grant_type": "password"}, (400, "unsupported_grant_type")),
        ({"grant_type": "authorization_code"}, (400, "unsupported_grant_type")),
        ({"client_assertion_type": None}, (401, "invalid_client")),
        ({"client_assertion_type": "jwt"}, (401, "invalid_client")),
        ({"client_assertion": ""}, (401, "invalid_client")),
        ({"client_id": "11111111-1111-4111-8111-111111111111"}, (401, "invalid_client")),
        ({"client_secret": "hemligt"}, (401, "invalid_client")),
        ({"scope": "retention"}, (400, "invalid_scope")),
        ({"scope": "school_read everything"}, (400, "invalid_scope")),
        ({"scope": "school_read  feed"}, (400, "invalid_scope")),
        ({"purpose": None}, (400, "invalid_request")),
        ({"purpose": None, "scope": "school_read"}, (400, "invalid_request")),
        ({"purpose": "  "}, (400, "invalid_request")),
        ({"purpose": "rad\nrad"}, (400, "invalid_request")),
        ({"purpose": "x" * 201}, (400, "invalid_request")),
    ],
)
def test_each_wrong_request_has_its_name(
    form: dict[str, str | None], expected: tuple[int, str], program: Program
) -> None:
    """The names are those of RFC 6749."""
    assert refused(program.ask(**form)) == expected


def test_a_purpose_is_needed_only_where_looks_are_recorded(program: Program) -> None:
    """School_read and audit; who keeps a roster or follows feeds looks at nobody's file."""
    assert program.ask(scope="feed school_write", purpose=None).status == 200


def test_a_request_for_a_token_is_a_small_form_with_each_field_once(program: Program) -> None:
    """Anything else is refused before it is read to its end."""
    fields = {"grant_type": "client_credentials", "client_assertion_type": TYPE, "client_assertion": "x"}
    form = urlencode(fields).encode()
    assert refused(program.send(form, **{"Content-Type": "application/json"})) == (400, "invalid_request")
    assert refused(program.send(form + b"&grant_type=client_credentials")) == (400, "invalid_request")
    assert refused(program.send(b"\xff=\xfe")) == (400, "invalid_request")
    assert refused(program.send(b"no form")) == (400, "invalid_request")
    assert refused(program.send(b"")) == (400, "invalid_request")
    assert refused(program.send(b"x=" + b"y" * 20_000)) == (400, "invalid_request")
    assert refused(program.send(form, Authorization="Basic eDp5")) == (401, "invalid_client")


def test_who_asks_for_tokens_without_end_is_told_to_wait(
    program: Program, installation: Installation, portal: BlockingPortal
) -> None:
    """Whether the requests are good or not; after the wait it goes on."""
    clock, services = installation.clock, installation.services
    rates = Rates({RateClass.SIGN_IN: Rate(2, 0.1)})
    app = make_application(replace(services, programs=replace(services.programs, rates=rates), now=lambda: now))
    now = clock()
    api = Api(app, portal)
    asking = Program(replace(installation, api=api), program.client_id, program.key)
    assert [asking.ask(grant_type="password").status, asking.ask().status] == [400, 200]
    answer = asking.ask()
    assert (answer.status, answer.problem, answer.headers["retry-after"]) == (429, "too-many-requests", "10")
    now += timedelta(seconds=10)
    assert asking.ask().status == 200


def test_refusals_stand_in_the_log_by_a_word_and_without_what_was_sent(program: Program) -> None:
    """So that whoever runs Liggare can help a program's people."""
    with capture_logs() as lines:
        program.ask(program.assertion(aud="https://annan.example"))
        program.ask(_other_key(program))
        program.ask(_unknown_client(program))
    told = [(line["fault"], line["client_id"]) for line in lines if line["event"] == "client_refused"]
    mine = str(program.client_id)
    assert told == [("audience", mine), ("signature", mine), ("unknown", "None")]
    assert "annan.example" not in str(lines)


# What a token is good for.


def me(api: Api, token: str) -> Answer:
    """The feed, which a program of the fixture may read."""
    return api.request("GET", "/api/v1/feeds/0/events", headers={"Authorization": f"Bearer {token}"})


def own(installation: Installation, **other: Any) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ANN401 - JSON
    """Header and claims of a token of ours, but for these claims."""
    now = int(installation.clock().timestamp())
    client = let_in(installation, Scope.FEED)
    key_id, _ = installation.services.programs.tokens.keys.current()
    mine = str(client.client_id)
    claims = {
        "iss": ISSUER, "aud": "liggare-api", "tenant": "liggare", "sub": mine, "client_id": mine, "jti": "1",
        "iat": now, "exp": now + 600, "scope": "feed",
    }  # fmt: skip
    return {"typ": "at+jwt", "kid": key_id}, {
        name: value for name, value in (claims | other).items() if value is not None
    }


def our_key(installation: Installation) -> Any:  # noqa: ANN401 - the library's own
    """The key that signs tokens."""
    from api.client_tokens import _key

    return _key(installation.services.programs.tokens.keys.current()[1])


def test_a_token_as_we_make_it_is_good(installation: Installation) -> None:
    """Or the next test would show nothing."""
    header, claims = own(installation)
    assert me(installation.api, signed(claims, our_key(installation), **header)).status == 200


OTHER_TOKENS: dict[str, dict[str, Any]] = {
    "audience": {"aud": "en-annan-api"},
    "audience as a list": {"aud": ["liggare-api"]},
    "issuer": {"iss": "https://annan.example"},
    "tenant": {"tenant": "grannkommunen"},
    "expired": {"exp": 1},
    "no end": {"exp": None},
    "unknown claim": {"admin": True},
    "no client": {"sub": "11111111-1111-4111-8111-111111111111"},
    "no id": {"sub": "root"},
}


@pytest.mark.parametrize("other", OTHER_TOKENS.values(), ids=OTHER_TOKENS)
def test_a_token_that_says_anything_else_is_refused(other: dict[str, Any], installation: Installation) -> None:
    """Even with our own signature: made for another API, issuer, municipality or time."""
    header, claims = own(installation, **other)
    assert me(installation.api, signed(claims, our_key(installation), **header)).problem == "not-signed-in"


def test_a_token_that_our_key_did_not_sign_is_refused(installation: Installation, program: Program) -> None:
    """Unsigned, by a secret, by a client's own key, of another kind, or far too long."""
    header, claims = own(installation)
    good = program.caller("feed").token
    start, middle, end = good.split(".")
    pem = our_key(installation).as_pem(private=False)
    bad = [
        f"{part({'alg': 'none'} | header)}.{part(claims)}.",
        signed(claims, OctKey.import_key(base64.b64encode(pem)), "HS256", **header),
        signed(claims, program.key, **header),
        signed(claims, our_key(installation), typ="JWT", kid=header["kid"]),
        signed(claims, our_key(installation), typ="at+jwt", kid="another"),
        signed(claims, our_key(installation), typ="at+jwt"),
        signed(claims, our_key(installation), jku="https://annan.example", **header),
        program.assertion(),
        f"{start}.{part(claims)}.{end}",
        f"{start}.{middle}.{end[:-4]}AAAA",
        f"{start}.{middle}",
        "eyJ" + "a" * 5000,
        "eyJ",
    ]
    answers = [me(installation.api, token) for token in bad]
    assert {(answer.status, answer.problem) for answer in answers} == {(401, "not-signed-in")}
    assert len({answer.response.text for answer in answers}) == 1
    twice = [("Authorization", f"Bearer {good}"), ("Authorization", f"Bearer {good}")]
    assert installation.api.request("GET", "/api/v1/feeds/0/events", headers=twice).problem == "not-signed-in"


def test_a_token_ends_after_ten_minutes_and_with_the_program_at_once(
    installation: Installation, program: Program
) -> None:
    """A program that is shut out reads nothing more, whatever it holds."""
    caller = program.caller()
    assert caller.get("feeds/0/events").status == 200
    installation.clock.offset = LIFETIME
    assert caller.get("feeds/0/events").problem == "not-signed-in"
    installation.clock.offset = timedelta()
    assert caller.get("feeds/0/events").status == 200
    assert installation.services.programs.clients.revoke(program.client_id, at=installation.clock())
    assert caller.get("feeds/0/events").problem == "not-signed-in"
    assert refused(program.ask()) == (401, "invalid_client")
    assert not installation.services.programs.clients.revoke(program.client_id, at=installation.clock())


def test_a_new_signing_key_leaves_the_last_tokens_good_unless_they_are_dropped(
    installation: Installation, program: Program
) -> None:
    """Every process takes up the new file by itself; the one before the last is good no more."""
    keys = installation.services.programs.tokens.keys
    operator = TokenKeys(keys._path, tenant="liggare")
    first = program.caller("feed")
    operator.rotate()
    second = program.caller("feed")
    assert (first.get("feeds/0/events").status, second.get("feeds/0/events").status) == (200, 200)
    operator.rotate()
    assert (first.get("feeds/0/events").problem, second.get("feeds/0/events").status) == ("not-signed-in", 200)
    operator.rotate(drop_old=True)
    assert second.get("feeds/0/events").problem == "not-signed-in"
    assert program.caller("feed").get("feeds/0/events").status == 200


# What each scope reaches.


def operations(api: Api) -> list[tuple[str, str, dict[str, Any]]]:
    """Every route of the API."""
    return [(m.upper(), path, found) for path, of in api.description["paths"].items() for m, found in of.items()]


def filled(path: str, school: School) -> str:
    """The address with ids that exist, as far as there are any."""
    known = {"student": school.student, "school": school.id, "group": school.group, "template": school.template}
    for name, value in (known | {"person": school.pupil.person_id, "feed": "0"}).items():
        path = path.replace(f"{{{name}}}", value)
    return "/".join(str(uuid4()) if piece.startswith("{") else piece for piece in path.split("/"))


@pytest.mark.requirement("S-SEC-2", surface="api")
def test_every_route_refuses_a_program_without_the_scope_it_names(installation: Installation, school: School) -> None:
    """Before anything is looked up; and routes that name none are for persons."""
    tried = 0
    for scope in Scope:
        caller = let_in(installation, scope, school=school.id).caller()
        for method, path, operation in operations(installation.api):
            accepted = {s for way in operation.get("security", ()) for s in way.get("program", ())}
            if "security" not in operation or scope in accepted:
                continue
            for address in (filled(path, school), filled(path, school).replace(school.student, str(uuid4()))):
                answer = caller._send(method, address)
                assert (answer.status, answer.problem) == (403, "scope-not-granted"), (scope, method, path)
                tried += 1
    assert tried > 400


def test_only_reading_routes_and_the_roster_are_open_to_programs(installation: Installation) -> None:
    """No program answers, assesses, agrees, gives parts at a school or says how anybody signs in."""
    writable = {
        (method, path)
        for method, path, operation in operations(installation.api)
        if method != "GET" and any("program" in way for way in operation.get("security", ()))
    }
    student = "/api/v1/students/{student}"
    assert writable == {
        ("POST", "/api/v1/persons"), ("PUT", "/api/v1/persons/{person}/name"), ("POST", "/api/v1/students"),
        ("PUT", f"{student}/name"), ("POST", f"{student}/relations"), ("DELETE", f"{student}/relations/{{relation}}"),
        ("POST", f"{student}/groups"), ("DELETE", f"{student}/groups/{{group}}"), ("POST", f"{student}/transfer"),
        ("POST", f"{student}/grade"), ("POST", f"{student}/schooling-end"), ("POST", f"{student}/re-enrolment"),
        ("POST", "/api/v1/schools/{school}/groups"), ("PUT", "/api/v1/groups/{group}/name"),
    }  # fmt: skip


READS = (
    "students/{student}", "students/{student}/events", "students/{student}/plans", "students/{student}/goals",
    "students/{student}/overview", "students/{student}/learning-notes", "{plan}", "schools/{school}",
    "schools/{school}/groups", "schools/{school}/settings", "groups/{group}", "persons/{person}",
    "students?school={school}", "templates?school={school}", "planning-documents?school={school}", "syllabus/subjects",
)  # fmt: skip


def addresses(school: School, plan: str) -> list[str]:
    """What a program of the school reads."""
    known = {"student": school.student, "plan": plan, "school": school.id, "group": school.group}
    return [address.format(person=school.pupil.person_id, **known) for address in READS]


def test_school_read_reads_the_files_groups_and_persons_of_its_school(school: School, program: Program) -> None:
    """As the school's staff with a right to do so read them."""
    caller = program.caller("school_read")
    plan = school.start()
    for address in addresses(school, plan):
        answer = caller._send("GET", address)
        assert answer.status == 200, (address, answer.body)
    listed = {item["id"] for item in caller.items("students", school=school.id)}
    assert school.student in listed
    assert caller.get(f"students/{school.student}/overview").body == school.mentor.get(f"{school.path}/overview").body


@pytest.mark.requirement("S-SEC-2", surface="api")
def test_another_school_is_not_there_for_a_program(
    school: School, own_school: School, program: Program, installation: Installation
) -> None:
    """The same answer as for what does not exist, to the letter."""
    caller = program.caller("school_read")
    plan = own_school.start()
    elsewhere = [a for a in addresses(own_school, plan) if "syllabus" not in a and "?" not in a]
    nowhere = [
        a.replace(own_school.student, str(uuid4()))
        .replace(own_school.id, str(uuid4()))
        .replace(own_school.group, str(uuid4()))
        .replace(own_school.pupil.person_id, str(uuid4()))
        for a in elsewhere
    ]
    for address, empty in zip(elsewhere, nowhere, strict=True):
        answer, other = caller.get(address), caller.get(empty)
        assert answer.status == other.status == 404, address
        assert answer.response.text == other.response.text, address
    assert caller.get("students", school=own_school.id).problem == "school-not-found"
    assert caller.get("templates", school=own_school.id).problem == "school-not-found"
    assert caller.get("planning-documents", school=own_school.id).problem == "school-not-found"
    moved = own_school.administrator.post(f"{own_school.path}/transfer", school_id=school.id)
    assert moved.status == 200, moved.body
    assert caller.get(f"students/{own_school.student}").status == 200, "access follows the pupil"
    before = let_in(installation, Scope.SCHOOL_READ, school=own_school.id).caller()
    assert before.get(f"students/{own_school.student}").problem == "student-not-found"


def test_school_write_keeps_the_roster_and_every_event_says_that_a_program_did(
    school: School, program: Program
) -> None:
    """Under the program's name, in the role of a program, without a relation; sent again it is done once."""
    caller = program.caller("school_write")
    key = {"Idempotency-Key": str(uuid4())}
    person = caller.post("persons", headers=key, given_name="Ny", family_name="Elev")
    again = caller.post("persons", headers=key, given_name="Ny", family_name="Elev")
    assert (again.id, again.headers["idempotency-replayed"]) == (person.id, "true")
    student = caller.post("students", person_id=person.id, school_id=school.id, grade=4).id
    relation = caller.post(f"students/{student}/relations", person_id=school.mentor.person_id, role="mentor").id
    assert caller.post(f"students/{student}/groups", group_id=school.group).status == 201
    assert caller.post(f"students/{student}/grade", grade=5).status == 200
    assert caller.put(f"persons/{person.id}/name", given_name="Ny", family_name="Namnsson").status == 200
    assert caller.put(f"students/{student}/name").status == 200
    events = school.events(student)
    assert events[0]["code"] == "student_enrolled.v1"
    for event in events:
        by = event["by"]
        assert (by["role"], by["name"], by["person_id"]) == ("client", "Provprogrammet", str(program.client_id))
    assert caller.delete(f"students/{student}/relations/{relation}").status == 200
    ended = caller.post(
        f"students/{student}/schooling-end", cause="moved", ended_on=str(datetime.now(STOCKHOLM).date())
    )
    assert ended.status == 200, ended.body


def test_school_write_reads_no_file_and_writes_at_no_other_school(
    school: School, own_school: School, program: Program
) -> None:
    """And holds no relation that it could name."""
    caller = program.caller("school_write")
    assert caller.get(f"students/{school.student}").problem == "scope-not-granted"
    assert caller.get("students", school=school.id).status == 200
    person = school.outsider.person_id
    assert caller.post(f"students/{own_school.student}/relations", person_id=person, role="mentor").problem == (
        "student-not-found"
    )
    answer = caller.post("students", person_id=person, school_id=own_school.id, grade=4)
    assert answer.problem == "school-not-found"
    assert caller.put(f"persons/{own_school.pupil.person_id}/name", given_name="A", family_name="B").problem == (
        "person-not-found"
    )
    named = Person(caller.api, caller.person_id, caller.token, acting_as=school.administrator.acting_as)
    assert named.post(f"{school.path}/grade", grade=6).problem == "relation-not-held"


@pytest.mark.requirement("S-SEC-2", surface="api")
def test_a_protected_identity_is_there_for_no_program(
    school: School, program: Program, installation: Installation
) -> None:
    """It names the persons who may see it: for a program there is no such pupil, in no list and under no address."""
    reader, writer = program.caller("school_read"), program.caller("school_write")
    plan = school.start()
    strong = replace(school.principal, token=installation.issue(school.principal.person_id, 3))
    marked = strong.put(f"{school.path}/protection", kind="secrecy_marking", readers=[school.mentor.person_id])
    assert marked.status == 200, marked.body
    for address in (school.path, *(f"{school.path}/{part}" for part in ("events", "plans", "goals", "overview")), plan):
        assert reader.get(address).problem == "student-not-found", address
    assert reader.get(f"persons/{school.pupil.person_id}").problem == "person-not-found"
    assert writer.post(f"{school.path}/grade", grade=6).problem == "student-not-found"
    listed = str(reader.items("students", school=school.id))
    members = reader.get(f"groups/{school.group}").response.text
    assert school.student not in listed + members
    assert school.other_student in listed
    asked = reader.get("students", school=school.id, include_protected="true")
    assert (asked.status, asked.problem) == (403, "assurance-too-low")


def test_a_feed_is_envelopes_in_order_without_content_or_names(school: School, program: Program) -> None:
    """Positions, ids, kinds, times and commitments; read on from where one was."""
    caller = program.caller("feed", purpose="")
    school.propose(school.start())
    found: list[dict[str, Any]] = []
    for feed in range(16):
        after = 0
        while items := (page := caller.get(f"feeds/{feed}/events", after=after, limit=50).body)["items"]:
            assert [item["position"] for item in items] == sorted(item["position"] for item in items)
            assert items[0]["position"] > after
            after = page["after"]
            found += items
        assert page == {"feed": feed, "items": [], "after": after}
    assert set(found[0]) == {
        "position", "stream_id", "version", "category", "kind", "recorded_at", "commitment",
    }  # fmt: skip
    of_student = [item for item in found if item["stream_id"] == school.student]
    assert [item["kind"] for item in of_student] == school.codes()
    assert all(len(bytes.fromhex(item["commitment"])) == 32 for item in found)
    said = json.dumps(found)
    assert "Testpupil" not in said
    assert "tiokamraterna" not in said
    for wrong in ("feeds/16/events", "feeds/-1/events", "feeds/0/events?after=-1", "feeds/0/events?limit=1001"):
        assert caller._send("GET", wrong).problem == "not-valid", wrong


def test_the_feeds_are_for_programs(school: School) -> None:
    """No person follows them, whoever it is."""
    for person in (school.principal, school.administrator, school.pupil):
        assert person.get("feeds/0/events").problem == "only-programs"


@pytest.mark.parametrize(
    "jwk",
    [
        {"kty": "oct", "k": "aGVtbGlndA"},
        {"kty": "EC", "crv": "P-384", "x": "AA", "y": "AA"},
        {"kty": "OKP", "crv": "X25519", "x": "A" * 43},
        {"kty": "OKP", "crv": "Ed25519", "x": "AA"},
        {"kty": "OKP", "crv": "Ed25519"},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
        {"kty": ["OKP"]},
        {},
    ],
)
def test_only_keys_that_are_good_enough_are_a_programs(jwk: dict[str, Any]) -> None:
    """No shared secret, no weak curve, no short RSA."""
    with pytest.raises(KeyNotUsable):
        public_key(jwk)


def test_a_private_key_is_never_taken() -> None:
    """It stays where it was made."""
    for kind in ("OKP", "EC", "RSA"):
        with pytest.raises(KeyNotUsable, match="private"):
            public_key(new_key(kind).as_dict(private=True))
        key = public_key(new_key(kind).as_dict(private=False) | {"use": "enc", "kid": "x"})
        assert not {"use", "kid"} & set(key.jwk)
