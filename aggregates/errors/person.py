"""A person: the terms, the ways to sign in, and what one shows of oneself."""

from aggregates.errors import NotFound, Refusal


class PersonAlreadyRegistered(Refusal):
    """A person is registered once."""

    code = "person-already-registered"
    rule = "The person is already registered."
    remedy = "Use the person that is there."


class TermsNotCurrent(Refusal):
    """S-TRM-2: who accepts has read the terms that hold now."""

    code = "terms-not-current"
    rule = "The version named is not that of the terms that hold now."
    remedy = "Read the present terms and name their version."


class IdentifierNotValid(Refusal):
    """A sign-in identifier is an account name with its realm, or a personal identity number in twelve digits."""

    code = "identifier-not-valid"
    status = 422
    rule = "An eppn is name@realm; a personnummer has twelve digits, a day that exists and the right last digit."
    remedy = "Correct the identifier and send it again."


class IdentifierTaken(Refusal):
    """One identifier belongs to at most one person."""

    code = "identifier-taken"
    rule = "Another person signs in by this identifier."
    remedy = "See whose it is with the school's register; remove it from the other person first if it is wrong there."


class IdentifierNotFound(NotFound):
    """The person has no such sign-in identifier."""

    code = "identifier-not-found"
    rule = "The person has no such sign-in identifier."


class AccountNotTheirs(Refusal):
    """An account name that was given to somebody else lets the new holder in as nobody."""

    code = "account-not-theirs"
    rule = "Another account of the sign-in service came before with this account name."
    remedy = "Contact the school: somebody there makes sure whose account it is."


class PictureNotFound(NotFound):
    """There is no picture of the person, or none that the caller may see: the answer is the same (G-12)."""

    code = "picture-not-found"
    rule = "There is no picture of this person, or none that you may see."


class PictureNotUsable(Refusal):
    """S-SET-3: what was sent is no whole picture in a form we read, or is too small or too large in pixels."""

    code = "picture-not-usable"
    status = 422
    rule = (
        "A picture is a whole file of at least 32 by 32 pixels: a JPEG of at most 64 million, a PNG, WebP or GIF of at "
        "most 20 million."
    )
    remedy = "Save the photo as JPEG and send it again."
