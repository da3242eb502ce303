"""What can go wrong with a page itself; the rules of the ledger have refusals of their own."""

from typing import ClassVar


class PageError(Exception):
    """A page that says what is wrong and what to do. `status` is HTTP's; the words are translated as they are shown."""

    code: ClassVar[str]
    status: ClassVar[int]
    rule: ClassVar[str]
    remedy: ClassVar[str]
    retry_after: int | None = None
    """Seconds until it is worth trying again."""
    is_final: ClassVar[bool] = False
    """Whether sending the same form again would say the same."""


class PageNotFound(PageError):
    """There is no page at the address, or it is not for this reader to know of."""

    code = "page-not-found"
    status = 404
    rule = "There is no such page."
    remedy = "Check the address, or begin again from the start page."


class DayNotOver(PageError):
    """Nobody knows yet how a plan will be."""

    code = "day-not-over"
    status = 404
    rule = "That day has not come yet."
    remedy = "Choose a day up to today."


class PlanNotThereThen(PageError):
    """The plan was started later than the day at which it is asked for."""

    code = "plan-not-there-then"
    status = 404
    rule = "The plan had not been started by that day."
    remedy = "Choose a later day. The archive says when each plan was started."


class NoticeGone(PageError):
    """There is no such unread notice of the reader's: it was read, or what it was about is not for the reader now."""

    code = "notice-gone"
    status = 404
    rule = "This notice is not there any more."
    remedy = "You find what has happened in the plan itself. Go on from the start page."


class FormTooLarge(PageError):
    """A form holds text, or one picture."""

    code = "form-too-large"
    status = 413
    rule = "What you sent is too large: a picture may be at most 10 MB."
    remedy = "Choose a smaller picture and try again."


class TextTooLarge(PageError):
    """A form without a picture holds more text than people write at once."""

    code = "text-too-large"
    status = 413
    rule = "What you sent is longer than what can be saved at once."
    remedy = "Go back, where your text is still in its box: shorten it, or save it in parts."


class FormNotReadable(PageError):
    """What came is no form of ours."""

    code = "form-not-readable"
    status = 400
    rule = "What was sent could not be read."
    remedy = "Go back to the page, reload it and try again."


class FormNotOurs(PageError):
    """Another site, or another session, made the form (CSRF)."""

    code = "form-not-ours"
    status = 403
    rule = "What was sent did not come from a page of yours here, so nothing was saved."
    remedy = "Go to the page from the start page and try again."


class FormOfAnotherSignIn(PageError):
    """The page was made before the sign-in that holds now; who is signed in may be somebody else."""

    code = "form-of-another-sign-in"
    status = 403
    rule = "This comes from a page that you opened before you signed in, so nothing was saved."
    remedy = "Your name stands at the top. If that is you, send again."


class TooManyAttempts(PageError):
    """Somebody, or something, asks more often than people do."""

    code = "too-many-attempts"
    status = 429
    rule = "There were too many attempts in a short time."
    remedy = "Wait a moment and try again."

    def __init__(self, retry_after: int = 60) -> None:
        super().__init__(self.code)
        self.retry_after = retry_after


class Unavailable(PageError):
    """The database or its keys do not answer now."""

    code = "unavailable-page"
    status = 503
    rule = "Liggare cannot be reached at the moment."
    remedy = "Nothing was saved. Try again in a moment."
    retry_after = 5


class Failed(PageError):
    """Something went wrong that nobody foresaw; the log has it under the request's id."""

    code = "failed-page"
    status = 500
    rule = "Something went wrong, and the fault is ours."
    remedy = "Try again. If it goes on, tell your school the number below."


class SignedOutMeanwhile(PageError):
    """The session ended while a page was open; what was typed stands on the page that says so."""

    code = "signed-out-meanwhile"
    status = 401
    rule = "You are no longer signed in, so nothing was saved."
    remedy = "Sign in in the new tab that opens, come back here and send again."


class WrittenMeanwhile(PageError):
    """Others wrote in the same stream again and again while this was decided."""

    code = "written-meanwhile"
    status = 409
    rule = "Others wrote in the same place at the same moment."
    remedy = "Send again."


class SentBefore(PageError):
    """Somebody went back to a page whose form was carried out, wrote something else in it, and sent it again."""

    code = "sent-before"
    status = 409
    rule = "You have sent this form before, and that was saved. What you have written now is not saved yet."
    remedy = "Save it as well if it is something new. To change what is saved, go back to the page and change it there."


class NotKept(PageError):
    """A draft was to be thrown away, and another box of the form holds more than can be kept as one."""

    code = "not-kept"
    status = 409
    rule = "What you have written in another box could not be kept, so nothing was done."
    remedy = "Copy the text, or save it first. A text that is too long must be shortened."


class DoneMeanwhile(PageError):
    """What a form asks for was done before it came, and its author had typed something that is not saved by that."""

    code = "done-meanwhile"
    status = 409
    rule = "This has been done already, by somebody else or in another window. What you wrote is not saved."
    remedy = "Go back and look how it stands. Copy your text first, if it should be kept."
    is_final = True


class ReasonNotNeeded(PageError):
    """What a reason was typed for is not so any more: it would be dropped, and its author does not know."""

    code = "reason-not-needed"
    status = 409
    rule = "You have given a reason that is not needed any more: it has changed meanwhile. Nothing was done."
    remedy = "Go back and look how it stands now. Copy your text first, if it should be kept."
    is_final = True


class TooLongToPrint(PageError):
    """A plan is larger than any that people write, or it could not be set in the time that a reader waits."""

    code = "too-long-to-print"
    status = 422
    rule = "The plan could not be made into a document."
    remedy = "Print its pages one by one from the browser, and tell your school."


class PrintsTooMuch(PageError):
    """Several plans are typeset at this moment."""

    code = "prints-too-much"
    status = 503
    rule = "Many plans are being printed at this moment."
    remedy = "Try again in a moment."
    retry_after = 10


class TermsNeeded(Exception):
    """The page is for somebody who has accepted the terms: lead there, and back."""
