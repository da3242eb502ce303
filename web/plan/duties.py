"""What the law and the school's settings still ask for, in words, for those who see to it: mentor and principal."""

from dataclasses import dataclass

from aggregates.duties import Duty, DutyKind, open_duties
from commands.settings import school_settings
from events.base import Role
from events.school import SchoolSettings
from events.template import PageKind
from web.addresses import at_subject
from web.plan.page import PupilPage, Translate
from web.texts.duties import DUTIES

_SEE_TO_IT = frozenset({Role.MENTOR, Role.PRINCIPAL})


@dataclass(frozen=True, slots=True)
class ToDo:
    """Something still to be done, in the reader's language; `href` is where, empty where that is no one place."""

    text: str
    href: str = ""


def duties(page: PupilPage, translate: Translate) -> list[ToDo]:
    """What is still to be done for the pupil today, for who sees to it; nothing for others."""
    on = page.visit.on
    held = {one.role for one in page.opened.standing.relations if one.holds(on)}
    held |= {one.role for one in page.opened.standing.school_roles if one.holds(on)}
    if _SEE_TO_IT.isdisjoint(held):
        return []
    settings = school_settings(page.visit.context, page.file.school_id, on=on)
    return [_to_do(page, duty, settings, translate) for duty in open_duties(page.file, settings, on=on)]


def _to_do(page: PupilPage, duty: Duty, settings: SchoolSettings, translate: Translate) -> ToDo:
    if duty.plan_id is None or duty.subject is None:
        is_plan = duty.kind is DutyKind.PLAN
        interval = settings.iup_interval if is_plan else settings.conversation_interval
        return ToDo(translate(DUTIES[(duty.kind, interval)]))
    of_plan, subject = page.of_plan(page.file.plans[duty.plan_id]), duty.subject
    text = translate("A risk in %(subject)s still waits for its action programme.")
    return ToDo(
        text % {"subject": of_plan.plan.subjects[subject].name},
        at_subject(of_plan.address_of(PageKind.ASSESSMENTS), subject),
    )
