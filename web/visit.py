"""What a page asks for: who visits, whether the terms are accepted, and a form that a page of ours made."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Annotated
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID, uuid4, uuid5

from fastapi import Depends
from starlette.requests import Request

from aggregates.person import Person
from commands.context import STOCKHOLM, Answer, Caller, Command, Context
from commands.origin import is_from_own_page
from commands.rates import RateClass
from commands.streams import PERSON, find
from commands.terms import CURRENT_TERMS
from projections.directory import Directory
from projections.seen_by import SeenBy
from store.sessions import Session
from web.addresses import START, local
from web.browser import NotFromOurPage, SignInNeeded, TooManyRequests, Visiting
from web.errors import TermsNeeded
from web.forms import FORM_TOKEN, Form, Posted
from web.services import Services

_READING = frozenset({"GET", "HEAD"})
_LONGEST_WAIT = 1.0
COMMAND_KEY = "command_key"
"""The field that makes a form sent twice one command."""
DONE_WORD = "klart"
"""The part of an address that says what was done, by its key in DONE; not so when somebody comes back there later."""
AS_IT_IS = "anda"
"""The button by which an author who has been warned of a text saves it as it is."""


@dataclass(frozen=True, slots=True)
class Me:
    """What every page shows of who looks at it."""

    person_id: UUID
    name: str
    theme: str
    form_token: str
    has_new_sign_in: bool
    """Whether there is a way to sign in as the person, of which the person has not said to know."""


@dataclass(frozen=True)
class Visit:
    """One request of somebody who has signed in."""

    services: Services
    session: Session
    form_token: str
    now: datetime
    correlation_id: UUID

    @property
    def context(self) -> Context:
        """What commands and queries work on."""
        return self.services.context

    @property
    def person_id(self) -> UUID:
        """Who visits."""
        return self.session.person_id

    @property
    def on(self) -> date:
        """The day where the schools are."""
        return self.now.astimezone(STOCKHOLM).date()

    @cached_property
    def person(self) -> Person:
        """The person, as the ledger has the person now. Raises SignInNeeded where there is none any more."""
        person = find(self.context, PERSON, self.person_id)
        if person is None:
            raise SignInNeeded(START)
        return person

    @cached_property
    def me(self) -> Me:
        """What the frame of the page shows."""
        person = self.person
        return Me(self.person_id, person.name, person.theme.value, self.form_token, bool(person.sign_ins.new))

    @property
    def caller(self) -> Caller:
        """The person, under the name of today, which each event keeps (G-19)."""
        return Caller(
            self.person_id, self.person.name, self.session.level, at=self.now, correlation_id=self.correlation_id
        )

    @property
    def eyes(self) -> SeenBy:
        """For whom the database is asked."""
        return SeenBy(self.person_id, self.on)

    @property
    def directory(self) -> Directory:
        """The directory, asked for the person: behind what is decided here stands the database's own wall."""
        return self.context.directory.seen_by(self.eyes)

    def command(self, form: Form, *, acting_as: UUID | None = None, if_match: int | None = None) -> Command:
        """The command that a form gives. A form with a key of its own is carried out once, however often it is sent.

        `if_match`: the version of what the form changes when it was shown, 0 where it was not there yet. Sent again
        with something else in it, by somebody who went back to the page, such a form is another command, for its
        version says what it would change; a form without a version is CommandReused then, and its author is asked.
        """
        key = form.line(COMMAND_KEY)
        body_hash = hashlib.sha256(repr(form.texts()).encode("utf-8", "surrogatepass")).digest()
        name = f"form {key}" if if_match is None else f"form {key} {body_hash.hex()}"
        return Command(
            caller=self.caller,
            acting_as=acting_as,
            command_id=uuid5(self.person_id, name) if key else uuid4(),
            body_hash=body_hash,
            correlation_id=self.correlation_id,
            at=self.now,
            is_keyed=key is not None,
            if_match=if_match,
            is_warned=form.has(AS_IT_IS),
        )

    def until_shown(self, answer: Answer) -> None:
        """Wait until lists and overviews hold what was written, at most a second: the next page shows it then."""
        if answer.feed is not None and answer.position is not None:
            self.services.wait(answer.feed, answer.position, _LONGEST_WAIT)


def here(request: Request) -> str:
    """Where to come back to: the page that is looked at, or the one whose form was sent."""
    if request.method in _READING:
        return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    came_from = urlsplit(request.headers.get("referer", ""))
    if came_from.netloc != request.headers.get("host"):
        return START
    query = [(name, value) for name, value in parse_qsl(came_from.query) if name != DONE_WORD]
    return local(f"{came_from.path}?{urlencode(query)}" if query else came_from.path)


def typed_form(request: Request) -> Form | None:
    """The form that this request brought from a page of ours, whatever became of it."""
    form: Form | None = getattr(request.state, "form", None)
    return form


def new_key() -> str:
    """A key for a form that must be carried out once."""
    return uuid4().hex


def _guest(request: Request, visitor: Visiting) -> Visit | None:
    if visitor.session is None:
        return None
    services = visitor.services
    visit = Visit(services, visitor.session, visitor.form_token, services.now(), request.state.correlation_id)
    request.state.visit = visit
    return visit


Guest = Annotated[Visit | None, Depends(_guest)]
"""Whoever looks, signed in or not."""


def _newcomer(request: Request, visit: Guest) -> Visit:
    if visit is None:
        raise SignInNeeded(here(request))
    return visit


Newcomer = Annotated[Visit, Depends(_newcomer)]
"""Somebody signed in, who may not have accepted the terms yet. Raises SignInNeeded."""


def _visitor(visit: Newcomer) -> Visit:
    if visit.session.terms != CURRENT_TERMS:
        raise TermsNeeded
    return visit


Visitor = Annotated[Visit, Depends(_visitor)]
"""Somebody signed in, who has accepted the terms. Raises SignInNeeded and TermsNeeded."""


def _seeker(visit: Visitor) -> Visit:
    wait = visit.services.rates.take(RateClass.SEARCH, visit.session.key.hex(), visit.now.timestamp())
    if wait:
        raise TooManyRequests(wait)
    return visit


Seeker = Annotated[Visit, Depends(_seeker)]
"""A visitor to what one could go through a whole school by, or what costs a great deal; counted with the API's.

Raises TooManyRequests, and what a visitor's pages raise.
"""


def _own_form(request: Request, visit: Guest, form: Posted) -> Form:
    """A form that a page of this session made; kept, so that a page that refuses it can give back what was typed.

    Raises NotFromOurPage. Where nobody is signed in any more, whoever asks who visits says so. Who visits is known
    before the form is read, so that the page which refuses to read it is that person's.
    """
    header = request.headers.get
    if not is_from_own_page(fetch_site=header("sec-fetch-site"), origin=header("origin"), host=header("host")):
        raise NotFromOurPage
    request.state.form = form
    if visit is not None and not hmac.compare_digest(form.text(FORM_TOKEN).encode(), visit.form_token.encode()):
        raise NotFromOurPage
    return form


OwnForm = Annotated[Form, Depends(_own_form)]
"""What a route that changes something asks for, before it asks who visits."""
