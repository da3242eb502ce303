"""By what the demo's people sign in: an account name for everybody, a test personal number for those who have one."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from app.demo.cast import Cast
from app.demo_texts import PersonName, personal_numbers

DOMAIN = "demokommunen.example"
"""The realm of adults' accounts, of a top-level domain that nobody can own."""
PUPILS_DOMAIN = f"elev.{DOMAIN}"
"""The realm of pupils' accounts."""
CONTACT = f"Demokommunen, utbildningsförvaltningen; registrator@{DOMAIN}; 0980-31 92 00"
"""How the demo's municipality is reached: nowhere, since the telephone number is one set aside for stories."""
_TWELVE_DIGITS = re.compile(r"[0-9]{12}")
"""What a test number looks like among the ids of the cast, which are made of nothing else that does."""


@dataclass(frozen=True, slots=True)
class Identifiers:
    """What an identity provider may know a person by. Without a personal number, `personnummer` is None."""

    eppn: str
    personnummer: str | None

    def of_kind(self, kind: str) -> str | None:
        """The identifier of a kind, "eppn" or "personnummer"; None where the person has none."""
        return {"eppn": self.eppn, "personnummer": self.personnummer}[kind]


def identifiers_of(cast: Cast) -> Mapping[str, Identifiers]:
    """The identifiers of everybody in the cast, by the id that the roster has; the same cast gives the same ones."""
    taken: Counter[str] = Counter()
    return {
        person_id: _identifiers(person_id, name, DOMAIN if person_id in cast.adults else PUPILS_DOMAIN, taken)
        for person_id, name in everybody(cast)
    }


def strangers_identifiers(cast: Cast) -> Identifiers:
    """Of somebody who can identify themselves, and whom the school does not know."""
    known = {person_id for person_id, _ in everybody(cast)}
    free = (number for number in personal_numbers(Random("stranger")) if number not in known)
    return Identifiers(f"okand@{DOMAIN}", next(free, None))


def guardians_have_numbers(cast: Cast) -> bool:
    """Whether each guardian has a personal number, but who works at a school and signs in as staff (S-ROL-9)."""
    staff = {adult.id for school in cast.schools for adult in (*school.staff, school.administrator, school.principal)}
    guardians = {guardian for _, form in cast.forms for pupil in form.pupils for guardian in pupil.guardians}
    return all(_TWELVE_DIGITS.fullmatch(guardian) for guardian in guardians - staff)


def everybody(cast: Cast) -> Iterator[tuple[str, PersonName]]:
    """The id and name of each person."""
    for _, form in cast.forms:
        yield from ((pupil.id, pupil.name) for pupil in form.pupils)
    yield from ((adult.id, adult.name) for adult in cast.adults.values())


def _identifiers(person_id: str, name: PersonName, domain: str, taken: Counter[str]) -> Identifiers:
    account = account_of(name)
    taken[account] += 1
    number = taken[account] if taken[account] > 1 else ""
    personnummer = person_id if _TWELVE_DIGITS.fullmatch(person_id) else None
    return Identifiers(f"{account}{number}@{domain}", personnummer)


def account_of(name: PersonName) -> str:
    """What accounts and mail addresses of somebody with this name begin with."""
    return f"{_plain(name.given)}.{_plain(name.family)}"


def _plain(name: str) -> str:
    """The letters a-z of a name; å and ä become a, ö becomes o."""
    letters = unicodedata.normalize("NFKD", name).lower()
    return re.sub(r"[^a-z]", "", letters) or "demo"
