import pytest

from aggregates import group, planning_document, school
from aggregates.errors.enrolment import RelationAlreadyExists, RelationEndsBeforeItStarts, RelationNotFound
from aggregates.errors.school import (
    DocumentKindFixed,
    SchoolAlreadyFounded,
    SchoolRoleNotAllowed,
    SettingsInThePast,
    SettingsNotNewer,
)
from events.base import Role
from events.planning_document import DocumentContent, DocumentKind, DocumentPublished, MatrixRow, Section
from events.school import ForecastVocabulary, GroupKind, SchoolSettings
from tests.aggregates.given import (
    ADMINISTRATOR,
    CLASS,
    OTHER_SCHOOL,
    SCHOOL,
    TEACHER,
    Details,
    Story,
    an_id,
    day,
    only,
)
from tests.aggregates.stories import DOCUMENT, a_document, a_group, a_person, a_planning, a_school

MATRIX = DocumentContent(
    title="Bedömningsmatris - Matematik",
    subject="MA",
    levels=("Godtagbar", "Mer än godtagbar"),
    rows=(MatrixRow(ability="Problemlösning", levels=("Löser enkla problem.", "Löser svåra problem.")),),
)
PLANNING = a_planning()


def _part(role: Role, **details: object) -> Details:
    usual: Details = {
        "relation_id": an_id(f"part {role}"),
        "person_id": ADMINISTRATOR.person_id,
        "role": role,
        "since": day(8, 1),
    }
    return usual | details


@pytest.mark.requirement("S-ROL-6")
@pytest.mark.requirement("S-ROL-7")
@pytest.mark.parametrize("role", Role)
def test_a_school_has_administrators_a_principal_and_other_staff(role: Role) -> None:
    """Every other role is a relation to a pupil, and not for a school to give."""
    story = a_school()
    if role in {Role.ADMINISTRATOR, Role.PRINCIPAL, Role.STAFF}:
        story.when(school.grant_role, **_part(role))
        assert story.state.roles[an_id(f"part {role}")].role is role
    else:
        story.refuses(SchoolRoleNotAllowed, school.grant_role, **_part(role))


@pytest.mark.requirement("S-ROL-9")
def test_a_part_at_a_school_is_held_from_a_day_to_a_day() -> None:
    """Both its days included; the day it is ended gives nothing; an ended part is not ended again."""
    story = a_school()
    story.when(school.grant_role, **_part(Role.STAFF, until=day(12, 20)))
    part = story.state.roles[an_id("part staff")]
    assert [part.holds(on) for on in (day(7, 31), day(8, 1), day(12, 20), day(12, 21))] == [False, True, True, False]
    story.refuses(RelationEndsBeforeItStarts, school.revoke_role, relation_id=part.id, on=day(7, 31))
    story.when(school.revoke_role, relation_id=part.id, on=day(10, 1))
    ended = story.state.roles[part.id]
    assert [ended.holds(on) for on in (day(9, 30), day(10, 1))] == [True, False]
    story.refuses(RelationNotFound, school.revoke_role, relation_id=part.id, on=day(10, 2))
    story.refuses(RelationNotFound, school.revoke_role, relation_id=an_id("no part"), on=day(10, 2))


def test_a_part_is_given_once_at_a_time() -> None:
    """Also where the one that is there begins later; the same person may have another part beside it."""
    story = a_school()
    story.when(school.grant_role, **_part(Role.STAFF, since=day(9, 1)))
    again = _part(Role.STAFF, relation_id=an_id("again"))
    story.refuses(RelationAlreadyExists, school.grant_role, **again)
    story.refuses(RelationEndsBeforeItStarts, school.grant_role, **(again | {"until": day(7, 1)}))
    story.when(school.grant_role, **(again | {"until": day(8, 31)}))
    story.when(school.grant_role, **_part(Role.ADMINISTRATOR))
    on = day(9, 1)
    assert sorted(
        r.role for r in story.state.roles.values() if r.person_id == ADMINISTRATOR.person_id and r.holds(on)
    ) == [
        Role.ADMINISTRATOR,
        Role.STAFF,
    ]


def test_a_school_is_founded_once_and_renamed() -> None:
    """A name that is the name already says nothing new, however it is written."""
    story = a_school()
    story.refuses(SchoolAlreadyFounded, school.found_school, name="Igen")
    assert story.when(school.rename_school, name=" A\u0308ngsskolan F-6") == []
    assert story.state.name == "Ängsskolan F-6"


def test_settings_hold_from_a_day_and_leave_the_past_alone() -> None:
    """What held before stays true of the time before; without settings the defaults of 2026 hold."""
    story: Story[school.School] = Story(school.fold, stream=SCHOOL, subject=SCHOOL)
    story.when(school.found_school, name="Ängsskolan")
    assert story.state.settings_on(day(8, 1)) == SchoolSettings()
    first, second = SchoolSettings(iup_years=(1, 2, 3)), SchoolSettings(only_mentor_confirms=True)
    story.when(school.adopt_settings, valid_from=day(8, 1), settings=first, today=day(6, 1))
    story.when(school.adopt_settings, valid_from=day(8, 1, 2027), settings=second, today=day(6, 1, 2027))
    assert story.when(school.adopt_settings, valid_from=day(8, 1, 2027), settings=second) == []
    in_force = [story.state.settings_on(on) for on in (day(7, 31), day(8, 1), day(7, 31, 2027), day(8, 1, 2027))]
    assert in_force == [SchoolSettings(), first, first, second]
    story.refuses(SettingsNotNewer, school.adopt_settings, valid_from=day(7, 31, 2027), settings=first)


def test_settings_of_a_day_are_put_right_on_the_same_day() -> None:
    """The latest decision for a day counts."""
    story = a_school()
    words = SchoolSettings(vocabulary=ForecastVocabulary.KUNSKAPSKRAV_2011)
    story.when(school.adopt_settings, valid_from=day(8, 1), settings=words, today=day(8, 1))
    assert story.state.settings_on(day(8, 1)) == words


def test_only_the_first_settings_of_a_school_reach_back() -> None:
    """What was decided under the settings of a day is never judged by others; a school begins with what it has had."""
    story: Story[school.School] = Story(school.fold, stream=SCHOOL, subject=SCHOOL)
    story.when(school.found_school, name="Ängsskolan")
    first, second = SchoolSettings(iup_years=(1, 2, 3)), SchoolSettings(only_mentor_confirms=True)
    story.when(school.adopt_settings, valid_from=day(8, 1), settings=first, today=day(11, 22))
    again: Details = {"settings": second, "today": day(11, 22)}
    story.refuses(SettingsInThePast, school.adopt_settings, valid_from=day(11, 21), **again)
    story.refuses(SettingsInThePast, school.adopt_settings, valid_from=day(8, 1), **again)
    assert story.when(school.adopt_settings, valid_from=day(8, 1), settings=first, today=day(11, 22)) == []
    story.when(school.adopt_settings, valid_from=day(11, 22), **again)
    assert [story.state.settings_on(on) for on in (day(11, 21), day(11, 22))] == [first, second]


def test_a_group_is_formed_once_and_renamed() -> None:
    """A class belongs to a school; who is in it stands in each pupil's file."""
    story = a_group()
    assert (story.state.school_id, story.state.name, story.state.kind) == (SCHOOL, "4 Å", GroupKind.CLASS)
    assert story.when(group.rename_group, name="4 A\u030a") == []
    again: Details = {"school_id": SCHOOL, "name": "4 B", "kind": GroupKind.CLASS}
    story.refuses(SchoolAlreadyFounded, group.form_group, **again)


@pytest.mark.requirement("S-LPP-1")
def test_a_planning_is_published_in_versions() -> None:
    """Goals, content, methods and ways to show are sections; the same again is no version; it stays at its school."""
    story = a_document()
    again: Details = {"school_id": OTHER_SCHOOL, "kind": DocumentKind.PLANNING}
    assert story.when(planning_document.publish_document, by=TEACHER, **again, content=PLANNING) == []
    longer = PLANNING.model_copy(update={"sections": (*PLANNING.sections, Section(heading="Visa", text="Ett prov."))})
    published = only(story.when(planning_document.publish_document, by=TEACHER, **again, content=longer))
    assert published == DocumentPublished(school_id=SCHOOL, kind=DocumentKind.PLANNING, content=longer)
    assert (story.state.version, story.state.content) == (2, longer)


@pytest.mark.requirement("S-LPP-2")
def test_a_matrix_has_a_text_for_each_level_of_each_ability() -> None:
    """It is published as it is, and refused with a hole in it."""
    story: Story[planning_document.PlanningDocument] = Story(planning_document.fold, stream=DOCUMENT, subject=SCHOOL)
    matrix: Details = {"school_id": SCHOOL, "kind": DocumentKind.MATRIX}
    hole = MATRIX.model_copy(update={"rows": (MatrixRow(ability="Metod", levels=("Väljer metod.",)),)})
    for broken in (hole, PLANNING, MATRIX.model_copy(update={"rows": ()}), MATRIX.model_copy(update={"levels": ()})):
        story.refuses(DocumentKindFixed, planning_document.publish_document, **matrix, content=broken)
    story.when(planning_document.publish_document, **matrix, content=MATRIX)
    assert story.state.content == MATRIX
    planning: Details = {"school_id": SCHOOL, "kind": DocumentKind.PLANNING, "content": PLANNING}
    story.refuses(DocumentKindFixed, planning_document.publish_document, **planning)


@pytest.mark.requirement("S-LPP-1")
def test_a_planning_has_no_parts_of_a_matrix() -> None:
    """A document is one or the other."""
    mixed = PLANNING.model_copy(update={"levels": MATRIX.levels, "rows": MATRIX.rows})
    planning: Details = {"school_id": SCHOOL, "kind": DocumentKind.PLANNING}
    for broken in (mixed, MATRIX, PLANNING.model_copy(update={"sections": ()})):
        a_document().refuses(DocumentKindFixed, planning_document.publish_document, **planning, content=broken)


def test_a_story_begins_at_its_beginning() -> None:
    """A stream whose first event is missing is refused loudly, not folded into half a thing."""
    for story in (a_school(), a_group(), a_person()):
        with pytest.raises(ValueError, match="the first event"):
            story.fold(None, story.past[1:])
    assert a_group().state.id == CLASS
