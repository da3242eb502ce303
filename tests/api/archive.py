"""A municipality of a test's own, with officers: what is due in it is due by the test's schedules alone."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from aggregates.disposal_run import DisposalRun
from app.local import system_command
from commands import disposal
from commands.context import STOCKHOLM
from commands.officers import appoint_officer
from events.base import Role
from retention.purge import Purger
from retention.register import Register
from store.database import open_pool
from tests.api.client import Answer, Person
from tests.api.conftest import Installation
from tests.api.school import School, register
from transparency.notary import Notary
from transparency.notes import SigningKey, sign

KEY = SigningKey("liggare.example/ledger", sha256(b"the key of these tests").digest())
DECISION = "BUN 2026-11-01 § 17"
HOLD = {
    "ground": "appeal",
    "authority": "Kammarrätten i Sundsvall",
    "reference": "Mål 1234-26",
    "reason": "Utlämnandet är överklagat.",
}
RELEASE = {key: value for key, value in HOLD.items() if key != "ground"}
OFFICERS = {
    "operator": Role.RETENTION_OPERATOR,
    "other_operator": Role.RETENTION_OPERATOR,
    "auditor": Role.AUDITOR,
    "registrar": Role.REGISTRAR,
}


@dataclass
class Archive:
    """The installation, a school with a pupil, and the officers by name."""

    installation: Installation
    school: School

    def __getattr__(self, name: str) -> Person:
        """One of the officers, at level 3, whatever day it is."""
        if name not in OFFICERS:
            raise AttributeError(name)
        return self.at_level(name, 3)

    def at_level(self, name: str, level: int) -> Person:
        """One of the people with a sign-in of this level, begun now."""
        known = self.school.known.people[name]
        token = self.installation.issue(known["person_id"], level)
        return Person(self.school.api, known["person_id"], token, known["acting_as"])

    @property
    def today(self) -> date:
        """The day where the schools are, as the API sees it."""
        return self.installation.clock().astimezone(STOCKHOLM).date()

    def wait(self, days: int) -> None:
        """Let so many days pass."""
        self.installation.clock.offset += timedelta(days=days)

    def adopts(self, **more: Any) -> Answer:  # noqa: ANN401 - JSON
        """The operator records a schedule: a pupil's file is kept for five years, unless the test says else."""
        usual = {
            "document_class": "student_file",
            "years": 5,
            "action": "purge",
            "legal_ground": "Arkivlagen 10 §",
            "decision_reference": DECISION,
            "valid_from": "2026-01-01",
        }
        return self.operator.post("disposal-schedules", **(usual | more))

    def finishes(self, student: str | None = None, cause: str = "completed") -> Answer:
        """A pupil's schooling ends today."""
        path = f"students/{student or self.school.student}/schooling-end"
        return self.at_level("administrator", 2).post(path, cause=cause, ended_on=str(self.today))

    def due(self, document_class: str = "student_file") -> list[dict[str, Any]]:
        """What is due, as the operator sees it."""
        return self.operator.items("due", document_class=document_class)

    def plans(self) -> str:
        """The operator plans a run of what is due; its address."""
        answer = self.operator.post("disposal-runs")
        assert answer.status == 201, answer.body
        return f"disposal-runs/{answer.id}"

    def approves(self, run: str) -> None:
        """The other operator approves a plan as it is."""
        shown = self.other_operator.get(run).body
        assert self.other_operator.post(f"{run}/approval", plan_hash=shown["plan_hash"]).status == 200

    def begins(self) -> str:
        """What is due is planned, approved and begun; the run's address."""
        run = self.plans()
        self.approves(run)
        assert self.operator.post(f"{run}/start").status == 200
        return run

    def carries_out(self, run: str, **more: Any) -> DisposalRun:  # noqa: ANN401 - as the command takes it
        """What the worker does with a begun run."""
        context = self.installation.services.context
        run_id = UUID(run.rpartition("/")[2])
        with open_purger(self.installation) as purger:
            return disposal.run(context, purger, run_id, now=self.installation.clock, **more)

    def events_of(self, run: str) -> list[str]:
        """The codes of a run's events."""
        history = self.installation.ledger.load(UUID(run.rpartition("/")[2]), _collect)
        return [recorded.event.code for recorded in history]


def _collect(earlier: list[Any] | None, events: Iterable[Any]) -> list[Any]:
    return [*(earlier or ()), *events]


@contextmanager
def open_purger(installation: Installation) -> Iterator[Purger]:
    """What may destroy, in the databases of an installation."""
    urls, ledger = installation.urls, installation.ledger
    home = ledger.settings.key_file.parent
    register = home / "register" / "purged.jsonl"
    Register.begin(register)
    with ExitStack() as stack:
        pools = [
            stack.enter_context(open_pool(url, schema="liggare", size=2, name=name))
            for name, url in (("reads", urls.app), ("purge", urls.purge), ("purge keys", urls.keys_purge))
        ]
        notary = Notary(pools[0], ledger.settings.tenant)
        yield Purger(ledger, pools[1], pools[2], notary, Register(register).read(), lambda text: sign(text, KEY))


def open_archive(installation: Installation, school: School) -> Archive:
    """The municipality with its officers."""
    for name, role in OFFICERS.items():
        register(school, name, installation.issue)
        person_id = UUID(school.known.people[name]["person_id"])
        answer = appoint_officer(installation.services.context, system_command(), person_id=person_id, role=role)
        school.known.people[name]["acting_as"] = answer.resource_id
    return Archive(installation, school)
