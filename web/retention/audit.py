"""What an auditor needs: what the ledger signed last, who signed it too, and how anybody checks it without us."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from access.actions import Action
from commands.officers import permit_office_reading
from transparency.checkpoints import Checkpoint
from transparency.serving import NotThere, PublicLog
from web.rendering import translator
from web.retention.frame import AUDIT, Desk, show
from web.visit import Visitor

router = APIRouter(prefix=AUDIT, include_in_schema=False)
_SIGNATURE = "— "


@dataclass(frozen=True, slots=True)
class Signed:
    """The last checkpoint: when it was signed, of how many events, the note itself, and who signed it beside us."""

    at: datetime
    size: int
    note: str
    witnesses: Sequence[str]
    key: str


@router.get("")
def audit(request: Request, visit: Visitor) -> Response:
    """The last checkpoint, and how to check with an earlier one that nothing was altered."""
    permit_office_reading(visit.context, visit.caller, Action.READ_RETENTION, on=visit.on)
    return show(
        request,
        Desk(visit),
        "audit.html",
        current=translator(request)("Audit"),
        signed=_signed(visit.services.log),
        host=str(request.base_url).rstrip("/"),
    )


def _signed(log: PublicLog) -> Signed | None:
    """What was signed last; None where nothing was signed yet."""
    try:
        row, note, key = log.last(), log.checkpoint().decode(), str(log.key())
    except NotThere:
        return None
    text, _, lines = note.partition("\n\n")
    origin = Checkpoint.parse(f"{text}\n").origin
    names = [line.removeprefix(_SIGNATURE).split(" ")[0] for line in lines.splitlines()]
    return Signed(row.signed_at, row.size, note, [name for name in names if name != origin], key)
