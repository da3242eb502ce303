"""Who gives a command of retention: an officer, known by a session, at this machine; and how it is given."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import uuid4

from access.actions import Action
from access.decide import office_for
from access.errors import TermsNotAccepted
from app.databases import Reached, reach
from app.errors import RefusedByRule
from app.local import bring_up, open_current
from app.settings import Settings, read_settings
from app.sign_in import read_sign_in
from app.wiring import Parts
from commands.context import STOCKHOLM, Caller, Command, Context
from commands.officers import offices_of
from commands.streams import PERSON, find
from commands.terms import CURRENT_TERMS
from projections.due import DueProjection
from store.sessions import Limits, Sessions


@dataclass(frozen=True, slots=True)
class Desk:
    """An officer at work, and what the officer works on."""

    settings: Settings
    reached: Reached
    parts: Parts
    caller: Caller

    @property
    def context(self) -> Context:
        """What commands and queries work on."""
        return self.parts.context

    @property
    def on(self) -> date:
        """The day where the schools are."""
        return datetime.now(STOCKHOLM).date()

    def command(self, action: Action) -> Command:
        """A command in the office that gives the action. Raises the action's refusal."""
        offices = offices_of(self.context, self.caller.person_id)
        return Command(
            caller=self.caller,
            acting_as=office_for(action, offices, on=self.on).id,
            command_id=uuid4(),
            body_hash=b"",
            correlation_id=uuid4(),
            at=datetime.now(UTC),
        )


@contextmanager
def at_desk() -> Iterator[Desk]:
    """The officer whose session LIGGARE_SESSION holds, with everything open and brought up to the ledger.

    Raises RefusedByRule where there is no such session, TermsNotAccepted, and what opening the ledger raises.
    """
    settings = read_settings()
    sign_in = read_sign_in(settings)
    lasting = sign_in.sessions
    limits = Limits(lasting.idle, lasting.absolute, lasting.surest)
    with reach(settings) as reached, open_current(settings, reached, levels=sign_in.in_force()) as parts:
        caller = _caller(settings, parts, limits)
        bring_up(parts, DueProjection())
        yield Desk(settings, reached, parts, caller)


def _caller(settings: Settings, parts: Parts, limits: Limits) -> Caller:
    given = settings.session.get_secret_value() if settings.session else ""
    now = datetime.now(UTC)
    session = Sessions(parts.pool, parts.ledger.keys, limits).holder(given, now) if given else None
    person = find(parts.context, PERSON, session.person_id) if session else None
    if session is None or person is None:
        msg = "LIGGARE_SESSION holds no session that is known and has not run out. Sign in again."
        raise RefusedByRule(msg)
    if session.terms != CURRENT_TERMS:
        raise TermsNotAccepted
    return Caller(session.person_id, person.name, session.level, at=now)
