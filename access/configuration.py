"""How people sign in, as one file says it: providers, the level each assurance of theirs stands for, limits."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from access.actions import Action
from access.levels import DEFAULT_LEVELS, Levels
from aggregates.municipality import OFFICES
from events.base import Role
from events.person import IdentifierKind

Audience = Literal["guardian", "pupil", "staff"]
"""Whom a way of signing in is shown to."""
Level = Annotated[int, Field(ge=1, le=3)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=True)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Realm = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{0,149}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,30}$")]
AUDIENCES_OF: Mapping[Audience, frozenset[Role]] = {
    "staff": frozenset(
        {Role.TEACHER, Role.MENTOR, Role.EDUCATOR, Role.ADMINISTRATOR, Role.PRINCIPAL, Role.STAFF, *OFFICES},
    ),
    "guardian": frozenset({Role.GUARDIAN, Role.DELEGATE}),
    "pupil": frozenset({Role.PUPIL}),
}
"""The roles of each audience; of somebody who is in several the first is what counts, who is most worth guarding."""
RESERVED = frozenset({"svar", "hojd"})
"""Words in the addresses of sign-in that no provider can be called."""
_LOOPBACK = re.compile(r"localhost|127(\.\d{1,3}){3}|::1")


def is_safe_address(url: str) -> bool:
    """Whether the address is reached over TLS, or without leaving this machine."""
    parts = urlsplit(url)
    try:
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and bool(_LOOPBACK.fullmatch(host))))


def _is_issuer(url: str) -> str:
    parts = urlsplit(url)
    if not is_safe_address(url) or parts.query or parts.fragment or parts.username:
        kind, text = "no_issuer", "An issuer is an https address without query or fragment (http on this machine only)"
        raise PydanticCustomError(kind, text)
    return url


def one_text(claim: object) -> str | None:
    """A claim that is one text, also where it comes as a list of one, as proxies before SAML federations send it.

    None for anything else: of several values nobody can say which is meant.
    """
    if isinstance(claim, list) and len(claim) == 1:
        claim = claim[0]
    return claim if isinstance(claim, str) else None


def audience_of(roles: Iterable[Role]) -> Audience | None:
    """What somebody with these roles is to a provider of sign-ins; None for somebody without any."""
    held = frozenset(roles)
    return next((audience for audience, theirs in AUDIENCES_OF.items() if held & theirs), None)


class Part(BaseModel):
    """A part of the file: every name in it is known, and it does not change."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Texts(Part):
    """The same words in Swedish and English."""

    sv: Words
    en: Words

    def __getitem__(self, language: str) -> str:
        """The words in one of the languages, by its code."""
        return self.en if language == "en" else self.sv


class Identifier(Part):
    """Which claim says who the person is, and what kind of identifier it is.

    `realms` are those (what stands after the @) whose account names the provider is believed about; without any, every.
    """

    kind: IdentifierKind
    claim: Name
    realms: tuple[Realm, ...] = ()

    @model_validator(mode="after")
    def _has_realms(self) -> Self:
        if self.realms and self.kind is not IdentifierKind.EPPN:
            kind, text = "no_realms", "Only an eppn has a realm"
            raise PydanticCustomError(kind, text)
        return self

    def believes(self, text: str) -> bool:
        """Whether it is for this provider to say that somebody is called this."""
        return not self.realms or text.strip().lower().rpartition("@")[2] in self.realms


class Provider(Part):
    """One way to sign in: an OpenID provider, or the proxy before a SAML federation.

    `levels` says which assurance level each value of the claim `level_claim` stands for; a value that is not named, or
    none, is the lowest level. `speaks_for` says whom it may name, each with the highest level at which it is believed
    about them; unless given, those to whom it is shown, at the highest of `levels`. Our client shows who it is by a
    secret or a private key, in a file that it alone reads.
    """

    title: Texts
    shown_to: Annotated[tuple[Audience, ...], Field(alias="for", min_length=1)]
    issuer: Annotated[Name, AfterValidator(_is_issuer)]
    client_id: Name
    client_secret_file: Path | None = None
    client_key_file: Path | None = None
    scopes: tuple[Annotated[str, StringConstraints(pattern=r"^[\x21\x23-\x5b\x5d-\x7e]+$")], ...] = ("openid",)
    identifier: Identifier
    level_claim: Name = "acr"
    levels: Mapping[Name, Level] = Field(default_factory=dict)
    speaks_for: Mapping[Audience, Level] | None = None
    password_help: Texts | None = None

    @model_validator(mode="after")
    def _shows_who_it_is(self) -> Self:
        if (self.client_secret_file is None) == (self.client_key_file is None):
            kind, text = "one_credential", "Give one of client_secret_file and client_key_file"
            raise PydanticCustomError(kind, text)
        if "openid" not in self.scopes:
            kind, text = "openid_scope", "The scopes hold openid"
            raise PydanticCustomError(kind, text)
        return self

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if not set(self.shown_to) <= self.named.keys():
            kind, text = "shown_to_others", "speaks_for names everybody whom `for` names"
            raise PydanticCustomError(kind, text)
        highest = max(self.levels.values(), default=1)
        if highest != max(self.named.values()):
            kind, text = "levels_differ", "The highest of speaks_for is the highest of levels (1 where there are none)"
            raise PydanticCustomError(kind, text)
        return self

    @property
    def named(self) -> Mapping[Audience, int]:
        """Whom the provider may name, each with the highest level at which it is believed about them."""
        if self.speaks_for is not None:
            return self.speaks_for
        return dict.fromkeys(self.shown_to, max(self.levels.values(), default=1))

    def highest_for(self, audience: Audience | None) -> int:
        """The highest level at which the provider is believed about such a person; 0 where it may not name one.

        Whoever has no part anywhere (None) reaches nothing, and may be named by any provider.
        """
        return max(self.named.values()) if audience is None else self.named.get(audience, 0)

    def level_of(self, assurance: object) -> int:
        """The level that the provider's word on assurance stands for; the lowest where it says nothing known."""
        return self.levels.get(one_text(assurance) or "", 1)

    def words_for(self, level: int) -> tuple[str, ...]:
        """What to ask the provider for where this level or a higher one is needed; nothing where it has none."""
        found = [(given, word) for word, given in self.levels.items() if given >= level]
        return tuple(word for _, word in sorted(found))


class LevelTable(Part):
    """Lowest levels that differ from the defaults (G-17)."""

    roles: Mapping[Role, Annotated[int, Field(ge=0, le=3)]] = Field(default_factory=dict)
    actions: Mapping[Action, Annotated[int, Field(ge=0, le=3)]] = Field(default_factory=dict)

    def over(self, defaults: Levels) -> Levels:
        """The levels in force."""
        return Levels({**defaults.roles, **self.roles}, {**defaults.actions, **self.actions})


class SessionLimits(Part):
    """How long a session lasts: without being used, and at the very most; and its level 3."""

    idle_minutes: Annotated[int, Field(ge=5, le=24 * 60)] = 60
    absolute_hours: Annotated[int, Field(ge=1, le=24 * 7)] = 12
    level_3_minutes: Annotated[int, Field(ge=1, le=24 * 60)] = 15

    @property
    def idle(self) -> timedelta:
        """How long an unused session lasts."""
        return timedelta(minutes=self.idle_minutes)

    @property
    def absolute(self) -> timedelta:
        """How long any session lasts."""
        return timedelta(hours=self.absolute_hours)

    @property
    def surest(self) -> timedelta:
        """How long a person counts as identified at level 3; at level 2 afterwards."""
        return timedelta(minutes=self.level_3_minutes)


class SignIn(Part):
    """The whole file. Without one nobody but programs can sign in."""

    providers: Mapping[Key, Provider] = Field(default_factory=dict)
    levels: LevelTable = LevelTable()
    sessions: SessionLimits = SessionLimits()

    @model_validator(mode="after")
    def _can_be_told_apart(self) -> Self:
        if RESERVED.intersection(self.providers):
            kind, text = "reserved", "A provider cannot be called svar or hojd"
            raise PydanticCustomError(kind, text)
        return self

    def in_force(self) -> Levels:
        """The lowest levels for each role and action."""
        return self.levels.over(DEFAULT_LEVELS)

    def shown_to(self, audience: Audience) -> Iterator[tuple[str, Provider]]:
        """The ways to sign in for these, in the order of the file."""
        return ((key, provider) for key, provider in self.providers.items() if audience in provider.shown_to)
