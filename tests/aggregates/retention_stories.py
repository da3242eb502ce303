"""Stories of schedules, holds and disposal runs, and who meets each of their refusals."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from aggregates import disposal_run, enrolment, holds, municipality, retention_policy
from aggregates.disposal_run import DisposalRun
from aggregates.errors import Refusal
from aggregates.errors import municipality as municipality_errors
from aggregates.errors import retention as errors
from aggregates.municipality import Municipality
from aggregates.retention_policy import RetentionPolicy, Schedule
from events.base import Event, Role
from events.enrolment import SchoolingEndCause
from events.retention import DisposalAction, DocumentClass, HoldGround, ReviewOutcome, SkipReason
from tests.aggregates.given import ADMINISTRATOR, Details, FileStory, Story, an_actor, an_id, day, enrolled

OPERATOR = an_actor("Ada Arkiv", Role.RETENTION_OPERATOR)
OTHER_OPERATOR = an_actor("Bo Arkiv", Role.RETENTION_OPERATOR)
REGISTRAR = an_actor("Rita Diarie", Role.REGISTRAR)
MUNICIPALITY = municipality.municipality_id("liggare")
POLICY, RUN, OTHER_RUN = an_id("policy"), an_id("run"), an_id("another run")
SCHEDULE, HOLD, OFFICE = an_id("schedule"), an_id("hold"), an_id("office")
PLAN_HASH, OTHER_HASH = "0a" * 32, "0b" * 32
ENDED_ON = day(6, 12)
A_HOLD: Details = {
    "hold_id": HOLD,
    "ground": HoldGround.APPEAL,
    "authority": "Kammarrätten i Sundsvall",
    "reference": "Mål 1234-26",
    "reason": "Utlämnandet är överklagat.",
}
A_RELEASE: Details = {
    "hold_id": HOLD,
    "authority": "Kammarrätten i Sundsvall",
    "reference": "Mål 1234-26",
    "reason": "Domen har vunnit laga kraft.",
}
A_SCHEDULE: Details = {
    "document_class": DocumentClass.STUDENT_FILE,
    "years": 5,
    "action": DisposalAction.PURGE,
    "legal_ground": "Arkivlagen 10 §",
    "decision_reference": "BUN 2026-11-01 § 17",
    "valid_from": day(1, 1),
}
AN_OFFICE: Details = {
    "relation_id": OFFICE,
    "person_id": OPERATOR.person_id,
    "role": Role.RETENTION_OPERATOR,
    "since": day(1, 1),
}
A_PLAN: Details = {"plan_hash": PLAN_HASH, "items": 3, "as_of": day(9, 1), "today": day(9, 1)}
FOR_REVIEW = Schedule(
    id=SCHEDULE,
    document_class=DocumentClass.STUDENT_FILE,
    cause=None,
    years=5,
    months=0,
    action=DisposalAction.REVIEW,
    legal_ground="Arkivlagen 10 §",
    decision_reference="BUN 2026-11-01 § 17",
    valid_from=day(1, 1),
)


def a_review(**details: object) -> Details:
    """A decision to keep a file for ten years more."""
    usual: Details = {
        "schedule": FOR_REVIEW,
        "outcome": ReviewOutcome.KEEP,
        "keep_until": day(6, 12, 2041),
        "decision_reference": "BUN 2031-08-20 § 4",
        "reason": "Av intresse för forskningen.",
        "today": day(8, 20, 2031),
    }
    return usual | details


def finished() -> FileStory:
    """A pupil who has finished compulsory school."""
    story = enrolled(9)
    story.when(enrolment.end_schooling, cause=SchoolingEndCause.COMPLETED, on=day(8, 20), by=ADMINISTRATOR)
    return story


def a_file_that_is_kept() -> FileStory:
    """A pupil's file whose end is recorded, set right, held, released, reviewed and taken back."""
    story = finished()
    is_kept(story, day(8, 19))
    return story


def is_kept(story: FileStory, really_on: date) -> None:
    """An end that is on record is set right; the file is held, released and reviewed; the end is taken back."""
    right: Details = {"cause": SchoolingEndCause.MOVED, "on": really_on, "reason": "Fel dag i registret."}
    story.when(enrolment.correct_schooling_end, **right, by=ADMINISTRATOR)
    story.when(holds.hold, **A_HOLD, by=REGISTRAR)
    story.when(holds.release, **A_RELEASE, by=REGISTRAR)
    story.when(holds.review, **a_review(), by=OPERATOR)
    story.when(enrolment.withdraw_schooling_end, reason="Eleven går kvar.", by=ADMINISTRATOR)


def a_municipality() -> Story[Municipality]:
    """A municipality with a retention operator for half a year."""
    story: Story[Municipality] = Story(municipality.fold, stream=MUNICIPALITY, subject=MUNICIPALITY)
    story.when(municipality.appoint_officer, **AN_OFFICE)
    story.when(municipality.relieve_officer, relation_id=OFFICE, on=day(7, 1))
    return story


def a_policy() -> Story[RetentionPolicy]:
    """One schedule, which is withdrawn."""
    story = five_years()
    withdrawal: Details = {"decision_reference": "BUN 2027 § 2", "reason": "Ny plan väntas."}
    story.when(retention_policy.withdraw_schedule, schedule_id=SCHEDULE, on=day(3, 1, 2027), **withdrawal, by=OPERATOR)
    return story


def five_years() -> Story[RetentionPolicy]:
    """A pupil's file is kept for five years."""
    story: Story[RetentionPolicy] = Story(retention_policy.fold, stream=POLICY, subject=MUNICIPALITY)
    story.when(retention_policy.adopt_schedule, schedule_id=SCHEDULE, **A_SCHEDULE, by=OPERATOR)
    return story


def planned_run(items: int = 3) -> Story[DisposalRun]:
    """A plan that nobody has looked at yet."""
    story: Story[DisposalRun] = Story(disposal_run.fold, stream=RUN, subject=RUN)
    story.when(disposal_run.plan_run, plan_hash=PLAN_HASH, items=items, as_of=day(9, 1), today=day(9, 1), by=OPERATOR)
    return story


def approved_run(items: int = 3) -> Story[DisposalRun]:
    """A plan that another operator has approved."""
    story = planned_run(items)
    story.when(disposal_run.approve_run, plan_hash=PLAN_HASH, today=day(9, 2), by=OTHER_OPERATOR)
    return story


def started_run(items: int = 3) -> Story[DisposalRun]:
    """An approved plan that is being carried out."""
    story = approved_run(items)
    story.when(disposal_run.start_run, plan_hash=PLAN_HASH, today=day(9, 3), by=OPERATOR)
    return story


def a_run() -> Story[DisposalRun]:
    """One item handed over and destroyed, one destroyed, one left."""
    story = started_run()
    story.when(disposal_run.transfer_item, item=1, package_id=an_id("package"), sha256="0c" * 32)
    for item in (1, 2):
        story.when(disposal_run.purge_item, item=item, leaves=500, certificate_sha256="0d" * 32)
    story.when(disposal_run.skip_item, item=3, reason=SkipReason.HELD)
    story.when(disposal_run.finish_run)
    return story


def a_withdrawn_run() -> Story[DisposalRun]:
    """A plan that was taken back."""
    story: Story[DisposalRun] = Story(disposal_run.fold, stream=OTHER_RUN, subject=OTHER_RUN)
    story.when(disposal_run.plan_run, **A_PLAN, by=OPERATOR)
    story.when(disposal_run.withdraw_run, reason="Fel dag.", by=OPERATOR)
    return story


def retention_stories() -> list[Story[object]]:
    """All of them."""
    return [a_municipality(), a_policy(), a_run(), a_withdrawn_run()]  # type: ignore[list-item]  # read only


def _adopt(story: Story[RetentionPolicy] | None = None, **details: object) -> Event:
    policy = story.state if story is not None else None
    return retention_policy.adopt_schedule(policy, schedule_id=an_id("another"), **(A_SCHEDULE | details))


def _appoint(story: Story[Municipality] | None = None, **details: object) -> Event:
    return municipality.appoint_officer(story.state if story else None, **(AN_OFFICE | details))


def _approve(story: Story[DisposalRun], **details: object) -> Event:
    usual: Details = {"plan_hash": PLAN_HASH, "by": OTHER_OPERATOR, "today": day(9, 2)}
    return disposal_run.approve_run(story.state, **(usual | details))


def _purge(story: Story[DisposalRun], item: int = 1) -> Event:
    return disposal_run.purge_item(story.state, item=item, leaves=1, certificate_sha256="0d" * 32)


def _withdraw(schedule_id: UUID) -> Event:
    details: Details = {"on": day(3, 1, 2027), "decision_reference": "BUN § 1", "reason": "Ja"}
    return retention_policy.withdraw_schedule(five_years().state, schedule_id=schedule_id, **details)


MET_RETENTION: list[tuple[type[Refusal], Callable[[], object]]] = [
    (municipality_errors.OfficeNotAllowed, lambda: _appoint(role=Role.TEACHER)),
    (municipality_errors.OfficeAlreadyHeld, lambda: _appoint(a_municipality(), since=day(2, 1))),
    (
        municipality_errors.OfficeNotFound,
        lambda: municipality.relieve_officer(a_municipality().state, relation_id=OFFICE, on=day(8, 1)),
    ),
    (errors.ScheduleNotFound, lambda: _withdraw(an_id("none"))),
    (errors.ScheduleNotNewer, lambda: _adopt(five_years())),
    (errors.ScheduleNotSound, lambda: _adopt(years=0)),
    (errors.HoldNotFound, lambda: holds.release(finished().state, **A_RELEASE)),
    (errors.ReviewNotWanted, lambda: holds.review(finished().state, **a_review(schedule=None))),
    (errors.ReviewNotSound, lambda: holds.review(finished().state, **a_review(keep_until=None))),
    (errors.NothingIsDue, lambda: planned_run(items=0)),
    (errors.RunNotFound, lambda: disposal_run.finish_run(None)),
    (errors.RunNotOpen, lambda: _approve(approved_run())),
    (
        errors.RunNotApproved,
        lambda: disposal_run.start_run(planned_run().state, plan_hash=PLAN_HASH, today=day(9, 2)),
    ),
    (errors.ApproverPlanned, lambda: _approve(planned_run(), by=OPERATOR)),
    (errors.PlanDiffers, lambda: _approve(planned_run(), plan_hash=OTHER_HASH)),
    (errors.PlanHasLapsed, lambda: _approve(planned_run(), today=day(10, 2))),
    (errors.RunNotStarted, lambda: _purge(approved_run())),
    (errors.ItemIsSettled, lambda: _purge(started_run(), item=4)),
    (errors.ItemsNotSettled, lambda: disposal_run.finish_run(started_run().state)),
]
"""Each refusal, and somebody who meets it."""
