"""Commands on a plan as a whole and on its questions."""

from collections.abc import Sequence
from uuid import UUID

from access.actions import Action
from access.errors import SchoolNotFound
from aggregates import answers, plans
from aggregates.student_file import StudentFile
from commands.context import Answer, Command, Context
from commands.run import on_file
from commands.streams import TEMPLATE, Resource, find
from events.base import Actor, Event, Role


def started_by(command: Command) -> UUID:
    """The id of the plan that this command starts, or has started when it came before."""
    return command.new_id("plan")


def start_plan(
    context: Context,
    command: Command,
    *,
    student_id: UUID,
    template_id: UUID,
    template_version: int,
    school_year: str,
    term: str,
    reason: str | None = None,
    carry_over: Sequence[UUID] = (),
) -> Answer:
    """Start a plan from an approved template; the plan before is archived (S-ARC-1, G-15)."""
    plan_id = started_by(command)

    def decide(file: StudentFile, _: Actor) -> list[Event]:
        template = find(context, TEMPLATE, template_id)
        if template is None:
            raise SchoolNotFound
        return plans.start_plan(
            file,
            plan_id=plan_id,
            template=template,
            template_version=template_version,
            school_year=school_year,
            term=term,
            reason=reason,
            carry_over=carry_over,
        )

    return on_file(context, command, student_id, Action.START_PLAN, decide, resource=Resource(str(plan_id)))


def save_answer(
    context: Context,
    command: Command,
    *,
    student_id: UUID,
    plan_id: UUID,
    question: str,
    text: str | None,
    choice: str | None,
    on_behalf_of: UUID | None = None,
) -> Answer:
    """Save an answer in one's own field, or on the pupil's behalf where the template allows it (S-TPL-10)."""

    def version(file: StudentFile) -> int | None:
        return _latest(file, plan_id, question, command, on_behalf_of)

    return on_file(
        context,
        command,
        student_id,
        Action.WRITE_FOR_PUPIL if on_behalf_of else Action.ANSWER_QUESTION,
        lambda file, actor: answers.save_answer(
            file, plan_id=plan_id, question=question, text=text, choice=choice, by=actor
        ),
        resource=Resource(question, version),
        on_behalf_of=on_behalf_of,
    )


def _latest(file: StudentFile, plan_id: UUID, question: str, command: Command, on_behalf_of: UUID | None) -> int | None:
    """The version of the answer in the field that the command writes in."""
    plan = file.plans.get(plan_id)
    relation = file.relations.get(command.acting_as) if command.acting_as else None
    if plan is None or relation is None:
        return None
    role = Role.PUPIL if on_behalf_of else answers.PARTY.get(relation.role)
    if role is None:
        return None
    versions = plan.answers.get((question, role, on_behalf_of or command.caller.person_id))
    return versions[-1].version if versions else None
