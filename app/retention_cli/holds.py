"""`liggare retention hold`, `release`, `review`, `held`: what keeps a pupil's file, and what a review came to."""

from datetime import datetime
from uuid import UUID

import click

from access.actions import Action
from api.holds import HeldFiles, HoldShape
from app.retention_cli.desk import at_desk
from app.retention_cli.show import json_option, print_answer, print_shape, print_shapes, print_table
from commands.holds import hold_file, read_held, read_holds, release_file, review_file
from events.retention import HoldGround, ReviewOutcome

_GROUNDS = ("disclosure_case", "appeal", "subject_access", "supervision", "dispute", "research")
_ALL = 2**31 - 1
_student = click.argument("student", type=click.UUID)
_authority = click.option("--authority", required=True, help="Who asks for it or decided on it.")
_reference = click.option("--reference", required=True, help="The case in which it is.")
_reason = click.option("--reason", required=True)


@click.command(name="hold")
@_student
@click.option("--ground", type=click.Choice(_GROUNDS), required=True)
@_authority
@_reference
@_reason
@json_option
def hold(*, student: UUID, ground: str, authority: str, reference: str, reason: str, as_json: bool) -> None:
    """Keep the file of STUDENT from being destroyed until the hold is released."""
    with at_desk() as desk:
        answer = hold_file(
            desk.context,
            desk.command(Action.HOLD_FILE),
            student_id=student,
            ground=HoldGround(ground),
            authority=authority,
            reference=reference,
            reason=reason,
        )
    print_answer(answer, "Hold: {id}", as_json=as_json)


@click.command(name="release")
@_student
@click.argument("hold_id", metavar="HOLD", type=click.UUID)
@_authority
@_reference
@_reason
@json_option
def release(*, student: UUID, hold_id: UUID, authority: str, reference: str, reason: str, as_json: bool) -> None:
    """Let HOLD on the file of STUDENT go; the file is due again on the day that its schedule says."""
    with at_desk() as desk:
        answer = release_file(
            desk.context,
            desk.command(Action.HOLD_FILE),
            student_id=student,
            hold_id=hold_id,
            authority=authority,
            reference=reference,
            reason=reason,
        )
    print_answer(answer, "Released.", as_json=as_json)


@click.command(name="review")
@_student
@click.option("--outcome", type=click.Choice(["purge", "keep"]), required=True)
@click.option("--keep-until", type=click.DateTime(["%Y-%m-%d"]), help="The day on which it is due anew.")
@click.option("--decision", "decision_reference", required=True, help="Where the decision is found.")
@_reason
@json_option
def review(
    *, student: UUID, outcome: str, keep_until: datetime | None, decision_reference: str, reason: str, as_json: bool
) -> None:
    """Record what was decided of the file of STUDENT, which its schedule lists for review."""
    with at_desk() as desk:
        answer = review_file(
            desk.context,
            desk.command(Action.REVIEW_FILE),
            student_id=student,
            outcome=ReviewOutcome(outcome),
            keep_until=keep_until.date() if keep_until else None,
            decision_reference=decision_reference,
            reason=reason,
        )
    print_answer(answer, "Recorded.", as_json=as_json)


@click.command(name="held")
@click.argument("student", type=click.UUID, required=False)
@json_option
def held(*, student: UUID | None, as_json: bool) -> None:
    """List the files that are held, by id; with STUDENT the holds that stand on that file."""
    with at_desk() as desk:
        if student is None:
            files = read_held(desk.context, desk.caller, on=desk.on, limit=_ALL)
            if as_json:
                print_shape(HeldFiles(items=files, next=None))
            else:
                print_table(("File",), [(one,) for one in files], empty="No file is held.")
            return
        holds = [HoldShape.of(one) for one in read_holds(desk.context, desk.caller, student, on=desk.on)]
    if as_json:
        print_shapes(holds)
        return
    rows = [(one.id, one.ground, one.authority, one.reference, one.reason) for one in holds]
    print_table(("Hold", "Ground", "Authority", "Case", "Reason"), rows, empty="The file is not held.")
