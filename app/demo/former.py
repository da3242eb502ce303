"""The demo's pupils who left more than five years ago, and the officers: what there is to dispose of, and by whom."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from aggregates.student_file import student_file_id
from app.demo.calendar import SchoolYear, term_under_way, whole_years
from app.demo.cast import Adult, Cast, Former, Story
from app.demo.meeting import hold_conversation
from app.demo.preparation import Window, prepare
from app.demo.school_life import SchoolLife, start_plan, terms
from app.local import system_command
from commands import enrolment, persons, schools
from commands.context import STOCKHOLM, Answer, Caller, Command, Context
from commands.holds import hold_file
from commands.officers import appoint_officer
from commands.schedules import adopt_default_profile
from events.base import Role
from events.enrolment import SchoolingEndCause
from events.retention import HoldGround

YEARS_AGO = 6
"""How many school years before the last whole one they went."""
LEVEL = 3
OFFICES = {"operator": Role.RETENTION_OPERATOR, "second-operator": Role.RETENTION_OPERATOR, "auditor": Role.AUDITOR}
_SHARE = 0.2
_LAST_GRADE = 9
_SUBJECT = "GRGRIDR01"
_MANY = 3


@dataclass(frozen=True, slots=True)
class Past:
    """What is played: in which ledger, by which cast; `now` is the moment at which the demo ends."""

    context: Context
    cast: Cast
    life: SchoolLife
    now: datetime

    @property
    def last(self) -> SchoolYear:
        """The last whole school year."""
        return whole_years(self._today, 1)[0]

    @property
    def year(self) -> SchoolYear:
        """The school year that was the former pupils' last."""
        return SchoolYear(self.last.begins_in - YEARS_AGO)

    @property
    def _today(self) -> date:
        return self.now.astimezone(STOCKHOLM).date()

    @property
    def school_id(self) -> UUID:
        """The school that they went to."""
        return self.life.ids.school(self.cast.schools[0].id)

    def at(self, day: date) -> Command:
        """A command of whoever runs Liggare, on a day."""
        return system_command(datetime(day.year, day.month, day.day, 9, tzinfo=STOCKHOLM).astimezone(UTC))


def play_past(past: Past) -> int:
    """Let the former pupils go to school and leave it, and the officers take office; the number of commands."""
    commands = sum(_live(past, former) for former in past.cast.former)
    offices = {part: _appointed(past, part, officer) for part, officer in past.cast.officers.items()}
    since, operator = past.last.first_day, past.cast.officers["operator"]

    def decide(command: Callable[..., Answer], **what: Any) -> None:  # noqa: ANN401 - what the command takes
        command(past.context, _by(past, operator, offices["operator"]), **what)

    decision = f"Barn- och utbildningsnämnden {since:%Y-%m-%d} § 47"
    decide(adopt_default_profile, decision_reference=decision, valid_from=since)
    for former in past.cast.former:
        if former.story is Story.HELD:
            decide(
                hold_file,
                student_id=student_file_id(past.life.person_id(former.pupil.id)),
                ground=HoldGround.RESEARCH,
                authority="Etikprövningsmyndigheten",
                reference="Dnr 2026-00417-01",
                reason="Akten ingår i en studie av skolans uppföljning som pågår till och med nästa läsår.",
            )
    return commands + 2 * len(offices) + 2


def _live(past: Past, former: Former) -> int:
    """One former pupil: a plan in the last year, and how school ended; the number of commands."""
    year, spring, last_day = past.year, terms(past.year)[1], past.year.last_day
    person_id, guardian_id = past.life.person_id(former.pupil.id), past.life.person_id(former.guardian.id)
    for known, name in ((person_id, former.pupil.name), (guardian_id, former.guardian.name)):
        names = {"given_name": name.given, "family_name": name.family}
        persons.register_person(past.context, past.at(year.first_day), person_id=known, **names)
    is_back = former.story is Story.BACK
    grade = _LAST_GRADE - YEARS_AGO - 1 if is_back else _LAST_GRADE
    answer = enrolment.enrol_student(
        past.context, past.at(year.first_day), person_id=person_id, school_id=past.school_id, grade=grade
    )
    student_id = UUID(answer.resource_id)
    mentor = past.life.person_id(past.cast.schools[0].forms[0].mentor.id)
    for adult, role in ((mentor, Role.MENTOR), (guardian_id, Role.GUARDIAN)):
        _relate(past, student_id, adult, role, since=year.first_day, until=last_day)
    scribe = past.life.scribe(past.cast.schools[0], former.pupil)
    start_plan(scribe, year, spring)
    prepare(scribe, Window(spring.start + timedelta(days=5), spring.prepared, share=_SHARE))
    hold_conversation(scribe, spring.talks)
    cause, ended_on = _end(former, last_day)
    enrolment.end_schooling(past.context, past.at(ended_on), student_id=student_id, cause=cause, on=ended_on)
    after = _STORIES.get(former.story)
    return 6 + (after(past, student_id, person_id, guardian_id) if after else 0)


def _relate(
    past: Past,
    student_id: UUID,
    person_id: UUID,
    role: Role,
    *,
    since: date,
    until: date | None = None,
    subjects: tuple[str, ...] = (),
) -> None:
    enrolment.start_relation(
        past.context,
        past.at(since),
        student_id=student_id,
        person_id=person_id,
        role=role,
        until=until,
        subjects=subjects,
    )


def _end(former: Former, last_day: date) -> tuple[SchoolingEndCause, date]:
    if former.story is Story.DECEASED:
        return SchoolingEndCause.DECEASED, last_day - timedelta(days=40)
    return (SchoolingEndCause.ABROAD if former.story is Story.BACK else SchoolingEndCause.COMPLETED), last_day


def _come_back(past: Past, student_id: UUID, person_id: UUID, guardian_id: UUID) -> int:  # noqa: ARG001 - as the others
    """The family has moved home; the pupil goes to school again."""
    year = term_under_way(past.now.astimezone(STOCKHOLM).date()) or past.last
    grade = _LAST_GRADE - past.last.begins_in - 1 + year.begins_in
    enrolment.reenrol_student(
        past.context, past.at(year.first_day), student_id=student_id, school_id=past.school_id, grade=grade
    )
    mentor = past.life.person_id(past.cast.schools[0].forms[-1].mentor.id)
    for adult, role in ((mentor, Role.MENTOR), (guardian_id, Role.GUARDIAN)):
        _relate(past, student_id, adult, role, since=year.first_day)
    return 3


def _teach(past: Past, student_id: UUID, person_id: UUID, guardian_id: UUID) -> int:  # noqa: ARG001 - as the others
    """The former pupil works at the school now, and keeps the account when the file goes."""
    command = past.at(past.last.first_day)
    schools.grant_role(past.context, command, school_id=past.school_id, person_id=person_id, role=Role.STAFF)
    taught = past.cast.schools[0].forms[-1].pupils[:_MANY]
    for pupil in taught:
        file_id = student_file_id(past.life.person_id(pupil.id))
        _relate(past, file_id, person_id, Role.TEACHER, since=past.last.last_day, subjects=(_SUBJECT,))
    return 1 + len(taught)


_STORIES: dict[Story, Callable[[Past, UUID, UUID, UUID], int]] = {Story.BACK: _come_back, Story.TEACHES: _teach}
"""What became of those of whom something became."""


def _appointed(past: Past, part: str, officer: Adult) -> UUID:
    person_id, since = past.life.person_id(officer.id), past.last.first_day
    names = {"given_name": officer.name.given, "family_name": officer.name.family}
    persons.register_person(past.context, past.at(since), person_id=person_id, **names)
    answer = appoint_officer(past.context, past.at(since), person_id=person_id, role=OFFICES[part])
    return UUID(answer.resource_id)


def _by(past: Past, officer: Adult, office: UUID) -> Command:
    return Command(
        caller=Caller(past.life.person_id(officer.id), str(officer.name), LEVEL),
        acting_as=office,
        command_id=uuid4(),
        body_hash=b"",
        correlation_id=uuid4(),
        at=past.now,
    )
