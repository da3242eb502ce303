"""The certificate of what was destroyed: a note signed by the notary that says what, why and by whom, and not of whom.

What can go wrong is that a certificate says more of a person than it must, or covers what was not destroyed. So it
names the subject by the commitment that the approver saw, and the events by their leaves in the tree and a hash over
them, which anybody who has kept the tree can count anew.
"""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from retention.items import Item
from transparency.certificates import FORMAT

FOLDER = "certificates"
"""Beside the purge register."""

Sign = Callable[[str], bytes]
"""Makes a signed note of a text."""

REMAINS = (
    "Until the final day there remain: bytes of deleted rows in free space of the databases' files and in their "
    "write-ahead logs, what the planner noted of tables that have no row any more, backups and copies made before, and "
    "in the program's own log ids of who asked; in these, ids are in the clear, all text is sealed under the destroyed "
    "key, and that key is wrapped. None of it opens once the wrapping key has been changed and copies of the old one "
    "are gone."
)


@dataclass(frozen=True, slots=True)
class Officer:
    """Who had a part in a run, as the certificate names them."""

    person_id: UUID | None
    name: str


@dataclass(frozen=True, slots=True)
class Mandate:
    """By what right an item is destroyed: the schedule, the decision, and who planned, approved and carried it out.

    `transferred` is the id and SHA-256 of the package that was handed to the archive, where the schedule says so.
    """

    legal_ground: str
    decision_reference: str
    planned_by: Officer
    approved_by: Officer
    carried_out_by: Officer
    transferred: tuple[UUID, str] | None = None


@dataclass(frozen=True, slots=True)
class Destroyed:
    """What was destroyed: leaves as ranges, first and last included, the hash over theirs, and rows by table."""

    leaves: Sequence[tuple[int, int]]
    leaves_sha256: str
    events: int
    rows: Mapping[str, int]


def certificate(item: Item, mandate: Mandate, destroyed: Destroyed, *, at: datetime, final_by: date) -> str:
    """The text of a certificate: canonical JSON and the end of its line."""
    says: dict[str, Any] = {
        "format": FORMAT,
        "run": item.run_id,
        "item": item.item,
        "class": item.document_class.value,
        "pseudonym": item.commitment.hex(),
        "due_on": item.due_on,
        "schedule": item.schedule_id,
        "legal_ground": mandate.legal_ground,
        "decision_reference": mandate.decision_reference,
        "events": destroyed.events,
        "leaves": destroyed.leaves,
        "leaves_sha256": destroyed.leaves_sha256,
        "rows": destroyed.rows,
        "holds": "none, asked anew when nothing more could be written",
        "transferred": mandate.transferred and {"package": mandate.transferred[0], "sha256": mandate.transferred[1]},
        "planned_by": asdict(mandate.planned_by),
        "approved_by": asdict(mandate.approved_by),
        "carried_out_by": asdict(mandate.carried_out_by),
        "destroyed_at": at.astimezone(UTC),
        "final_by": final_by,
        "remains": REMAINS,
    }
    return canonical(says)


def canonical(says: Mapping[str, Any]) -> str:
    """What a certificate says, spelt in the one way in which it is signed."""
    return json.dumps(says, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_spelt) + "\n"


def events_in(note: bytes) -> int:
    """How many events a certificate is about; none where it is lost."""
    return int(json.loads(note.partition(b"\n\n")[0])["events"]) if note else 0


def certificate_path(folder: Path, run_id: UUID, item: int) -> Path:
    """Where the certificate of an item is kept."""
    return folder / f"{run_id}-{item}.txt"


def keep_certificate(folder: Path, item: Item, note: bytes) -> Path:
    """Write a certificate into its folder, whole; where it is. Whoever holds the register sees to the folder."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = certificate_path(folder, item.run_id, item.item)
    draft = path.with_suffix(".new")
    with draft.open("wb") as file:
        file.write(note)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return path


def _spelt(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
