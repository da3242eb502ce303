"""Looking at the overview: decided on a standing that the very statement which reads confirms, and puts on record."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from access.actions import Action
from access.decide import Standing, permit
from access.errors import StudentNotFound
from aggregates.errors import Refusal
from aggregates.errors.plans import PlanNotFound
from commands.context import STOCKHOLM, Caller, Context
from commands.reads import look_of
from projections.overview import Overview, Overviews, Sight, SightChanged
from store.access_record import Part
from store.errors import StoreUnavailable
from store.sessions import Session

ATTEMPTS = 3
"""How often it is decided anew when the standing changed while it was decided on."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a pupil's overview: by which session, which must have been seen after a moment to hold."""

    session_key: bytes
    student_id: UUID
    now: datetime
    seen_after: datetime
    correlation_id: UUID


@dataclass(frozen=True, slots=True)
class OverviewSeen:
    """The overview, by which session, and what its person is to the pupil."""

    session: Session
    overview: Overview
    standing: Standing


def look_at_overview(
    context: Context, overviews: Overviews, asked: Asked, *, admit: Callable[[Session], None]
) -> OverviewSeen | None:
    """The overview of the pupil's newest plan; None where there is no such session.

    One statement where the reader looked before and nothing changed since; else one before it, on which it is decided.
    `admit` refuses whom it must before anything is decided. Raises StudentNotFound, AssuranceTooLow, PlanNotFound and
    what `admit` raises; StoreUnavailable, SubjectErased.
    """
    remembered = _sight(overviews, asked, fresh=False)
    if remembered is not None and not remembered.is_fresh:
        with suppress(SightChanged, Refusal):  # what is remembered may be out of date, so it refuses nobody
            return _look(context, overviews, asked, remembered, admit)
        remembered = None
    for _ in range(ATTEMPTS):
        sight = remembered or _sight(overviews, asked, fresh=True)
        remembered = None
        if sight is None:
            return None
        with suppress(SightChanged):
            return _look(context, overviews, asked, sight, admit)
    raise StoreUnavailable


def _sight(overviews: Overviews, asked: Asked, *, fresh: bool) -> Sight | None:
    return overviews.sight(asked.session_key, asked.student_id, now=asked.now, seen_after=asked.seen_after, fresh=fresh)


def _look(
    context: Context, overviews: Overviews, asked: Asked, sight: Sight, admit: Callable[[Session], None]
) -> OverviewSeen:
    session, of = sight.session, sight.standing
    admit(session)
    if of is None:
        raise StudentNotFound
    on = asked.now.astimezone(STOCKHOLM).date()
    standing = Standing(of.relations, of.school_roles, of.is_protected, of.is_named)
    grant = permit(Action.READ_FILE, standing, on=on, level=session.level, levels=context.levels, at=asked.now)
    caller = Caller(session.person_id, "", session.level, at=asked.now, correlation_id=asked.correlation_id)
    is_emergency = any(r.id == grant.relation_id and r.expires_at for r in of.relations)
    seen_at, shown = overviews.read(
        sight,
        look_of(caller, grant, asked.student_id, Part.OVERVIEW, is_emergency=is_emergency),
        now=asked.now,
        on=on,
        seen_after=asked.seen_after,
        is_durable=of.is_protected or is_emergency,
    )
    if shown is None:
        raise PlanNotFound
    return OverviewSeen(replace(session, seen_at=seen_at), shown, standing)
