"""What the printed plan says: the whole plan in the order of its template, and beneath it what was agreed on."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from commands.reads import vocabulary_of
from events.template import Page, PageKind
from web.plan.page import ShownPlan
from web.plan.printed.agreed import agreed, around, corrected
from web.plan.printed.blocks import Block, facts, heading, notice, paragraph
from web.plan.printed.texts import answers, assessments, goals
from web.plan.printed.words import Moments, on, translate
from web.texts.forecasts import FORECASTS

_SEASONS = {"HT": translate("autumn term"), "VT": translate("spring term")}


def document_of(page: ShownPlan) -> tuple[Mapping[str, Any], datetime]:
    """The plan as a document, and its moment: the latest that it tells of, which is the lock's if nothing came after.

    So it is the same document, however often and by whom it is made, until something in it changes.
    """
    plan = page.plan
    says = Moments(plan.started_at)
    school = _school(page)
    title = translate("Individual development plan (IUP): %(name)s") % {"name": page.name}
    blocks = [heading(1, title), *_head(page, says, school), *_pages(page, says), *agreed(page, says)]
    blocks += corrected(page, says)
    document = {
        "language": "sv",
        "region": "SE",
        "title": title,
        "state": _state(page),
        "below": f"{school} · {plan.school_year}",
        "page": translate("Page %(page)s of %(pages)s"),
        "blocks": blocks,
    }
    return document, says.latest


def _school(page: ShownPlan) -> str:
    """The school whose plan it is: that of its template, where the pupil has gone on to another since."""
    directory = page.visit.directory
    versions = directory.template(page.plan.template_id)
    school = directory.school(versions[0].school_id if versions else page.file.school_id)
    return school.name if school else ""


def _state(page: ShownPlan) -> str:
    lock = page.plan.lock
    if lock is None:
        return translate("Not agreed on")
    return translate("Agreed on at the conversation on %(day)s") % {"day": on(lock.conversation_on)}


def _head(page: ShownPlan, says: Moments, school: str) -> Iterator[Block]:
    """Whose plan it is, from when, made from what, and that anybody may ask to read it."""
    plan = page.plan
    archived = says.when(plan.archived_at) if plan.archived_at else ""
    yield facts(
        [
            (translate("Pupil"), page.name),
            (translate("School"), school),
            (translate("School year"), f"{plan.school_year}, {_SEASONS[plan.term]}"),
            (translate("Template"), plan.template.name),
            (translate("When it was started"), says.by(plan.started_by, plan.started_at)),
            (translate("State"), _state(page)),
            (translate("Archived"), archived),
        ]
    )
    if plan.lock is None:
        yield notice(
            translate("The plan is not agreed on. What is written here could still be changed when it was printed.")
        )
    yield notice(
        translate(
            "The plan is a public record. Anybody may ask to read it; the school first considers whether something in "
            "it is secret by law."
        )
    )


def _pages(page: ShownPlan, says: Moments) -> Iterator[Block]:
    makers: Mapping[PageKind, Callable[[ShownPlan, Page, Moments], Iterator[Block]]] = {
        PageKind.PREPARATION: answers,
        PageKind.ASSESSMENTS: _assessments,
        PageKind.CONVERSATION: around,
        PageKind.GOALS: goals,
    }
    for tab in page.plan.template.pages:
        yield heading(2, tab.title)
        if tab.intro:
            yield paragraph(tab.intro)
        yield from makers[tab.kind](page, tab, says)


def _assessments(page: ShownPlan, _: Page, says: Moments) -> Iterator[Block]:
    words = FORECASTS[vocabulary_of(page.visit.context, page.file, page.plan)]
    return assessments(page.plan, {forecast: translate(word) for forecast, word in words.items()}, says)
