"""What the forms of pages about a pupil share: in which relation they are sent, and where saving leads."""

from collections.abc import Iterable
from dataclasses import dataclass
from unicodedata import normalize
from uuid import UUID

from starlette.responses import RedirectResponse, Response

from access.actions import Action
from commands.context import Answer
from web.addresses import opening, with_query
from web.errors import DoneMeanwhile, PageError
from web.forms import Form
from web.plan.kept import forget
from web.plan.page import PupilPage, Translate
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


def unless_typed(
    form: Form, boxes: Iterable[str], standing: Iterable[str | None] = (), *, error: type[PageError] = DoneMeanwhile
) -> None:
    """Raise `error` where its author wrote something in a box that is not what stands there already.

    Asked before a form is passed over because there is nothing left to do: what was typed is given back then.
    """
    stands = {text for text in standing if text}
    if any(text and text not in stands for text in (normalize("NFC", form.text(box).strip()) for box in boxes)):
        raise error


def saved(
    page: PupilPage, answer: Answer, address: str, *, form: Form | None = None, done: str = "sparat", at: str = ""
) -> Response:
    """Lead on after something was saved: to the page that shows it, so that reloading saves nothing again.

    `form` is what was saved: drafts of its fields are gone. `done` is what that page says, by its key in DONE; `at` the
    place on it, without `#`.
    """
    if form is not None:
        forget(page, (name for name, _ in form.texts()))
    page.visit.until_shown(answer)
    return RedirectResponse(opening(with_query(address, anchor=at, **{DONE_WORD: done})), status_code=303)
