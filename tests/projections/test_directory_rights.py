"""The directory knows who else reads for a time, and from whom a protected identity is hidden."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from events.base import Role
from events.enrolment import GuardianUnlinked
from events.reading import (
    DelegationEnded,
    EmergencyAccessOpened,
    ProtectionKind,
    ProtectionLifted,
    ProtectionMarked,
    ReadDelegated,
)
from projections.directory import Directory
from projections.directory_projection import DirectoryProjection
from projections.runner import Runner
from store.database import Pool
from store.ledger import Ledger
from tests.aggregates.given import GUARDIAN, MENTOR, PRINCIPAL, PUPIL, SCHOOL, TEACHER, Story, an_id, day
from tests.projections.telling import SINCE, a_file, rel, tell

if TYPE_CHECKING:
    from aggregates.student_file import StudentFile

DELEGATE, OTHER_DELEGATE = an_id("delegate"), an_id("other delegate")
CONSENT, OTHER_CONSENT, EMERGENCY = an_id("consent"), an_id("other consent"), an_id("emergency")
CLOSES = datetime(2026, 9, 2, 8, 0, tzinfo=UTC)


@pytest.fixture(params=[1000, 1], ids=["in one batch", "event by event"])
def runner(request: pytest.FixtureRequest, ledger: Ledger, pool: Pool) -> Runner:
    """What folds, in one batch or event by event."""
    return Runner(pool, ledger, batch=request.param)


@pytest.fixture
def directory(pool: Pool, ledger: Ledger) -> Directory:
    """The queries."""
    return Directory(pool, ledger)


def _told(story: "Story[Any]", ledger: Ledger, runner: Runner) -> None:
    tell(ledger, story.past)
    runner.catch_up([DirectoryProjection()])


def _delegated() -> "Story[StudentFile]":
    story = a_file()
    for relation_id, person_id in ((CONSENT, DELEGATE), (OTHER_CONSENT, OTHER_DELEGATE)):
        story.given(
            ReadDelegated(
                relation_id=relation_id,
                person_id=person_id,
                name="Gerd",
                guardian_relation_id=rel(GUARDIAN),
                since=SINCE,
                until=day(12, 20),
            )
        )
    return story


def test_a_delegation_ends_by_itself_or_with_the_guardians_relation(
    ledger: Ledger, runner: Runner, directory: Directory
) -> None:
    """Each on the earlier of its own end and the guardian's, as in the file itself."""
    story = _delegated()
    story.given(DelegationEnded(relation_id=CONSENT, ended_on=day(9, 1)))
    story.given(GuardianUnlinked(relation_id=rel(GUARDIAN), ended_on=day(10, 1)))
    _told(story, ledger, runner)
    for person_id, last in ((DELEGATE, day(9, 1)), (OTHER_DELEGATE, day(10, 1)), (GUARDIAN.person_id, day(10, 1))):
        (found,) = directory.students_of(person_id)
        assert found.relation.ended_on == last
        assert story.state.relations[found.relation.id].ended_on == last
    assert directory.students_of(DELEGATE)[0].relation.role is Role.DELEGATE


def test_an_emergency_says_when_it_closes(ledger: Ledger, runner: Runner, directory: Directory) -> None:
    """To the moment, and by day for whoever looks at days alone."""
    story = a_file()
    opened = CLOSES - timedelta(hours=24)
    story.given(
        EmergencyAccessOpened(
            relation_id=EMERGENCY,
            person_id=PRINCIPAL.person_id,
            name="Rut",
            reason="Eleven är försvunnen sedan i går.",
            since=opened.date(),
            until=CLOSES.date(),
            expires_at=CLOSES,
        )
    )
    _told(story, ledger, runner)
    (found,) = directory.students_of(PRINCIPAL.person_id)
    assert (found.relation.role, found.relation.expires_at) == (Role.PRINCIPAL, CLOSES)
    assert found.relation.until == CLOSES.date()


@pytest.mark.requirement("S-SEC-2")
def test_a_protected_pupil_is_hidden_from_all_but_the_named(
    ledger: Ledger, runner: Runner, directory: Directory
) -> None:
    """In lists, and person by person; who is named by a later marking takes the place of who was named before."""
    story = a_file()
    kind = ProtectionKind.SECRECY_MARKING
    story.given(ProtectionMarked(kind=kind, readers=(TEACHER.person_id,)))
    story.given(ProtectionMarked(kind=kind, readers=(MENTOR.person_id,)))
    _told(story, ledger, runner)
    person_id = PUPIL.person_id

    def hidden(reader: Any, *, is_strong: bool = True) -> bool:  # noqa: ANN401 - an id
        return directory.hidden_from(reader, [person_id], is_strong=is_strong) == {person_id}

    assert not hidden(PUPIL.person_id)
    assert not hidden(MENTOR.person_id)
    assert hidden(MENTOR.person_id, is_strong=False)
    assert hidden(TEACHER.person_id)
    assert directory.students_of(TEACHER.person_id) == []
    assert [found.student.is_protected for found in directory.students_of(MENTOR.person_id)] == [True]
    assert len(directory.students_of(PUPIL.person_id)) == 1
    assert directory.students_of_school(SCHOOL) == []
    assert directory.students_of_school(SCHOOL, protected_for=TEACHER.person_id) == []
    assert len(directory.students_of_school(SCHOOL, protected_for=MENTOR.person_id)) == 1
    assert len(directory.students_of_school(SCHOOL, with_protected=True)) == 1


def test_a_lifted_protection_hides_nothing_and_names_nobody(
    ledger: Ledger, runner: Runner, directory: Directory
) -> None:
    """Nor is anybody named by it when the identity is protected again."""
    story = a_file()
    kind = ProtectionKind.PROTECTED_REGISTRATION
    story.given(ProtectionMarked(kind=kind, readers=(MENTOR.person_id,)), ProtectionLifted(reason="Upphört"))
    _told(story, ledger, runner)
    assert directory.hidden_from(TEACHER.person_id, [PUPIL.person_id], is_strong=False) == set()
    assert len(directory.students_of_school(SCHOOL)) == 1
    again = a_file("Nils Ek")
    again.given(ProtectionMarked(kind=kind), ProtectionLifted(reason="Upphört"), ProtectionMarked(kind=kind))
    _told(again, ledger, runner)
    assert again.state.protection is not None
    assert len(directory.students_of_school(SCHOOL, protected_for=MENTOR.person_id)) == 1
