"""The pupil's file: that it exists, which school, groups and people it has, and how schooling ended."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from events.base import Event
from events.text import Code, Name, Prose


class SchoolingEndCause(StrEnum):
    """Why a pupil left compulsory school; the disposal schedule is chosen by it (G-8, G-21)."""

    COMPLETED = "completed"
    MOVED = "moved"
    INDEPENDENT_SCHOOL = "independent_school"
    ABROAD = "abroad"
    DECEASED = "deceased"
    OTHER = "other"


class StudentEnrolled(Event):
    """The pupil's one file (elevakt) was opened at a school (S-GEN-1)."""

    code: ClassVar[str] = "student_enrolled.v1"
    person_id: UUID
    name: Name
    school_id: UUID
    grade: int = Field(ge=-5, le=10)
    """School year: 0 is F-klass, 1-9 compulsory school, below 0 preschool."""
    enrolled_on: date


class StudentRenamed(Event):
    """The pupil has another name from now on; earlier events keep the name they were made under."""

    code: ClassVar[str] = "student_renamed.v1"
    name: Name


class StudentTransferred(Event):
    """The pupil goes to another school; the file follows the pupil (S-GEN-4)."""

    code: ClassVar[str] = "student_transferred.v1"
    school_id: UUID
    transferred_on: date


class GradeEntered(Event):
    """The pupil goes in another school year from this date."""

    code: ClassVar[str] = "grade_entered.v1"
    grade: int = Field(ge=-5, le=10)
    entered_on: date


class GuardianLinked(Event):
    """A guardian (vårdnadshavare) has a relation to the pupil."""

    code: ClassVar[str] = "guardian_linked.v1"
    relation_id: UUID
    person_id: UUID
    name: Name
    since: date
    until: date | None = None


class GuardianUnlinked(Event):
    """The guardian's relation ended; it gives nothing from this date."""

    code: ClassVar[str] = "guardian_unlinked.v1"
    relation_id: UUID
    ended_on: date


class TeacherAssigned(Event):
    """A teacher (undervisande lärare) teaches the pupil these subjects (syllabus subject codes)."""

    code: ClassVar[str] = "teacher_assigned.v1"
    relation_id: UUID
    person_id: UUID
    name: Name
    subjects: tuple[Code, ...]
    since: date
    until: date | None = None


class TeacherUnassigned(Event):
    """The teacher no longer teaches the pupil."""

    code: ClassVar[str] = "teacher_unassigned.v1"
    relation_id: UUID
    ended_on: date


class MentorAssigned(Event):
    """The pupil has this mentor."""

    code: ClassVar[str] = "mentor_assigned.v1"
    relation_id: UUID
    person_id: UUID
    name: Name
    since: date
    until: date | None = None


class MentorUnassigned(Event):
    """The person is no longer the pupil's mentor."""

    code: ClassVar[str] = "mentor_unassigned.v1"
    relation_id: UUID
    ended_on: date


class EducatorAssigned(Event):
    """An educator (pedagog) in preschool or F-klass works with the pupil (S-ROL-5)."""

    code: ClassVar[str] = "educator_assigned.v1"
    relation_id: UUID
    person_id: UUID
    name: Name
    since: date
    until: date | None = None


class EducatorUnassigned(Event):
    """The educator no longer works with the pupil."""

    code: ClassVar[str] = "educator_unassigned.v1"
    relation_id: UUID
    ended_on: date


class GroupJoined(Event):
    """The pupil belongs to a class or teaching group."""

    code: ClassVar[str] = "group_joined.v1"
    group_id: UUID
    joined_on: date


class GroupLeft(Event):
    """The pupil no longer belongs to the group."""

    code: ClassVar[str] = "group_left.v1"
    group_id: UUID
    left_on: date


class SchoolingEnded(Event):
    """The pupil's compulsory schooling ended on this day, for this cause (G-8, G-21)."""

    code: ClassVar[str] = "schooling_ended.v1"
    cause: SchoolingEndCause
    ended_on: date


class SchoolingEndCorrected(Event):
    """The day or cause on record of the end of schooling was wrong; these are right (G-8)."""

    code: ClassVar[str] = "schooling_end_corrected.v1"
    cause: SchoolingEndCause
    ended_on: date
    reason: Prose


class SchoolingEndWithdrawn(Event):
    """Schooling had not ended at all: the record of it was a mistake, and the pupil has been here all along."""

    code: ClassVar[str] = "schooling_end_withdrawn.v1"
    reason: Prose


class StudentReenrolled(Event):
    """A pupil whose schooling had ended came back; the file goes on."""

    code: ClassVar[str] = "student_reenrolled.v1"
    school_id: UUID
    grade: int = Field(ge=-5, le=10)
    reenrolled_on: date
