"""The certificate of what was destroyed: read on a page, and fetched as the file that anybody can check."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from commands import disposal
from events.retention import DocumentClass
from web.rendering import day, language_of, moment, translator
from web.retention.frame import DISPOSAL, Desk, Translate, show
from web.retention.runs import RunId
from web.texts.retention import ONE_OF
from web.visit import Visitor

router = APIRouter(prefix=f"{DISPOSAL}/korningar/{{run}}/intyg", include_in_schema=False)
ItemNumber = Annotated[int, Path(alias="item", ge=1, le=2**31 - 1)]


@router.get("/{item}")
def certificate_page(request: Request, run: RunId, item: ItemNumber, visit: Visitor) -> Response:
    """What the ledger certifies, in words, and the signed note itself."""
    note = disposal.read_certificate(visit.context, visit.caller, run, item, on=visit.on)
    translate = translator(request)
    return show(
        request,
        Desk(visit),
        "certificate.html",
        steps=((DISPOSAL, translate("Disposal")), (_address(run), translate("Disposal run"))),
        current=translate("Certificate"),
        facts=_facts(_said(note), translate, language_of(request)),
        note=note.decode(),
        file=f"{_address(run)}/intyg/{item}/fil",
        file_name=f"{run}-{item}.txt",
    )


@router.get("/{item}/fil")
def certificate_file(run: RunId, item: ItemNumber, visit: Visitor) -> Response:
    """The signed note, to be kept and checked offline."""
    note = disposal.read_certificate(visit.context, visit.caller, run, item, on=visit.on)
    name = f'attachment; filename="{run}-{item}.txt"'
    return PlainTextResponse(note.decode(), headers={"Content-Disposition": name})


def _address(run: UUID) -> str:
    return f"{DISPOSAL}/korningar/{run}"


def _said(note: bytes) -> Mapping[str, Any]:
    """What stands in the certificate: one line of JSON before the signature."""
    said: Mapping[str, Any] = json.loads(note.split(b"\n", 1)[0])
    return said


def _facts(said: Mapping[str, Any], translate: Translate, language: str) -> list[tuple[str, str]]:
    """What the certificate says, in the reader's language; what it cannot say in other words stands as it is."""
    facts = [
        (translate("What"), translate(ONE_OF[DocumentClass(said["class"])])),
        (translate("Pseudonym"), said["pseudonym"]),
        (translate("Due on"), day(language, date.fromisoformat(said["due_on"]))),
        (translate("Legal ground"), said["legal_ground"]),
        (translate("Decision"), said["decision_reference"]),
        (translate("Events destroyed"), str(said["events"])),
        (translate("Their leaves in the tree"), ", ".join(f"{first}-{last}" for first, last in said["leaves"])),
        (translate("Rows destroyed"), ", ".join(f"{table} {rows}" for table, rows in said["rows"].items() if rows)),
        (translate("Handed over to the archive"), ", ".join((said["transferred"] or {}).values())),
        (translate("Planned"), said["planned_by"]["name"]),
        (translate("Approved"), said["approved_by"]["name"]),
        (translate("Carried out"), said["carried_out_by"]["name"]),
        (translate("Destroyed"), moment(language, datetime.fromisoformat(said["destroyed_at"]))),
        (translate("Last day on which copies may open"), day(language, date.fromisoformat(said["final_by"]))),
    ]
    return [(label, value) for label, value in facts if value]
