"""What each page is for, in one sentence: the page begins with it, and the getting-started guides are made of it."""

from collections.abc import Mapping

HELPS: Mapping[str, str] = {
    "sign-in": "Here pupils, homes and school work together on each pupil's individual development plan.",
    "terms": "The terms say how the information is used and what you answer for yourself; you accept them once.",
    "settings": (
        "What you write about yourself is seen by the staff of the school, and by pupils and guardians in the classes "
        "that you or your children belong to."
    ),
    "start": "Here is everybody you have to do with, and what is new and concerns you.",
    "notices": (
        "What has happened in the plans that concern you, and that you have not read yet. Each leads to its place."
    ),
    "contact-list": (
        "Everybody looks after their own details under Settings. Guardians' details are hidden from the class until "
        "they choose to show them; the staff of the school see them."
    ),
    "overview": "Here you follow how the work goes, both before and after the conversation.",
    "starting": (
        "You start a plan from one of the school's templates. Everybody concerned is told, and can begin to prepare."
    ),
    "preparation": (
        "Here everybody prepares for the conversation and reads each other's answers. A yellow frame shows what is "
        "for you to answer."
    ),
    "assessments": (
        "Here the teachers write, subject by subject, what you can, what you have learnt and what to work on. Click on "
        "a subject to open it."
    ),
    "class-assessments": (
        "Here are the pupils of the class whom you assess. Choose one to write, and go on from pupil to pupil."
    ),
    "assessing": (
        "Write to the pupil: what the pupil can, has learnt and is to work on, in relation to the goals and to what "
        "you have worked with. It is not a grade."
    ),
    "correction": "What is agreed can be put right with a reason; what stood there before is kept beside it.",
    "planning": (
        "A local pedagogical planning: what is aimed at, what is worked with and how, and how you show what you have "
        "learnt."
    ),
    "matrix": "A matrix of criteria: what each ability looks like at each level.",
    "syllabus": "From the national syllabus, which holds for all schools.",
    "goals": (
        "Here are the goals: what is proposed, what you agree on at the conversation, and how far the work has come on "
        "the staircase."
    ),
    "goal": "Here you word the goal anew and link it to the syllabus. Everybody concerned is told.",
    "focus": (
        "Here are all goals, from this plan and from earlier ones. Choose a goal to take the next step or to evaluate "
        "it."
    ),
    "learning-blog": (
        "Here the pupil writes what was done and how one knows that a goal is reached. Those who read the plan read it "
        "too."
    ),
    "concern": (
        "A plan is a public record that anybody may ask for. If this text holds something private, secret or hurtful "
        "you tell the mentor here, who looks at it."
    ),
    "conversation": (
        "Here is what is said around the conversation: who has read the plan, what to talk about, what you agree on "
        "and how it went."
    ),
    "archive": (
        "Every plan stays here as it was agreed and followed. An archived plan can be read, and nothing in it can be "
        "changed."
    ),
    "history": (
        "Everything that has been done in the plan stands here, the latest first. Choose a day to see how the plan was "
        "when it ended."
    ),
    "class-view": (
        "The pupils of the class whose plans you may read: how far each has prepared, what is missing, and where the "
        "goals stand. That you look is on record with each of them."
    ),
    "readers": (
        "These people have a part in the learning and can read the plan today. Every time somebody reads it, that is "
        "put on record."
    ),
    "help": "Here are short guides, one for each who works with the plan. They can be printed.",
    "disposal": (
        "Here is what has been kept for as long as it should, and why. Nothing is destroyed before one officer has "
        "planned it and another has approved it."
    ),
    "disposal-run": "One list, frozen as it was planned. It says whom it is about by id alone.",
    "certificate": (
        "What the ledger certifies to have destroyed, signed. It names nobody but the officers, and anybody can check "
        "it."
    ),
    "retention-periods": (
        "For how long what is kept is kept, each by a decision of the municipality. Without one nothing is ever due."
    ),
    "retention-period": "One decision as it was recorded, and taking it back.",
    "held-files": "Files that are not destroyed though they may be due, because something needs them.",
    "held-file": "Here a file is held or released by its id. What stands in it is not shown.",
    "held-one": "A hold is released by whoever can say that the file is needed no more.",
    "audit": (
        "The ledger signs how many events there are and one number that stands for them all. Whoever keeps an earlier "
        "signature can see for themselves that nothing was altered since."
    ),
}
"""By page, in English; catalogues have the other languages. Pages of a plan go by the kind of their template's page."""
