"""Who else reads for a time, and protected identity: what the file says of them (G-17, S-ROL-10, S-SEC-2)."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from aggregates import enrolment, reading
from aggregates.errors.enrolment import (
    DelegationTooLong,
    IdentityNotProtected,
    ReasonTooShort,
    RelationAlreadyExists,
    RelationEndsBeforeItStarts,
    RelationNotFound,
    RelationToOneself,
)
from events.base import Actor, Event, Role
from events.reading import DelegationEnded, EmergencyAccessOpened, ProtectionKind, ProtectionMarked, ReadDelegated
from tests.aggregates.given import (
    ADMINISTRATOR,
    GUARDIAN,
    MENTOR,
    OTHER_GUARDIAN,
    PRINCIPAL,
    PUPIL,
    Details,
    FileStory,
    a_relation,
    an_actor,
    an_id,
    day,
    enrolled,
    only,
    with_people,
)

DELEGATE = an_actor("Gerd Farmor", Role.DELEGATE)
TODAY, UNTIL = day(9, 1), day(12, 20)
OPENED = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


def rel(actor: Actor) -> UUID:
    """The relation an actor acts in."""
    assert actor.relation_id is not None
    return actor.relation_id


def a_delegation(**details: object) -> Details:
    """What a guardian's consent needs."""
    usual: Details = {
        "relation_id": DELEGATE.relation_id,
        "person_id": DELEGATE.person_id,
        "name": DELEGATE.name,
        "until": UNTIL,
        "today": TODAY,
        "longest": timedelta(days=365),
        "by": GUARDIAN,
    }
    return usual | details


def an_emergency(**details: object) -> Details:
    """What opening a file out of turn needs."""
    usual: Details = {
        "relation_id": an_id("emergency"),
        "reason": "Eleven är försvunnen sedan i går kväll.",
        "since": TODAY,
        "until": TODAY + timedelta(days=1),
        "at": OPENED,
        "expires_at": OPENED + timedelta(hours=24),
        "by": PRINCIPAL,
    }
    return usual | details


def _delegated() -> FileStory:
    story = with_people()
    story.when(reading.delegate_reading, **a_delegation())
    return story


def _reads(story: FileStory, on: date) -> bool:
    return bool(story.state.relations_of(DELEGATE.person_id, on=on))


def test_another_adult_reads_by_a_guardians_consent_until_the_day_that_was_said() -> None:
    """From the day of consent to the last day, both included."""
    story = with_people()
    given = only(story.when(reading.delegate_reading, **a_delegation()))
    assert given == ReadDelegated(
        relation_id=rel(DELEGATE),
        person_id=DELEGATE.person_id,
        name=DELEGATE.name,
        guardian_relation_id=rel(GUARDIAN),
        since=TODAY,
        until=UNTIL,
    )
    days = (TODAY - timedelta(days=1), TODAY, UNTIL, UNTIL + timedelta(days=1))
    assert [_reads(story, on) for on in days] == [False, True, True, False]


def test_consent_has_an_end_that_is_not_far_away() -> None:
    """A year by default; not before today, not beyond the guardian's own right, not twice, not to the pupil."""
    story = with_people()
    longest = TODAY + timedelta(days=365)
    story.refuses(DelegationTooLong, reading.delegate_reading, **a_delegation(until=longest + timedelta(days=1)))
    story.refuses(
        DelegationTooLong, reading.delegate_reading, **a_delegation(longest=timedelta(days=30), until=day(10, 2))
    )
    story.refuses(RelationEndsBeforeItStarts, reading.delegate_reading, **a_delegation(until=day(8, 31)))
    story.refuses(RelationToOneself, reading.delegate_reading, **a_delegation(person_id=PUPIL.person_id))
    story.refuses(RelationNotFound, reading.delegate_reading, **a_delegation(by=_unrelated()))
    assert story.decide(reading.delegate_reading, **a_delegation(until=longest))
    story.when(reading.delegate_reading, **a_delegation())
    story.refuses(RelationAlreadyExists, reading.delegate_reading, **a_delegation(relation_id=an_id("again")))
    short = enrolled()
    short.when(enrolment.start_relation, by=ADMINISTRATOR, **a_relation(GUARDIAN, until=day(10, 1)))
    short.refuses(DelegationTooLong, reading.delegate_reading, **a_delegation(until=day(10, 2)))


def _unrelated() -> Actor:
    return an_actor("Ingen", Role.GUARDIAN)


@pytest.mark.parametrize("by", [GUARDIAN, OTHER_GUARDIAN, DELEGATE])
def test_a_guardian_or_the_adult_ends_it_at_once(by: Actor) -> None:
    """From today it gives nothing."""
    story = _delegated()
    ended = only(story.when(reading.end_delegation, relation_id=DELEGATE.relation_id, today=day(9, 8), by=by))
    assert ended == DelegationEnded(relation_id=rel(DELEGATE), ended_on=day(9, 8))
    assert _reads(story, day(9, 7))
    assert not _reads(story, day(9, 8))
    story.refuses(
        RelationNotFound, reading.end_delegation, relation_id=DELEGATE.relation_id, today=day(9, 9), by=GUARDIAN
    )


def test_only_a_delegation_is_ended_so_and_by_the_adult_only_the_own() -> None:
    """A mentor's relation is not a delegation; one delegate does not end another's. The administration ends any."""
    story = _delegated()
    other = an_actor("Nils Farfar", Role.DELEGATE)
    for relation_id, by in ((MENTOR.relation_id, GUARDIAN), (DELEGATE.relation_id, other), (an_id("none"), GUARDIAN)):
        story.refuses(RelationNotFound, reading.end_delegation, relation_id=relation_id, today=day(9, 8), by=by)
    ended: list[Event] = story.when(
        enrolment.end_relation, relation_id=DELEGATE.relation_id, on=day(9, 8), by=ADMINISTRATOR
    )
    assert isinstance(only(ended), DelegationEnded)


@pytest.mark.parametrize("ended_on", [day(8, 30), day(9, 1), day(10, 1)])
def test_what_a_guardian_gave_ends_with_the_guardians_own_right(ended_on: date) -> None:
    """Also where the end is told afterwards; what another guardian gave goes on."""
    story = _delegated()
    other = an_actor("Nils Farfar", Role.DELEGATE)
    theirs = {"person_id": other.person_id, "relation_id": other.relation_id, "by": OTHER_GUARDIAN}
    story.when(reading.delegate_reading, **a_delegation(**theirs))
    story.when(enrolment.end_relation, relation_id=GUARDIAN.relation_id, on=ended_on, by=ADMINISTRATOR)
    assert not _reads(story, max(ended_on, TODAY))
    assert _reads(story, TODAY) is (ended_on > TODAY)
    assert story.state.relations_of(other.person_id, on=UNTIL)


def test_a_delegation_that_had_ended_does_not_come_back_when_the_guardian_goes_later() -> None:
    """The earlier day holds."""
    story = _delegated()
    story.when(reading.end_delegation, relation_id=DELEGATE.relation_id, today=day(9, 8), by=GUARDIAN)
    story.when(enrolment.end_relation, relation_id=GUARDIAN.relation_id, on=day(10, 1), by=ADMINISTRATOR)
    assert not _reads(story, day(9, 8))


def test_a_principal_opens_a_file_out_of_turn_for_a_reason_and_a_day() -> None:
    """A sentence, not a word; once at a time, and again when it has closed."""
    story = with_people()
    story.refuses(ReasonTooShort, reading.open_in_emergency, **an_emergency(reason="Bråttom, sade de."))
    opened = only(story.when(reading.open_in_emergency, **an_emergency()))
    assert isinstance(opened, EmergencyAccessOpened)
    assert (opened.person_id, opened.expires_at) == (PRINCIPAL.person_id, OPENED + timedelta(hours=24))
    (relation,) = story.state.relations_of(PRINCIPAL.person_id, on=TODAY)
    assert relation.expires_at == opened.expires_at
    assert story.state.relations_of(PRINCIPAL.person_id, on=TODAY + timedelta(days=2)) == []
    later = {"relation_id": an_id("later")}
    story.refuses(RelationAlreadyExists, reading.open_in_emergency, **an_emergency(**later))
    assert story.decide(reading.open_in_emergency, **an_emergency(**later, at=opened.expires_at))


def test_a_protected_identity_is_shown_to_the_pupil_and_the_named() -> None:
    """Naming others replaces who was named; saying the same again changes nothing; lifting needs one to lift."""
    story = with_people()
    assert story.state.names(MENTOR.person_id)
    story.refuses(IdentityNotProtected, reading.lift_protection, reason="Klart")
    readers = (MENTOR.person_id, PUPIL.person_id, GUARDIAN.person_id, MENTOR.person_id)
    kind = ProtectionKind.PROTECTED_REGISTRATION
    marked = only(story.when(reading.mark_protection, kind=kind, readers=readers))
    assert isinstance(marked, ProtectionMarked)
    assert set(marked.readers) == {MENTOR.person_id, GUARDIAN.person_id}
    assert story.decide(reading.mark_protection, kind=kind, readers=readers[:3]) == []
    story.when(reading.mark_protection, kind=kind, readers=(MENTOR.person_id,))
    shown = {who: story.state.names(who.person_id) for who in (PUPIL, MENTOR, GUARDIAN, PRINCIPAL)}
    assert [shown[who] for who in (PUPIL, MENTOR, GUARDIAN, PRINCIPAL)] == [True, True, False, False]
    story.when(reading.lift_protection, reason="Markeringen har upphört.")
    assert story.state.names(PRINCIPAL.person_id)
