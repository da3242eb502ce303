"""`liggare retention schedules`: for how long what is kept is kept, each by a decision."""

from datetime import date, datetime
from uuid import UUID

import click

from access.actions import Action
from api.schedules import ScheduleShape
from app.retention_cli.desk import Desk, at_desk
from app.retention_cli.due import CLASSES
from app.retention_cli.show import json_option, print_answer, print_shapes, print_table
from commands import schedules as decisions
from commands.schedules import adopt_default_profile, adopt_schedule, read_policy
from events.enrolment import SchoolingEndCause
from events.retention import DisposalAction, DocumentClass

_DAY = click.DateTime(["%Y-%m-%d"])
_CAUSES = ("completed", "moved", "independent_school", "abroad", "deceased", "other")
_decided = click.option("--decision", "decision_reference", required=True, help="Where the decision is found.")


@click.group(name="schedules", invoke_without_command=True)
@json_option
@click.pass_context
def schedules(ctx: click.Context, *, as_json: bool) -> None:
    """List the municipality's schedules; without one nothing is ever due."""
    if ctx.invoked_subcommand is None:
        with at_desk() as desk:
            _print_schedules(desk, as_json=as_json)


@schedules.command(name="adopt")
@click.argument("document_class", metavar="CLASS", type=click.Choice(CLASSES))
@click.option("--years", type=click.IntRange(0, 200), default=0)
@click.option("--months", type=click.IntRange(0, 11), default=0)
@click.option("--cause", type=click.Choice(_CAUSES), help="Pupils' files whose schooling ended so, and no others.")
@click.option("--action", type=click.Choice(["purge", "transfer", "review"]), default="purge", show_default=True)
@click.option("--legal-ground", required=True)
@_decided
@click.option("--from", "valid_from", type=_DAY, help="The first day; else today.")
@click.option("--until", "valid_until", type=_DAY, help="The last day, where it ends.")
@json_option
def adopt(
    *,
    document_class: str,
    years: int,
    months: int,
    cause: str | None,
    action: str,
    legal_ground: str,
    decision_reference: str,
    valid_from: datetime | None,
    valid_until: datetime | None,
    as_json: bool,
) -> None:
    """Record the decision for how long CLASS is kept, and what is done then."""
    with at_desk() as desk:
        answer = adopt_schedule(
            desk.context,
            desk.command(Action.ADOPT_SCHEDULE),
            document_class=DocumentClass(document_class),
            years=years,
            months=months,
            cause=SchoolingEndCause(cause) if cause else None,
            action=DisposalAction(action),
            legal_ground=legal_ground,
            decision_reference=decision_reference,
            valid_from=_day(desk, valid_from),
            valid_until=valid_until.date() if valid_until else None,
        )
    print_answer(answer, "Schedule: {id}", as_json=as_json)


@schedules.command(name="adopt-default")
@_decided
@click.option("--from", "valid_from", type=_DAY, help="The first day; else today.")
@json_option
def adopt_default(*, decision_reference: str, valid_from: datetime | None, as_json: bool) -> None:
    """Record the decision to keep to the default profile: files five years after finished compulsory school."""
    with at_desk() as desk:
        answer = adopt_default_profile(
            desk.context,
            desk.command(Action.ADOPT_SCHEDULE),
            decision_reference=decision_reference,
            valid_from=_day(desk, valid_from),
        )
    print_answer(answer, "Adopted.", as_json=as_json)


@schedules.command(name="withdraw")
@click.argument("schedule", type=click.UUID)
@_decided
@click.option("--reason", required=True)
@json_option
def withdraw_schedule(*, schedule: UUID, decision_reference: str, reason: str, as_json: bool) -> None:
    """Take SCHEDULE back from today: nothing is due by it any more."""
    with at_desk() as desk:
        answer = decisions.withdraw_schedule(
            desk.context,
            desk.command(Action.ADOPT_SCHEDULE),
            schedule_id=schedule,
            decision_reference=decision_reference,
            reason=reason,
        )
    print_answer(answer, "Withdrawn.", as_json=as_json)


def _print_schedules(desk: Desk, *, as_json: bool) -> None:
    policy = read_policy(desk.context, desk.caller, on=desk.on)
    today = desk.context.due_day(desk.on)
    found = [ScheduleShape.of(one, holds=policy.counts(one, on=today)) for one in policy.schedules.values()]
    if as_json:
        print_shapes(found)
        return
    rows = [
        (
            one.id,
            one.document_class if one.cause is None else f"{one.document_class}, {one.cause}",
            f"{one.years} y {one.months} m",
            one.action,
            one.legal_ground,
            one.decision_reference,
            "yes" if one.holds else "no",
        )
        for one in found
    ]
    headings = ("Schedule", "Class", "Kept for", "Then", "Legal ground", "Decision", "Holds")
    print_table(headings, rows, empty="There is no schedule, so nothing is due. See `schedules adopt-default`.")


def _day(desk: Desk, given: datetime | None) -> date:
    return given.date() if given else desk.on
