"""Commands around the conversation and the agreement: read, raise, agree, lock, correct."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from access.actions import Action
from aggregates import agreement, conversation
from aggregates.student_file import StudentFile
from commands.context import Answer, Command, Context
from commands.run import on_file
from commands.settings import school_settings
from commands.streams import Resource
from events.assessments import Forecast, ForecastCorrected
from events.base import Actor
from events.plan import CorrectionMade, LockReason, Target


def _plan(plan_id: UUID) -> Resource[StudentFile]:
    def version(file: StudentFile) -> int | None:
        plan = file.plans.get(plan_id)
        return plan.version if plan else None

    return Resource(str(plan_id), version)


def confirm_reading(
    context: Context, command: Command, *, student_id: UUID, plan_id: UUID, plan_version: int
) -> Answer:
    """Confirm having read this version of the plan (S-SAM-1)."""
    return on_file(
        context,
        command,
        student_id,
        Action.CONFIRM_READING,
        lambda file, actor: conversation.confirm_reading(file, plan_id=plan_id, plan_version=plan_version, by=actor),
        resource=_plan(plan_id),
    )


def give_viewpoint(context: Context, command: Command, *, student_id: UUID, plan_id: UUID, text: str) -> Answer:
    """Note what to raise at the conversation (S-SAM-2)."""

    def version(file: StudentFile) -> int | None:
        plan = file.plans.get(plan_id)
        written = plan.viewpoints.get(command.caller.person_id) if plan else None
        return written.version if written else None

    return on_file(
        context,
        command,
        student_id,
        Action.GIVE_VIEWPOINT,
        lambda file, actor: conversation.give_viewpoint(file, plan_id=plan_id, text=text, by=actor),
        resource=Resource(str(plan_id), version),
    )


def evaluate_conversation(context: Context, command: Command, *, student_id: UUID, plan_id: UUID, text: str) -> Answer:
    """Evaluate the conversation after it was held (S-SAM-3)."""

    def version(file: StudentFile) -> int | None:
        plan = file.plans.get(plan_id)
        written = plan.evaluations.get(command.caller.person_id) if plan else None
        return written.version if written else None

    return on_file(
        context,
        command,
        student_id,
        Action.EVALUATE_CONVERSATION,
        lambda file, actor: conversation.evaluate_conversation(file, plan_id=plan_id, text=text, by=actor),
        resource=Resource(str(plan_id), version),
    )


def raise_concern(
    context: Context, command: Command, *, student_id: UUID, plan_id: UUID, target: Target, text: str | None
) -> Answer:
    """Say that a text may be privacy-sensitive or secret (S-FRE-6)."""
    concern_id = command.new_id("concern")
    return on_file(
        context,
        command,
        student_id,
        Action.RAISE_CONCERN,
        lambda file, _: conversation.raise_concern(
            file, plan_id=plan_id, concern_id=concern_id, target=target, text=text
        ),
        resource=Resource(str(concern_id)),
    )


def close_concern(
    context: Context, command: Command, *, student_id: UUID, plan_id: UUID, concern_id: UUID, reason: str
) -> Answer:
    """Close a concern with a reason (S-AGR-3)."""
    return on_file(
        context,
        command,
        student_id,
        Action.CLOSE_CONCERN,
        lambda file, _: conversation.close_concern(file, plan_id=plan_id, concern_id=concern_id, reason=reason),
        resource=Resource(str(concern_id)),
    )


def agree(context: Context, command: Command, *, student_id: UUID, plan_id: UUID, plan_version: int) -> Answer:
    """Agree to this version of the plan (S-AGR-1, G-5)."""
    return on_file(
        context,
        command,
        student_id,
        Action.AGREE,
        lambda file, actor: agreement.agree(file, plan_id=plan_id, plan_version=plan_version, by=actor),
        resource=_plan(plan_id),
    )


def lock_plan(
    context: Context,
    command: Command,
    *,
    student_id: UUID,
    plan_id: UUID,
    plan_version: int,
    conversation_on: date | None = None,
    reasons: Sequence[LockReason] = (),
) -> Answer:
    """Lock the plan as agreed at the conversation (S-AGR-2)."""
    return on_file(
        context,
        command,
        student_id,
        Action.LOCK_PLAN,
        lambda file, _: agreement.lock_plan(
            file,
            plan_id=plan_id,
            plan_version=plan_version,
            conversation_on=conversation_on or command.on,
            today=command.on,
            reasons=reasons,
        ),
        resource=_plan(plan_id),
    )


def correct(
    context: Context,
    command: Command,
    *,
    student_id: UUID,
    plan_id: UUID,
    target: Target,
    text: str | None = None,
    forecast: Forecast | None = None,
    reason: str,
) -> Answer:
    """Correct a text or a forecast after the lock, with a reason (G-6); the duty of a risk follows (S-OMD-10)."""
    correction_id = command.new_id("correction")

    def decide(file: StudentFile, actor: Actor) -> CorrectionMade | ForecastCorrected:
        is_risk = forecast is Forecast.AT_RISK
        return agreement.correct(
            file,
            plan_id=plan_id,
            correction_id=correction_id,
            target=target,
            text=text,
            forecast=forecast,
            reason=reason,
            risk_needs_programme=is_risk
            and school_settings(context, file.school_id, on=command.on).risk_needs_programme,
            by=actor,
        )

    return on_file(context, command, student_id, Action.CORRECT, decide, resource=Resource(str(correction_id)))
