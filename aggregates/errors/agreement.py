"""The conversation, concerns and corrections, agreement and the lock."""

from aggregates.errors import NotFound, Refusal


class PlanChangedSince(Refusal):
    """G-5: one agrees to, and confirms having read, the version that is there now."""

    code = "plan-changed-since"
    rule = "The plan has changed since the version that you named."
    remedy = "Read the plan again and name its present version."


class AlreadyAgreed(Refusal):
    """One agreement for each person and version."""

    code = "already-agreed"
    rule = "You have already agreed to, or confirmed having read, this version of the plan."
    remedy = "Nothing needs to be done."


class ConcernNotFound(NotFound):
    """The plan has no open concern with this id."""

    code = "concern-not-found"
    rule = "There is no such open concern in this plan."


class TargetNotFound(NotFound):
    """The text that a concern or correction names is not in the plan."""

    code = "target-not-found"
    rule = "The plan has no such text."


class NotOwnText(Refusal):
    """After the lock each corrects the own text; the mentor any."""

    code = "not-own-text"
    status = 403
    rule = "The text was written by somebody else."
    remedy = "Ask the one who wrote it, or the mentor, to correct it."


class CorrectionOfOneThing(Refusal):
    """G-6: a correction says what is put right: a text, or the forecast of an assessment."""

    code = "correction-of-one-thing"
    status = 422
    rule = "A correction gives either a text or a forecast, and only an assessment has a forecast."
    remedy = "Give one of them; make two corrections where both are wrong."


class ForecastStands(Refusal):
    """A correction says something else than what it corrects."""

    code = "forecast-stands"
    rule = "The forecast is this one already."
    remedy = "Nothing needs to be done."


class ProposalsUndecided(Refusal):
    """G-14: each proposal is accepted or declined before the lock."""

    code = "proposals-undecided"
    rule = "A proposed goal has been neither accepted nor declined."
    remedy = "Accept or decline each proposal, then lock the plan."


class PartyMissing(Refusal):
    """G-5: the pupil and at least one guardian agree, or the mentor says why not."""

    code = "party-missing"
    rule = "The pupil and at least one guardian have not both agreed to the present version of the plan."
    remedy = "Wait for the agreement, or state a reason for locking without it."


class ConcernsOpen(Refusal):
    """G-5: open concerns block the lock, or the mentor says why not."""

    code = "concerns-open"
    rule = "A secrecy concern is open."
    remedy = "Close each concern with a reason, or state a reason for locking in spite of it."


class LockReasonNotNeeded(Refusal):
    """A reason is stated for an obstacle that exists."""

    code = "lock-reason-not-needed"
    status = 422
    rule = "A reason was stated for something that does not hinder the lock."
    remedy = "State reasons only for what hinders the lock."


class LockReasonRepeated(Refusal):
    """G-5: a reason for each, so that it is plain which one was the mentor's."""

    code = "lock-reason-repeated"
    status = 422
    rule = "Two reasons were stated for the same obstacle."
    remedy = "State one reason for each thing that hinders the lock."
