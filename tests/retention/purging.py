"""A ledger whose files are destroyed: its notary, its register, a run, and ways to look into every table."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import Connection, sql
from psycopg.rows import TupleRow

from aggregates import person
from aggregates.student_file import StudentFile
from app.postgres_roles import Urls
from events.base import Actor, Recorded, Role
from events.enrolment import GroupJoined, SchoolingEndCause, SchoolingEnded
from events.goals import GoalAccepted, GoalContent, GoalProposed
from events.person import PersonRegistered
from events.retention import (
    DisposalAction,
    DocumentClass,
    ItemSkipped,
    RunApproved,
    RunPlanned,
    RunStarted,
    SkipReason,
    SubjectPurged,
)
from projections.registry import projections
from projections.runner import Runner
from retention.certificates import Mandate, Officer
from retention.due import Due
from retention.items import Item, Items
from retention.purge import Outcome, Purger
from retention.register import Register
from store.access_record import AccessRecord, Look, Part
from store.attachments import Attachments
from store.database import Pool, open_pool
from store.drafts import Drafts
from store.ledger import Append, Ledger
from store.readers import SeenBy
from store.sessions import Sessions
from store.settings import StoreSettings
from tests.aggregates.given import GUARDIAN, MENTOR, PUPIL, TEACHER, Story, an_id
from tests.projections.telling import SINCE, a_file, a_start, pupil_id, tell
from transparency.notary import Notary
from transparency.notes import SigningKey, sign

PATH = "-c search_path=liggare"
AT = datetime(2031, 6, 13, 3, 0, tzinfo=UTC)
OPERATOR = Actor(person_id=an_id("operator"), role=Role.SYSTEM, name="Olga Operatör")
MANDATE = Mandate(
    legal_ground="Arkivlagen 10 §",
    decision_reference="BUN 2026/17 § 4",
    planned_by=Officer(an_id("planner"), "Planner"),
    approved_by=Officer(an_id("approver"), "Approver"),
    carried_out_by=Officer(None, "liggare"),
)


@dataclass
class Run:
    """A run that is approved and begun; it is the journal of its own items."""

    ledger: Ledger
    id: UUID = field(default_factory=uuid4)
    version: int = 0

    def begin(self, items: Items, due: Sequence[Due]) -> list[Item]:
        """Plan, approve and begin."""
        plan_hash = items.freeze(self.id, AT.date(), due)
        planned = RunPlanned(plan_hash=plan_hash, items=len(due), as_of=AT.date(), lapses_on=date(2031, 12, 31))
        append = self._append(planned, RunApproved(plan_hash=plan_hash), RunStarted(plan_hash=plan_hash))
        self.version = self.ledger.append(append).version
        return items.of(self.id)

    def reload(self, owner: psycopg.Connection[Any]) -> None:
        """Take in what another process recorded."""
        row = owner.execute("select max(version) from events where stream_id = %s", (self.id,)).fetchone()
        self.version = row[0] if row else 0

    def purged(self, conn: Connection[TupleRow], item: Item, *, leaves: int, certificate_sha256: str) -> None:
        """As Journal."""
        event = SubjectPurged(item=item.item, leaves=leaves, certificate_sha256=certificate_sha256)
        self.version = self.ledger.append_within(conn, self._append(event)).version

    def skipped(self, conn: Connection[TupleRow], item: Item, reason: SkipReason) -> None:
        """As Journal."""
        event = ItemSkipped(item=item.item, reason=reason)
        self.version = self.ledger.append_within(conn, self._append(event)).version

    def _append(self, *events: Any) -> Append:  # noqa: ANN401 - any event of a run
        command = uuid4()
        recorded = [
            Recorded(self.id, version, self.id, event, OPERATOR, AT, command, command)
            for version, event in enumerate(events, self.version + 1)
        ]
        return Append("disposal_run", "disposal_run", self.id, self.id, self.version, recorded)


@dataclass
class World:
    """One ledger, and everything that a purge needs or touches."""

    urls: Urls
    ledger: Ledger
    pool: Pool
    notary: Notary
    key: SigningKey
    purger: Purger
    runner: Runner
    owner: psycopg.Connection[Any]
    keys_owner: psycopg.Connection[Any]
    home: Path

    @property
    def register(self) -> Register:
        """The purge register."""
        return self.purger.register

    def pupil(self, name: str, *, plan: UUID | None = None, everywhere: bool = True) -> Story[StudentFile]:
        """A pupil whose schooling has ended, with rows in every table that holds any of a pupil."""
        plan = plan or uuid4()
        story = a_file(name)
        story.given(GroupJoined(group_id=an_id("5A"), joined_on=SINCE), a_start(plan))
        goal = uuid4()
        story.given(GoalProposed(plan_id=plan, goal_id=goal, content=GoalContent(text=f"{name} läser")), by=TEACHER)
        story.given(GoalAccepted(plan_id=plan, goal_id=goal), by=PUPIL)
        story.given(SchoolingEnded(ended_on=date(2026, 6, 12), cause=SchoolingEndCause.COMPLETED))
        tell(self.ledger, story.past)
        for person_id, called in ((pupil_id(name), name), (GUARDIAN.person_id, "Åke"), (MENTOR.person_id, "Karin")):
            self.person(person_id, called)
        if everywhere:
            self.leave_traces(story, plan)
        self.runner.catch_up(projections())
        return story

    def person(self, person_id: UUID, name: str) -> None:
        """Somebody with an account."""
        told: Story[Any] = Story(person.fold, stream=person_id, subject=person_id)
        told.given(PersonRegistered(given_name=name.partition(" ")[0], family_name=name.partition(" ")[2] or "Ek"))
        if not self.owner.execute("select 1 from subjects where subject_id = %s", (person_id,)).fetchone():
            tell(self.ledger, told.past, "person", "person")

    def leave_traces(self, story: Story[StudentFile], plan: UUID) -> None:
        """What requests leave beside the ledger: a look, a draft, a session, a picture."""
        person_id, now = story.state.person_id, datetime.now(UTC)
        AccessRecord(self.pool, self.ledger).add(a_look(story.stream))
        guardian = SeenBy(GUARDIAN.person_id, now.date())
        Drafts(self.pool, self.ledger).keep(guardian, plan, story.stream, "svar-trivs", "Halvskrivet", now=now)
        Sessions(self.pool, self.ledger.keys).begin(person_id, level=2, provider="pupil", terms=None, now=now)
        Attachments(self.pool, self.ledger).keep(uuid4(), person_id, b"en bild")

    def begin_run(self, *subjects: UUID, document_class: DocumentClass = DocumentClass.STUDENT_FILE) -> "Begun":
        """A run over these, approved and begun."""
        due = [
            Due(document_class, one, date(2026, 6, 12), date(2031, 6, 12), an_id("schedule"), DisposalAction.PURGE)
            for one in subjects
        ]
        run = Run(self.ledger)
        return Begun(self, run, run.begin(Items(self.pool), due))

    def holding(self, *needles: bytes | UUID) -> list[str]:
        """The tables of both databases that hold one of these in any column, as an id, as text or as bytes."""
        found = []
        for name, conn in (("ledger", self.owner), ("keys", self.keys_owner)):
            for table in tables_of(conn):
                shown = conn.execute(sql.SQL("select t::text from {} as t").format(sql.Identifier(table))).fetchall()
                text = "\n".join(row[0] for row in shown)
                found += [f"{name}.{table}" for needle in needles if spelt(needle) in text]
        return found

    def secrets(self, subject_id: UUID) -> list[bytes]:
        """What is sealed for a subject in the ledger, and its key, wrapped."""
        of_events = self.owner.execute("select sealed from events where subject_id = %s", (subject_id,)).fetchall()
        of_keys = self.keys_owner.execute("select wrapped from wrapped_keys where subject_id = %s", (subject_id,))
        return [row[0] for row in (*of_events, *of_keys.fetchall())]

    def rows(self) -> dict[str, list[str]]:
        """Every row of every table of both databases."""
        return {
            f"{name}.{table}": sorted(
                row[0]
                for row in conn.execute(sql.SQL("select t::text from {} as t").format(sql.Identifier(table))).fetchall()
            )
            for name, conn in (("ledger", self.owner), ("keys", self.keys_owner))
            for table in tables_of(conn)
        }


@dataclass
class Begun:
    """A begun run and its items."""

    world: World
    run: Run
    items: list[Item]

    def purge(
        self, number: int = 1, *, still_due: Callable[[], SkipReason | None] = lambda: None, at: datetime = AT
    ) -> Outcome:
        """Destroy one item."""
        purger = self.world.purger
        with purger.register.held():
            return purger.purge(self.items[number - 1], MANDATE, still_due=still_due, journal=self.run, at=at)


def a_look(student_id: UUID) -> Look:
    """The guardian looks at a plan."""
    return Look(
        student_id=student_id,
        part=Part.PLAN,
        person_id=GUARDIAN.person_id,
        role=Role.GUARDIAN.value,
        level=2,
        correlation_id=uuid4(),
    )


def spelt(needle: bytes | UUID) -> str:
    """How the database shows it within a row."""
    return str(needle) if isinstance(needle, UUID) else needle.hex()


def tables_of(conn: psycopg.Connection[Any]) -> list[str]:
    """Every table and view that can be read from."""
    query = """
    select relname from pg_class where relnamespace = 'liggare'::regnamespace and relkind in ('r', 'v', 'm')
    order by relname
    """
    return [row[0] for row in conn.execute(query).fetchall()]


@contextmanager
def open_world(urls: Urls, settings: StoreSettings, home: Path) -> Iterator[World]:
    """A ledger with its purger; what is there already goes on."""
    with ExitStack() as stack:
        ledger = stack.enter_context(Ledger(settings))
        pools = [
            stack.enter_context(open_pool(url, schema="liggare", size=4, name=name))
            for name, url in (("reads", urls.app), ("purge", urls.purge), ("purge keys", urls.keys_purge))
        ]
        owners = [
            stack.enter_context(psycopg.connect(url, autocommit=True, options=PATH))
            for url in (urls.owner, urls.keys_owner)
        ]
        path = home / "register" / "purged.jsonl"
        Register.begin(path)
        key = SigningKey("liggare.example/umea", sha256(b"a key of these tests").digest())
        notary = Notary(pools[0], settings.tenant)
        purger = Purger(ledger, pools[1], pools[2], notary, Register(path).read(), lambda text: sign(text, key))
        runner = Runner(pools[0], ledger)
        yield World(urls, ledger, pools[0], notary, key, purger, runner, owners[0], owners[1], home)
