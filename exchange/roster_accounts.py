"""A roster's people one by one: usable names, by what they sign in, and which mail addresses the school has given."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Protocol
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from aggregates.contact import Email
from aggregates.errors.person import IdentifierNotValid
from aggregates.sign_in_identifiers import normalised
from events.person import IdentifierKind
from exchange.roster_rows import Row
from exchange.roster_tables import Tables, User
from exchange.roster_wanted import WantedIdentifier, WantedPerson
from exchange.roster_words import PUPIL, SCHOOL_ROLE, name_of

_KINDS = {
    "eppn": IdentifierKind.EPPN,
    "edupersonprincipalname": IdentifierKind.EPPN,
    "personnummer": IdentifierKind.PERSONNUMMER,
    "civicno": IdentifierKind.PERSONNUMMER,
}
"""The types of OneRoster's further ids that say by what a person signs in."""

_WITH_ACCOUNT = PUPIL | SCHOOL_ROLE.keys()
"""To whom the school gives an account."""

_EMAIL: TypeAdapter[str] = TypeAdapter(Email)


class Bad(Protocol):
    """Names a row of which a column, or all, is not used, and protects the users whom the row names."""

    def __call__(self, row: Row, column: str, reason: str, *users: str) -> None:
        """Name it."""


def give_accounts(
    persons: dict[UUID, WantedPerson],
    tables: Tables,
    roles: Mapping[str, Collection[str]],
    pupils: Mapping[UUID, str],
    bad: Bad,
) -> None:
    """Let each person have the sign-in identifiers and the mail address that the person's rows give.

    `roles` are the roster's words for what each user is, `pupils` the users of the persons who are pupils.
    """
    for person_id, wanted in persons.items():
        users = [(tables.users[i], not _WITH_ACCOUNT.isdisjoint(roles.get(i, ()))) for i in wanted.roster_ids]
        pupil = pupils.get(person_id)
        persons[person_id] = replace(
            wanted,
            identifiers=_identifiers(users, bad),
            email=_email(tables.users[pupil], bad) if pupil else None,
            is_pupil=pupil is not None,
        )
    _give_each_once(persons, bad)


def _identifiers(users: Iterable[tuple[User, bool]], bad: Bad) -> tuple[WantedIdentifier, ...]:
    """By what a person signs in, from the person's rows; with each whether the school has given the person an account.

    A user name is an eppn where it has a realm and the school has given it: a guardian's own mail address is none.
    """
    found: dict[tuple[IdentifierKind, str], WantedIdentifier] = {}
    for user, has_account in users:
        for kind, text, column in _named(user, has_account=has_account):
            try:
                identifier = WantedIdentifier(kind, normalised(kind, text), user.row, column)
            except IdentifierNotValid:
                bad(user.row, column, "not an eppn (name@realm) or a personnummer of twelve digits: not used")
            else:
                found[kind, identifier.text] = identifier
    return tuple(found.values())


def _named(user: User, *, has_account: bool) -> Iterator[tuple[IdentifierKind, str, str]]:
    for word, text in user.user_ids:
        if word in _KINDS:
            yield _KINDS[word], text, "userIds"
    if has_account and "@" in user.username:
        yield IdentifierKind.EPPN, user.username, "username"


def _email(user: User, bad: Bad) -> str | None:
    """The mail address in a pupil's row; None where there is none that is one (S-ACC-12)."""
    if not user.email:
        return None
    try:
        return _EMAIL.validate_python(user.email)
    except ValidationError:
        bad(user.row, "email", "not one mail address: not used")
        return None


def _give_each_once(persons: dict[UUID, WantedPerson], bad: Bad) -> None:
    """Take away the identifiers that several people have by the roster: each row is named, and none of them gets it."""
    holders: defaultdict[tuple[IdentifierKind, str], list[UUID]] = defaultdict(list)
    for person_id, wanted in persons.items():
        for identifier in wanted.identifiers:
            holders[identifier.kind, identifier.text].append(person_id)
    for key, several in holders.items():
        for person_id in several if len(several) > 1 else ():
            wanted = persons[person_id]
            (shared,) = (i for i in wanted.identifiers if (i.kind, i.text) == key)
            bad(shared.row, shared.column, "several people have this sign-in identifier: none of them gets it")
            persons[person_id] = replace(wanted, identifiers=tuple(i for i in wanted.identifiers if i is not shared))


def unusable_name(user: User) -> tuple[str, str] | None:
    """The column and the reason where a person's name cannot be used."""
    for column, text in (("givenName", user.given_name), ("familyName", user.family_name)):
        if name_of(text) is None:
            return column, "the name is missing, too long or has control characters"
    if name_of(f"{user.given_name} {user.family_name}") is None:
        return "familyName", "the whole name is longer than 200 characters"
    return None
