"""The municipality's disposal schedules: adopt, withdraw, read; and the profile to begin with."""

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid5

from access.actions import Action
from aggregates import retention_policy
from aggregates.retention_policy import RetentionPolicy
from commands.context import Answer, Caller, Command, Context
from commands.officers import permit_office, permit_office_reading, tenant_id
from commands.run import Decided, actor_of, execute
from commands.streams import RETENTION_POLICY, Resource, Stream, find
from events.base import Actor
from events.enrolment import SchoolingEndCause
from events.retention import DisposalAction, DocumentClass
from retention.schedules import DEFAULT_PROFILE


def policy_id(context: Context) -> UUID:
    """The stream of the municipality's schedules."""
    return uuid5(tenant_id(context), "retention policy")


def find_policy(context: Context) -> RetentionPolicy:
    """Every schedule there has been; without any, nothing is ever due."""
    found = find(context, RETENTION_POLICY, policy_id(context))
    return found or RetentionPolicy(policy_id(context), tenant_id(context), 0)


def read_policy(context: Context, caller: Caller, *, on: date) -> RetentionPolicy:
    """Every schedule there has been, for the retention operator and the auditor."""
    permit_office_reading(context, caller, Action.READ_RETENTION, on=on)
    return find_policy(context)


def adopt_schedule(
    context: Context,
    command: Command,
    *,
    document_class: DocumentClass,
    years: int,
    months: int,
    action: DisposalAction,
    legal_ground: str,
    decision_reference: str,
    valid_from: date,
    valid_until: date | None = None,
    cause: SchoolingEndCause | None = None,
) -> Answer:
    """Record the municipality's decision for how long a class of documents is kept (S-RET-1)."""
    schedule_id = command.new_id("schedule")

    def decide(policy: RetentionPolicy | None) -> Decided:
        return retention_policy.adopt_schedule(
            policy,
            schedule_id=schedule_id,
            document_class=document_class,
            cause=cause,
            years=years,
            months=months,
            action=action,
            legal_ground=legal_ground,
            decision_reference=decision_reference,
            valid_from=valid_from,
            valid_until=valid_until,
        )

    return _on_policy(context, command, decide, Resource(str(schedule_id)))


def adopt_default_profile(context: Context, command: Command, *, decision_reference: str, valid_from: date) -> Answer:
    """Record a decision to keep what is kept for as long as the default profile says: it holds only by such a one."""

    def decide(policy: RetentionPolicy | None) -> Decided:
        return [
            retention_policy.adopt_schedule(
                policy,
                schedule_id=command.new_id(f"schedule {proposal.document_class}"),
                document_class=proposal.document_class,
                years=proposal.years,
                months=proposal.months,
                action=proposal.action,
                legal_ground=proposal.legal_ground,
                decision_reference=decision_reference,
                valid_from=valid_from,
            )
            for proposal in DEFAULT_PROFILE
        ]

    return _on_policy(context, command, decide, Resource(str(policy_id(context))))


def withdraw_schedule(
    context: Context, command: Command, *, schedule_id: UUID, decision_reference: str, reason: str
) -> Answer:
    """Take a schedule back from today: nothing is due by it any more."""
    return _on_policy(
        context,
        command,
        lambda policy: retention_policy.withdraw_schedule(
            policy, schedule_id=schedule_id, on=command.on, decision_reference=decision_reference, reason=reason
        ),
        Resource(str(schedule_id)),
    )


def _on_policy(
    context: Context,
    command: Command,
    decide: Callable[[RetentionPolicy | None], Decided],
    resource: Resource[RetentionPolicy],
) -> Answer:
    def authorise(_: RetentionPolicy | None) -> Actor:
        return actor_of(command, permit_office(context, command, Action.ADOPT_SCHEDULE))

    stream = Stream(RETENTION_POLICY, policy_id(context), tenant_id(context))
    return execute(
        context, command, stream, authorise=authorise, decide=lambda policy, _: decide(policy), resource=resource
    )
