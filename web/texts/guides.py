"""The getting-started guides: the steps of a year in the plan, made of what each page says of itself and what to do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

PUPIL, GUARDIAN, TEACHER, MENTOR, PRINCIPAL = "elev", "vardnadshavare", "larare", "mentor", "rektor"
"""Whom a guide is for, as it stands in the guide's address."""

GUIDES: Mapping[str, str] = {
    PUPIL: "Getting started: pupils",
    GUARDIAN: "Getting started: guardians",
    TEACHER: "Getting started: teachers",
    MENTOR: "Getting started: mentors",
    PRINCIPAL: "Getting started: principals and administrators",
}
"""What each guide is called, in English; catalogues have the other languages."""

_ALL = frozenset(GUIDES)
_HOME = frozenset({PUPIL, GUARDIAN})
_STAFF = _ALL - _HOME
_WRITERS = _ALL - {PRINCIPAL}


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to do or to know, and whom it concerns."""

    text: str
    readers: frozenset[str] = _ALL


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a guide: its heading, the page it is about by its key in `web.texts.helps`, and what to do there."""

    heading: str
    page: str
    points: tuple[Point, ...]
    readers: frozenset[str] = _ALL


STEPS: tuple[Step, ...] = (
    Step(
        "Sign in",
        "sign-in",
        (
            Point("Use the same account as on the school's computers. You need no other.", frozenset({PUPIL})),
            Point(
                "Sign in as yourself, never with your child's sign-in: everybody should see who has written and "
                "who has read. If you work for the municipality, use the staff sign-in further down; it shows "
                "your children too.",
                frozenset({GUARDIAN}),
            ),
            Point(
                "E-identification is the safest way for guardians. It is issued by banks and others, costs "
                "nothing, and is not the same thing as your internet bank.",
                frozenset({GUARDIAN}),
            ),
            Point(
                "Use your ordinary staff account. It shows your own children too, if they go to school here.", _STAFF
            ),
            Point(
                "Never let the browser save your password. Others who use the computer could then sign in as you.",
            ),
            Point("Sign out when you are done."),
        ),
    ),
    Step(
        "Accept the terms",
        "terms",
        (Point("If you decline you are signed out. The school works with the plan all the same."),),
    ),
    Step(
        "Say who you are",
        "settings",
        (
            Point("You find the settings by your name at the top of each page."),
            Point("Choose a picture and a theme if you like."),
            Point(
                "Keep your e-mail address current: without it no notice reaches you when you are not signed in.",
                _ALL - {PUPIL},
            ),
            Point(
                "Your contact details are hidden from the class until you take away the tick at Hide my contact "
                "details. The staff who teach your child always see them.",
                frozenset({GUARDIAN}),
            ),
            Point(
                "Choose yourself what you want e-mail about. All three kinds are ticked from the start.", _ALL - {PUPIL}
            ),
        ),
    ),
    Step(
        "Begin at the start page",
        "start",
        (
            Point("Choose your own card. The IUP symbol leads straight to your plan.", frozenset({PUPIL})),
            Point("Choose your child's card. The IUP symbol leads straight to the plan.", frozenset({GUARDIAN})),
            Point("Choose a class or a pupil first, then what you want to work with.", _STAFF),
            Point("Yellow notices are what you have not read yet. Each leads to the exact place."),
            Point("The path at the top of each page shows where you are, and every part of it can be clicked."),
        ),
    ),
    Step(
        "Start a plan",
        "starting",
        (
            Point("You start it from the pupil's overview. The plan before is archived and can still be read."),
            Point("Goals that are not finished can be taken along as proposals."),
        ),
        frozenset({MENTOR}),
    ),
    Step(
        "Follow the work in the overview",
        "overview",
        (
            Point("The bars show how much each has filled in, and say it in words too."),
            Point(
                "A bar is seldom full: some questions, such as boxes for comments, are directed to several and are not "
                "answered by all. The assessments are not counted."
            ),
            Point("What is still to be done for the pupil stands at the top.", frozenset({MENTOR, PRINCIPAL})),
        ),
    ),
    Step(
        "Answer the questions",
        "preparation",
        (
            Point("Press Save when you have answered. Until then only you see what you have typed."),
            Point(
                "Where the template lets you write in your child's box, you fill it in together.", frozenset({GUARDIAN})
            ),
            Point(
                "Do not write about health, belief, political opinion, origin or personal qualities, and no "
                "insults. The plan is a public record."
            ),
        ),
        _WRITERS,
    ),
    Step(
        "See how the class is doing",
        "class-view",
        (Point("Those who have answers missing can be reminded from there.", frozenset({MENTOR})),),
        frozenset({TEACHER, MENTOR, PRINCIPAL}),
    ),
    Step(
        "Write assessments",
        "class-assessments",
        (
            Point(
                "Write to the pupil: what the pupil can, has learnt and is to work on, in relation to the goals and to "
                "what you have worked with. It is not a grade."
            ),
            Point(
                "If there is a risk that the pupil does not reach the goals, you must say so. The plan is then to be "
                "supplemented with an action programme."
            ),
            Point("Until you publish only you see what you have typed."),
        ),
        frozenset({TEACHER}),
    ),
    Step(
        "Read the assessments",
        "assessments",
        (
            Point("Open/close all opens every subject at once."),
            Point("Earlier assessments stand as tabs at the top of each subject."),
            Point("The headings LPP, Criteria and National goals open what the assessment rests on."),
            Point(
                "A risk that is signalled is to be answered with an action programme, which you link here.",
                frozenset({MENTOR, PRINCIPAL}),
            ),
        ),
    ),
    Step(
        "Propose goals and follow them",
        "goals",
        (
            Point(
                "Propose goals before the conversation: the goal, what is done to reach it and who does what.", _WRITERS
            ),
            Point("Accept or decline each proposal at the conversation.", frozenset({MENTOR})),
            Point("New: proposed before the conversation. Started: the work has begun."),
            Point("Done: the pupil thinks that the goal is reached. Achieved: a mentor or a teacher confirms it."),
            Point("Every goal, also from earlier plans, is under Focus on the pupil's page."),
            Point(
                "Move your goals yourself as you work, and write in the learning blog how it goes.", frozenset({PUPIL})
            ),
        ),
    ),
    Step(
        "Hold the conversation and agree",
        "conversation",
        (
            Point("Confirm that you have read, and write what you would like to talk about.", frozenset({GUARDIAN})),
            Point("Tell the mentor about a text that should not stand in the plan, before it is locked.", _HOME),
            Point(
                "Agree to the plan when all of you are content with it. If it is changed after that, you are "
                "asked again.",
                _HOME,
            ),
            Point(
                "Answer everybody who has asked you to look at a text, before you lock the plan.", frozenset({MENTOR})
            ),
            Point(
                "Mark the plan as agreed at the conversation. If somebody has not agreed, you say why you lock it all "
                "the same.",
                frozenset({MENTOR}),
            ),
            Point("What is locked can only be put right with a reason, and the old text is kept."),
        ),
    ),
    Step(
        "Use the agreed plan",
        "archive",
        (
            Point(
                "The plan stays after the conversation and is followed during the term. You can print it as PDF "
                "from the overview."
            ),
            Point("Before the next conversation, write in the box beneath each goal how it went.", _WRITERS),
            Point("Write how the conversation went, too.", frozenset({GUARDIAN})),
        ),
    ),
    Step(
        "Who may read",
        "readers",
        (Point("You can let another adult read for a time, and end it when you like.", frozenset({GUARDIAN})),),
        frozenset({GUARDIAN, MENTOR, PRINCIPAL}),
    ),
)
"""In the order of a year, in English; catalogues have the other languages."""


def steps_for(reader: str) -> Iterator[tuple[Step, list[Point]]]:
    """The steps of a guide, each with what concerns its reader."""
    for step in STEPS:
        if reader in step.readers:
            yield step, [point for point in step.points if reader in point.readers]


def texts() -> Iterator[str]:
    """Every text of the guides, for whoever looks after the catalogues."""
    yield from GUIDES.values()
    for step in STEPS:
        yield step.heading
        yield from (point.text for point in step.points)
