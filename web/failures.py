"""Why a sign-in came to nothing: each with the page that says so and the name that stands in the log."""

from enum import StrEnum
from typing import ClassVar


class Because(StrEnum):
    """Which check failed: words of our own for the log, never something that came from outside."""

    ANOTHER_ISSUER = "another_issuer"
    ADDRESS_MISSING_OR_UNSAFE = "address_missing_or_unsafe"
    STATUS = "status"
    NOT_JSON = "not_json"
    NOT_AN_OBJECT = "not_an_object"
    TOO_MUCH_OR_TOO_SLOW = "too_much_or_too_slow"
    NO_ANSWER = "no_answer"
    TOO_MANY_WAIT = "too_many_wait"
    NO_KEYS = "no_keys"
    NO_ID_TOKEN = "no_id_token"  # noqa: S105 - a word of ours
    EXPIRED = "expired"
    CLAIM_MISSING = "claim_missing"
    ISSUED_BEFORE_IT_WAS_ASKED_FOR = "issued_before_it_was_asked_for"
    ALGORITHM = "algorithm"
    BAD_SIGNATURE = "bad_signature"
    UNKNOWN_KEY = "unknown_key"
    MALFORMED = "malformed"
    ANSWER_OF_ANOTHER_ISSUER = "answer_of_another_issuer"
    ERROR_IN_ANSWER = "error_in_answer"
    NO_CODE = "no_code"
    CODE_NOT_TAKEN = "code_not_taken"
    NO_TOKEN = "no_token"  # noqa: S105 - a word of ours
    USERINFO_OF_ANOTHER = "userinfo_of_another"
    WRONG_ISSUER = "wrong_issuer"
    WRONG_AUDIENCE = "wrong_audience"
    WRONG_PARTY = "wrong_party"
    WRONG_NONCE = "wrong_nonce"
    CLOCK_SKEW = "clock_skew"
    WRONG_ACCESS_TOKEN = "wrong_access_token"  # noqa: S105 - a word of ours
    WRONG_CLAIM = "wrong_claim"


class SignInFailed(Exception):
    """A sign-in that made no session. `event` is the log line's name, `page` the key of the words on its page.

    `page_signed_in`: the key for somebody who is signed in and wanted to become surer, where the words differ.
    """

    event: ClassVar[str]
    page: ClassVar[str]
    page_signed_in: ClassVar[str | None] = None
    status: ClassVar[int] = 400

    def __init__(self, because: Because | None = None, **ids: str) -> None:
        super().__init__(because)
        self.because = because
        self.ids = ids
        """What else stands in the log: ids and keyed hashes of ours."""


class StateUnknown(SignInFailed):
    """The state is not one that we gave, or was used already: a forged or a repeated answer."""

    event = "sign_in_state_unknown"
    page = "sign-in-not-ours"
    page_signed_in = "sign-in-not-ours-signed-in"


class OtherBrowser(SignInFailed):
    """The answer came in another browser than the one that asked; the page does not tell the two apart."""

    event = "sign_in_other_browser"
    page = "sign-in-not-ours"
    page_signed_in = "sign-in-not-ours-signed-in"


class StateExpired(SignInFailed):
    """The person was longer at the provider than a sign-in may take."""

    event = "sign_in_state_expired"
    page = "sign-in-expired"
    page_signed_in = "sign-in-expired-signed-in"


class Declined(SignInFailed):
    """The person broke off at the provider."""

    event = "sign_in_declined"
    page = "sign-in-declined"
    page_signed_in = "sign-in-declined-signed-in"


class ProviderRefused(SignInFailed):
    """The provider says that it will not, by an error of its own."""

    event = "sign_in_provider_refused"
    page = "sign-in-provider-refused"
    status = 502


class ProviderDown(SignInFailed):
    """The provider does not answer in time, or not as an OpenID provider does."""

    event = "sign_in_provider_down"
    page = "sign-in-provider-down"
    status = 502


class TokenRefused(SignInFailed):
    """What the provider says of the person cannot be believed; `because` says which check failed."""

    event = "sign_in_token_refused"
    page = "sign-in-not-believed"
    status = 502


class PersonUnknown(SignInFailed):
    """The provider knows the person and we do not. The page is the same whoever it is."""

    event = "sign_in_person_unknown"
    page = "sign-in-person-unknown"
    status = 403


class NotForThisProvider(SignInFailed):
    """The provider named somebody whom the configuration does not let it name, such as a pupils' provider a teacher."""

    event = "sign_in_not_for_provider"
    page = "sign-in-not-for-provider"
    status = 403


class AccountExchanged(SignInFailed):
    """The account name is known, and came with another account than before: it may be somebody else's now."""

    event = "sign_in_account_exchanged"
    page = "sign-in-account-exchanged"
    status = 403


class OtherPerson(SignInFailed):
    """A surer sign-in was asked for, and somebody else came back."""

    event = "sign_in_other_person"
    page = "sign-in-other-person"
    status = 403


class NotSurer(SignInFailed):
    """A surer sign-in was asked for, and the provider vouched for no more than before."""

    event = "sign_in_not_surer"
    page = "sign-in-not-surer"
    status = 403
