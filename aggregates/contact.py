"""Contact details as a person may give them (S-CON-1): what a telephone number, a postal code and an address are."""

import re
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from events.base import Value
from events.person import ContactDetailsGiven
from events.text import Line

_FIVE_DIGITS = re.compile(r"(\d{3}) ?(\d{2})")


def _with_space(code: str) -> str:
    """Swedish postal codes as they are written: 901 16."""
    swedish = _FIVE_DIGITS.fullmatch(code)
    return f"{swedish[1]} {swedish[2]}" if swedish else code


Phone = Annotated[Line, StringConstraints(pattern=r"^\+?(?:[ ()/.-]{0,2}[0-9]){5,15}$")]
"""A telephone number as people write it: 5-15 digits, a plus first, and spaces, dashes, dots or brackets between."""

PostalCode = Annotated[Line, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 -]{1,9}$"), AfterValidator(_with_space)]
"""A postal code, of any country."""

Email = Annotated[
    Line,
    StringConstraints(
        pattern=r'^[^\s@"(),:;<>\[\\\]]{1,64}@(?:[^\s@"(),:;<>\[\\\].]+\.)+[^\s@"(),:;<>\[\\\].]{2,}$',
    ),
]
"""One mail address, and nothing that a mail program could read as two."""


class ContactDetails(Value):
    """The fields of S-CON-1; each may be left empty."""

    home_phone: Phone | None = None
    work_phone: Phone | None = None
    mobile: Phone | None = None
    street: Line | None = None
    postal_code: PostalCode | None = None
    town: Line | None = None
    email: Email | None = None

    def given(self) -> ContactDetailsGiven:
        """The fact that these were given."""
        return ContactDetailsGiven(**self.model_dump())
