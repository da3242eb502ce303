"""The municipality's offices."""

from aggregates.errors import NotFound, Refusal


class OfficeNotAllowed(Refusal):
    """The municipality has three offices in the ledger."""

    code = "office-not-allowed"
    status = 422
    rule = "An office is retention operator, auditor or registrar."
    remedy = "Give other parts at a school, or through the pupil's relations."


class OfficeAlreadyHeld(Refusal):
    """A person holds an office once at a time."""

    code = "office-already-held"
    rule = "The person already holds this office."
    remedy = "End the present office first, or leave it as it is."


class OfficeNotFound(NotFound):
    """No present office has this id."""

    code = "office-not-found"
    rule = "There is no such present office."
