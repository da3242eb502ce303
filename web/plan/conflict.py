"""Somebody else saved the same text meanwhile: both stand side by side, and the second author chooses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from aggregates.plan_parts import Written
from web.plan.frame import plan_place, show
from web.plan.page import PlanPage
from web.rendering import translator
from web.texts.roles import ROLES
from web.typed import Typed


@dataclass(frozen=True, slots=True)
class Conflict:
    """One field: what the second author typed, and what stands there now.

    `hidden` are the fields that go with it when it is sent with the version that stands there now.
    """

    name: str
    label: str
    mine: str
    theirs: Written
    hidden: Mapping[str, str]


def conflict_page(
    request: Request, page: PlanPage, conflicts: Sequence[Conflict], *, action: str, back: str, key: str
) -> Response:
    """Both texts of each field; sending it again saves the author's own. `back` is where the other's is kept.

    `key` is the tab that it belongs to. Nothing of what was typed is lost: it stands in the form (409).
    """
    translate = translator(request)
    place = plan_place(page, translate("Somebody saved before you"), translate, key=key)
    return show(
        request,
        page,
        "plan/conflict.html",
        place,
        status=409,
        conflicts=conflicts,
        action=action,
        back=back,
        roles=ROLES,
        typed=Typed({one.name: one.mine for one in conflicts}),
    )
