"""What the API itself refuses, before or around a command; each with its stable code, like the rules of the domain."""

import math
from typing import ClassVar

from aggregates.errors import NotFound, Refusal


class NotSignedIn(Refusal):
    """No session came, or one that is unknown, has run out or was ended: the answer is the same."""

    code = "not-signed-in"
    status = 401
    rule = "This needs a session that is known and has not run out."
    remedy = "Sign in again; a program sends the header Authorization with the word Bearer and its session or token."


class CrossSiteRequest(Refusal):
    """A browser's cookie speaks for its person only in what our own pages send (CSRF)."""

    code = "cross-site-request"
    status = 403
    rule = "What is changed with a browser's session is changed from a page of Liggare itself."
    remedy = "Open the page in Liggare and do it there; a program sends its session as a bearer."


class AddressNotFound(NotFound):
    """No route has this address."""

    code = "address-not-found"
    rule = "There is nothing at this address."


class MethodNotAllowed(Refusal):
    """The address does not take this method."""

    code = "method-not-allowed"
    status = 405
    rule = "The address does not take this method."
    remedy = "Use one of the methods in the header Allow."


class BodyTooLarge(Refusal):
    """Bodies are at most 256 kB."""

    code = "body-too-large"
    status = 413
    rule = "A body is at most 256 kB."
    remedy = "Send less; a text of a plan is at most 4,000 characters."


class PictureTooLarge(Refusal):
    """S-SET-3: a picture is at most 10 MB as it is sent."""

    code = "picture-too-large"
    status = 413
    rule = "A picture is at most 10 MB as it is sent."
    remedy = "Save the photo in a smaller size and send it again."


class PictureTypeNotAllowed(Refusal):
    """A picture says what it is."""

    code = "picture-type-not-allowed"
    status = 415
    rule = "A picture comes with the header Content-Type: image/jpeg, image/png, image/webp or image/gif."
    remedy = "Save the photo as JPEG and say so in the header."


class BodyNotJson(Refusal):
    """Bodies are JSON by RFC 8259, in UTF-8, each key once, at most 32 levels deep."""

    code = "body-not-json"
    status = 400
    rule = "A body is JSON in UTF-8, with finite numbers, each key once in its object, and at most 32 levels deep."
    remedy = "Correct the body and send it again."


class TextNotAllowed(Refusal):
    """NUL, other control characters than tab and line feed, and lone surrogates are never stored."""

    code = "text-not-allowed"
    status = 422
    rule = "A text holds no control characters other than tab and line feed, and no half characters (lone surrogates)."
    remedy = "Remove what cannot be seen from the text and send it again."


class ContentTypeNotJson(Refusal):
    """A body says that it is JSON."""

    code = "content-type-not-json"
    status = 415
    rule = "A body comes with the header Content-Type: application/json."
    remedy = "Send the body as JSON and say so in the header."


class NotValid(Refusal):
    """A field, header or part of the address breaks a rule of its own; `errors` name which and how."""

    code = "not-valid"
    status = 422
    rule = "A field, header or part of the address is not as it must be."
    remedy = "Correct what the errors name and send it again."

    def __init__(self, errors: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__()
        self.errors = errors
        """Pairs of place (a path of our own names, never what was sent) and rule."""


class IdempotencyKeyReused(Refusal):
    """The key stands for another request."""

    code = "idempotency-key-reused"
    status = 422
    rule = "The Idempotency-Key has been used for another request."
    remedy = "Use a new key for each thing you do, and the same only to repeat exactly the same request."


class CursorNotValid(Refusal):
    """A cursor is what the page before gave."""

    code = "cursor-not-valid"
    status = 400
    rule = "A cursor is the value of `next` on the page before."
    remedy = "Read the list from its start again."


class NoticeNotFound(NotFound):
    """The caller has no such notice."""

    code = "notice-not-found"
    rule = "You have no such notice."


class SessionNotFound(NotFound):
    """The caller has no such session, or it has ended."""

    code = "session-not-found"
    rule = "You have no such session, or it has ended."


class WrittenAtTheSameTime(Refusal):
    """Others wrote in the same file again and again while this was decided."""

    code = "written-at-the-same-time"
    status = 409
    rule = "Others wrote in the same place at the same moment."
    remedy = "Send the same request again."


class EventLargerThanAllowed(Refusal):
    """What the request would store is larger than one event may be."""

    code = "event-too-large"
    status = 413
    rule = "What would be stored is larger than one event may be."
    remedy = "Send less text at a time."


class MoreEventsThanAllowed(Refusal):
    """The request would store more events than one command may."""

    code = "too-many-events"
    status = 413
    rule = "The request would store more events than one command may make."
    remedy = "Do it in several requests."


class Erased(Refusal):
    """The person's data have been destroyed."""

    code = "erased"
    status = 410
    rule = "What was here has been destroyed according to the rules of disposal."
    remedy = "Nothing can bring it back; take the address out of your lists."


class Unavailable(Refusal):
    """The database or its keys do not answer now."""

    code = "unavailable"
    status = 503
    rule = "The ledger does not answer at the moment."
    remedy = "Send the same request, with the same Idempotency-Key, again in a moment."
    retry_after: ClassVar[int] = 2


class TooManyRequests(Refusal):
    """One place asks for the same costly thing again and again."""

    code = "too-many-requests"
    status = 429
    rule = "Too many requests of this kind came from the same place in a short time."
    remedy = "Wait for as many seconds as the header Retry-After says, and send the request again."

    def __init__(self, seconds: float = 1) -> None:
        super().__init__()
        self.retry_after = math.ceil(seconds)


class NotReady(Unavailable):
    """The process runs but cannot do its work yet, or any more."""

    code = "not-ready"
    rule = "The database cannot be reached, is not of this version, or a read model has stopped."
    remedy = "See ./liggare projections status and the log; the state of each part is in `checks`."


class TreeNotSoLong(NotFound):
    """A proof is asked for of a leaf or a size that nothing signed has."""

    code = "tree-not-so-long"
    rule = "The tree that was signed last has no such leaf or size."
    remedy = "Read the last checkpoint and ask for what is within its size."


class Failed(Refusal):
    """Something went wrong that nobody foresaw; the log has it under the request's id."""

    code = "failed"
    status = 500
    rule = "Something went wrong in Liggare."
    remedy = "Try again; if it goes on, tell those who run it the value of the header X-Request-Id."
