"""Pages of a pupil with ten years of plans behind: how long the server takes for each, beside the overview as JSON."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import islice
from random import Random
from statistics import median
from time import perf_counter
from uuid import uuid4

from app.postgres import EmbeddedPostgres
from app.wiring import Parts, open_parts
from bench.client import Client
from bench.databases import ours
from bench.facts import TEMPLATE, Pupil, opening, written
from bench.filling import register
from bench.measure import Line, Scale
from bench.serving import client_of, process
from commands.terms import CURRENT_TERMS
from events.base import Event, Role
from events.plan import PlanArchived, PlanStarted
from projections.registry import projections
from projections.runner import Runner
from store.appends import Appended
from store.sessions import Sessions
from web.browser import SESSION_COOKIE

_PLANS = 20
_EVENTS_OF_A_PLAN = 85
_COMMAND = 10
_PAGES = {
    "pages": "iup",
    "pages_questions": "iup/{plan}/om-mig",
    "pages_assessments": "iup/{plan}/omdomen",
    "pages_goals": "iup/{plan}/min-iup",
}


def pages(server: EmbeddedPostgres, scale: Scale) -> Iterator[Line]:
    """Milliseconds of each page at the median, its bytes, and the peer: the overview as JSON from the same server."""
    with ExitStack() as stack:
        place = stack.enter_context(ours(server))
        plans = max(2, _PLANS * scale.file_events // Scale.file_events)
        with open_parts(place.settings, place.reached.urls, place.reached.run) as parts:
            pupil, events = _ten_years(parts, plans)
            sessions, mentor = Sessions(parts.pool, parts.ledger.keys), pupil.people[Role.MENTOR]
            session = sessions.begin(mentor, level=2, provider="bench", terms=CURRENT_TERMS, now=datetime.now(UTC))
        stack.enter_context(process(place.environment, "app", "serve"))
        port, cookie = place.settings.port, f"{SESSION_COOKIE}={session}"
        json = client_of(stack, port, f"/api/v1/students/{pupil.file_id}/overview", session)
        for name, path in _PAGES.items():
            address = f"/elever/{pupil.file_id}/{path.format(plan=pupil.plan_id)}"
            page = client_of(stack, port, address, cookie=cookie)
            own, peer = _in_turn(page, json, max(5, scale.samples // 8))
            more = {"bytes": len(page.get()), "events": events, "plans": plans}
            yield Line(name, own, peer, "ms", less_is_better=True, more=more)


def _in_turn(page: Client, json: Client, samples: int) -> tuple[float, float]:
    for one in (page, json):
        _milliseconds(one.get)
    times = [(_milliseconds(page.get), _milliseconds(json.get)) for _ in range(samples)]
    return median(own for own, _ in times), median(peer for _, peer in times)


def _milliseconds(work: Callable[[], object]) -> float:
    before = perf_counter()
    work()
    return (perf_counter() - before) * 1000


def _ten_years(parts: Parts, plans: int) -> tuple[Pupil, int]:
    """A pupil with so many plans one after the other, all of it folded; and how many events that is."""
    pupil, chance = Pupil(), Random(11)
    mentor = pupil.actors[Role.MENTOR]
    register(parts.ledger, [mentor])
    following = _life(pupil, plans, chance)
    while events := list(islice(following, _COMMAND)):
        assert isinstance(parts.ledger.append(pupil.append(*events)), Appended)  # noqa: S101 - it raises what it refuses
    Runner(parts.pool, parts.ledger).catch_up(projections())
    return pupil, pupil.version


def _life(pupil: Pupil, plans: int, chance: Random) -> Iterator[tuple[Role, Event]]:
    yield from opening(pupil)
    yield from islice(written(pupil, chance), _EVENTS_OF_A_PLAN)
    for turn in range(1, plans):
        before, pupil.plan_id = pupil.plan_id, uuid4()
        year = 2024 + turn // 2
        yield Role.MENTOR, PlanArchived(plan_id=before, archived_for=pupil.plan_id)
        yield (
            Role.MENTOR,
            PlanStarted(
                plan_id=pupil.plan_id,
                template_id=pupil.school_id,
                template_version=1,
                template=TEMPLATE,
                school_year=f"{year}/{year + 1}",
                term="VT" if turn % 2 else "HT",
            ),
        )
        yield from islice(written(pupil, chance), _EVENTS_OF_A_PLAN)
