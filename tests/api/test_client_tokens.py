"""What the token of a program is good for, and for how long."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from joserfc.jwk import OctKey

from access.scopes import Scope
from api.client_tokens import LIFETIME
from store.token_keys import TokenKeys
from tests.api.client import Answer, Api
from tests.api.conftest import ISSUER, Installation
from tests.api.program import Program, fully_let_in, let_in, part, refused, signed
from tests.api.school import School


@pytest.fixture
def program(installation: Installation, school: School) -> Program:
    """A program that may read and keep the school, and follow the feeds."""
    return fully_let_in(installation, school.id)


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
