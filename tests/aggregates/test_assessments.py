from collections.abc import Callable
from datetime import date

import pytest

from aggregates import agreement, assessments, enrolment
from aggregates.errors.agreement import CorrectionOfOneThing, ForecastStands, NotOwnText, TargetNotFound
from aggregates.errors.assessments import (
    DocumentOfAnotherSubject,
    HeadingNotInTemplate,
    NoOpenObligation,
    OnlyPrincipalDecidesNotNeeded,
    SubjectNotInPlan,
)
from aggregates.errors.plans import PlanIsLocked, PlanIsNotLocked, PlanNotFound
from events.assessments import (
    ActionProgrammeLinked,
    AssessmentPublished,
    DevelopmentAreaNoted,
    Forecast,
    ForecastCorrected,
    ProgrammeDecision,
)
from events.base import Actor, Event
from events.plan import Target, TargetKind
from events.planning_document import DocumentKind
from events.template import SubjectHeading
from tests.aggregates.given import (
    ADMINISTRATOR,
    EDUCATOR,
    GOAL,
    GUARDIAN,
    MENTOR,
    NEXT_PLAN,
    OTHER_TEACHER,
    PLAN,
    PRINCIPAL,
    PUPIL,
    TEACHER,
    Details,
    FileStory,
    a_document_for,
    a_relation,
    a_template_content,
    an_approved_template,
    an_id,
    archived,
    day,
    enrolled,
    locked,
    only,
    planned,
    with_people,
)
from tests.aggregates.stories import SYLLABUS_ITEM

RISK = Forecast.AT_RISK
MATHS, SWEDISH = (Target(kind=TargetKind.ASSESSMENT, key=subject) for subject in ("MA", "SV"))


def _assessment(subject: str = "MA", forecast: Forecast = Forecast.EXPECTED, **details: object) -> Details:
    usual: Details = {
        "plan_id": PLAN,
        "subject": subject,
        "forecast": forecast,
        "text": "Kan mäta längd. Behöver öva på volym.",
        "documents": (),
        "risk_needs_programme": True,
    }
    return usual | details


def _programme(*subjects: str, **details: object) -> Details:
    usual: Details = {
        "plan_id": PLAN,
        "programme_id": an_id("programme"),
        "subjects": subjects,
        "decision": ProgrammeDecision.DRAWN_UP,
        "reference": "Dnr 2026:7",
    }
    return usual | details


def _with_risk(*subjects: str) -> FileStory:
    story = planned()
    for subject in subjects:
        story.when(assessments.publish_assessment, by=TEACHER, **_assessment(subject, RISK))
    return story


@pytest.mark.requirement("S-TPL-3")
@pytest.mark.requirement("S-OMD-2")
@pytest.mark.requirement("S-OMD-7")
@pytest.mark.requirement("S-OMD-8")
@pytest.mark.requirement("S-OMD-11")
@pytest.mark.parametrize("forecast", Forecast)
def test_an_assessment_has_a_forecast_and_a_text(forecast: Forecast) -> None:
    """Summative and formative stand together, for one subject, under the teacher's name."""
    story = planned()
    published = only(story.when(assessments.publish_assessment, by=TEACHER, **_assessment("SV", forecast)))
    assert published == AssessmentPublished(
        plan_id=PLAN,
        subject="SV",
        forecast=forecast,
        text="Kan mäta längd. Behöver öva på volym.",
        opens_obligation=forecast is RISK,
    )
    (version,) = story.plan.assessments["SV"]
    assert (version.event, version.by) == (published, TEACHER)


@pytest.mark.requirement("S-OMD-5")
@pytest.mark.requirement("S-TPL-7")
def test_assessments_are_in_the_subjects_of_the_plan() -> None:
    """The template names the subjects of its years; another one is refused, for development areas too."""
    story = with_people()
    story.starts(template=an_approved_template(a_template_content(subjects=(SubjectHeading(code="NO", name="NO"),))))
    story.refuses(SubjectNotInPlan, assessments.publish_assessment, by=TEACHER, **_assessment("MA"))
    story.refuses(
        SubjectNotInPlan,
        assessments.note_development_area,
        by=TEACHER,
        plan_id=PLAN,
        area_id=an_id("area"),
        subject="MA",
        text="Bråk.",
        support="Övning.",
    )
    assert isinstance(
        only(story.when(assessments.publish_assessment, by=TEACHER, **_assessment("NO"))), AssessmentPublished
    )


@pytest.mark.requirement("S-OMD-5")
def test_the_subjects_taught_are_those_somebody_teaches_while_the_plan_is_in_use() -> None:
    """Whoever has left or is to come counts for the days in which the relation holds; an educator teaches them all."""
    story = enrolled()
    for person, details in (
        (MENTOR, {}),
        (TEACHER, {"subjects": ("MA", "BI")}),
        (OTHER_TEACHER, {"subjects": ("SV",), "since": day(11, 2)}),
    ):
        story.when(enrolment.start_relation, by=ADMINISTRATOR, **a_relation(person, **details))
    story.starts()

    def taught(since: date, until: date) -> frozenset[str]:
        return assessments.taught_subjects(story.state, story.plan, since=since, until=until)

    assert taught(day(9, 1), day(10, 30)) == {"MA"}
    assert taught(day(9, 1), day(11, 2)) == {"MA", "SV"}
    story.when(enrolment.end_relation, by=ADMINISTRATOR, relation_id=TEACHER.relation_id, on=day(10, 1))
    assert taught(day(9, 1), day(11, 2)) == {"MA", "SV"}
    assert taught(day(10, 1), day(11, 2)) == {"SV"}
    story.when(enrolment.start_relation, by=ADMINISTRATOR, **a_relation(EDUCATOR, since=day(11, 2)))
    assert taught(day(10, 1), day(11, 2)) == {"MA", "SV"}
    assert taught(day(10, 1), day(11, 1)) == set()


@pytest.mark.requirement("S-OMD-4")
def test_an_earlier_version_of_an_assessment_is_kept() -> None:
    """Each publication is a version with author and time; the same again is none."""
    story = planned()
    story.when(assessments.publish_assessment, by=TEACHER, **_assessment())
    assert story.when(assessments.publish_assessment, by=TEACHER, **_assessment()) == []
    story.when(assessments.publish_assessment, by=OTHER_TEACHER, **_assessment(text="Kan mäta volym."))
    first, second = story.plan.assessments["MA"]
    assert (first.by, second.by) == (TEACHER, OTHER_TEACHER)
    assert first.version < second.version


@pytest.mark.requirement("S-OMD-4")
def test_the_assessments_of_an_archived_plan_stay() -> None:
    """They are the tabs with earlier assessments when the next plan has its own."""
    story = planned()
    story.when(assessments.publish_assessment, by=TEACHER, **_assessment())
    story.starts(NEXT_PLAN, reason="Ny termin.")
    story.when(assessments.publish_assessment, by=TEACHER, **_assessment(plan_id=NEXT_PLAN, text="Nu också volym."))
    texts = [plan.assessments["MA"][-1].event.text for plan in story.state.plans.values()]
    assert texts == ["Kan mäta längd. Behöver öva på volym.", "Nu också volym."]


@pytest.mark.requirement("S-LPP-1")
@pytest.mark.requirement("S-LPP-2")
@pytest.mark.requirement("S-TPL-11")
def test_plannings_and_matrices_are_linked_where_the_template_has_the_heading() -> None:
    """Mathematics has the headings LPP and Kriterier here, Swedish has neither."""
    story = planned()
    kinds = {"lpp": DocumentKind.PLANNING, "matrix": DocumentKind.MATRIX}
    both = [a_document_for("MA", name, kind=kind) for name, kind in kinds.items()]
    story.when(assessments.publish_assessment, by=TEACHER, **_assessment("MA", documents=both))
    assert story.plan.assessments["MA"][-1].event.documents == (an_id("lpp"), an_id("matrix"))
    for name, kind in kinds.items():
        linking = _assessment("SV", documents=[a_document_for("SV", name, kind=kind)])
        story.refuses(HeadingNotInTemplate, assessments.publish_assessment, by=OTHER_TEACHER, **linking)


@pytest.mark.requirement("S-LPP-1")
@pytest.mark.requirement("S-LPP-2")
@pytest.mark.parametrize("kind", DocumentKind)
def test_an_assessment_rests_on_documents_of_its_own_subject(kind: DocumentKind) -> None:
    """A planning of Swedish under the heading of mathematics is a mistake, whatever stands beside it."""
    story = planned()
    documents = [a_document_for("MA"), a_document_for("SV", "other", kind=kind)]
    linking = _assessment("MA", documents=documents)
    story.refuses(DocumentOfAnotherSubject, assessments.publish_assessment, by=TEACHER, **linking)


@pytest.mark.requirement("S-TPL-11")
@pytest.mark.parametrize(
    ("heading", "kind", "refused"),
    [
        ({"planning": True}, DocumentKind.PLANNING, False),
        ({"planning": True}, DocumentKind.MATRIX, True),
        ({"criteria": True}, DocumentKind.PLANNING, True),
        ({"criteria": True}, DocumentKind.MATRIX, False),
    ],
)
def test_each_heading_is_for_its_own_kind_of_document(
    heading: dict[str, bool], kind: DocumentKind, *, refused: bool
) -> None:
    """LPP is for plannings, Kriterier for matrices."""
    subject = SubjectHeading.model_validate({"code": "NO", "name": "NO"} | heading)
    story = with_people()
    story.starts(template=an_approved_template(a_template_content(subjects=(subject,))))
    linking = _assessment("NO", documents=[a_document_for("NO", kind=kind)])
    if refused:
        story.refuses(HeadingNotInTemplate, assessments.publish_assessment, by=TEACHER, **linking)
    else:
        assert story.when(assessments.publish_assessment, by=TEACHER, **linking) != []


@pytest.mark.requirement("S-LPP-3")
def test_an_assessment_points_at_the_national_goals_in_their_wording() -> None:
    """The heading says the year; each link says subject, years, kind, ordinal and the wording's hash."""
    story = planned()
    story.when(assessments.publish_assessment, by=TEACHER, **_assessment(syllabus=(SYLLABUS_ITEM,)))
    assert story.plan.assessments["MA"][-1].event.syllabus == (SYLLABUS_ITEM,)
    assert story.plan.template.national_goals_grade == 6


@pytest.mark.requirement("S-DEV-1")
@pytest.mark.requirement("S-DEV-2")
def test_a_development_area_says_what_and_how_and_links_the_syllabus() -> None:
    """Several stand side by side; each has its author."""
    story = planned()
    for number, by in enumerate((TEACHER, OTHER_TEACHER)):
        area: Details = {
            "plan_id": PLAN,
            "area_id": an_id(f"area {number}"),
            "subject": "MA",
            "text": "Bråk som delar av en helhet.",
            "support": "Laborativt material.",
            "syllabus": (SYLLABUS_ITEM,),
        }
        noted = only(story.when(assessments.note_development_area, by=by, **area))
        assert noted == DevelopmentAreaNoted(**area)
    assert [area.by for area in story.plan.areas.values()] == [TEACHER, OTHER_TEACHER]


@pytest.mark.requirement("S-OMD-9")
@pytest.mark.requirement("S-OMD-10")
@pytest.mark.parametrize(
    ("forecast", "settings_ask", "opens"),
    [
        (RISK, True, True),
        (RISK, False, False),
        (Forecast.EXPECTED, True, False),
        (Forecast.NOT_YET_ASSESSABLE, True, False),
    ],
)
def test_a_risk_opens_a_duty_where_the_settings_of_the_day_say_so(
    forecast: Forecast, *, settings_ask: bool, opens: bool
) -> None:
    """The duty is written in the event, so that later settings do not change the past."""
    story = planned()
    story.when(
        assessments.publish_assessment, by=TEACHER, **_assessment("MA", forecast, risk_needs_programme=settings_ask)
    )
    assert story.plan.obligations == ({"MA": None} if opens else {})


@pytest.mark.requirement("S-OMD-10")
def test_a_duty_stays_until_a_programme_is_linked() -> None:
    """Neither a better forecast, nor the lock, nor the archive closes it; a linked programme does."""
    story = _with_risk("MA", "SV")
    story.when(assessments.publish_assessment, by=TEACHER, **_assessment("MA", Forecast.EXPECTED))
    story.agrees(PUPIL)
    story.agrees(story.plan.started_by.model_copy(update={"role": "guardian"}))
    story.locks()
    story.starts(NEXT_PLAN)
    assert story.plan.obligations == {"MA": None, "SV": None}
    linked = only(story.when(assessments.link_action_programme, by=MENTOR, **_programme("MA")))
    assert linked == ActionProgrammeLinked(
        plan_id=PLAN,
        programme_id=an_id("programme"),
        subjects=("MA",),
        decision=ProgrammeDecision.DRAWN_UP,
        reference="Dnr 2026:7",
    )
    assert story.plan.obligations == {"MA": an_id("programme"), "SV": None}


@pytest.mark.requirement("S-OMD-10")
def test_a_programme_answers_a_risk_and_only_once() -> None:
    """A subject without a risk, one that has its programme, and none at all are refused."""
    story = _with_risk("MA")
    for subjects in ((), ("SV",), ("MA", "SV"), ("SL",)):
        story.refuses(NoOpenObligation, assessments.link_action_programme, by=MENTOR, **_programme(*subjects))
    story.when(assessments.link_action_programme, by=MENTOR, **_programme("MA"))
    again = _programme("MA", programme_id=an_id("programme 2"))
    story.refuses(NoOpenObligation, assessments.link_action_programme, by=MENTOR, **again)


@pytest.mark.requirement("S-OMD-10")
def test_only_the_principal_decides_that_no_programme_is_needed() -> None:
    """G-9: the mentor links one that is drawn up; the decision against is the principal's."""
    story = _with_risk("MA")
    against = _programme("MA", decision=ProgrammeDecision.NOT_NEEDED)
    story.refuses(OnlyPrincipalDecidesNotNeeded, assessments.link_action_programme, by=MENTOR, **against)
    story.when(assessments.link_action_programme, by=PRINCIPAL, **against)
    assert story.plan.obligations == {"MA": an_id("programme")}


@pytest.mark.requirement("S-OMD-1")
@pytest.mark.parametrize("by", [TEACHER, MENTOR], ids=lambda actor: actor.name)
def test_no_assessment_is_published_in_a_locked_plan(by: Actor) -> None:
    """What was agreed to stands; a mistake in it is corrected."""
    locked().refuses(PlanIsLocked, assessments.publish_assessment, by=by, **_assessment())
    archived().refuses(PlanNotFound, assessments.publish_assessment, by=by, **_assessment(plan_id=an_id("no plan")))


@pytest.mark.requirement("S-AGR-1")
@pytest.mark.parametrize(
    ("decision", "by", "details", "lapses"),
    [
        (assessments.publish_assessment, TEACHER, _assessment(text="Något nytt."), True),
        (
            assessments.note_development_area,
            TEACHER,
            {"plan_id": PLAN, "area_id": an_id("area"), "subject": "MA", "text": "Bråk.", "support": "Öva."},
            True,
        ),
        (assessments.link_action_programme, MENTOR, _programme("MA"), False),
    ],
    ids=["assessment", "development area", "programme"],
)
def test_what_teachers_write_makes_agreements_lapse(
    decision: Callable[..., Event], by: Actor, details: Details, *, lapses: bool
) -> None:
    """G-5: one agrees to what one has read; a reference to a programme changes no text of the plan."""
    story = _with_risk("MA")
    story.agrees(PUPIL)
    story.when(decision, by=by, **details)
    assert story.plan.stands(story.plan.agreements[PUPIL.person_id]) is not lapses


def _agreed_upon(*forecasts: Forecast, asked: bool = True) -> FileStory:
    """A locked plan in which mathematics was assessed so, the latest last."""
    story = planned()
    for number, forecast in enumerate(forecasts):
        said = _assessment("MA", forecast, text=f"Version {number}.", risk_needs_programme=asked)
        story.when(assessments.publish_assessment, by=TEACHER, **said)
    story.agrees(PUPIL)
    story.agrees(GUARDIAN)
    story.locks()
    return story


def _corrected(forecast: Forecast | None, **details: object) -> Details:
    usual: Details = {
        "plan_id": PLAN,
        "correction_id": an_id("correction"),
        "target": MATHS,
        "forecast": forecast,
        "reason": "Fel ruta.",
        "risk_needs_programme": True,
    }
    return usual | details


@pytest.mark.requirement("S-OMD-8")
@pytest.mark.parametrize("by", [TEACHER, MENTOR], ids=lambda actor: actor.name)
def test_a_forecast_is_corrected_after_the_lock_by_its_author_or_the_mentor(by: Actor) -> None:
    """G-6: with a reason, beside what was published, which stays; agreements stand as after any correction."""
    story = _agreed_upon(Forecast.EXPECTED)
    for other in (PUPIL, GUARDIAN, OTHER_TEACHER):
        story.refuses(NotOwnText, agreement.correct, by=other, **_corrected(RISK))
    made = only(story.when(agreement.correct, by=by, **_corrected(Forecast.NOT_YET_ASSESSABLE)))
    assert made == ForecastCorrected(
        plan_id=PLAN,
        correction_id=an_id("correction"),
        subject="MA",
        forecast=Forecast.NOT_YET_ASSESSABLE,
        reason="Fel ruta.",
    )
    assert story.plan.standing_forecast("MA") == made
    assert story.plan.assessments["MA"][-1].event.forecast is Forecast.EXPECTED
    assert [(correction.event, correction.by) for correction in story.plan.forecasts["MA"]] == [(made, by)]
    assert story.plan.stands(story.plan.agreements[PUPIL.person_id])


@pytest.mark.requirement("S-OMD-10")
@pytest.mark.parametrize("asked", [True, False])
def test_a_forecast_that_is_corrected_to_a_risk_opens_the_duty(*, asked: bool) -> None:
    """The signal is the same whether it came in the assessment or in its correction, and so are the settings."""
    story = _agreed_upon(Forecast.EXPECTED)
    story.when(agreement.correct, by=TEACHER, **_corrected(RISK, risk_needs_programme=asked))
    assert story.plan.obligations == ({"MA": None} if asked else {})


@pytest.mark.requirement("S-OMD-10")
def test_a_risk_that_never_was_closes_the_duty_that_it_opened() -> None:
    """Another forecast says that things went better; a correction says that the signal was a mistake."""
    story = _agreed_upon(RISK)
    story.when(agreement.correct, by=TEACHER, **_corrected(Forecast.EXPECTED))
    assert story.plan.obligations == {}
    story.refuses(NoOpenObligation, assessments.link_action_programme, by=MENTOR, **_programme("MA"))
    story.when(agreement.correct, by=TEACHER, **_corrected(RISK))
    assert story.plan.obligations == {"MA": None}
    story.when(agreement.correct, by=MENTOR, **_corrected(Forecast.EXPECTED))
    assert story.plan.obligations == {}


@pytest.mark.requirement("S-OMD-10")
def test_a_duty_that_another_signal_opened_or_a_programme_answered_stays() -> None:
    """The correction takes back one forecast, not those before it, and never a programme that is drawn up."""
    for before in ((RISK, RISK), (RISK, Forecast.EXPECTED, RISK)):
        story = _agreed_upon(*before)
        story.when(agreement.correct, by=TEACHER, **_corrected(Forecast.EXPECTED))
        assert story.plan.obligations == {"MA": None}
    story = _agreed_upon(RISK)
    story.when(assessments.link_action_programme, by=MENTOR, **_programme("MA"))
    story.when(agreement.correct, by=TEACHER, **_corrected(Forecast.EXPECTED))
    assert story.plan.obligations == {"MA": an_id("programme")}
    story.when(agreement.correct, by=TEACHER, **_corrected(RISK))
    assert story.plan.obligations == {"MA": None}, "a risk that is signalled anew asks for an answer of its own"


def test_a_correction_is_of_one_thing_and_says_something_else() -> None:
    """A text or a forecast; only an assessment has a forecast; the same forecast again corrects nothing."""
    story = _agreed_upon(Forecast.EXPECTED)
    story.when(agreement.correct, by=TEACHER, **_corrected(RISK))
    for details in (_corrected(None), _corrected(Forecast.EXPECTED, text="Bra.")):
        story.refuses(CorrectionOfOneThing, agreement.correct, by=TEACHER, **details)
    story.refuses(ForecastStands, agreement.correct, by=TEACHER, **_corrected(RISK))
    story.refuses(TargetNotFound, agreement.correct, by=TEACHER, **_corrected(RISK, target=SWEDISH))
    goal = Target(kind=TargetKind.GOAL, key=str(GOAL))
    locked().refuses(CorrectionOfOneThing, agreement.correct, by=MENTOR, **_corrected(RISK, target=goal))
    _with_risk("MA").refuses(PlanIsNotLocked, agreement.correct, by=TEACHER, **_corrected(Forecast.EXPECTED))
