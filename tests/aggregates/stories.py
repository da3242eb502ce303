"""Long stories in which every event there is happens, each by a decision."""

from datetime import UTC, datetime, timedelta

from aggregates import (
    agreement,
    answers,
    assessments,
    conversation,
    enrolment,
    free_text,
    goals,
    group,
    person,
    planning_document,
    reading,
    reminders,
    school,
    template,
)
from aggregates import person_choices as choices
from aggregates import sign_in_accounts as accounts
from aggregates.student_file import StudentFile
from events.assessments import Forecast, ProgrammeDecision
from events.base import Actor, Event, Role
from events.enrolment import SchoolingEndCause
from events.goals import GoalContent, GoalStatus
from events.person import ContactDetailsGiven, IdentifierKind, MailPreferencesChosen, Theme
from events.plan import Target, TargetKind
from events.planning_document import DocumentContent, DocumentKind, Section
from events.reading import ProtectionKind
from events.school import GroupKind, Module, SchoolSettings
from events.syllabus import SyllabusItem, SyllabusKind
from tests.aggregates.given import (
    ADMINISTRATOR,
    CLASS,
    CONCERN,
    EDUCATOR,
    FOR_ALL,
    FOR_CHILD,
    FOR_PUPIL,
    FOR_TEACHER,
    GOAL,
    GUARDIAN,
    MENTOR,
    NEXT_PLAN,
    OTHER_GOAL,
    OTHER_SCHOOL,
    OTHER_TEACHER,
    PLAN,
    PRINCIPAL,
    PUPIL,
    RATING,
    SCHOOL,
    TEACHER,
    TEMPLATE,
    FileStory,
    Story,
    a_document_for,
    a_relation,
    a_template_content,
    an_actor,
    an_id,
    day,
    enrolled,
    for_pupil,
)
from tests.aggregates.retention_stories import is_kept, retention_stories

DOCUMENT = an_id("planning document")
DELEGATE = an_actor("Gerd Farmor", Role.DELEGATE)
IDENTIFIER = an_id("identifier")
SYLLABUS_ITEM = SyllabusItem(subject="MA", years="4-6", kind=SyllabusKind.CRITERION, ordinal=2, version="0f" * 32)


def whole_schooling() -> FileStory:
    """A pupil's file from the first day to the last, and one day more."""
    story = enrolled()
    _people_come(story)
    _others_may_read(story)
    _plan_is_prepared(story)
    _plan_is_agreed(story)
    _plan_is_followed(story)
    _people_go(story)
    return story


def _people_come(story: FileStory) -> None:
    for who in (GUARDIAN, TEACHER, OTHER_TEACHER, MENTOR, EDUCATOR):
        story.when(enrolment.start_relation, by=ADMINISTRATOR, **a_relation(who))
    story.when(enrolment.rename_student, name="Elsa Öst", by=ADMINISTRATOR)
    story.when(enrolment.join_group, group_id=CLASS, on=day(8, 17), by=ADMINISTRATOR)


def _others_may_read(story: FileStory) -> None:
    story.when(
        reading.delegate_reading,
        relation_id=DELEGATE.relation_id,
        person_id=DELEGATE.person_id,
        name=DELEGATE.name,
        until=day(12, 20),
        today=day(8, 20),
        longest=timedelta(days=365),
        by=GUARDIAN,
    )
    story.when(
        reading.mark_protection,
        kind=ProtectionKind.SECRECY_MARKING,
        readers=(GUARDIAN.person_id, MENTOR.person_id),
        by=PRINCIPAL,
    )
    opened_at = datetime(2026, 8, 21, 9, 0, tzinfo=UTC)
    story.when(
        reading.open_in_emergency,
        relation_id=an_id("emergency"),
        reason="Eleven kom inte hem i går och ingen vårdnadshavare svarar.",
        since=day(8, 21),
        until=day(8, 22),
        at=opened_at,
        expires_at=opened_at + timedelta(hours=24),
        by=PRINCIPAL,
    )
    story.when(reading.lift_protection, reason="Markeringen har upphört.", by=PRINCIPAL)
    story.when(reading.end_delegation, relation_id=DELEGATE.relation_id, today=day(9, 1), by=DELEGATE)


def _plan_is_prepared(story: FileStory) -> None:
    story.starts()
    story.saves(FOR_PUPIL, "Bra, mest på rasterna.", by=PUPIL)
    story.when(reminders.remind, plan_id=PLAN, on=day(9, 1))
    story.when(_revises_in_spite_of_a_warning, text="Bra, också på lektionerna.", by=PUPIL)
    story.saves(RATING, "Mest serier.", choice="ofta", by=PUPIL)
    story.saves(FOR_CHILD, "Att bygga.", by=for_pupil(GUARDIAN))
    story.saves(FOR_ALL, "Hon berättar gärna hemma.", by=GUARDIAN)
    story.saves(FOR_TEACHER, "Arbetar jämnt.", by=TEACHER)
    for subject, forecast, by in (("MA", Forecast.AT_RISK, TEACHER), ("SV", Forecast.EXPECTED, OTHER_TEACHER)):
        story.when(
            assessments.publish_assessment,
            plan_id=PLAN,
            subject=subject,
            forecast=forecast,
            text="Kan de fyra räknesätten, behöver öva på bråk.",
            documents=[a_document_for("MA")] if subject == "MA" else (),
            syllabus=(SYLLABUS_ITEM,),
            risk_needs_programme=True,
            by=by,
        )
    story.when(
        assessments.note_development_area,
        plan_id=PLAN,
        area_id=an_id("area"),
        subject="MA",
        text="Bråk som delar av en helhet.",
        support="Laborativt material.",
        syllabus=(SYLLABUS_ITEM,),
        by=TEACHER,
    )
    story.proposes()
    content = GoalContent(text="Läsa två böcker i månaden", activities="Högläsning", subjects=("SV",))
    story.when(goals.revise_goal, plan_id=PLAN, goal_id=GOAL, content=content, by=PUPIL)
    for goal_id in (OTHER_GOAL, an_id("goal to decline"), an_id("goal to abandon")):
        story.proposes(goal_id, by=GUARDIAN)
    story.when(goals.withdraw_goal, plan_id=PLAN, goal_id=OTHER_GOAL, by=GUARDIAN)
    story.when(conversation.give_viewpoint, plan_id=PLAN, text="Vi vill tala om läxorna.", by=GUARDIAN)
    target = Target(kind=TargetKind.ASSESSMENT, key="MA")
    story.when(
        conversation.raise_concern, plan_id=PLAN, concern_id=CONCERN, target=target, text="Ska det stå?", by=GUARDIAN
    )


def _revises_in_spite_of_a_warning(file: StudentFile, *, text: str, by: Actor) -> list[Event]:
    saved = answers.save_answer(file, plan_id=PLAN, question=FOR_PUPIL.key, text=text, choice=None, by=by)
    return free_text.saved_after_warning(*([saved] if saved else []))


def _plan_is_agreed(story: FileStory) -> None:
    story.accepts()
    story.accepts(an_id("goal to abandon"))
    story.when(goals.decline_goal, plan_id=PLAN, goal_id=an_id("goal to decline"), reason="Nästa termin.", by=MENTOR)
    story.when(conversation.close_concern, plan_id=PLAN, concern_id=CONCERN, reason="Texten är ändrad.", by=MENTOR)
    version = story.plan.content_version
    story.when(conversation.confirm_reading, plan_id=PLAN, plan_version=version, by=GUARDIAN)
    story.agrees(PUPIL)
    story.agrees(GUARDIAN)
    story.locks()


def _plan_is_followed(story: FileStory) -> None:
    story.moves(GoalStatus.STARTED, GoalStatus.DONE, by=PUPIL)
    story.moves(GoalStatus.ACHIEVED, by=TEACHER)
    story.moves(GoalStatus.STARTED, by=MENTOR, reason="Vi siktar på en bok till.")
    abandoned = an_id("goal to abandon")
    story.when(
        goals.move_goal,
        plan_id=PLAN,
        goal_id=abandoned,
        to=GoalStatus.ABANDONED,
        reason="Inte aktuellt.",
        only_mentor_confirms=True,
        by=MENTOR,
    )
    story.when(
        assessments.link_action_programme,
        plan_id=PLAN,
        programme_id=an_id("programme"),
        subjects=("MA",),
        decision=ProgrammeDecision.DRAWN_UP,
        reference="Dnr 2026:112",
        by=MENTOR,
    )
    story.when(
        agreement.correct,
        plan_id=PLAN,
        correction_id=an_id("correction"),
        target=Target(kind=TargetKind.ASSESSMENT, key="MA"),
        text="Kan de fyra räknesätten.",
        reason="Fel ord.",
        by=TEACHER,
    )
    story.when(
        agreement.correct,
        plan_id=PLAN,
        correction_id=an_id("correction of the forecast"),
        target=Target(kind=TargetKind.ASSESSMENT, key="SV"),
        forecast=Forecast.NOT_YET_ASSESSABLE,
        reason="Fel ruta.",
        by=OTHER_TEACHER,
    )
    note = "Jag läste ut boken i går."
    story.when(goals.post_learning_note, note_id=an_id("note"), text=note, goal_ids=(GOAL,), by=PUPIL)
    story.when(goals.evaluate_goal, plan_id=PLAN, goal_id=GOAL, text="Jag läser oftare.", by=PUPIL)
    story.when(conversation.evaluate_conversation, plan_id=PLAN, text="Vi blev hörda.", by=GUARDIAN)
    story.starts(NEXT_PLAN, term="VT", carry_over=(GOAL,))
    story.when(
        answers.save_answer, plan_id=NEXT_PLAN, question=FOR_PUPIL.key, text="Fortfarande bra.", choice=None, by=PUPIL
    )


def _people_go(story: FileStory) -> None:
    for who in (GUARDIAN, TEACHER, MENTOR, EDUCATOR):
        story.when(enrolment.end_relation, relation_id=who.relation_id, on=day(6, 11, 2027), by=ADMINISTRATOR)
    story.when(enrolment.enter_grade, grade=5, on=day(6, 12, 2027), by=ADMINISTRATOR)
    story.when(enrolment.transfer_student, school_id=OTHER_SCHOOL, on=day(6, 12, 2027), by=ADMINISTRATOR)
    story.when(enrolment.leave_group, group_id=CLASS, on=day(6, 11, 2027), by=ADMINISTRATOR)
    story.when(enrolment.end_schooling, cause=SchoolingEndCause.ABROAD, on=day(8, 1, 2027), by=ADMINISTRATOR)
    is_kept(story, day(8, 2, 2027))
    story.when(enrolment.end_schooling, cause=SchoolingEndCause.ABROAD, on=day(8, 3, 2027), by=ADMINISTRATOR)
    story.when(enrolment.reenrol_student, school_id=SCHOOL, grade=5, on=day(8, 20, 2027), by=ADMINISTRATOR)


def a_school() -> Story[school.School]:
    """A school that gets another name, a principal for a year and settings."""
    story: Story[school.School] = Story(school.fold, stream=SCHOOL, subject=SCHOOL)
    story.when(school.found_school, name="Ängsskolan", by=ADMINISTRATOR)
    story.when(school.rename_school, name="Ängsskolan F-6", by=ADMINISTRATOR)
    part = an_id("principal's part")
    story.when(
        school.grant_role,
        relation_id=part,
        person_id=PRINCIPAL.person_id,
        role=Role.PRINCIPAL,
        since=day(8, 1),
        by=ADMINISTRATOR,
    )
    story.when(school.revoke_role, relation_id=part, on=day(7, 1, 2027), by=ADMINISTRATOR)
    settings = SchoolSettings(only_mentor_confirms=True)
    story.when(school.adopt_settings, valid_from=day(8, 1), settings=settings, by=PRINCIPAL)
    story.when(school.choose_modules, modules=frozenset({Module.FOCUS}), by=PRINCIPAL)
    return story


def a_group() -> Story[group.Group]:
    """A class that gets another name."""
    story: Story[group.Group] = Story(group.fold, stream=CLASS, subject=SCHOOL)
    story.when(group.form_group, school_id=SCHOOL, name="4 A", kind=GroupKind.CLASS, by=ADMINISTRATOR)
    story.when(group.rename_group, name="4 Å", by=ADMINISTRATOR)
    return story


def a_template() -> Story[template.Template]:
    """A template that is drafted and approved."""
    story: Story[template.Template] = Story(template.fold, stream=TEMPLATE, subject=SCHOOL)
    story.when(template.draft_template, school_id=SCHOOL, content=a_template_content(), by=ADMINISTRATOR)
    story.when(template.approve_template, template_version=1, by=PRINCIPAL)
    return story


def a_planning() -> DocumentContent:
    """What a planning says."""
    return DocumentContent(
        title="Mätning", subject="MA", grades=(4,), sections=(Section(heading="Mål", text="Mäta längd och volym."),)
    )


def a_document() -> Story[planning_document.PlanningDocument]:
    """A planning that is published."""
    story: Story[planning_document.PlanningDocument] = Story(planning_document.fold, stream=DOCUMENT, subject=SCHOOL)
    story.when(
        planning_document.publish_document,
        school_id=SCHOOL,
        kind=DocumentKind.PLANNING,
        content=a_planning(),
        by=TEACHER,
    )
    return story


def a_person() -> Story[person.Person]:
    """A guardian who gets another name, is found in a roster, and chooses what to show."""
    person_id = GUARDIAN.person_id
    story: Story[person.Person] = Story(person.fold, stream=person_id, subject=person_id)
    story.when(person.register_person, given_name="Åke", family_name="Åkesson", by=ADMINISTRATOR)
    story.when(person.rename_person, given_name="Åke", family_name="Öst", by=ADMINISTRATOR)
    story.when(person.identify_in_roster, source="oneroster", roster_id="u-17", by=ADMINISTRATOR)
    story.when(person.give_roster_email, email="ake@skola.example", by=ADMINISTRATOR)
    story.when(
        person.give_identifier,
        identifier_id=IDENTIFIER,
        kind=IdentifierKind.EPPN,
        lookup=bytes(32),
        holder=None,
        by=ADMINISTRATOR,
    )
    account = {"identifier_id": IDENTIFIER, "issuer": "https://login.skola.example"}
    story.when(accounts.link_account, **account, account="0a" * 32, by=GUARDIAN)
    story.when(accounts.accept_account, account="0b" * 32, by=ADMINISTRATOR)
    story.when(accounts.link_account, **account, account="0b" * 32, by=GUARDIAN)
    story.when(accounts.acknowledge_new_sign_ins, through_version=story.state.version, by=GUARDIAN)
    story.when(choices.accept_terms, version="2011-08-15", current="2011-08-15", by=GUARDIAN)
    story.when(choices.choose_picture_visibility, of_person_id=PUPIL.person_id, visible_to_class=True, by=GUARDIAN)
    contact = ContactDetailsGiven(mobile="070-174 06 05", town="Umeå")
    story.when(choices.give_contact_details, contact=contact, by=GUARDIAN)
    story.when(choices.choose_contact_visibility, visible_to_class=True, by=GUARDIAN)
    fewer = MailPreferencesChosen(notices=True, messages=False, system=True)
    story.when(choices.choose_mail, wanted=fewer, by=GUARDIAN)
    story.when(choices.describe_oneself, text="Pappa till Elsa, spelar dragspel.", by=GUARDIAN)
    story.when(choices.choose_theme, theme=Theme.SEA, by=GUARDIAN)
    story.when(choices.give_picture, attachment_id=an_id("picture"), sha256=bytes(32), size=40_000, by=GUARDIAN)
    story.when(choices.remove_picture, by=GUARDIAN)
    story.when(person.remove_identifier, identifier_id=IDENTIFIER, by=ADMINISTRATOR)
    return story


def every_story() -> list[Story[object]]:
    """All of them."""
    told = [whole_schooling(), a_school(), a_group(), a_template(), a_document(), a_person()]
    return [*told, *retention_stories()]  # type: ignore[list-item]  # read only
