"""The start page: whom and what one has to do with, and nothing else (S-NAV-4, S-GEN-8)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from access.actions import Action
from aggregates.student_file import Relation
from commands.terms import CURRENT_TERMS
from events.base import Role
from projections.directory import SchoolPart, StudentEntry
from web.addresses import START
from web.browser import sign_in_address
from web.errors import TermsNeeded
from web.rendering import render, translator
from web.texts.roles import ROLES
from web.visit import Guest, Visit

router = APIRouter(include_in_schema=False)

Translate = Callable[[str], str]
_MOST_CARDS = 200
_MOST_NOTICES = 100


@dataclass(frozen=True, slots=True)
class Link:
    """Where a card leads."""

    href: str
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """A person, class or school that one has to do with."""

    name: str
    detail: str = ""
    picture: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """A pupil, and in which relations one stands to the pupil today."""

    student: StudentEntry
    relations: tuple[Relation, ...]

    def is_seen_by(self, role: Role) -> bool:
        """Whether one of the relations is in this role."""
        return any(relation.role is role for relation in self.relations)


@router.get(START)
def start(request: Request, visit: Guest) -> Response:
    """The own start page; the way in for whoever has not signed in."""
    if visit is None:
        return RedirectResponse(sign_in_address(START), status_code=303)
    if visit.session.terms != CURRENT_TERMS:
        raise TermsNeeded
    translate = translator(request)
    unread = visit.services.notices.unread(visit.person_id, on=visit.on, limit=_MOST_NOTICES)
    return render(
        request,
        "start.html",
        me=visit.me,
        first_name=visit.person.given_name,
        notices=len(unread),
        sections=[section for section in _sections(visit, students_of(visit), translate) if section[1]],
        needed_level=_needed_level(visit),
    )


def students_of(visit: Visit) -> list[Known]:
    """The pupils one has a relation to today, where the sign-in is strong enough for it; by name."""
    found: dict[UUID, tuple[StudentEntry, list[Relation]]] = {}
    for row in visit.context.directory.students_of(visit.person_id):
        lowest = visit.context.levels.lowest(Action.READ_FILE, row.relation.role)
        if row.relation.holds(visit.on) and visit.session.level >= lowest:
            found.setdefault(row.student.student_id, (row.student, []))[1].append(row.relation)
    known = [Known(student, tuple(relations)) for student, relations in found.values()]
    return sorted(known, key=lambda one: one.student.name.casefold())


def _needed_level(visit: Visit) -> int | None:
    """The level at which more pupils would be shown; None where all are shown already."""
    lowest = {
        visit.context.levels.lowest(Action.READ_FILE, row.relation.role)
        for row in visit.context.directory.students_of(visit.person_id)
        if row.relation.holds(visit.on)
    }
    return min((level for level in lowest if level > visit.session.level), default=None)


def _sections(visit: Visit, known: Sequence[Known], translate: Translate) -> Iterable[tuple[str, list[Card]]]:
    children = [one for one in known if one.is_seen_by(Role.GUARDIAN)]
    own = [one for one in known if one.is_seen_by(Role.PUPIL)]
    others = [one for one in known if one not in children and one not in own]
    yield translate("My children"), [_child(one, translate) for one in children]
    yield translate("My classes"), _classes(visit, known, translate)
    yield translate("My pupils"), [_pupil(one, translate) for one in others[:_MOST_CARDS]]
    yield translate("My school"), _schools(visit, [*own, *children], translate)


def _child(one: Known, translate: Translate) -> Card:
    readers = Link(f"/elever/{one.student.student_id}/lasratt", translate("Who may read"))
    return Card(one.student.name, _grade(one.student, translate), links=(readers,))


def _pupil(one: Known, translate: Translate) -> Card:
    parts = ", ".join(dict.fromkeys(translate(ROLES[relation.role]) for relation in one.relations))
    return Card(one.student.name, f"{_grade(one.student, translate)} · {parts}")


def _grade(student: StudentEntry, translate: Translate) -> str:
    grade = translate("Grade")
    return translate("Preschool class") if student.grade == 0 else f"{grade} {student.grade}"


def _classes(visit: Visit, known: Sequence[Known], translate: Translate) -> list[Card]:
    directory = visit.context.directory
    groups = {group.group_id: group for one in known for group in directory.groups_of_student(one.student.student_id)}
    return [
        Card(group.name, links=(Link(f"/klasser/{group.group_id}/kontaktlista", translate("Contact list")),))
        for group in sorted(groups.values(), key=lambda group: group.name.casefold())
    ]


def _schools(visit: Visit, known: Sequence[Known], translate: Translate) -> list[Card]:
    parts = [part for part in visit.context.directory.school_parts(visit.person_id) if part.role.holds(visit.on)]
    ids = dict.fromkeys([*(part.school_id for part in parts), *(one.student.school_id for one in known)])
    schools = [visit.context.directory.school(school_id) for school_id in ids]
    return [Card(school.name, _parts(parts, school.school_id, translate)) for school in schools if school is not None]


def _parts(parts: Sequence[SchoolPart], school_id: UUID, translate: Translate) -> str:
    held = [translate(ROLES[part.role.role]) for part in parts if part.school_id == school_id]
    return ", ".join(dict.fromkeys(held))
