"""One pupil's file (elevakt): its state, and how each event changes it. Decisions stand in the modules beside."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import assert_never, get_args
from uuid import UUID, uuid5

from typing_extensions import TypeIs

from aggregates.file_retention import FileRetention, RetentionEvent, evolve_retention
from aggregates.period import holds
from aggregates.plan import Plan, PlanEvent, PlanState, evolve_plan, plan_from
from events.base import Recorded, Role
from events.enrolment import (
    EducatorAssigned,
    EducatorUnassigned,
    GradeEntered,
    GroupJoined,
    GroupLeft,
    GuardianLinked,
    GuardianUnlinked,
    MentorAssigned,
    MentorUnassigned,
    SchoolingEndCorrected,
    SchoolingEnded,
    SchoolingEndWithdrawn,
    StudentEnrolled,
    StudentReenrolled,
    StudentRenamed,
    StudentTransferred,
    TeacherAssigned,
    TeacherUnassigned,
)
from events.free_text import FreeTextWarningShown
from events.goals import LearningNotePosted
from events.plan import PlanStarted
from events.reading import (
    DelegationEnded,
    EmergencyAccessOpened,
    ProtectionKind,
    ProtectionLifted,
    ProtectionMarked,
    ReadDelegated,
)
from events.retention import RetentionHeld, RetentionReleased, RetentionReviewed

RelationStarted = GuardianLinked | TeacherAssigned | MentorAssigned | EducatorAssigned
RelationEnded = GuardianUnlinked | TeacherUnassigned | MentorUnassigned | EducatorUnassigned | DelegationEnded
ReadingEvent = ReadDelegated | EmergencyAccessOpened | ProtectionMarked | ProtectionLifted
EnrolmentEvent = (
    StudentRenamed
    | StudentTransferred
    | GradeEntered
    | RelationStarted
    | RelationEnded
    | GroupJoined
    | GroupLeft
    | SchoolingEnded
    | SchoolingEndCorrected
    | SchoolingEndWithdrawn
    | StudentReenrolled
    | ReadingEvent
    | RetentionEvent
)
StudentFileEvent = (
    StudentEnrolled | EnrolmentEvent | PlanStarted | PlanEvent | LearningNotePosted | FreeTextWarningShown
)
"""Every event of a pupil's file."""

_ENROLMENT = frozenset(get_args(EnrolmentEvent))

RELATION_ROLE: dict[type[RelationStarted], Role] = {
    GuardianLinked: Role.GUARDIAN,
    TeacherAssigned: Role.TEACHER,
    MentorAssigned: Role.MENTOR,
    EducatorAssigned: Role.EDUCATOR,
}


@dataclass(frozen=True, slots=True)
class Relation:
    """A person's part towards the pupil, held from `since` to `until` (both included) and before `ended_on`."""

    id: UUID
    person_id: UUID
    role: Role
    name: str
    since: date
    until: date | None = None
    ended_on: date | None = None
    subjects: tuple[str, ...] = ()
    delegated_by: UUID | None = None
    """The guardian's relation that lets a delegate read."""
    expires_at: datetime | None = None
    """The moment (UTC) at which an emergency reading closes; such a relation gives reading and nothing else."""

    def holds(self, on: date) -> bool:
        """Whether it gives anything on this day (Europe/Stockholm); one that ended yesterday gives nothing."""
        return holds(self, on)


@dataclass(frozen=True, slots=True)
class LearningNote:
    """A note in the pupil's learning blog."""

    event: LearningNotePosted
    at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Protection:
    """That the pupil's identity is protected, and who beside the pupil sees it."""

    kind: ProtectionKind
    readers: frozenset[UUID]


def student_file_id(person_id: UUID) -> UUID:
    """The id of a person's file as a pupil: each pupil has exactly one (S-GEN-1)."""
    return uuid5(person_id, "student_file")


def own_relation_id(person_id: UUID) -> UUID:
    """The id of the relation a pupil has to the own file: what the pupil names in `as`."""
    return uuid5(person_id, "pupil")


@dataclass(slots=True)
class StudentFile:
    """Everything about one pupil's plans.

    `subject_id` is the file itself, whose key seals it: it is destroyed without the account of a pupil who has become
    a guardian or a teacher meanwhile. `person_id` is the pupil as a person; `version` counts events from 1.
    """

    id: UUID
    subject_id: UUID
    person_id: UUID
    version: int
    name: str
    school_id: UUID
    grade: int
    enrolled_on: date
    """The day of the latest enrolment."""
    relations: dict[UUID, Relation] = field(default_factory=dict)
    groups: dict[UUID, date] = field(default_factory=dict)
    """The groups the pupil is in now, and since when."""
    plans: dict[UUID, Plan] = field(default_factory=dict)
    notes: dict[UUID, LearningNote] = field(default_factory=dict)
    schooling_ended: SchoolingEnded | None = None
    retention: FileRetention = field(default_factory=FileRetention)
    protection: Protection | None = None
    warnings_shown: int = 0
    """How often somebody was warned of a free text and saved it as it was (S-FRE-5)."""

    @property
    def current_plan(self) -> Plan | None:
        """The plan that is not archived, if there is one."""
        for plan in reversed(self.plans.values()):
            if plan.state is not PlanState.ARCHIVED:
                return plan
        return None

    def relations_of(self, person_id: UUID, *, on: date) -> list[Relation]:
        """What the person is to the pupil on this day, the pupil's own relation included."""
        return [r for r in self.relations.values() if r.person_id == person_id and r.holds(on)]

    def names(self, person_id: UUID) -> bool:
        """Whether a protected identity is shown to the person: the pupil, and those named at the marking."""
        return self.protection is None or person_id == self.person_id or person_id in self.protection.readers


def evolve(file: StudentFile | None, recorded: Recorded[StudentFileEvent]) -> StudentFile:
    """The file after one more event. The state is changed in place: it belongs to whoever folds."""
    event = recorded.event
    if isinstance(event, StudentEnrolled):
        return _enrolled(event, recorded)
    if file is None:
        msg = f"the first event of a pupil's file is not {event.code}"
        raise ValueError(msg)
    file.version = recorded.originator_version
    match event:
        case PlanStarted():
            file.plans[event.plan_id] = plan_from(recorded)  # type: ignore[arg-type]  # narrowed by the case
        case FreeTextWarningShown():
            file.warnings_shown += 1
        case LearningNotePosted():
            file.notes[event.note_id] = LearningNote(event, recorded.at, recorded.originator_version)
        case _:
            if _is_enrolment(event):
                _evolve_enrolment(file, event)
            else:
                evolve_plan(file.plans[event.plan_id], event, recorded)  # type: ignore[arg-type]  # narrowed above
    return file


def _is_enrolment(event: EnrolmentEvent | PlanEvent) -> TypeIs[EnrolmentEvent]:
    """One look in a set; fifteen cases tried before each event of a plan made a fold half again as slow."""
    return type(event) in _ENROLMENT


def fold(file: StudentFile | None, events: Iterable[Recorded[StudentFileEvent]]) -> StudentFile | None:
    """The file after these events; None where there are none. What the repository calls to load a file."""
    for recorded in events:
        file = evolve(file, recorded)
    return file


def _enrolled(event: StudentEnrolled, recorded: Recorded[StudentFileEvent]) -> StudentFile:
    own = Relation(own_relation_id(event.person_id), event.person_id, Role.PUPIL, event.name, event.enrolled_on)
    return StudentFile(
        id=recorded.originator_id,
        subject_id=recorded.subject_id,
        person_id=event.person_id,
        version=recorded.originator_version,
        name=event.name,
        school_id=event.school_id,
        grade=event.grade,
        enrolled_on=event.enrolled_on,
        relations={own.id: own},
    )


def _evolve_enrolment(file: StudentFile, event: EnrolmentEvent) -> None:
    match event:
        case GuardianLinked() | TeacherAssigned() | MentorAssigned() | EducatorAssigned():
            file.relations[event.relation_id] = Relation(
                id=event.relation_id,
                person_id=event.person_id,
                role=RELATION_ROLE[type(event)],
                name=event.name,
                since=event.since,
                until=event.until,
                subjects=event.subjects if isinstance(event, TeacherAssigned) else (),
            )
        case GuardianUnlinked() | TeacherUnassigned() | MentorUnassigned() | EducatorUnassigned() | DelegationEnded():
            _end(file, event)
        case ReadDelegated() | EmergencyAccessOpened() | ProtectionMarked() | ProtectionLifted():
            _evolve_reading(file, event)
        case StudentRenamed():
            file.name = event.name
            own = own_relation_id(file.person_id)
            file.relations[own] = replace(file.relations[own], name=event.name)
        case StudentTransferred():
            file.school_id = event.school_id
        case GradeEntered():
            file.grade = event.grade
        case GroupJoined():
            file.groups[event.group_id] = event.joined_on
        case GroupLeft():
            file.groups.pop(event.group_id, None)
        case RetentionHeld() | RetentionReleased() | RetentionReviewed():
            evolve_retention(file.retention, event)
        case SchoolingEnded() | SchoolingEndCorrected() | SchoolingEndWithdrawn() | StudentReenrolled():
            _evolve_schooling(file, event)
        case _:
            assert_never(event)


def _evolve_schooling(
    file: StudentFile, event: SchoolingEnded | SchoolingEndCorrected | SchoolingEndWithdrawn | StudentReenrolled
) -> None:
    """The end of schooling, and what was decided on the ground of another end is decided no more."""
    file.retention.review = None
    match event:
        case SchoolingEnded():
            file.schooling_ended = event
        case SchoolingEndCorrected():
            file.schooling_ended = SchoolingEnded(cause=event.cause, ended_on=event.ended_on)
        case SchoolingEndWithdrawn():
            file.schooling_ended = None
        case StudentReenrolled():
            file.schooling_ended = None
            file.school_id, file.grade, file.enrolled_on = event.school_id, event.grade, event.reenrolled_on
        case _:
            assert_never(event)


def _end(file: StudentFile, event: RelationEnded) -> None:
    """End the relation, and with a guardian's the delegations that came from it."""
    for relation in list(file.relations.values()):
        goes_with_it = relation.delegated_by == event.relation_id and event.ended_on < (relation.ended_on or date.max)
        if relation.id == event.relation_id or goes_with_it:
            file.relations[relation.id] = replace(relation, ended_on=event.ended_on)


def _evolve_reading(file: StudentFile, event: ReadingEvent) -> None:
    match event:
        case ReadDelegated():
            file.relations[event.relation_id] = Relation(
                id=event.relation_id,
                person_id=event.person_id,
                role=Role.DELEGATE,
                name=event.name,
                since=event.since,
                until=event.until,
                delegated_by=event.guardian_relation_id,
            )
        case EmergencyAccessOpened():
            file.relations[event.relation_id] = Relation(
                id=event.relation_id,
                person_id=event.person_id,
                role=Role.PRINCIPAL,
                name=event.name,
                since=event.since,
                until=event.until,
                expires_at=event.expires_at,
            )
        case ProtectionMarked():
            file.protection = Protection(event.kind, frozenset(event.readers))
        case ProtectionLifted():
            file.protection = None
        case _:
            assert_never(event)
