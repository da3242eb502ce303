"""What the law and the school's settings still ask for, in words, for those who see to it: mentor and principal."""

from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from access.decide import Standing
from aggregates.duties import Duty, DutyKind
from aggregates.student_file import StudentFile
from commands.reads import open_file, read_duties
from commands.settings import school_settings
from events.base import Role
from events.school import SchoolSettings
from events.template import PageKind
from web.plan.frame import Translate
from web.texts.duties import DUTIES
from web.visit import Visit

_SEE_TO_IT = frozenset({Role.MENTOR, Role.PRINCIPAL})


@dataclass(frozen=True, slots=True)
class ToDo:
    """Something that is still to be done, in the reader's language; `href` is where, empty where it is on this page."""

    text: str
    href: str = ""


def duties(visit: Visit, student_id: UUID, standing: Standing, translate: Translate, *, shown: UUID) -> list[ToDo]:
    """What is still to be done for the pupil today, for who sees to it; nothing for others.

    `shown` is the plan whose own risks stand on the page already. The reader's look at the pupil is on record. Raises
    StudentNotFound, AssuranceTooLow.
    """
    held = [r.role for r in standing.relations if r.holds(visit.on)]
    held += [r.role for r in standing.school_roles if r.holds(visit.on)]
    if _SEE_TO_IT.isdisjoint(held):
        return []
    file = open_file(visit.context, visit.caller, student_id, on=visit.on).file
    settings = school_settings(visit.context, file.school_id, on=visit.on)
    found = read_duties(visit.context, file, on=visit.on)
    return [_to_do(file, duty, settings, translate) for duty in found if duty.plan_id != shown]


def _to_do(file: StudentFile, duty: Duty, settings: SchoolSettings, translate: Translate) -> ToDo:
    if duty.plan_id is None or duty.subject is None:
        is_plan = duty.kind is DutyKind.PLAN
        interval = settings.iup_interval if is_plan else settings.conversation_interval
        return ToDo(translate(DUTIES[(duty.kind, interval)]))
    plan, subject = file.plans[duty.plan_id], duty.subject
    tab = next((tab.key for tab in plan.template.pages if tab.kind is PageKind.ASSESSMENTS), "")
    text = translate("A risk in %(subject)s in an earlier plan still waits for its action programme.")
    return ToDo(
        text % {"subject": plan.subjects[subject].name},
        f"/elever/{file.id}/iup/{plan.id}/{quote(tab, safe='')}#amne-{quote(subject, safe='')}",
    )
