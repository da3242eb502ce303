"""What an author is told when a text seems to hold something that must not stand in a plan."""

from collections.abc import Mapping

from commands.guard import Kind

CAUTIONS: Mapping[Kind, str] = {
    Kind.PERSONAL_NUMBER: "The text seems to hold a personal identity number. It is not needed here; take it out.",
    Kind.HEALTH: "The text seems to mention somebody's health. That must not stand in the plan; talk about it instead.",
    Kind.BELIEF: "The text seems to mention what somebody believes in. That must not stand in the plan.",
    Kind.POLITICS: "The text seems to mention somebody's political opinion. That must not stand in the plan.",
    Kind.UNION: "The text seems to mention that somebody belongs to a trade union. That must not stand in the plan.",
    Kind.ORIGIN: "The text seems to mention somebody's ethnic origin. That must not stand in the plan.",
    Kind.SEXUAL_LIFE: "The text seems to mention somebody's sexual life or orientation. That must not stand here.",
    Kind.INSULT: "Some words may hurt somebody. Say what happened, or what you wish for, in another way.",
    Kind.CHARACTER: "The text seems to describe what somebody is like as a person. Write what is done and learnt.",
}
"""In English, in the order in which they are shown; catalogues have the other languages."""
