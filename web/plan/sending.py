"""What the forms of pages about a pupil share: in which relation they are sent, and where saving leads."""

from dataclasses import dataclass
from uuid import UUID

from starlette.responses import RedirectResponse, Response

from access.actions import Action
from commands.context import Answer
from web.addresses import opening, with_query
from web.forms import Form
from web.plan.page import PlanPage, PupilPage, Translate
from web.texts.roles import ROLES
from web.visit import DONE_WORD

VERSION = "version"
"""The field with the version of what a form changes, as it stood on the page; 0 where it was not there yet."""


@dataclass(frozen=True, slots=True)
class Acting:
    """A relation that a form can be written in, as it is chosen where there are several."""

    relation_id: UUID
    text: str


def acting(page: PupilPage, action: Action, translate: Translate, *, subject: str | None = None) -> list[Acting]:
    """The relations that a form for this is written in; a page asks which only where there are several."""
    found = page.grants(action, subject=subject)
    return [Acting(grant.relation_id, translate(ROLES[grant.role])) for grant in found if grant.relation_id is not None]


def saved(
    page: PupilPage, answer: Answer, address: str, *, form: Form | None = None, done: str = "sparat", at: str = ""
) -> Response:
    """Lead on after something was saved: to the page that shows it, so that reloading saves nothing again.

    `form` is what was saved: drafts of its fields are gone. `done` is what that page says, by its key in DONE; `at` the
    place on it, without `#`.
    """
    if form is not None and isinstance(page, PlanPage):
        page.visit.context.drafts.discard(page.visit.eyes, page.plan.id, {name for name, _ in form.texts()})
    page.visit.until_shown(answer)
    return RedirectResponse(opening(with_query(address, anchor=at, **{DONE_WORD: done})), status_code=303)
