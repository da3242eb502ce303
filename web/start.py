"""The start page: whom and what one has to do with, and nothing else (S-NAV-4, S-GEN-8)."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from access.acquaintance import TEACHING
from aggregates.swedish import swedish_order
from commands.notices import notice_reach
from commands.own_pupils import OwnPupil, own_pupils
from commands.terms import CURRENT_TERMS
from events.base import Role
from events.school import GroupKind
from projections.directory import GroupEntry, SchoolPart, StudentEntry
from web.addresses import START
from web.browser import sign_in_address
from web.errors import TermsNeeded
from web.notices import MOST, rows, unread
from web.pictures import picture_address
from web.rendering import render, translator
from web.retention.frame import Desk
from web.texts.roles import roles_said
from web.visit import Guest, Visit

router = APIRouter(include_in_schema=False)

Translate = Callable[[str], str]
_KEEPING = frozenset({Role.ADMINISTRATOR, Role.PRINCIPAL})
_SEEING = TEACHING | {Role.GUARDIAN}
_MOST_CARDS = 200
_NOTICES = 3


@dataclass(frozen=True, slots=True)
class Link:
    """Where a card leads."""

    href: str
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """A person, class or school that one has to do with; `href` is its own page."""

    name: str
    detail: str = ""
    picture: str = ""
    href: str = ""
    plan: str = ""
    """Where the IUP symbol leads (S-NAV-6)."""
    links: tuple[Link, ...] = ()


@router.get(START)
def start(request: Request, visit: Guest) -> Response:
    """The own start page; the way in for whoever has not signed in."""
    if visit is None:
        return RedirectResponse(sign_in_address(START), status_code=303)
    if visit.session.terms != CURRENT_TERMS:
        raise TermsNeeded
    translate = translator(request)
    pupils = own_pupils(visit.context, visit.caller, on=visit.on)
    notices = unread(visit, notice_reach(visit.context, visit.caller), MOST) if pupils.needed_level is None else []
    return render(
        request,
        "start.html",
        me=visit.me,
        first_name=visit.person.given_name,
        notices=rows(request, notices[:_NOTICES]),
        unread=len(notices),
        has_more=len(notices) == MOST,
        sections=[section for section in _sections(visit, by_name(pupils.shown), translate) if section[1]],
        needed_level=pupils.needed_level,
    )


def by_name(pupils: Iterable[OwnPupil]) -> list[OwnPupil]:
    """Pupils in Swedish order."""
    return sorted(pupils, key=lambda one: swedish_order(one.student.name))


def _sections(visit: Visit, known: Sequence[OwnPupil], translate: Translate) -> Iterable[tuple[str, list[Card]]]:
    pictured = _pictured(visit, known)
    children = [one for one in known if one.is_known_as(Role.GUARDIAN)]
    own = [one for one in known if one.is_known_as(Role.PUPIL)]
    others = [one for one in known if one not in children and one not in own]
    yield translate("My office"), _office(visit, translate)
    yield translate("My plan"), [_own(one, pictured, translate) for one in own]
    yield translate("My children"), [_child(one, pictured, translate) for one in children]
    yield from _classes(visit, known, translate)
    yield translate("My pupils"), [_pupil(one, pictured, translate) for one in others[:_MOST_CARDS]]
    yield translate("My school"), _schools(visit, known, translate)


def _office(visit: Visit, translate: Translate) -> list[Card]:
    """Where an officer of the municipality works."""
    desk = Desk(visit)
    links = tuple(Link(href, text) for href, text in desk.pages(translate))
    roles = roles_said((office.role for office in desk.offices if office.holds(visit.on)), translate)
    return [Card(", ".join(roles).capitalize(), links=links)] if links else []


def _pictured(visit: Visit, known: Sequence[OwnPupil]) -> dict[UUID, str]:
    """Where the pictures are of one's children and of those whom one meets at work (G-12)."""
    seen = [one.student.person_id for one in known if any(one.is_known_as(role) for role in _SEEING)]
    persons = visit.directory.persons(seen)
    return {person_id: picture_address(person_id) for person_id, one in persons.items() if one.picture_id is not None}


def _child(one: OwnPupil, pictured: Mapping[UUID, str], translate: Translate) -> Card:
    readers = Link(f"{_address(one)}/lasratt", translate("Who may read"))
    return _card(one, _grade(one.student, translate), pictured, (readers,))


def _own(one: OwnPupil, pictured: Mapping[UUID, str], translate: Translate) -> Card:
    return _card(one, _grade(one.student, translate), pictured)


def _card(one: OwnPupil, detail: str, pictured: Mapping[UUID, str], links: tuple[Link, ...] = ()) -> Card:
    address = _address(one)
    picture = pictured.get(one.student.person_id, "")
    return Card(one.student.name, detail, picture, address, f"{address}/iup", links)


def _address(one: OwnPupil) -> str:
    return f"/elever/{one.student.student_id}"


def _pupil(one: OwnPupil, pictured: Mapping[UUID, str], translate: Translate) -> Card:
    parts = ", ".join(roles_said((relation.role for relation in one.relations), translate))
    readers = Link(f"{_address(one)}/lasratt", translate("Who may read"))
    links = (readers,) if one.is_known_as(Role.DELEGATE) else ()
    return _card(one, f"{_grade(one.student, translate)} · {parts}", pictured, links)


def _grade(student: StudentEntry, translate: Translate) -> str:
    grade = translate("Grade")
    return translate("Preschool class") if student.grade == 0 else f"{grade} {student.grade}"


def _classes(visit: Visit, known: Sequence[OwnPupil], translate: Translate) -> Iterable[tuple[str, list[Card]]]:
    """The classes of one's pupils, and every other class of a school that one keeps."""
    directory = visit.directory
    own = directory.groups_of_students([one.student.student_id for one in known])
    taught = directory.groups_of_students([one.student.student_id for one in known if _works(one)])
    kept = [
        group
        for part in directory.school_parts(visit.person_id)
        if part.role.role in _KEEPING and part.role.holds(visit.on)
        for group in directory.groups_of_school(part.school_id)
    ]
    with_plans = {group.group_id for group in (*taught, *kept)}
    mine = {group.group_id for group in own}
    others = [group for group in kept if group.group_id not in mine]
    yield translate("My classes"), _class_cards(own, with_plans, translate)
    yield translate("The classes of the school"), _class_cards(others, with_plans, translate)


def _class_cards(groups: Iterable[GroupEntry], with_plans: Collection[UUID], translate: Translate) -> list[Card]:
    """The classes among the groups, each once, in Swedish order."""
    classes = {group.group_id: group for group in groups if group.kind is GroupKind.CLASS}
    return [
        Card(group.name, links=tuple(_of_class(group.group_id, translate, has_plans=group.group_id in with_plans)))
        for group in sorted(classes.values(), key=lambda group: swedish_order(group.name))
    ]


def _works(one: OwnPupil) -> bool:
    return any(one.is_known_as(role) for role in TEACHING)


def _of_class(group_id: UUID, translate: Translate, *, has_plans: bool) -> Iterable[Link]:
    if has_plans:
        yield Link(f"/klasser/{group_id}/iup", translate("The plans of the class"))
    yield Link(f"/klasser/{group_id}/kontaktlista", translate("Contact list"))


def _schools(visit: Visit, known: Sequence[OwnPupil], translate: Translate) -> list[Card]:
    """The schools at which one has a part, and those of oneself and one's children."""
    parts = [part for part in visit.directory.school_parts(visit.person_id) if part.role.holds(visit.on)]
    of_home = [one.student.school_id for one in known if _is_home(one)]
    ids = dict.fromkeys([*(part.school_id for part in parts), *of_home])
    schools = [school for school_id in ids if (school := visit.directory.school(school_id)) is not None]
    return [Card(school.name, _parts(parts, known, school.school_id, translate)) for school in schools]


def _is_home(one: OwnPupil) -> bool:
    return one.is_known_as(Role.PUPIL) or one.is_known_as(Role.GUARDIAN)


def _parts(parts: Sequence[SchoolPart], known: Iterable[OwnPupil], school_id: UUID, translate: Translate) -> str:
    """What one is at a school: by a part there, and to its pupils; "other staff" only where that is all."""
    held = {part.role.role for part in parts if part.school_id == school_id}
    meets = {
        relation.role for one in known if one.student.school_id == school_id for relation in one.relations
    } & TEACHING
    is_more = bool(meets or held - {Role.STAFF})
    return ", ".join(roles_said((held - {Role.STAFF} if is_more else held) | meets, translate))
