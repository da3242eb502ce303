"""What the scopes of a program let it do, without any ledger."""

from uuid import UUID

import pytest

from access.actions import Action
from access.decide import Grant
from access.errors import SchoolNotFound, ScopeNotGranted, StudentNotFound
from access.scopes import OF_ONE_SCHOOL, SCOPE_FOR, ClientGrant, Scope, permit_client, permit_client_on_file
from events.base import Role

SCHOOL, OTHER = UUID(int=1), UUID(int=2)


def program(*scopes: Scope, school: UUID | None = SCHOOL) -> ClientGrant:
    """A program with these scopes."""
    return ClientGrant(UUID(int=9), "Provprogrammet", frozenset(scopes), school, "Prov")


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("scope", Scope)
def test_a_program_does_what_one_of_its_scopes_says_and_nothing_else(scope: Scope, action: Action) -> None:
    """Every scope with every action: reading, the roster, and nothing that is for persons alone."""
    may = (scope, action) in {
        (Scope.SCHOOL_READ, Action.READ_FILE),
        (Scope.SCHOOL_READ, Action.READ_SCHOOL),
        (Scope.SCHOOL_WRITE, Action.MANAGE_ROSTER),
    }
    grant = program(scope)
    if may:
        assert permit_client(action, grant, SCHOOL) == Grant(Role.CLIENT)
        assert permit_client_on_file(action, grant, SCHOOL, is_protected=False) == Grant(Role.CLIENT)
        return
    with pytest.raises(ScopeNotGranted):
        permit_client(action, grant, SCHOOL)
    with pytest.raises(ScopeNotGranted):
        permit_client_on_file(action, grant, SCHOOL, is_protected=False)


@pytest.mark.parametrize("action", SCOPE_FOR)
def test_a_program_of_one_school_knows_of_no_other(action: Action) -> None:
    """Nor does one without a school know of any."""
    for grant, school in ((program(*Scope), OTHER), (program(*Scope, school=None), SCHOOL)):
        with pytest.raises(SchoolNotFound):
            permit_client(action, grant, school)
        with pytest.raises(StudentNotFound):
            permit_client_on_file(action, grant, school, is_protected=False)
    with pytest.raises(SchoolNotFound):
        permit_client(action, program(*Scope, school=None), None)


@pytest.mark.parametrize("action", SCOPE_FOR)
def test_a_protected_identity_is_there_for_no_program(action: Action) -> None:
    """It is shown to persons who were named."""
    with pytest.raises(StudentNotFound):
        permit_client_on_file(action, program(*Scope), SCHOOL, is_protected=True)


def test_what_lets_a_program_do_something_is_for_one_school() -> None:
    """No scope reaches pupils' files or the roster of every school."""
    assert set(SCOPE_FOR.values()) <= OF_ONE_SCHOOL
