"""Hold a roster's rows together: what it wants there to be on a day, and which rows cannot be used."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from events.base import Role
from events.school import GroupKind
from exchange.roster_accounts import give_accounts, unusable_name
from exchange.roster_pupils import HeldPupil, Staff, mentors_of
from exchange.roster_rows import Row
from exchange.roster_tables import Enrollment, Kinship, Part, SchoolClass, Tables
from exchange.roster_wanted import (
    MentorRow,
    Wanted,
    WantedGroup,
    WantedPerson,
    WantedPupil,
    WantedRelation,
    WantedSchool,
)
from exchange.roster_words import (
    CLASS_BYSTANDERS,
    GUARDIANS,
    MENTORS,
    OTHER_ADULTS,
    PUPIL,
    SCHOOL_ROLE,
    TEACHERS,
    RosterIds,
    name_of,
    read_grade,
    subject_of,
)

_FROM_CLASSES = {Role.TEACHER, Role.MENTOR, Role.EDUCATOR, Role.PUPIL}
"""What the roster's classes say; the pupil's own part stands for the groups."""


def wanted_of(
    tables: Tables, ids: RosterIds, *, on: date, known: Mapping[str, UUID], mentors: Iterable[MentorRow] = ()
) -> Wanted:
    """What the roster wants on a day. `known` are the persons whom the ledger knows by this roster's ids already.

    Rows that cannot be used are added to the tables' faults, rows we leave out knowingly to `left_out`.
    """
    building = _Building(tables, ids, on, known)
    building.schools()
    building.parts()
    building.classes()
    building.kinships()
    building.mentors(mentors)
    return building.finished()


class _Building:
    """The work of `wanted_of`, one table after another."""

    def __init__(self, tables: Tables, ids: RosterIds, on: date, known: Mapping[str, UUID]) -> None:
        self.tables, self.ids, self.on, self.known = tables, ids, on, known
        self.wanted = Wanted(on)
        self.pupils: dict[str, HeldPupil] = {}
        self.roles_of: dict[str, set[str]] = defaultdict(set)
        self.usable: dict[str, bool] = {}
        self.members: dict[str, list[tuple[str, date | None]]] = defaultdict(list)
        self.staff: dict[str, Staff] = defaultdict(list)
        self.other_ids: dict[str, list[str]] = defaultdict(list)
        for user, person in tables.aliases.items():
            if user != person:
                self.other_ids[person].append(user)

    def bad(self, row: Row, column: str, reason: str, *users: str) -> None:
        self.tables.faults.found.append(row.fault(column, reason))
        self.tables.protected.update(users)

    def leave(self, row: Row, column: str, reason: str) -> None:
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

    def _names_are_usable(self, person: str) -> bool:
        user = self.tables.users[person]
        unusable = unusable_name(user)
        if unusable:
            self.bad(user.row, *unusable, person)
        return unusable is None

    def in_force(self, since: date | None, until: date | None, row: Row) -> bool:
        if until is not None and until < self.on:
            self.leave(row, "", "over before the day the roster is read as of: counts as absent")
            return False
        if since is not None and since > self.on:
            self.leave(row, "", "not begun on the day the roster is read as of: counts as absent")
            return False
        return True

    def schools(self) -> None:
        for sourced_id, org in self.tables.orgs.items():
            if not org.is_school:
                self.leave(org.row, "type", "not a school")
            elif (name := name_of(org.name)) is None:
                self.bad(org.row, "name", "the name is missing, too long or has control characters")
            else:
                school_id = self.ids.school(sourced_id)
                self.wanted.schools[school_id] = WantedSchool(school_id, name)

    def school(self, org: str, row: Row, column: str, *users: str) -> UUID | None:
        school_id = self.ids.school(org)
        if school_id in self.wanted.schools:
            return school_id
        if org not in self.tables.orgs:
            self.bad(row, column, "no row in orgs.csv has this id", *users)
        elif not self.tables.orgs[org].is_school:
            self.leave(row, column, "the organisation is not a school")
        return None

    def parts(self) -> None:
        ordered = sorted(self.tables.parts, key=lambda part: not part.is_primary)
        for part in ordered:
            self.roles_of[part.user].add(part.role)
            if part.role in PUPIL:
                self._pupil(part)
            elif part.role in SCHOOL_ROLE:
                self._staff(part)
            elif part.role not in GUARDIANS | OTHER_ADULTS:
                self.bad(part.row, "role", "the role is not one we know", part.user)

    def _pupil(self, part: Part) -> None:
        column = "grades" if "grades" in part.row.values else "grade"
        if not self.in_force(part.since, part.until, part.row):
            return
        school_id = self.school(part.org, part.row, _org_column(part.row), part.user)
        person = self.user(part.user, part.row, "userSourcedId") if school_id else None
        if school_id is None or person is None:
            return
        if person in self.pupils:
            self.leave(part.row, _org_column(part.row), "the pupil's other school is the primary one")
            return
        grade, reason = read_grade(part.grades)
        if grade is None:
            self.bad(part.row, column, reason, part.user)
        else:
            self.pupils[person] = HeldPupil(self.person_id(person), part.row, school_id, grade, part.since or self.on)

    def _staff(self, part: Part) -> None:
        if not self.in_force(part.since, part.until, part.row):
            return
        school_id = self.school(part.org, part.row, _org_column(part.row), part.user)
        if school_id is None or (person := self.user(part.user, part.row, "userSourcedId")) is None:
            return
        roles, key = self.wanted.schools[school_id].roles, (self.person_id(person), SCHOOL_ROLE[part.role])
        roles[key] = min(part.since or self.on, roles.get(key, self.on))
        self.person(person)

    def classes(self) -> None:
        left_out: set[str] = set()
        for sourced_id, school_class in self.tables.classes.items():
            if self._is_left_out(school_class):
                left_out.add(sourced_id)
            else:
                self._class(sourced_id, school_class)
        for enrollment in self.tables.enrollments:
            if enrollment.school_class not in left_out and self.tables.classes:
                self._enrollment(enrollment)
        for sourced_id, school_class in self.tables.classes.items():
            if self.is_group(sourced_id):
                self._relations(sourced_id, school_class)

    def is_group(self, school_class: str) -> bool:
        """Whether the class is one we use."""
        return self.ids.group(school_class) in self.wanted.groups

    def _is_left_out(self, school_class: SchoolClass) -> bool:
        row, org = school_class.row, self.tables.orgs.get(school_class.org)
        sessions = [self.tables.sessions[s] for s in school_class.sessions if s in self.tables.sessions]
        if sessions and all(end < self.on for _, end in sessions):
            self.leave(row, "", "its terms are over: counts as absent")
            return True
        if org is not None and not org.is_school:
            self.leave(row, "", "the organisation is not a school")
            return True
        return False

    def _class(self, sourced_id: str, school_class: SchoolClass) -> None:
        row = school_class.row
        column = "schoolSourcedId" if "schoolSourcedId" in row.values else "orgSourcedId"
        school_id, name = self.school(school_class.org, row, column), name_of(school_class.title)
        if name is None:
            self.bad(row, "title", "the name is missing, too long or has control characters")
        elif school_id is not None:
            group_id = self.ids.group(sourced_id)
            kind = GroupKind.CLASS if school_class.is_homeroom else GroupKind.TEACHING
            self.wanted.groups[group_id] = WantedGroup(group_id, school_id, name, kind)

    def _subjects(self, school_class: SchoolClass) -> tuple[str, ...] | None:
        """The class's subjects; None where some are not known, though the roster names them."""
        named, row = school_class.subjects, school_class.row
        if not named and school_class.course and self.tables.courses:
            if school_class.course not in self.tables.courses:
                self.bad(row, "courseSourcedId", "no row in courses.csv has this id")
                return None
            named = self.tables.courses[school_class.course]
        codes = {subject_of(text) for text in named}
        if None in codes:
            self.bad(row, "subjects", "a subject is neither a code nor a name we know")
            return None
        return tuple(sorted(code for code in codes if code))

    def _enrollment(self, enrollment: Enrollment) -> None:
        row, user, role = enrollment.row, enrollment.user, enrollment.role
        if not self.in_force(enrollment.since, enrollment.until, row):
            return
        if enrollment.school_class not in self.tables.classes:
            self.bad(row, "classSourcedId", "no row in classes.csv has this id", user)
            return
        if not self.is_group(enrollment.school_class):
            self.tables.protected.add(user)
            return
        person = self.user(user, row, "userSourcedId", user)
        if person is None:
            return
        if role in PUPIL:
            self._membership(enrollment, person)
        elif role in TEACHERS | MENTORS:
            if "student" in self.roles_of[user]:
                self.bad(row, "role", "a pupil cannot teach a class", user)
            else:
                self.staff[enrollment.school_class].append((enrollment, enrollment.since))
        elif role in CLASS_BYSTANDERS:
            self.leave(row, "role", "the role gives no relation to the pupils of the class")
        else:
            self.bad(row, "role", "the role is not one we know", user)

    def _membership(self, enrollment: Enrollment, person: str) -> None:
        if person in self.pupils:
            self.members[enrollment.school_class].append((person, enrollment.since))
            self.pupils[person].groups[self.ids.group(enrollment.school_class)] = enrollment.since
            self.pupils[person].classes.append(enrollment.school_class)
        elif not self.roles_of[enrollment.user] & PUPIL:
            self.bad(enrollment.row, "userSourcedId", "the person is not a pupil", enrollment.user)

    def _relations(self, sourced_id: str, school_class: SchoolClass) -> None:
        staff, subjects = self.staff[sourced_id], self._subjects(school_class)
        if subjects is None:
            self.tables.protected.update(enrollment.user for enrollment, _ in staff)
            subjects = ()
        good = self._without_pupils(sourced_id, staff)
        is_whole = len(good) == len(staff)
        mentors = mentors_of(good, is_homeroom=school_class.is_homeroom, is_whole=is_whole)
        for enrollment, since in good:
            person = self.tables.person(enrollment.user)
            is_mentor = enrollment.user in mentors
            for pupil_id, joined in self.members[sourced_id]:
                pupil, day = self.pupils[pupil_id], max(filter(None, (since, joined)), default=None)
                if is_mentor:
                    pupil.add(Role.MENTOR, person, day)
                if subjects or not is_mentor:
                    pupil.add(Role.EDUCATOR if pupil.grade <= 0 else Role.TEACHER, person, day, subjects)

    def _without_pupils(self, school_class: str, staff: Staff) -> Staff:
        """The staff of a class but for its own pupils, whose rows are named; nothing of the others ends by that."""
        pupil_ids = self._pupil_ids(school_class)
        own = [e for e, _ in staff if self.person_id(self.tables.person(e.user)) in pupil_ids]
        if not own:
            return staff
        for enrollment in own:
            self.bad(enrollment.row, "userSourcedId", "nobody is one's own teacher or mentor")
        self.tables.protected.update(enrollment.user for enrollment, _ in staff)
        return [(enrollment, since) for enrollment, since in staff if enrollment not in own]

    def _pupil_ids(self, school_class: str) -> set[UUID]:
        """The pupils of the class, by the ids that the ledger has for them: two users can be one person."""
        return {self.pupils[pupil].id for pupil, _ in self.members[school_class]}

    def kinships(self) -> None:
        seen: dict[tuple[str, str], int] = {}
        for kinship in self.tables.kinships:
            key = (self.tables.person(kinship.pupil), self.tables.person(kinship.adult))
            if key in seen:
                if "relationshipRole" in kinship.row.values:
                    line = seen[key]
                    self.bad(kinship.row, "", f"the same two people stand on line {line} already", kinship.pupil)
                continue
            if self._kinship(kinship):
                seen[key] = kinship.row.line

    def _kinship(self, kinship: Kinship) -> bool:
        """Link a guardian; whether the row was used."""
        row, users = kinship.row, (kinship.pupil,)
        of_its_own = "relationshipRole" in row.values
        column = "relationshipUserSourcedId" if of_its_own else "agentSourcedIds"
        pupil = self.user(kinship.pupil, row, "userSourcedId" if of_its_own else column, *users)
        adult = self.user(kinship.adult, row, column, *users)
        if pupil is None or adult is None:
            self.tables.protected.add(kinship.pupil)
            return False
        roles = {kinship.role} if of_its_own else self.roles_of[kinship.adult]
        if roles & GUARDIANS:
            if self.person_id(pupil) == self.person_id(adult):
                self.bad(row, column, "nobody is one's own guardian", *users)
                return False
            if pupil in self.pupils:
                self.pupils[pupil].add(Role.GUARDIAN, adult)
            return True
        word_at = "relationshipRole" if of_its_own else column
        if roles & (OTHER_ADULTS | PUPIL | SCHOOL_ROLE.keys()):
            self.leave(row, word_at, "neither guardian nor parent: no relation")
        else:
            self.bad(row, word_at, "the role is not one we know", *users)
        return False

    def mentors(self, rows: Iterable[MentorRow]) -> None:
        by_pupil: dict[str, list[str]] = defaultdict(list)
        by_class: dict[str, list[str]] = defaultdict(list)
        for mapped in rows:
            mentor = self.user(mapped.mentor, mapped.row, "mentorSourcedId")
            if mapped.school_class and mapped.school_class not in self.tables.classes:
                self.bad(mapped.row, "classSourcedId", "no row in classes.csv has this id")
            elif mapped.pupil and mapped.pupil not in self.tables.users:
                self.bad(mapped.row, "userSourcedId", "no row in users.csv has this id")
            elif mentor and self._mentors_oneself(mapped, mentor):
                self.bad(mapped.row, "mentorSourcedId", "nobody is one's own mentor", mapped.mentor)
            elif mentor and mapped.pupil:
                by_pupil[self.tables.person(mapped.pupil)].append(mentor)
            elif mentor:
                by_class[mapped.school_class].append(mentor)
        for user, pupil in self.pupils.items():
            if any(role is Role.MENTOR for role, _ in pupil.adults):
                continue
            mapped_to = by_pupil.get(user) or [m for c in pupil.classes for m in by_class.get(c, ())]
            for mentor in mapped_to:
                pupil.add(Role.MENTOR, mentor)
            if not mapped_to:
                row = self.tables.users[user].row
                self.wanted.mentorless[pupil.id] = row.fault("", "the pupil has no mentor")

    def _mentors_oneself(self, mapped: MentorRow, mentor: str) -> bool:
        if mapped.school_class:
            return self.person_id(mentor) in self._pupil_ids(mapped.school_class)
        return self.person_id(mentor) == self.person_id(self.tables.person(mapped.pupil))

    def person_id(self, person: str) -> UUID:
        """The id of the person, by the ledger's knowledge of any of the roster's ids for the person."""
        return next((self.known[i] for i in self._ids_of(person) if i in self.known), None) or self.ids.person(person)

    def _ids_of(self, person: str) -> tuple[str, ...]:
        return (person, *self.other_ids.get(person, ()))

    def person(self, person: str) -> WantedPerson:
        """The person, wanted from now on."""
        person_id = self.person_id(person)
        if person_id not in self.wanted.persons:
            user = self.tables.users[person]
            given, family = name_of(user.given_name) or "", name_of(user.family_name) or ""
            self.wanted.persons[person_id] = WantedPerson(person_id, given, family, self._ids_of(person))
        return self.wanted.persons[person_id]

    def finished(self) -> Wanted:
        for user, pupil in self.pupils.items():
            person = self.person(user)
            self.wanted.rows[person.id] = pupil.row
            relations = [self._relation(role, adult, *held) for (role, adult), held in sorted(pupil.adults.items())]
            self.wanted.pupils[person.id] = WantedPupil(
                person_id=person.id,
                name=person.name,
                school_id=pupil.school_id,
                grade=pupil.grade,
                since=pupil.since,
                groups=pupil.groups,
                relations=tuple(relations),
            )
        pupils = {self.person_id(user): user for user in self.pupils}
        give_accounts(self.wanted.persons, self.tables, self.roles_of, pupils, self.bad)
        protected = self.tables.protected | self.tables.faults.mentioned
        self.wanted.silent_on = frozenset(
            ({Role.GUARDIAN} if self.tables.silent_on_guardians else set())
            | (_FROM_CLASSES if self.tables.silent_on_classes else set())
        )
        self.wanted.protected = {self.person_id(self.tables.person(user)) for user in protected}
        return self.wanted

    def _relation(self, role: Role, adult: str, since: date | None, subjects: set[str]) -> WantedRelation:
        person = self.person(adult)
        taught = tuple(sorted(subjects)) if role is Role.TEACHER else ()
        return WantedRelation(role, person.id, person.name, since, taught)


def _org_column(row: Row) -> str:
    return "orgSourcedIds" if "orgSourcedIds" in row.values else "orgSourcedId"
