"""What every route says of itself: who may call it, and every refusal it can answer with."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from access.actions import Action
from access.errors import AssuranceTooLow, RelationNotHeld, RelationNotNamed, ScopeNotGranted, TermsNotAccepted
from access.errors.roles import REFUSAL
from access.scopes import SCOPE_FOR, Scope
from aggregates.errors import Refusal, VersionMismatch
from api import errors
from api.problems import MEDIA_TYPE
from commands.rates import RateClass

ANYBODY = "anybody"
"""The action of routes that need no sign-in: health, the explanations of problems."""
ONESELF = "oneself"
"""The action of routes on what is the caller's own: notices, the own page."""

ANYBODY_SIGNED_IN = "anybody_signed_in"
"""The action of routes on what concerns nobody: the syllabus."""

SCHEME = "session"
"""The name, in the description, of what says who calls."""

BEFORE_TERMS = "x-before-terms"
"""What the description says of a route that is also for who has not accepted the terms of use."""

RATE = "x-rate"
"""What the description says of a route that each caller may ask for only so often: what it is counted with."""

PROGRAM = "program"
"""The action of routes that no person calls: the feeds."""

PROGRAM_SCHEME = "program"
"""The name, in the description, of a program's token; with it stand the scopes of which it needs one."""

Refusals = Iterable[type[Refusal]]

ROSTER: tuple[Scope, ...] = (Scope.SCHOOL_WRITE,)
"""The scope in which a program writes what a roster tells: pupils, persons, relations and groups of its school."""

_ALWAYS: tuple[type[Refusal], ...] = (errors.Failed, errors.Unavailable)
_ADDRESSED: tuple[type[Refusal], ...] = (errors.NotValid,)
_SIGNED_IN: tuple[type[Refusal], ...] = (errors.NotSignedIn, ScopeNotGranted)
_WRITING: tuple[type[Refusal], ...] = (
    errors.CrossSiteRequest,
    errors.BodyNotJson,
    errors.BodyTooLarge,
    errors.ContentTypeNotJson,
    errors.TextNotAllowed,
    errors.EventLargerThanAllowed,
    errors.MoreEventsThanAllowed,
    errors.IdempotencyKeyReused,
    errors.WrittenAtTheSameTime,
    errors.Erased,
    VersionMismatch,
    AssuranceTooLow,
    RelationNotHeld,
    RelationNotNamed,
)
_VERSIONED = {"ETag": {"description": "The version at which the resource last changed.", "schema": {"type": "string"}}}
_WRITE_HEADERS = {
    **_VERSIONED,
    "Idempotency-Replayed": {
        "description": "`true` where this key had been carried out before.",
        "schema": {"type": "string"},
    },
    "Preference-Applied": {"description": "The wait that was kept to.", "schema": {"type": "string"}},
    "Liggare-Visible": {
        "description": "With `Prefer: wait`: `yes` when the read models hold it, `no` when they did not in time.",
        "schema": {"type": "string", "enum": ["yes", "no"]},
    },
}


def reads(
    *actions: Action | str,
    refuses: Refusals = (),
    versioned: bool = False,
    before_terms: bool = False,
    scopes: Iterable[Scope] | None = None,
    rate: RateClass | None = None,
) -> dict[str, Any]:
    """A reading route: the actions that allow it, and what it refuses beside what all reading routes do.

    `rate`: each caller may ask for it only so often.

    `before_terms`: also for who has not accepted the terms of use. A program needs one of the scopes: where none are
    named, the one that lets it read a school or its pupils' files.
    """
    own = [REFUSAL[action] for action in actions if isinstance(action, Action)]
    level: list[type[Refusal]] = [AssuranceTooLow] if own else []
    often: list[type[Refusal]] = [errors.TooManyRequests] if rate else []
    found = [*_ALWAYS, *_ADDRESSED, *_SIGNED_IN, errors.Erased, *own, *level, *often, *refuses]
    ok = {"headers": _VERSIONED} if versioned else {}
    security = _security(actions, _reading_scopes(actions) if scopes is None else scopes)
    declared = _declared(actions, found, {200: ok} if ok else {}, security=security, before_terms=before_terms)
    if rate is not None:
        declared["openapi_extra"][RATE] = rate.value
    return declared


def writes(
    *actions: Action | str,
    refuses: Refusals = (),
    created: bool = False,
    before_terms: bool = False,
    scopes: Iterable[Scope] = (),
) -> dict[str, Any]:
    """A writing route: the actions that allow it, and what it refuses beside what all writing routes do.

    `before_terms`: also for who has not accepted the terms of use. No program writes where no scope is named.
    """
    own = [REFUSAL[action] for action in actions if isinstance(action, Action)]
    found = [*_ALWAYS, *_ADDRESSED, *_SIGNED_IN, *_WRITING, *own, *refuses]
    status = HTTPStatus.CREATED if created else HTTPStatus.OK
    headers: dict[str, Any] = dict(_WRITE_HEADERS)
    if created:
        headers["Location"] = {"description": "The address of what is new.", "schema": {"type": "string"}}
    answers: dict[int, dict[str, Any]] = {int(status): {"headers": headers}}
    security = _security(actions, scopes)
    declared = _declared(actions, found, answers, security=security, before_terms=before_terms)
    return {**declared, "status_code": int(status)}


def public(refuses: Refusals = ()) -> dict[str, Any]:
    """A route that needs no sign-in."""
    return _declared((ANYBODY,), [errors.Failed, *refuses], {}, security=[])


def accepted_scopes(openapi_extra: Mapping[str, Any] | None) -> frozenset[Scope]:
    """The scopes of which a program needs one at a route that was declared here; none where no program comes in."""
    security = (openapi_extra or {}).get("security", ())
    return frozenset(Scope(scope) for way in security for scope in way.get(PROGRAM_SCHEME, ()))


def _reading_scopes(actions: Iterable[Action | str]) -> frozenset[Scope]:
    if ANYBODY_SIGNED_IN in actions:
        return frozenset(Scope)
    named = {SCOPE_FOR.get(action) for action in actions if isinstance(action, Action)}
    return frozenset({Scope.SCHOOL_READ} & named)


def _security(actions: Iterable[Action | str], scopes: Iterable[Scope]) -> list[dict[str, list[str]]]:
    """The ways to be let in: a person's session, or a program's token with one of the scopes."""
    persons: list[dict[str, list[str]]] = [] if PROGRAM in actions else [{SCHEME: []}]
    return [*persons, *({PROGRAM_SCHEME: [str(scope)]} for scope in sorted(scopes))]


def _declared(
    actions: Iterable[Action | str],
    refusals: Refusals,
    answers: dict[int, dict[str, Any]],
    *,
    security: list[dict[str, list[str]]],
    before_terms: bool = True,
) -> dict[str, Any]:
    gate: tuple[type[Refusal], ...] = () if before_terms else (TermsNotAccepted,)
    return {
        "responses": answers | _problems([*refusals, *gate]),
        "openapi_extra": {"x-actions": sorted(str(action) for action in actions)}
        | ({"security": security} if security else {})
        | ({BEFORE_TERMS: True} if security and before_terms else {}),
    }


def _problems(refusals: Refusals) -> dict[int, dict[str, Any]]:
    """One documented answer a status, with the names and rules of the refusals behind it."""
    by_status: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for refusal in refusals:
        by_status[refusal.status][refusal.code] = refusal.rule
    return {
        status: {
            "description": "\n".join(f"- `{code}`: {rule}" for code, rule in sorted(found.items())),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            "x-problems": sorted(found),
        }
        for status, found in sorted(by_status.items())
    }
