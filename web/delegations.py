"""Who reads about a pupil today; a guardian lets another adult read for a time, and ends it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from access.errors import PersonNotFound
from aggregates.errors.enrolment import (
    DelegationTooLong,
    RelationAlreadyExists,
    RelationEndsBeforeItStarts,
    RelationToOneself,
)
from aggregates.student_file import Relation, StudentFile
from commands.protection import delegate_reading, end_delegation
from commands.reads import Opened, Part, open_file, read_file, record_look
from events.base import Role
from web.forms import Form
from web.rendering import render, translator
from web.texts.fields import WRONG
from web.texts.roles import roles_said
from web.visit import OwnForm, Visit, Visitor, new_key

router = APIRouter(prefix="/elever/{student}/lasratt", include_in_schema=False)
Student = Annotated[UUID, Path()]


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads about the pupil today, in one role or several; only what a guardian gave can be ended here."""

    relation_id: UUID
    """The one that can be ended, and the place on the page that a notice of it leads to."""
    also: tuple[UUID, ...]
    """The person's other relations, which are places too."""
    name: str
    roles: tuple[str, ...]
    until: date | None
    may_end: bool


@router.get("")
def show(request: Request, student: Student, visit: Visitor, sparat: str = "") -> Response:
    """Everybody who reads about the pupil today, for whoever does so oneself."""
    file, _ = read_file(visit.context, visit.caller, student, on=visit.on, part=Part.READERS)
    return _page(request, visit, file, saved=sparat)


@router.post("")
def delegate(request: Request, student: Student, form: OwnForm, visit: Visitor) -> Response:
    """Let another adult read."""
    opened = open_file(visit.context, visit.caller, student, on=visit.on)
    person_id, until, errors = _read(form)
    if person_id is not None and until is not None and not errors:
        command = visit.command(form, acting_as=_acting_as(opened, visit))
        try:
            delegate_reading(visit.context, command, student_id=student, person_id=person_id, until=until)
        except (PersonNotFound, RelationToOneself):
            errors["person"] = WRONG["person"]
        except RelationAlreadyExists:
            errors["person"] = WRONG["reads-already"]
        except (DelegationTooLong, RelationEndsBeforeItStarts):
            errors["until"] = WRONG["until"]
        else:
            return RedirectResponse(f"{request.url.path}?sparat=klart", status_code=303)
    record_look(visit.context, visit.caller, opened, Part.READERS)
    values = {"person": form.text("person"), "until": form.text("until"), "consent": form.has("consent")}
    return _page(request, visit, opened.file, values=values, errors=errors)


@router.post("/avsluta")
def end(student: Student, form: OwnForm, visit: Visitor) -> Response:
    """End it from today; whose it is to end, the command decides."""
    opened = open_file(visit.context, visit.caller, student, on=visit.on)
    relation_id = _uuid(form.text("relation")) or UUID(int=0)
    command = visit.command(form, acting_as=_acting_as(opened, visit, ending=relation_id))
    end_delegation(visit.context, command, student_id=student, relation_id=relation_id)
    is_own = opened.grant.relation_id == relation_id
    return RedirectResponse("/" if is_own else f"/elever/{student}/lasratt?sparat=avslutat", status_code=303)


def _acting_as(opened: Opened, visit: Visit, *, ending: UUID | None = None) -> UUID | None:
    """As a guardian, whatever else the visitor is to the child; else in the own relation that is to be ended.

    Without either, in the one that reads: then the command refuses.
    """
    held = {relation.id: relation.role for relation in opened.file.relations_of(visit.person_id, on=visit.on)}
    guardian = next((relation_id for relation_id, role in held.items() if role is Role.GUARDIAN), None)
    return guardian or (ending if ending in held else opened.grant.relation_id)


def _page(
    request: Request,
    visit: Visit,
    file: StudentFile,
    *,
    saved: str = "",
    values: Mapping[str, object] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    translate = translator(request)
    is_guardian = any(relation.role is Role.GUARDIAN for relation in file.relations_of(visit.person_id, on=visit.on))
    held = [relation for relation in file.relations.values() if relation.holds(visit.on)]
    return render(
        request,
        "delegations.html",
        status=422 if errors else 200,
        me=visit.me,
        here=f"/elever/{file.id}/lasratt",
        name=file.name,
        readers=_readers(held, translate, who=visit.person_id, is_guardian=is_guardian),
        may_delegate=is_guardian,
        latest=visit.on + visit.context.longest_delegation,
        saved={
            "klart": translate("The adult can read now."),
            "avslutat": translate("The adult can no longer read."),
        }.get(saved, ""),
        values=values or {"person": "", "until": "", "consent": False},
        errors={name: translate(text) for name, text in (errors or {}).items()},
        command_key=new_key(),
    )


def _readers(
    held: Iterable[Relation], translate: Callable[[str], str], *, who: UUID, is_guardian: bool
) -> list[Reader]:
    """Each person once, but for what was given for a time, which ends by itself."""
    found: dict[UUID, list[Relation]] = {}
    for relation in held:
        is_given = relation.role is Role.DELEGATE
        found.setdefault(relation.id if is_given else relation.person_id, []).append(relation)
    return [
        Reader(
            relation_id=relations[0].id,
            also=tuple(relation.id for relation in relations[1:]),
            name=relations[0].name,
            roles=roles_said((relation.role for relation in relations), translate),
            until=relations[0].until if len(relations) == 1 else None,
            may_end=relations[0].role is Role.DELEGATE and (is_guardian or relations[0].person_id == who),
        )
        for relations in found.values()
    ]


def _read(form: Form) -> tuple[UUID | None, date | None, dict[str, str]]:
    person_id, until = _uuid(form.text("person")), None
    try:
        until = date.fromisoformat(form.text("until").strip())
    except ValueError:
        until = None
    filled = {"person": person_id is not None, "until": until is not None, "consent": form.has("consent")}
    return person_id, until, {name: WRONG[name] for name, is_there in filled.items() if not is_there}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text.strip())
    except ValueError:
        return None
