"""What pages of one message say: a heading, what happened, and what to do."""

from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """One message in English; catalogues have the other languages."""

    heading: str
    what: str
    do: str


MESSAGES: Mapping[str, Words] = {
    "sign-in-not-ours": Words(
        "The sign-in could not be finished",
        "The answer belongs to no sign-in that was begun in this browser, or it has been used already.",
        "Begin again from the sign-in page. Do not use the back button or a bookmark in the middle of a sign-in.",
    ),
    "sign-in-expired": Words(
        "The sign-in took too long",
        "A sign-in must be finished within ten minutes.",
        "Begin again from the sign-in page.",
    ),
    "sign-in-declined": Words(
        "You broke off the sign-in",
        "You are not signed in.",
        "Begin again from the sign-in page when you like.",
    ),
    "sign-in-declined-signed-in": Words(
        "You broke off the sign-in",
        "You are still signed in as before, but not in a stronger way.",
        "Go on from where you were. You can try again from there.",
    ),
    "sign-in-not-ours-signed-in": Words(
        "The sign-in could not be finished",
        "The answer belongs to no sign-in that was begun in this browser, or it has been used already.",
        "You are still signed in as before. Go on from where you were.",
    ),
    "sign-in-expired-signed-in": Words(
        "The sign-in took too long",
        "A sign-in must be finished within ten minutes.",
        "You are still signed in as before. Go on from where you were.",
    ),
    "sign-in-provider-refused": Words(
        "The sign-in service said no",
        "The service that you chose could not sign you in. The fault is not yours.",
        "Try again in a while, or choose another way to sign in. If that does not help, contact the school.",
    ),
    "sign-in-provider-down": Words(
        "The sign-in service does not answer",
        "The service that you chose does not answer at the moment.",
        "Try again in a while, or choose another way to sign in.",
    ),
    "sign-in-not-believed": Words(
        "The sign-in could not be trusted",
        "The answer of the sign-in service did not pass our checks, so it signs nobody in.",
        "Try again. If that does not help, contact the school, which can ask those who run the service.",
    ),
    "sign-in-person-unknown": Words(
        "We do not know who you are",
        "The sign-in worked, but nobody is registered here with what the sign-in service told us.",
        "Contact the school. Guardians, pupils and staff are registered by the school and cannot register themselves.",
    ),
    "sign-in-not-for-provider": Words(
        "Sign in another way",
        "With the parts that you have at the school you cannot sign in in this way.",
        "Whoever works at a school signs in with the staff account, also as a guardian. If in doubt, ask the school.",
    ),
    "sign-in-account-exchanged": Words(
        "Your account is another one than before",
        "The sign-in worked, but somebody has signed in here before with the same account name and another account.",
        "Contact the school and say that you have a new account. When it is clear that it is yours, you can sign in.",
    ),
    "sign-in-other-person": Words(
        "Somebody else signed in",
        "You asked for a stronger sign-in, but another person than you signed in. Nothing has changed.",
        "Each person signs in as themselves. Sign out first if somebody else is to use the page.",
    ),
    "sign-in-not-surer": Words(
        "The sign-in became no stronger",
        "You are still signed in as before, but not in a stronger way.",
        "Choose a stronger way, such as e-identification.",
    ),
}
"""By the key that code names the message with."""
