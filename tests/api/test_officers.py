"""Only the operator of Liggare, on the machine itself, makes somebody an officer."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from access.errors import PersonNotFound
from aggregates.errors import Refusal
from app.local import system_command
from commands.context import Caller, Context
from commands.officers import appoint_officer, is_officer, offices_of, relieve_officer
from commands.persons import register_person
from events.base import Role
from tests.api.archive import Archive


@pytest.fixture
def context(archive: Archive) -> Context:
    """What commands work on, in a municipality of the test's own."""
    return archive.installation.services.context


@pytest.fixture
def person(context: Context) -> UUID:
    """Somebody who is registered."""
    answer = register_person(context, system_command(), given_name="Ada", family_name="Arkiv")
    return UUID(answer.resource_id)


def test_the_operator_appoints_and_relieves(context: Context, person: UUID) -> None:
    """An office is held from its day; ended, it gives nothing from that day, and can be given again."""
    command = system_command()
    office = UUID(appoint_officer(context, command, person_id=person, role=Role.AUDITOR).resource_id)
    assert is_officer(context, person, command.on)
    with pytest.raises(Refusal, match="office-already-held"):
        appoint_officer(context, system_command(), person_id=person, role=Role.AUDITOR)
    relieve_officer(context, system_command(), relation_id=office)
    assert not is_officer(context, person, command.on)
    with pytest.raises(Refusal, match="office-not-found"):
        relieve_officer(context, system_command(), relation_id=office)
    appoint_officer(context, system_command(), person_id=person, role=Role.AUDITOR, until=command.on)
    assert len(offices_of(context, person)) == 2
    assert not is_officer(context, person, command.on + timedelta(days=1))


def test_an_office_is_one_of_three_and_its_holder_is_registered(context: Context, person: UUID) -> None:
    """No other role is the municipality's to give."""
    with pytest.raises(Refusal, match="office-not-allowed"):
        appoint_officer(context, system_command(), person_id=person, role=Role.PRINCIPAL)
    with pytest.raises(PersonNotFound):
        appoint_officer(context, system_command(), person_id=uuid4(), role=Role.AUDITOR)


def test_nobody_else_appoints_not_even_an_officer(context: Context, person: UUID) -> None:
    """Whoever could appoint two retention operators could have everything destroyed."""
    office = appoint_officer(context, system_command(), person_id=person, role=Role.RETENTION_OPERATOR).resource_id
    command = replace(system_command(), caller=Caller(person, "Ada Arkiv", 3), acting_as=UUID(office))
    with pytest.raises(Refusal, match="only-operator-appoints-officers"):
        appoint_officer(context, command, person_id=person, role=Role.AUDITOR)
    with pytest.raises(Refusal, match="only-operator-appoints-officers"):
        relieve_officer(context, command, relation_id=UUID(office))
