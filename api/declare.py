"""What every route says of itself: who may call it, and every refusal it can answer with."""

from collections import defaultdict
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from access.actions import Action
from access.errors import REFUSAL, AssuranceTooLow, RelationNotHeld, RelationNotNamed
from aggregates.errors import Refusal, VersionMismatch
from api import errors
from api.problems import MEDIA_TYPE

ANYBODY = "anybody"
"""The action of routes that need no sign-in: health, the explanations of problems."""
ONESELF = "oneself"
"""The action of routes on what is the caller's own: notices, the own page."""

ANYBODY_SIGNED_IN = "anybody_signed_in"
"""The action of routes on what concerns nobody: the syllabus."""

SCHEME = "session"
"""The name, in the description, of what says who calls."""

Refusals = Iterable[type[Refusal]]

_ALWAYS: tuple[type[Refusal], ...] = (errors.Failed, errors.Unavailable)
_ADDRESSED: tuple[type[Refusal], ...] = (errors.NotValid,)
_SIGNED_IN: tuple[type[Refusal], ...] = (errors.NotSignedIn,)
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


def reads(*actions: Action | str, refuses: Refusals = (), versioned: bool = False) -> dict[str, Any]:
    """A reading route: the actions that allow it, and what it refuses beside what all reading routes do."""
    own = [REFUSAL[action] for action in actions if isinstance(action, Action)]
    level: list[type[Refusal]] = [AssuranceTooLow] if own else []
    found = [*_ALWAYS, *_ADDRESSED, *_SIGNED_IN, errors.Erased, *own, *level, *refuses]
    ok = {"headers": _VERSIONED} if versioned else {}
    return _declared(actions, found, {200: ok} if ok else {}, signed_in=True)


def writes(*actions: Action | str, refuses: Refusals = (), created: bool = False) -> dict[str, Any]:
    """A writing route: the actions that allow it, and what it refuses beside what all writing routes do."""
    own = [REFUSAL[action] for action in actions if isinstance(action, Action)]
    found = [*_ALWAYS, *_ADDRESSED, *_SIGNED_IN, *_WRITING, *own, *refuses]
    status = HTTPStatus.CREATED if created else HTTPStatus.OK
    headers: dict[str, Any] = dict(_WRITE_HEADERS)
    if created:
        headers["Location"] = {"description": "The address of what is new.", "schema": {"type": "string"}}
    declared = _declared(actions, found, {int(status): {"headers": headers}}, signed_in=True)
    return {**declared, "status_code": int(status)}


def public(refuses: Refusals = ()) -> dict[str, Any]:
    """A route that needs no sign-in."""
    return _declared((ANYBODY,), [errors.Failed, *refuses], {}, signed_in=False)


def _declared(
    actions: Iterable[Action | str], refusals: Refusals, answers: dict[int, dict[str, Any]], *, signed_in: bool
) -> dict[str, Any]:
    return {
        "responses": answers | _problems(refusals),
        "openapi_extra": {"x-actions": sorted(str(action) for action in actions)}
        | ({"security": [{SCHEME: []}]} if signed_in else {}),
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
