"""The file that says how people sign in: what it may hold, and the level that a provider's word is worth."""

from typing import Any

import pytest
from pydantic import ValidationError

from access.actions import Action
from access.configuration import AUDIENCES_OF, Identifier, Provider, SignIn, audience_of, one_text
from access.levels import DEFAULT_LEVELS
from events.base import Role

GIVEN: dict[str, Any] = {
    "title": {"sv": "Personal", "en": "Staff"},
    "for": ["staff"],
    "issuer": "https://login.example.se",
    "client_id": "liggare",
    "client_secret_file": "secret",
    "identifier": {"kind": "eppn", "claim": "eppn"},
    "levels": {"otp": 2, "card": 3},
}


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ("otp", 2),
        (["card"], 3),
        (None, 1),
        ("", 1),
        ("OTP", 1),
        (["otp", "card"], 1),
        ([], 1),
        (3, 1),
        ({"otp": 2}, 1),
        ([["card"]], 1),
    ],
)
@pytest.mark.requirement("S-ACC-11")
def test_only_a_word_that_the_file_names_is_worth_more_than_the_lowest(said: object, level: int) -> None:
    """No word, an unknown one, and several at once are each the lowest level."""
    assert Provider.model_validate(GIVEN).level_of(said) == level


@pytest.mark.parametrize(
    ("claim", "text"), [("a", "a"), (["a"], "a"), (["a", "b"], None), ([], None), (None, None), (7, None), ([7], None)]
)
def test_a_claim_of_several_values_names_nobody(claim: object, text: str | None) -> None:
    """A list of one is what a SAML proxy makes of one value."""
    assert one_text(claim) == text


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "http://login.example.se"},
        {"issuer": "https://login.example.se/?a=b"},
        {"issuer": "https://user@login.example.se"},
        {"client_key_file": "key"},
        {"client_secret_file": None},
        {"scopes": ["profile"]},
        {"scopes": ["openid", "two words"]},
        {"levels": {"otp": 4}},
        {"levels": {"otp": 0}},
        {"identifier": {"kind": "email", "claim": "email"}},
        {"identifier": {"kind": "personnummer", "claim": "pnr", "realms": ["umea.example"]}},
        {"identifier": {"kind": "eppn", "claim": "eppn", "realms": ["@umea.example"]}},
        {"for": []},
        {"speaks_for": {}},
        {"speaks_for": {"guardian": 3}},
        {"speaks_for": {"staff": 2}},
        {"speaks_for": {"staff": 2, "guardian": 2}},
        {"levels": {}, "speaks_for": {"staff": 2}},
        {"speaks_for": {"staff": 4}},
        {"speaks_for": {"staff": 3, "anybody": 1}},
        {"for": ["anybody"]},
        {"shown": True},
    ],
)
def test_a_provider_that_cannot_be_used_is_refused(changed: dict[str, Any]) -> None:
    """An address without TLS, two credentials or none, a level that there is not, a mail address as identity."""
    with pytest.raises(ValidationError):
        SignIn.model_validate({"providers": {"staff": GIVEN | changed}})


@pytest.mark.parametrize(
    ("realms", "text", "is_believed"),
    [
        (["umea.example"], "ada@umea.example", True),
        (["umea.example"], " Ada@UMEA.example ", True),
        (["elev.umea.example"], "ada@umea.example", False),
        (["umea.example"], "ada@evil-umea.example", False),
        (["umea.example"], "ada@umea.example@other.example", False),
        (["umea.example"], "umea.example", True),
        (["umea.example"], "", False),
        ([], "ada@anywhere.example", True),
    ],
)
def test_a_provider_is_believed_about_its_own_realms_alone(realms: list[str], text: str, is_believed: bool) -> None:  # noqa: FBT001 - a table's column
    """The pupils' provider cannot say that somebody is a teacher; what is no account name is nobody's later on."""
    identifier = Identifier.model_validate({"kind": "eppn", "claim": "eppn", "realms": realms})
    assert identifier.believes(text) is is_believed


def test_a_provider_is_believed_about_those_whom_it_speaks_for() -> None:
    """Those to whom it is shown, unless the file says more; each up to the level that the file gives it about them."""
    plain = Provider.model_validate(GIVEN)
    assert [plain.highest_for(who) for who in ("staff", "guardian", "pupil", None)] == [3, 0, 0, 3]
    told = Provider.model_validate(GIVEN | {"speaks_for": {"staff": 3, "pupil": 1}})
    assert [told.highest_for(who) for who in ("staff", "guardian", "pupil", None)] == [3, 0, 1, 3]


@pytest.mark.parametrize(
    ("roles", "audience"),
    [
        ([Role.PUPIL], "pupil"),
        ([Role.GUARDIAN, Role.PUPIL], "guardian"),
        ([Role.DELEGATE], "guardian"),
        ([Role.GUARDIAN, Role.TEACHER], "staff"),
        ([Role.STAFF], "staff"),
        ([], None),
        ([Role.SELF], None),
    ],
)
def test_of_somebody_who_is_several_the_one_with_the_widest_reach_counts(
    roles: list[Role], audience: str | None
) -> None:
    """A provider that speaks for guardians alone does not name a teacher who is a guardian too."""
    assert audience_of(roles) == audience


def test_every_role_that_a_person_has_towards_others_is_somebodys() -> None:
    """A role that is forgotten here could be had through any provider."""
    told = {role for roles in AUDIENCES_OF.values() for role in roles}
    assert told == set(Role) - {Role.CLIENT, Role.SELF, Role.SYSTEM}


@pytest.mark.parametrize("key", ["svar", "hojd", "Staff", "a b", "1", ""])
def test_a_provider_is_called_what_an_address_can_hold(key: str) -> None:
    """And not by a word that the addresses of sign-in have taken."""
    with pytest.raises(ValidationError):
        SignIn.model_validate({"providers": {key: GIVEN}})


def test_what_the_file_says_of_levels_stands_over_the_defaults() -> None:
    """The rest is as the rulings have it (G-17)."""
    levels = SignIn.model_validate({"levels": {"roles": {"pupil": 2}, "actions": {"lock_plan": 3}}}).in_force()
    assert levels.lowest(Action.READ_FILE, Role.PUPIL) == 2
    assert levels.lowest(Action.LOCK_PLAN, Role.MENTOR) == 3
    assert levels.lowest(Action.READ_FILE, Role.GUARDIAN) == DEFAULT_LEVELS.lowest(Action.READ_FILE, Role.GUARDIAN)
    with pytest.raises(ValidationError):
        SignIn.model_validate({"levels": {"actions": {"fly": 1}}})
    with pytest.raises(ValidationError):
        SignIn.model_validate({"sessions": {"idle_minutes": 100_000}})
