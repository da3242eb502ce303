"""What was agreed on in the printed plan: who read and agreed, concerns, the lock and its reasons, corrections."""

from collections.abc import Iterator

from aggregates.plan import Plan
from aggregates.plan_parts import Concern, Correction, ForecastCorrection
from commands.reads import vocabulary_of
from events.plan import Target, TargetKind
from events.template import Page
from web.plan.page import ShownPlan
from web.plan.parties import Party, agreements, readings, watched
from web.plan.printed.blocks import Block, facts, heading, paragraph, said, table
from web.plan.printed.texts import answers
from web.plan.printed.words import Moments, on, translate
from web.plan.targets import TextThere, text_there
from web.texts.forecasts import FORECASTS
from web.texts.obstacles import OBSTACLES
from web.texts.roles import ROLES
from web.texts.targets import TARGETS


def around(page: ShownPlan, tab: Page, says: Moments) -> Iterator[Block]:
    """What the guardians said around the conversation, and the questions of its page, if any."""
    yield from answers(page, tab, says)
    plan = page.plan
    parts = (
        (translate("To talk about"), TargetKind.VIEWPOINT, plan.viewpoints),
        (translate("How the conversation went"), TargetKind.CONVERSATION_EVALUATION, plan.evaluations),
    )
    for title, kind, texts in parts:
        if texts:
            yield heading(3, title)
        for person_id, written in texts.items():
            text = text_there(plan, Target(kind=kind, person_id=person_id)).text
            yield said(text, says.by(written.by, written.at))
    read = readings(page)
    if read:
        yield heading(3, translate("Read by the guardians"))
        yield _parties(read, translate("Has read the plan"), translate("Has not confirmed"), says)
    yield from _concerns(plan, says)


def _concerns(plan: Plan, says: Moments) -> Iterator[Block]:
    """Which texts the mentor was asked to look at, and whether that is done.

    What was said of them stays on the page: it is about what perhaps should not be read.
    """
    found = watched(plan)
    if found:
        yield heading(3, translate("Texts that the mentor is asked to look at"))
        head = [translate("Text"), translate("Asked by"), translate("State")]
        yield table(head, [[_named(one.there), *_concern(one.concern, says)] for one in found])


def _concern(concern: Concern, says: Moments) -> tuple[str, str]:
    asked = says.by(concern.by, concern.at)
    if concern.closed_by is None or concern.closed_at is None:
        return asked, translate("Still to be looked at")
    return asked, translate("Looked at") + f": {says.by(concern.closed_by, concern.closed_at)}"


def agreed(page: ShownPlan, says: Moments) -> Iterator[Block]:
    """The agreement: who agreed and when, when it was locked and by whom, and why in spite of what hindered it."""
    lock = page.plan.lock
    yield heading(2, translate("Agreement"))
    if lock is None:
        yield paragraph(translate("The plan is not locked as agreed."))
    else:
        yield facts(
            [
                (translate("The conversation was held"), on(lock.conversation_on)),
                (translate("Locked as agreed"), says.by(lock.by, lock.at)),
            ]
        )
    found = agreements(page)
    if found:
        yield _parties(found, translate("Has agreed"), translate("Has not agreed"), says)
    for reason in lock.reasons if lock else ():
        yield heading(3, translate(OBSTACLES[reason.obstacle]))
        yield paragraph(translate("The mentor's reason to lock the plan all the same:"))
        yield said(reason.reason, says.by(lock.by, lock.at) if lock else "")


def _parties(found: list[Party], yes: str, no: str, says: Moments) -> Block:
    head = [translate("Name"), translate("Role"), translate("State"), translate("When")]
    return table(head, [[one.name, translate(ROLES[one.role]), *_given(one, yes, no, says)] for one in found])


def _given(one: Party, yes: str, no: str, says: Moments) -> tuple[str, str]:
    if one.given is None:
        return no, ""
    if one.stands:
        return yes, says.when(one.given.at)
    return translate("%(said)s, but it no longer holds") % {"said": yes}, says.when(one.given.at)


def corrected(page: ShownPlan, says: Moments) -> Iterator[Block]:
    """What was put right after the lock, by whom and why; the text above is as it stands now.

    What stood there before is not printed again: a text is often put right because it should never have been read.
    """
    plan = page.plan
    words = FORECASTS[vocabulary_of(page.visit.context, page.file, plan)]
    found = [(one.at, _correction(plan, one, says)) for one in plan.corrections]
    found += [
        (one.at, _forecast(plan, one, translate(words[one.event.forecast]), says))
        for made in plan.forecasts.values()
        for one in made
    ]
    if found:
        yield heading(2, translate("Corrections after the lock"))
        yield paragraph(translate("What stood there before the correction is kept in the pupil's file."))
    for _, blocks in sorted(found, key=lambda each: each[0]):
        yield from blocks


def _correction(plan: Plan, made: Correction, says: Moments) -> list[Block]:
    return [heading(3, _named(text_there(plan, made.event.target))), said(made.event.reason, says.by(made.by, made.at))]


def _named(there: TextThere) -> str:
    """Which text it is: of what kind, and about what."""
    return ": ".join(part for part in (translate(TARGETS[there.kind]), there.about) if part)


def _forecast(plan: Plan, made: ForecastCorrection, word: str, says: Moments) -> list[Block]:
    what = translate("Forecast") + f": {plan.subjects[made.event.subject].name}"
    now = facts([(translate("New forecast"), word)])
    return [heading(3, what), now, said(made.event.reason, says.by(made.by, made.at))]
