"""A whole year with a plan as four people live it in their browsers: with scripts in Swedish, without in English."""

import re

import pytest
from playwright.sync_api import expect

from events.syllabus import SyllabusItem, SyllabusKind
from store.syllabus import SyllabusChanges, Wording
from tests.api.school import School
from tests.api.template import MATHS
from tests.web.browser.conftest import Site
from tests.web.browser.year import PUPIL, YELLOW, People, Someone, people

LIKES = "Bra med kompisarna. Jag gillar slöjden."
HOME = "Hon berättar gärna om skolan."
WORKS = "Arbetar säkert med tal."
TOPIC = "Vi tar upp läxorna."
TABLES, BOOK, FRACTIONS = "Jag vill kunna tiokamraterna", "Läsa en bok i månaden", "Träna på bråk varje vecka"
KNOWS = "Du kan de fyra räknesätten. Du ska jobba vidare med bråk."
SELDOM_FULL = (
    "A bar is seldom full: some questions, such as boxes for comments, are directed to several and are not answered by "
    "all. The assessments are not counted."
)
HALVES = "Eleven räknar med halva och fjärdedelar."


@pytest.fixture
def syllabus(site: Site) -> None:
    """What the syllabus of mathematics says for the pupil's years."""
    item = SyllabusItem(subject=MATHS, years="4-6", kind=SyllabusKind.CRITERION, ordinal=40, version="4" * 64)
    changes = SyllabusChanges(subjects={MATHS: "Matematik"}, wordings=[Wording(item, HALVES, "E")])
    site.made.services.context.syllabus.save(changes)


def start(four: People) -> None:
    """The mentor goes from the pupil to the plan, where there is none, and starts one; the others hear of it."""
    mentor = four.mentor
    four.pupil.begins_with("My plan", "My classes", "My school")
    four.guardian.begins_with("My children", "My classes", "My school")
    four.guardian.reads(PUPIL, "5 B", "Lindskolan")
    mentor.begins_with("My classes", "My pupils")
    mentor.reads("5 B", PUPIL)
    mentor.follows(PUPIL)
    mentor.follows("IUP")
    mentor.follows("Start a plan")
    mentor.presses("Start the plan")
    mentor.is_told("The new plan is started, and everybody has been told.")
    for someone in (four.pupil, four.guardian, four.teacher):
        someone.hears("started a plan")
        assert someone.page.url == mentor.page.url.partition("?")[0]
        someone.reads("IUP år 4-6", "being prepared")
        expect(someone.page.get_by_role("link", name=someone.say("Start a new plan"))).to_have_count(0)


def bars(someone: Someone, *figures: tuple[str, int, int]) -> None:
    """How far each party has come, in words and as a bar (S-OVR-2)."""
    someone.opens_the_plan()
    for party, answered, asked in figures:
        said = someone.say("%(answered)s of %(asked)s questions answered") % {"answered": answered, "asked": asked}
        found = someone.page.get_by_role("progressbar", name=f"{someone.say(party).capitalize()}: {said}")
        expect(found).to_have_js_property("value", answered)
        expect(found).to_have_js_property("max", asked)


def prepare(four: People) -> None:
    """Each answers what is in a yellow frame, and reads what the others wrote."""
    pupil, guardian, teacher, mentor = four.all
    bars(guardian, ("pupil", 0, 3), ("guardian", 0, 2), ("teacher", 0, 2), ("mentor", 0, 2))
    pupil.turns_to("Om mig")
    expect(pupil.page.get_by_role("link", name="Läroplanen")).to_have_attribute("href", re.compile("^https://"))
    pupil.is_not_asked("Vad ser ni hemma?")
    expect(pupil.part("Hur trivs du i skolan?")).to_have_css("border-top-color", YELLOW)
    pupil.answers("Hur trivs du i skolan?", LIKES)
    pupil.turns_to("Min utveckling")
    pupil.answers("Hur går det att läsa?", "Jag läser på kvällen.", choice="Lätt")
    pupil.turns_to("Mitt lärande")
    pupil.writes("Your answer", "Inget mer.")
    pupil.presses("Save all answers on the page")
    pupil.is_told("Saved.")

    guardian.hears("answered a question")
    guardian.turns_to("Om mig")
    guardian.reads(LIKES)
    guardian.is_not_asked("Hur trivs du i skolan?")
    guardian.writes("Your answer", HOME)
    teacher.turns_to("Om mig")
    expect(teacher.page.get_by_text(HOME)).to_have_count(0)
    guardian.answers("Vad ser ni hemma?", HOME)
    teacher.turns_to("Min utveckling")
    teacher.reads("Lätt", "Jag läser på kvällen.")
    teacher.turns_to("Mitt lärande")
    teacher.answers("Hur arbetar eleven?", WORKS)
    mentor.turns_to("Mitt lärande")
    mentor.reads(WORKS)
    mentor.answers("Vad tar vi upp?", TOPIC)
    bars(guardian, ("pupil", 3, 3), ("guardian", 1, 2), ("teacher", 1, 2), ("mentor", 1, 2))
    guardian.reads(SELDOM_FULL)
    facts = guardian.page.get_by_role("definition")
    expect(facts.nth(2)).to_contain_text(f"Mentor Testmentor, {guardian.say('mentor')}")
    expect(facts.nth(3)).to_contain_text(f"Mentor Testmentor, {guardian.say('mentor')}")
    expect(facts.nth(4)).to_have_text("IUP år 4-6")
    guardian.unfolds("Mitt lärande")
    asked = guardian.page.get_by_role("listitem").filter(has_text="Något mer?")
    guardian.reads(f"{PUPIL}, {guardian.say('pupil')}", guardian.say("not yet:"), within=asked)


def propose(four: People) -> None:
    """Pupil, guardian and teacher propose goals, and all see who proposed what; nobody can begin with them yet."""
    four.pupil.proposes(TABLES, activities="Spela kort hemma.", responsibility="Jag övar varje dag.")
    four.guardian.proposes(BOOK)
    four.teacher.proposes(FRACTIONS)
    four.teacher.follows("Change the goal or its links", FRACTIONS)
    four.teacher.presses("Show the syllabus of the subjects that are ticked")
    four.teacher.ticks(HALVES, exact=False)
    four.teacher.presses("Save the goal")
    four.teacher.is_told("Saved.")
    four.mentor.hears("proposed a goal")
    for someone in four.all:
        someone.turns_to("Min IUP")
        for goal, by in ((TABLES, PUPIL), (BOOK, "Guardian Testguardian"), (FRACTIONS, "Teacher Testteacher")):
            someone.reads(by, "Matematik", within=someone.goal(goal))
        someone.reads("Spela kort hemma.", "Jag övar varje dag.")
        someone.is_offered("To %(step)s", times=0, step="Started")
        someone.is_offered("Accept the goal", times=3 if someone is four.mentor else 0)
    four.guardian.opens_the_plan()
    for goal in (TABLES, BOOK, FRACTIONS):
        four.guardian.reads("Proposal", "Matematik", within=four.guardian.part(goal))
    linked = four.guardian.part(FRACTIONS)
    linked.locator("summary").click()
    four.guardian.reads(HALVES, within=linked)


def assess(four: People) -> None:
    """The teacher writes and publishes; the home reads it where the notice leads, and writes nothing there."""
    teacher, guardian = four.teacher, four.guardian
    teacher.turns_to("Mina omdömen")
    teacher.page.get_by_role("heading", name="Matematik").click()
    teacher.follows("Write the assessment", "Matematik")
    teacher.ticks("Expected to meet the criteria")
    teacher.writes("The assessment", KNOWS)
    teacher.unfolds("Development area")
    teacher.writes("What is to be developed", "Bråk i vardagen.")
    teacher.writes("How it is done at school and at home", "Baka och dela hemma.")
    teacher.presses("Publish")
    teacher.is_told("Published. The pupil, the guardians and the mentor have been told.")
    guardian.hears("published an assessment")
    guardian.follows("Open/close all")
    guardian.reads(KNOWS, "Bråk i vardagen.", "Baka och dela hemma.", "Not written yet")
    expect(guardian.page.get_by_role("link", name=guardian.say("Write the assessment"))).to_have_count(0)
    bars(guardian, ("pupil", 3, 3), ("guardian", 1, 2), ("teacher", 1, 2), ("mentor", 1, 2))


def talk(four: People) -> None:
    """The guardian confirms having read, says what to talk about and asks about a text; the mentor looks at it."""
    guardian, mentor = four.guardian, four.mentor
    guardian.turns_to("Samtalet")
    guardian.presses("I have read the plan")
    guardian.is_told("You have confirmed that you have read the plan as it is now.")
    topic = guardian.part("To talk about")
    guardian.writes("What would you like to talk about at the conversation?", "Läxorna tar lång tid.", topic)
    guardian.presses("Save", within=topic)
    guardian.is_told("Saved.")
    guardian.turns_to("Om mig")
    guardian.follows("Tell the mentor about this text", "Hur trivs du i skolan?")
    guardian.reads(LIKES)
    guardian.writes("What should the mentor look at?", "Ska slöjden stå med?")
    guardian.presses("Tell the mentor")
    guardian.is_told("The mentor has been told, and looks at the text.")

    mentor.hears("asked for a text to be looked at")
    watched = mentor.page.get_by_role("article").filter(has_text="Ska slöjden stå med?")
    mentor.reads(LIKES, within=watched)
    mentor.writes("What did you find, and what was done?", "Den får stå.", watched)
    mentor.presses("Close", within=watched)
    mentor.is_told("The text has been looked at, and everybody who reads the plan sees your answer.")
    mentor.reads("Läxorna tar lång tid.")
    guardian.hears("looked at a text and closed the question")
    guardian.reads("Den får stå.")


def agree(four: People) -> None:
    """At the conversation the mentor decides on each proposal, pupil and guardian agree, and the mentor locks."""
    mentor = four.mentor
    mentor.turns_to("Min IUP")
    for goal in (TABLES, BOOK):
        mentor.presses("Accept the goal", goal)
        mentor.is_told("The goal is accepted. It begins when the plan is locked.")
    mentor.unfolds("Decline the goal", mentor.goal(FRACTIONS))
    mentor.writes("Why is it declined?", "Det ryms i matematiken.", mentor.goal(FRACTIONS))
    mentor.presses("Decline the goal", within=mentor.goal(FRACTIONS))
    mentor.is_told("The proposal is declined.")
    for someone in (four.pupil, four.guardian, four.teacher):
        someone.turns_to("Samtalet")
        someone.is_offered("Mark as agreed", times=0)
    for someone in (four.pupil, four.guardian):
        someone.presses("I agree to the plan")
        someone.is_told("You have agreed to the plan as it is now.")
    mentor.turns_to("Samtalet")
    mentor.presses("Mark as agreed")
    mentor.is_told("The plan is locked as agreed, and everybody has been told.")
    for someone in (four.pupil, four.guardian, four.teacher):
        someone.hears("locked the plan as agreed")
        someone.reads("The plan is locked as agreed.", "Guardian Testguardian", within=someone.part("Agreement"))
        someone.turns_to("Om mig")
        someone.is_offered("Save answer", times=0)


def work(four: People) -> None:
    """The goals go up the staircase: pupil or mentor, last the teacher; home sees each step and takes none."""
    pupil, guardian, teacher, mentor = four.all
    for someone in four.all:
        someone.turns_to("Min IUP")
        stands(someone, TABLES, "New")
    guardian.is_offered("To %(step)s", times=0, step="Started")
    teacher.is_offered("To %(step)s", times=0, step="Started")
    mentor.is_offered("To %(step)s", times=2, step="Started")
    for step in ("Started", "Done"):
        pupil.presses("To %(step)s", TABLES, step=step)
        stands(pupil, TABLES, step)
    mentor.presses("To %(step)s", BOOK, step="Started")
    stands(mentor, BOOK, "Started")
    pupil.is_offered("To %(step)s", times=0, step="Achieved")
    guardian.hears("says that a goal is done")
    guardian.is_offered("To %(step)s", times=0, step="Achieved")
    stands(guardian, TABLES, "Done")
    pupil.follows("Write in the learning blog about the goal", TABLES)
    pupil.writes("What have you done, and how do you know that it went forward?", "Jag kan sjuans tabell utantill.")
    expect(pupil.page.get_by_label(TABLES)).to_be_checked()
    pupil.presses("Post in the learning blog")
    pupil.is_told("Your note is here, and everybody concerned has been told.")
    teacher.hears("wrote in the learning blog")
    teacher.reads("Jag kan sjuans tabell utantill.")
    teacher.follows(TABLES)
    teacher.reads("Jag kan sjuans tabell utantill.", within=teacher.goal(TABLES))
    teacher.presses("To %(step)s", TABLES, step="Achieved")
    stands(teacher, TABLES, "Achieved")
    guardian.opens_the_plan()
    for goal, step in ((TABLES, "Achieved"), (BOOK, "Started")):
        expect(guardian.part(goal).locator("[aria-current=step]")).to_contain_text(guardian.say(step))


def stands(someone: Someone, goal: str, step: str) -> None:
    """The goal's present step is this one, on the page of the goals."""
    expect(someone.goal(goal).locator("[aria-current=step]")).to_contain_text(someone.say(step))


def evaluate(four: People) -> None:
    """Before the next conversation the goals and the conversation are evaluated, and all see it."""
    pupil, guardian, teacher, mentor = four.all
    guardian.turns_to("Samtalet")
    went = guardian.part("How the conversation went")
    guardian.writes("How was the conversation, and what could be better next time?", "Vi fick tid.", went)
    guardian.presses("Save", within=went)
    guardian.is_told("Saved.")
    pupil.opens_the_plan()
    pupil.evaluates(TABLES, "Det gick fortare än jag trodde.")
    teacher.evaluates(BOOK, "Två böcker är lästa.")
    mentor.turns_to("Min IUP")
    mentor.reads("Det gick fortare än jag trodde.", within=mentor.goal(TABLES))
    mentor.turns_to("Samtalet")
    mentor.reads("Vi fick tid.")


def renew(four: People) -> None:
    """The mentor starts the next plan with the goal that is not reached; the one before stays in the archive."""
    pupil, guardian, _, mentor = four.all
    mentor.opens_the_plan()
    mentor.follows("Start a new plan")
    mentor.ticks(BOOK)
    mentor.presses("Start the plan")
    mentor.is_told("The new plan is started, and everybody has been told.")
    mentor.turns_to("Min IUP")
    mentor.reads("Carried on from the plan before", within=mentor.goal(BOOK))
    expect(mentor.goal(TABLES)).to_have_count(0)
    pupil.turns_to("Om mig")
    expect(pupil.page.locator("main form")).to_have_count(0)
    pupil.reads(LIKES)

    guardian.begins()
    guardian.follows(PUPIL)
    guardian.follows("Focus")
    guardian.reads(TABLES, BOOK)
    guardian.follows(PUPIL, within=guardian.page.get_by_role("navigation", name=guardian.say("You are here")))
    guardian.follows("Archive")
    guardian.page.get_by_role("link", name=f"IUP år 4-6, {guardian.say('autumn term')}").click()
    guardian.turns_to("Min IUP")
    stands(guardian, TABLES, "Achieved")
    expect(guardian.page.locator("main form")).to_have_count(0)


WAYS = {"with scripts in Swedish": ("sv-SE", True), "without scripts in English": ("en-GB", False)}


@pytest.mark.requirement("S-SEC-3", surface="browser")
@pytest.mark.requirement("S-NAV-1", surface="browser")
@pytest.mark.requirement("S-NAV-3", surface="browser")
@pytest.mark.requirement("S-NAV-4", surface="browser")
@pytest.mark.requirement("S-NAV-5", surface="browser")
@pytest.mark.requirement("S-NAV-6", surface="browser")
@pytest.mark.requirement("S-NAV-8", surface="browser")
@pytest.mark.requirement("S-NAV-9", surface="browser")
@pytest.mark.requirement("S-NAV-11", surface="browser")
@pytest.mark.requirement("S-NOT-4", surface="browser")
@pytest.mark.requirement("S-TPL-1", surface="browser")
@pytest.mark.requirement("S-TPL-2", surface="browser")
@pytest.mark.requirement("S-TPL-4", surface="browser")
@pytest.mark.requirement("S-TPL-5", surface="browser")
@pytest.mark.requirement("S-TPL-6", surface="browser")
@pytest.mark.requirement("S-TPL-8", surface="browser")
@pytest.mark.requirement("S-TPL-9", surface="browser")
@pytest.mark.requirement("S-OVR-1", surface="browser")
@pytest.mark.requirement("S-OVR-2", surface="browser")
@pytest.mark.requirement("S-OVR-3", surface="browser")
@pytest.mark.requirement("S-OVR-4", surface="browser")
@pytest.mark.requirement("S-OVR-5", surface="browser")
@pytest.mark.requirement("S-OVR-6", surface="browser")
@pytest.mark.requirement("S-OVR-7", surface="browser")
@pytest.mark.requirement("S-OVR-8", surface="browser")
@pytest.mark.requirement("S-OVR-9", surface="browser")
@pytest.mark.requirement("S-QUE-1", surface="browser")
@pytest.mark.requirement("S-QUE-2", surface="browser")
@pytest.mark.requirement("S-QUE-3", surface="browser")
@pytest.mark.requirement("S-QUE-4", surface="browser")
@pytest.mark.requirement("S-QUE-5", surface="browser")
@pytest.mark.requirement("S-GOA-1", surface="browser")
@pytest.mark.requirement("S-GOA-2", surface="browser")
@pytest.mark.requirement("S-GOA-3", surface="browser")
@pytest.mark.requirement("S-GOA-4", surface="browser")
@pytest.mark.requirement("S-GOA-5", surface="browser")
@pytest.mark.requirement("S-GOA-6", surface="browser")
@pytest.mark.requirement("S-GOA-7", surface="browser")
@pytest.mark.requirement("S-GOA-8", surface="browser")
@pytest.mark.requirement("S-GOA-9", surface="browser")
@pytest.mark.requirement("S-GOA-10", surface="browser")
@pytest.mark.requirement("S-SAM-1", surface="browser")
@pytest.mark.requirement("S-SAM-2", surface="browser")
@pytest.mark.requirement("S-SAM-3", surface="browser")
@pytest.mark.requirement("S-FRE-6", surface="browser")
@pytest.mark.requirement("S-AGR-1", surface="browser")
@pytest.mark.requirement("S-AGR-2", surface="browser")
@pytest.mark.requirement("S-AGR-3", surface="browser")
@pytest.mark.requirement("S-AGR-4", surface="browser")
@pytest.mark.requirement("S-ARC-1", surface="browser")
@pytest.mark.requirement("S-ARC-2", surface="browser")
@pytest.mark.requirement("S-BLG-3", surface="browser")
@pytest.mark.requirement("S-ROL-1", surface="browser")
@pytest.mark.requirement("S-ROL-2", surface="browser")
@pytest.mark.requirement("S-ROL-4", surface="browser")
@pytest.mark.requirement("S-GEN-1", surface="browser")
@pytest.mark.requirement("S-GEN-8", surface="browser")
@pytest.mark.usefixtures("syllabus")
@pytest.mark.parametrize("way", WAYS)
def test_the_year(site: Site, own_school: School, way: str) -> None:
    """Prepare, propose, assess, talk, agree, work, evaluate and begin anew, each in a browser of their own."""
    language, scripts = WAYS[way]
    four = people(site, own_school, language=language, scripts=scripts)
    for chapter in (start, prepare, propose, assess, talk, agree, work, evaluate, renew):
        chapter(four)
