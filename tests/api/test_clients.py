"""Programs: how they prove who they are."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
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
from commands.rates import Rate, RateClass, Rates
from tests.api.client import Api
from tests.api.conftest import ISSUER, Installation
from tests.api.program import ENDPOINT, Program, fully_let_in, let_in, new_key, part, refused, signed
from tests.api.school import School

NOT_PROVEN = "The client is unknown or shut out, or did not sign this assertion."


@pytest.fixture
def program(installation: Installation, school: School) -> Program:
    """A program that may read and keep the school, and follow the feeds."""
    return fully_let_in(installation, school.id)


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
