"""What a page offers its reader: nothing that the command would refuse, and all that it would carry out."""

from collections.abc import Callable

from access.actions import Action
from access.decide import Grant
from aggregates.errors import Refusal
from events.base import Actor
from web.plan.page import PupilPage, Translate
from web.plan.sending import Acting
from web.texts.roles import ROLES

Decide = Callable[[Actor], object]
"""A decision on the file as the page shows it. It is tried, and what it decides is thrown away."""


def offered(page: PupilPage, action: Action, translate: Translate, decide: Decide) -> list[Acting]:
    """The reader's relations in which the action is allowed and the decision is not refused; none: do not offer it."""
    return [
        Acting(grant.relation_id, translate(ROLES[grant.role]))
        for grant in page.grants(action)
        if grant.relation_id is not None and _goes(decide, _actor(page, grant))
    ]


def _goes(decide: Decide, actor: Actor) -> bool:
    try:
        decide(actor)
    except Refusal:
        return False
    return True


def _actor(page: PupilPage, grant: Grant) -> Actor:
    visit = page.visit
    return Actor(
        person_id=visit.person_id,
        role=grant.role,
        name=visit.me.name,
        relation_id=grant.relation_id,
        level=visit.session.level,
    )
