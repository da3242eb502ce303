"""An archived plan stays readable, whole, as it stood when the next one took its place."""

import json
from typing import Any

import psycopg
import pytest

from events.assessments import AssessmentPublished, Forecast
from events.goals import GoalEvaluated
from events.plan import ConversationEvaluated, CorrectionMade, Target, TargetKind, ViewpointGiven
from projections.archived_plans import ArchivedPlans, ArchivedPlansProjection
from projections.plan_document import plan_document
from projections.registry import projections
from projections.runner import Runner
from store.database import Pool
from store.ledger import Ledger
from tests.aggregates.given import FOR_PUPIL, GOAL, GUARDIAN, MENTOR, NEXT_PLAN, PLAN, PUPIL, TEACHER, agreed
from tests.projections.telling import tell


@pytest.mark.requirement("S-ARC-1")
@pytest.mark.requirement("S-ARC-2")
def test_an_archived_plan_is_kept_whole(ledger: Ledger, pool: Pool, runner: Runner) -> None:
    """Texts, earlier versions, goals, assessments, agreements, lock: all of it, and nothing that came afterwards."""
    story = agreed()
    story.saves(FOR_PUPIL, "Bra", by=PUPIL)
    story.saves(FOR_PUPIL, "Mycket bra", by=PUPIL)
    story.given(
        AssessmentPublished(plan_id=PLAN, subject="MA", forecast=Forecast.EXPECTED, text="Räknar säkert."), by=TEACHER
    )
    story.given(ViewpointGiven(plan_id=PLAN, text="Läxorna"), by=GUARDIAN)
    story.agrees(PUPIL)
    story.agrees(GUARDIAN)
    story.locks()
    story.given(ConversationEvaluated(plan_id=PLAN, text="Ett gott samtal"), by=GUARDIAN)
    story.given(GoalEvaluated(plan_id=PLAN, goal_id=GOAL, text="Det gick bra"), by=PUPIL)
    story.starts(NEXT_PLAN)
    archived_at_version = len(story.past) - 1
    target = Target(kind=TargetKind.GOAL, key=str(GOAL))
    story.given(
        CorrectionMade(plan_id=PLAN, correction_id=NEXT_PLAN, target=target, text="Efteråt", reason="Fel"), by=MENTOR
    )
    tell(ledger, story.past)
    runner.catch_up(projections())
    reads = ArchivedPlans(pool, ledger)
    (listed,) = reads.of_student(story.stream)
    assert (listed.plan_id, listed.archived_version, listed.archived_for) == (PLAN, archived_at_version, NEXT_PLAN)
    assert (listed.school_year, listed.term, listed.template_name) == ("2026/2027", "HT", "IUP 4-6")
    text = reads.one(story.stream, PLAN)
    assert text is not None
    kept = json.loads(text)
    _says_what_was_written(kept)
    assert kept["corrections"] == []
    assert reads.one(story.stream, NEXT_PLAN) is None
    assert reads.one(NEXT_PLAN, PLAN) is None, "another pupil's plan is not there"


def _says_what_was_written(kept: dict[str, Any]) -> None:
    assert kept["state"] == "archived"
    assert kept["template"]["content"]["pages"][0]["key"] == "om-mig"
    (answer,) = kept["answers"]
    assert [version["text"] for version in answer["versions"]] == ["Bra", "Mycket bra"]
    assert answer["versions"][0]["by"]["name"] == PUPIL.name
    (goal,) = kept["goals"]
    assert goal["evaluations"] == [{"person_id": str(PUPIL.person_id), "text": "Det gick bra"}]
    (assessment,) = kept["assessments"]
    assert [version["text"] for version in assessment["versions"]] == ["Räknar säkert."]
    assert [viewpoint["text"] for viewpoint in kept["viewpoints"]] == ["Läxorna"]
    assert [text["text"] for text in kept["conversation_evaluations"]] == ["Ett gott samtal"]
    assert {consent["by"]["role"] for consent in kept["agreements"] if consent["stands"]} == {"pupil", "guardian"}
    assert kept["lock"]["by"]["person_id"] == str(MENTOR.person_id)


def test_a_replay_long_afterwards_archives_the_same(
    ledger: Ledger, pool: Pool, runner: Runner, owner: psycopg.Connection
) -> None:
    """The plan is folded up to the version that archived it, not as the file is now."""
    story = agreed()
    story.locks()
    story.given(GoalEvaluated(plan_id=PLAN, goal_id=GOAL, text="Det gick bra"), by=PUPIL)
    story.starts(NEXT_PLAN)
    tell(ledger, story.past)
    runner.catch_up([ArchivedPlansProjection()])
    reads = ArchivedPlans(pool, ledger)
    before = reads.one(story.stream, PLAN)
    count = len(story.past)
    target = Target(kind=TargetKind.GOAL, key=str(GOAL))
    correction = CorrectionMade(plan_id=PLAN, correction_id=NEXT_PLAN, target=target, text="Efteråt", reason="Fel")
    story.given(correction, by=MENTOR)
    tell(ledger, story.past[count:])
    owner.execute("delete from archived_plans")
    owner.execute("update projection_checkpoints set position = 0 where projection = 'archived_plans'")
    runner.catch_up([ArchivedPlansProjection()])
    assert reads.one(story.stream, PLAN) == before
    assert plan_document(story.plan)["corrections"], "and the file now says more"
