"""The frame of an officer's page: where it stands, what the officer may do, in which office, and what was just done."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from access.actions import Action
from access.decide import office_for
from aggregates.errors import Refusal
from aggregates.municipality import Office
from commands.context import Answer, Command
from commands.officers import offices_of
from web.addresses import with_query
from web.forms import Form
from web.rendering import render, translator
from web.texts.done import DONE
from web.texts.retention import WORDS
from web.typed import NOTHING
from web.visit import DONE_WORD, Visit, new_key

Translate = Callable[[str], str]
DISPOSAL, PERIODS, HELD, AUDIT = "/gallring", "/gallring/frister", "/gallring/stopp", "/granskning"
PAGES: tuple[tuple[str, str, Action], ...] = (
    (DISPOSAL, "Disposal", Action.READ_RETENTION),
    (PERIODS, "Retention periods", Action.READ_RETENTION),
    (HELD, "Held files", Action.HOLD_FILE),
    (AUDIT, "Audit", Action.READ_RETENTION),
)
"""Every page that an officer begins at, with what must be allowed there."""


@dataclass(frozen=True)
class Desk:
    """An officer at the pages. What is shown is decided by the commands; this says what to offer."""

    visit: Visit

    @cached_property
    def offices(self) -> tuple[Office, ...]:
        """Every office that the visitor holds, has held or will hold."""
        return offices_of(self.visit.context, self.visit.person_id)

    def may(self, action: Action) -> bool:
        """Whether an office gives it, whatever the sign-in: a too low one is asked for more when the form is sent."""
        try:
            office_for(action, self.offices, on=self.visit.on)
        except Refusal:
            return False
        return True

    def command(self, form: Form, action: Action) -> Command:
        """The command that a form gives, in the office that allows it. Raises the action's refusal."""
        office = office_for(action, self.offices, on=self.visit.on)
        return self.visit.command(form, acting_as=office.id)

    def pages(self, translate: Translate) -> list[tuple[str, str]]:
        """Where the officer begins: the address and name of each page."""
        return [(address, translate(name)) for address, name, action in PAGES if self.may(action)]


def show(
    request: Request,
    desk: Desk,
    template: str,
    *,
    steps: tuple[tuple[str, str], ...] = (),
    current: str,
    status: int = 200,
    **shown: object,
) -> Response:
    """An officer's page: the way there after Start, its own name, and tabs to the officer's other pages."""
    translate = translator(request)
    done = DONE.get(request.query_params.get(DONE_WORD, ""))
    first = steps[0][0] if steps else request.url.path
    return render(
        request,
        f"retention/{template}",
        status=status,
        me=desk.visit.me,
        steps=(("/", translate("Start")), *steps),
        current=current,
        tabs=[(href, text, href == first) for href, text in desk.pages(translate)],
        done=translate(done) if done else "",
        command_key=new_key(),
        words=WORDS,
        **({"typed": NOTHING} | shown),
    )


def saved(desk: Desk, answer: Answer, address: str, *, done: str) -> Response:
    """Lead on after something was saved; `done` is what the next page says, by its key in DONE."""
    desk.visit.until_shown(answer)
    return RedirectResponse(with_query(address, **{DONE_WORD: done}), status_code=303)
