"""Profiles and contact lists: what people see of each other."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from access.actions import Action
from access.errors import PersonNotFound
from aggregates.errors.school import NotAClass
from api.declare import reads
from api.names import GroupId, PersonId
from api.own_settings import ContactShape
from api.protection import IncludeProtected
from api.rules import SCHOOL
from api.shapes import Shape, answer_with
from api.signed_in import Signed
from commands.contact_lists import Listed, read_contact_list
from commands.profiles import read_profile
from commands.rates import RateClass

router = APIRouter(tags=["people"])


class ProfileShape(Shape):
    """A person as others see one; `has_picture` where there is one that the caller may see."""

    person_id: UUID
    given_name: str
    family_name: str
    description: str | None
    has_picture: bool


class ListedShape(Shape):
    """A person in a contact list; `contact` is null where it is hidden from the caller, or nothing is given."""

    person_id: UUID
    given_name: str
    family_name: str
    contact: ContactShape | None
    has_picture: bool

    @classmethod
    def of(cls, listed: Listed) -> "ListedShape":
        """A person as the caller may see one."""
        person = listed.person
        return cls(
            person_id=person.person_id,
            given_name=person.given_name,
            family_name=person.family_name,
            contact=ContactShape.of(listed.contact) if listed.contact else None,
            has_picture=listed.has_picture,
        )


class PupilInList(ListedShape):
    """A pupil with the guardians."""

    student_id: UUID
    guardians: list[ListedShape]


class ContactListShape(Shape):
    """The contact list of a class, in Swedish order of family and given name."""

    group_id: UUID
    name: str
    items: list[PupilInList]


@router.get(
    "/persons/{person}/profile",
    response_model=ProfileShape,
    **reads(Action.READ_PROFILE, refuses=(PersonNotFound,), rate=RateClass.SEARCH),
)
def show_profile(asked: Signed, person: PersonId) -> Response:
    """A person's name, description and picture, for staff and for the classes that one is connected with."""
    found = read_profile(asked.context, asked.caller, person, on=asked.on)
    shape = ProfileShape(
        person_id=person,
        given_name=found.person.given_name,
        family_name=found.person.family_name,
        description=found.person.description,
        has_picture=found.has_picture,
    )
    return answer_with(shape)


@router.get(
    "/groups/{group}/contact-list",
    response_model=ContactListShape,
    **reads(Action.READ_CONTACT_LIST, refuses=(*SCHOOL, NotAClass), rate=RateClass.SEARCH),
)
def show_contact_list(asked: Signed, group: GroupId, include_protected: IncludeProtected = False) -> Response:  # noqa: FBT002 - a query
    """The pupils of a class with their guardians; contact details as their owners and the rules let the caller see."""
    found = read_contact_list(asked.context, asked.caller, group, on=asked.on, with_protected=include_protected)
    items = [
        PupilInList(
            **ListedShape.of(one.pupil).model_dump(),
            student_id=one.student_id,
            guardians=[ListedShape.of(guardian) for guardian in one.guardians],
        )
        for one in found.pupils
    ]
    return answer_with(ContactListShape(group_id=group, name=found.group.name, items=items))
