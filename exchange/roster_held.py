"""A roster while its rows are held together: what is wanted so far, and the rows that cannot be used."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from exchange.roster_accounts import unusable_name
from exchange.roster_pupils import HeldPupil, Staff
from exchange.roster_rows import Row
from exchange.roster_tables import Tables
from exchange.roster_wanted import Wanted, WantedPerson
from exchange.roster_words import RosterIds, name_of


@dataclass(slots=True)
class Held:
    """What the rows say together, as far as they are read.

    `known` are the persons whom the ledger knows by this roster's ids already. `pupils` are by the user that stands for
    the person, as `other_ids` are, the ids of the person's other users; `members` and `staff` by class; `roles_of` are
    the roster's words for what each user is, `usable` says of each person met whether the names can be used.
    """

    tables: Tables
    ids: RosterIds
    on: date
    known: Mapping[str, UUID]
    wanted: Wanted = field(init=False)
    pupils: dict[str, HeldPupil] = field(default_factory=dict)
    roles_of: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    usable: dict[str, bool] = field(default_factory=dict)
    members: dict[str, list[tuple[str, date | None]]] = field(default_factory=lambda: defaultdict(list))
    staff: dict[str, Staff] = field(default_factory=lambda: defaultdict(list))
    other_ids: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.wanted = Wanted(self.on)
        for user, person in self.tables.aliases.items():
            if user != person:
                self.other_ids[person].append(user)

    def bad(self, row: Row, column: str, reason: str, *users: str) -> None:
        """Name a row of which a column, or all, is not used, and protect the users whom the row names."""
        self.tables.faults.found.append(row.fault(column, reason))
        self.tables.protected.update(users)

    def leave(self, row: Row, column: str, reason: str) -> None:
        """Name a row that is understood and knowingly not used."""
        self.tables.left_out.append(row.fault(column, reason))

    def user(self, user: str, row: Row, column: str, *users: str) -> str | None:
        """The person behind a user's id, if the roster has a usable row of that id; the row that lacks it is named."""
        if user not in self.tables.users:
            self.bad(row, column, "no row in users.csv has this id", *users)
            return None
        person = self.tables.person(user)
        if person not in self.usable:
            self.usable[person] = self._names_are_usable(person)
        return person if self.usable[person] else None

    def in_force(self, since: date | None, until: date | None, row: Row) -> bool:
        """Whether the days include the one the roster is read as of; the row is named where they do not."""
        if until is not None and until < self.on:
            self.leave(row, "", "over before the day the roster is read as of: counts as absent")
            return False
        if since is not None and since > self.on:
            self.leave(row, "", "not begun on the day the roster is read as of: counts as absent")
            return False
        return True

    def school(self, org: str, row: Row, column: str, *users: str) -> UUID | None:
        """The school behind an organisation's id; the row is named where there is none."""
        school_id = self.ids.school(org)
        if school_id in self.wanted.schools:
            return school_id
        if org not in self.tables.orgs:
            self.bad(row, column, "no row in orgs.csv has this id", *users)
        elif not self.tables.orgs[org].is_school:
            self.leave(row, column, "the organisation is not a school")
        return None

    def is_group(self, school_class: str) -> bool:
        """Whether the class is one we use."""
        return self.ids.group(school_class) in self.wanted.groups

    def pupil_ids(self, school_class: str) -> set[UUID]:
        """The pupils of the class, by the ids that the ledger has for them: two users can be one person."""
        return {self.pupils[pupil].id for pupil, _ in self.members[school_class]}

    def ids_of(self, person: str) -> tuple[str, ...]:
        """All ids that the roster has for the person."""
        return (person, *self.other_ids.get(person, ()))

    def person_id(self, person: str) -> UUID:
        """The id of the person, by the ledger's knowledge of any of the roster's ids for the person."""
        return next((self.known[i] for i in self.ids_of(person) if i in self.known), None) or self.ids.person(person)

    def person(self, person: str) -> WantedPerson:
        """The person, wanted from now on."""
        person_id = self.person_id(person)
        if person_id not in self.wanted.persons:
            user = self.tables.users[person]
            given, family = name_of(user.given_name) or "", name_of(user.family_name) or ""
            self.wanted.persons[person_id] = WantedPerson(person_id, given, family, self.ids_of(person))
        return self.wanted.persons[person_id]

    def _names_are_usable(self, person: str) -> bool:
        user = self.tables.users[person]
        unusable = unusable_name(user)
        if unusable:
            self.bad(user.row, *unusable, person)
        return unusable is None
