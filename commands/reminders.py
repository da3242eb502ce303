"""Reminding those at home to prepare: for one plan, or for several of a class in one go."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from access.actions import Action
from aggregates import reminders
from aggregates.errors import Refusal
from aggregates.student_file import StudentFile
from commands.context import Answer, Command, Context
from commands.run import on_file
from commands.streams import Resource


@dataclass(frozen=True, slots=True)
class Wanted:
    """A plan that those at home are to be reminded of, and the relation in which the caller does it."""

    student_id: UUID
    plan_id: UUID
    acting_as: UUID


def remind(context: Context, command: Command, *, student_id: UUID, plan_id: UUID) -> Answer:
    """Remind pupil and guardians who have not prepared; they get a notice. At most once a day for a plan."""

    def version(file: StudentFile) -> int | None:
        plan = file.plans.get(plan_id)
        return plan.version if plan else None

    return on_file(
        context,
        command,
        student_id,
        Action.REMIND,
        lambda file, _: reminders.remind(file, plan_id=plan_id, on=command.on),
        resource=Resource(str(plan_id), version),
    )


def remind_several(context: Context, command: Command, wanted: Iterable[Wanted]) -> list[Answer]:
    """Remind of each of the plans that it can be done for; what hinders one of them hinders no other.

    Raises what hindered the last of them where it can be done for none.
    """
    answers, hindered = list[Answer](), None
    for one in wanted:
        own = replace(command, acting_as=one.acting_as, command_id=command.new_id(f"remind {one.student_id}"))
        try:
            answers.append(remind(context, own, student_id=one.student_id, plan_id=one.plan_id))
        except Refusal as refusal:
            hindered = refusal
    if hindered is not None and not answers:
        raise hindered
    return answers
