"""What people wrote in the printed plan: answers, assessments and goals, each with who and when."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from aggregates.goal import CURRENT, Goal, GoalDecision
from aggregates.plan import Plan
from events.assessments import Forecast
from events.base import Role
from events.plan import Target, TargetKind
from events.template import Page, Question, SubjectHeading
from web.plan.page import ShownPlan
from web.plan.printed.blocks import Block, facts, heading, paragraph, said, table
from web.plan.printed.words import Moments, translate
from web.plan.targets import text_there
from web.texts.forecasts import PROGRAMMES
from web.texts.goals import DECISIONS, STATUSES


def answers(page: ShownPlan, tab: Page, says: Moments) -> Iterator[Block]:
    """The questions of a page, each with everybody's answers as they stand."""
    for question in tab.questions:
        yield heading(3, question.text)
        found = [key for key in page.plan.answers if key[0] == question.key]
        for _, role, person_id in found:
            yield _answer(page, question, role, person_id, says)
        if not found:
            yield paragraph(translate("Nobody has answered."))


def _answer(page: ShownPlan, question: Question, role: Role, person_id: UUID, says: Moments) -> Block:
    target = Target(kind=TargetKind.ANSWER, key=question.key, role=role, person_id=person_id)
    written = page.plan.answers[question.key, role, person_id][-1]
    by = says.by(written.by, written.at)
    if written.by.person_id != person_id:
        who = {"author": written.by.name, "pupil": page.name}
        by += "\n" + translate("Written by %(author)s for %(pupil)s") % who
    return said(text_there(page.plan, target).text, by)


def assessments(plan: Plan, words: Mapping[Forecast, str], says: Moments) -> Iterator[Block]:
    """The forecast of every subject as a table, then what is written in each. `words`: of each forecast."""
    written = [one for one in plan.template.subjects if plan.assessments.get(one.code)]
    if not written:
        yield paragraph(translate("No assessment is written."))
    else:
        head = [translate("Subject"), translate("Forecast"), translate("Written")]
        yield table(head, [[one.name, _forecast(plan, one, words), _latest(plan, one, says)] for one in written])
    for subject in plan.template.subjects:
        yield from _subject(plan, subject, words, says)


def _forecast(plan: Plan, subject: SubjectHeading, words: Mapping[Forecast, str]) -> str:
    standing = plan.standing_forecast(subject.code)
    return words[standing.forecast] if standing else ""


def _latest(plan: Plan, subject: SubjectHeading, says: Moments) -> str:
    latest = plan.assessments[subject.code][-1]
    return says.by(latest.by, latest.at)


def _subject(plan: Plan, subject: SubjectHeading, words: Mapping[Forecast, str], says: Moments) -> Iterator[Block]:
    areas = [area for area in plan.areas.values() if area.event.subject == subject.code]
    written = plan.assessments.get(subject.code)
    if not areas and not written:
        return
    yield heading(3, subject.name)
    if written:
        yield facts([(translate("Forecast"), _forecast(plan, subject, words)), *_programme(plan, subject, says)])
        text = text_there(plan, Target(kind=TargetKind.ASSESSMENT, key=subject.code)).text
        yield said(text, _latest(plan, subject, says))
    if areas:
        yield heading(4, translate("Development areas"))
    for area in areas:
        text = text_there(plan, Target(kind=TargetKind.DEVELOPMENT_AREA, key=str(area.event.area_id))).text
        yield said(text, says.by(area.by, area.at))


def _programme(plan: Plan, subject: SubjectHeading, says: Moments) -> Iterator[tuple[str, str]]:
    """What became of a risk that was signalled (S-OMD-10)."""
    if plan.has_open_obligation(subject.code):
        yield translate("Action programme"), translate("Is still to be linked to the plan")
    linked = plan.obligations.get(subject.code)
    if linked is not None:
        programme = plan.programmes[linked]
        event = programme.event
        words = f"{translate(PROGRAMMES[event.decision])}: {event.reference}. {says.by(programme.by, programme.at)}"
        yield translate("Action programme"), words


def goals(page: ShownPlan, tab: Page, says: Moments) -> Iterator[Block]:
    """The goals that are agreed on and those proposed, then what was declined or taken back and the page's questions.

    A proposal that was declined is no part of what is agreed on; that somebody made it, and why it was declined, is
    part of the record.
    """
    current = [goal for goal in page.plan.goals.values() if goal.decision in CURRENT]
    fallen = [goal for goal in page.plan.goals.values() if goal.decision not in CURRENT]
    for goal in current:
        yield from _goal(page.plan, goal, 3, says)
    if not current:
        yield paragraph(translate("There are no goals."))
    if fallen:
        yield heading(3, translate("Declined or taken back"))
    for goal in fallen:
        yield from _goal(page.plan, goal, 4, says)
    yield from answers(page, tab, says)


def _goal(plan: Plan, goal: Goal, level: int, says: Moments) -> Iterator[Block]:
    target = Target(kind=TargetKind.GOAL, key=str(goal.id))
    is_corrected = any(made.event.target == target for made in plan.corrections)
    content = goal.content
    yield heading(level, text_there(plan, target).text if is_corrected else content.text)
    accepted = goal.decision is GoalDecision.ACCEPTED
    status = translate(STATUSES[goal.status] if accepted else DECISIONS[goal.decision])
    latest = goal.turns[-1] if goal.turns else None
    yield facts(
        [
            (translate("Activities"), "" if is_corrected else content.activities or ""),
            (translate("Responsibility"), "" if is_corrected else content.responsibility or ""),
            (translate("Status"), f"{status}. {says.by(latest.by, latest.at)}" if latest else status),
            (translate("Reason"), getattr(latest.event, "reason", None) or "" if latest else ""),
            (translate("Subjects"), ", ".join(_name(plan, code) for code in content.subjects)),
            (translate("Proposed"), says.by(goal.proposed_by, goal.proposed_at)),
        ]
    )
    if goal.evaluations:
        yield heading(4, translate("Evaluation"))
    for person_id, written in goal.evaluations.items():
        there = Target(kind=TargetKind.GOAL_EVALUATION, key=str(goal.id), person_id=person_id)
        yield said(text_there(plan, there).text, says.by(written.by, written.at))


def _name(plan: Plan, code: str) -> str:
    return plan.subjects[code].name if code in plan.subjects else code
