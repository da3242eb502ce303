import pytest
from pydantic import ValidationError

from aggregates import template
from aggregates.errors.plans import TemplateNotApproved
from aggregates.errors.school import TemplateAlreadyApproved, TemplateNotSound, TemplateVersionNotFound
from aggregates.template_rules import broken_rules
from events.base import Role
from events.template import (
    Link,
    Page,
    PageKind,
    Question,
    SubjectHeading,
    TemplateApproved,
    TemplateContent,
    TemplateDrafted,
)
from tests.aggregates.given import (
    ADMINISTRATOR,
    FOR_CHILD,
    FOR_PUPIL,
    PRINCIPAL,
    RATING,
    SCALE,
    SCHOOL,
    TEMPLATE,
    Story,
    a_template_content,
    only,
)
from tests.aggregates.stories import a_template


def _page(*questions: Question, key: str = "om-mig", kind: PageKind = PageKind.PREPARATION) -> Page:
    return Page(key=key, title="Om mig", kind=kind, questions=questions)


CONVERSATION = _page(key="samtalet", kind=PageKind.CONVERSATION)
GOALS = _page(key="min-iup", kind=PageKind.GOALS)


def _with(*pages: Page, **changes: object) -> TemplateContent:
    return a_template_content(pages=(*pages, CONVERSATION, GOALS), **changes)


STAFF_QUESTION = FOR_PUPIL.model_copy(update={"directed_to": (Role.PUPIL, Role.EDUCATOR)})
BROKEN: dict[str, TemplateContent] = {
    "one question twice on a page": _with(_page(FOR_PUPIL, FOR_PUPIL)),
    "one question on two pages": _with(_page(FOR_PUPIL), _page(FOR_PUPIL, key="mitt-larande")),
    "two pages with one address": _with(_page(FOR_PUPIL), _page(FOR_CHILD)),
    "one subject twice": a_template_content(subjects=(SubjectHeading(code="MA", name="Matematik"),) * 2),
    "one year twice": a_template_content(grades=(4, 4)),
    "a question to nobody who answers": _with(_page(STAFF_QUESTION)),
    "a question to one role twice": _with(_page(FOR_PUPIL.model_copy(update={"directed_to": (Role.PUPIL,) * 2}))),
    "a scale of one step": _with(_page(RATING.model_copy(update={"scale": SCALE[:1]}))),
    "a scale with one step twice": _with(_page(RATING.model_copy(update={"scale": SCALE[:1] * 2}))),
    "a rating without a scale": _with(_page(RATING.model_copy(update={"scale": ()}))),
    "a scale beside a text question": _with(_page(FOR_PUPIL.model_copy(update={"scale": SCALE}))),
    "writing for a child who is not asked": _with(
        _page(FOR_CHILD.model_copy(update={"directed_to": (Role.GUARDIAN,)}))
    ),
    "no page where the plan is agreed": a_template_content(pages=(_page(FOR_PUPIL), GOALS)),
    "no page for goals": a_template_content(pages=(_page(FOR_PUPIL), CONVERSATION)),
    "a question on a page of goals": _with(_page(FOR_PUPIL, kind=PageKind.GOALS)),
    "national goals of a year that has none": a_template_content(national_goals_grade=4),
    "a link that is not sealed": _with(
        _page(FOR_PUPIL).model_copy(
            update={"links": (Link.model_validate({"title": "Läroplan", "url": "http://example.org"}),)}
        )
    ),
}


@pytest.mark.requirement("S-TPL-2")
@pytest.mark.requirement("S-TPL-8")
def test_a_template_is_drafted_in_versions_that_stay() -> None:
    """A new draft is the next version; the one before is never edited; the same again is none."""
    story = a_template()
    draft = {"school_id": SCHOOL, "content": a_template_content(name="IUP 4-6, ny")}
    assert only(story.when(template.draft_template, by=ADMINISTRATOR, **draft)) == TemplateDrafted(
        school_id=SCHOOL, template_version=2, content=a_template_content(name="IUP 4-6, ny")
    )
    assert story.when(template.draft_template, by=ADMINISTRATOR, **draft) == []
    assert [content.name for content in story.state.versions.values()] == ["IUP 4-6", "IUP 4-6, ny"]
    assert story.state.approved == {1}


@pytest.mark.requirement("S-TPL-1")
def test_a_version_is_approved_once_before_it_is_used() -> None:
    """G-9: the approval is an event of its own and names the version."""
    story: Story[template.Template] = Story(template.fold, stream=TEMPLATE, subject=SCHOOL)
    story.when(template.draft_template, school_id=SCHOOL, content=a_template_content(), by=ADMINISTRATOR)
    with pytest.raises(TemplateNotApproved):
        template.approved_content(story.state, 1)
    assert only(story.when(template.approve_template, template_version=1, by=PRINCIPAL)) == TemplateApproved(
        template_version=1
    )
    assert template.approved_content(story.state, 1) == a_template_content()
    story.refuses(TemplateAlreadyApproved, template.approve_template, template_version=1)
    for missing in (0, 2):
        story.refuses(TemplateVersionNotFound, template.approve_template, template_version=missing)
        with pytest.raises(TemplateVersionNotFound):
            template.approved_content(story.state, missing)


@pytest.mark.requirement("S-TPL-2")
@pytest.mark.requirement("S-TPL-3")
@pytest.mark.requirement("S-TPL-4")
@pytest.mark.requirement("S-TPL-8")
@pytest.mark.requirement("S-TPL-11")
def test_a_template_has_pages_of_every_kind_and_headings_by_choice() -> None:
    """Preparation, assessments, conversation, goals; LPP and Kriterier where a subject has them."""
    content = a_template().state.versions[1]
    assert {page.kind for page in content.pages} == set(PageKind)
    assert {subject.code: (subject.planning, subject.criteria) for subject in content.subjects} == {
        "MA": (True, True),
        "SV": (False, False),
    }
    assert list(broken_rules(content)) == []


@pytest.mark.requirement("S-TPL-9")
@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_a_template_that_could_not_be_filled_in_as_meant_is_refused(content: TemplateContent) -> None:
    """Wherever it comes from; one rule is broken here, and it is named by its place."""
    story = a_template()
    story.refuses(TemplateNotSound, template.draft_template, school_id=SCHOOL, content=content, by=ADMINISTRATOR)
    places = [place for place, advice in broken_rules(content) if advice]
    assert len(places) == 1
    assert all(isinstance(part, int | str) for place in places for part in place)


@pytest.mark.requirement("S-TPL-9")
@pytest.mark.parametrize(
    "shape",
    [{"directed_to": []}, {"key": "två ord"}, {"text": ""}, {"kind": "dans"}, {"scale": [{"key": "a"}]}],
    ids=str,
)
def test_a_question_has_a_key_a_text_and_somebody_to_answer(shape: dict[str, object]) -> None:
    """A question to nobody is no question."""
    with pytest.raises(ValidationError):
        Question.model_validate({"key": "a", "text": "Hur?", "directed_to": ["pupil"]} | shape)


def test_a_template_begins_with_a_draft() -> None:
    """A stream whose first event is missing is refused loudly."""
    story = a_template()
    with pytest.raises(ValueError, match="the first event"):
        template.fold(None, story.past[1:])
