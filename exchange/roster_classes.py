"""A roster's classes and teaching groups: who is in them, and what their staff are to their pupils."""

from events.base import Role
from events.school import GroupKind
from exchange.roster_held import Held
from exchange.roster_pupils import Staff, mentors_of
from exchange.roster_tables import Enrollment, SchoolClass
from exchange.roster_wanted import WantedGroup
from exchange.roster_words import CLASS_BYSTANDERS, MENTORS, PUPIL, TEACHERS, name_of, subject_of


def hold_classes(held: Held) -> None:
    """Want the groups, who is in them, and what their teachers and mentors are to their pupils."""
    left_out: set[str] = set()
    for sourced_id, school_class in held.tables.classes.items():
        if _is_left_out(held, school_class):
            left_out.add(sourced_id)
        else:
            _class(held, sourced_id, school_class)
    for enrollment in held.tables.enrollments:
        if enrollment.school_class not in left_out and held.tables.classes:
            _enrollment(held, enrollment)
    for sourced_id, school_class in held.tables.classes.items():
        if held.is_group(sourced_id):
            _relations(held, sourced_id, school_class)


def _is_left_out(held: Held, school_class: SchoolClass) -> bool:
    row, org = school_class.row, held.tables.orgs.get(school_class.org)
    sessions = [held.tables.sessions[s] for s in school_class.sessions if s in held.tables.sessions]
    if sessions and all(end < held.on for _, end in sessions):
        held.leave(row, "", "its terms are over: counts as absent")
        return True
    if org is not None and not org.is_school:
        held.leave(row, "", "the organisation is not a school")
        return True
    return False


def _class(held: Held, sourced_id: str, school_class: SchoolClass) -> None:
    row = school_class.row
    column = "schoolSourcedId" if "schoolSourcedId" in row.values else "orgSourcedId"
    school_id, name = held.school(school_class.org, row, column), name_of(school_class.title)
    if name is None:
        held.bad(row, "title", "the name is missing, too long or has control characters")
    elif school_id is not None:
        group_id = held.ids.group(sourced_id)
        kind = GroupKind.CLASS if school_class.is_homeroom else GroupKind.TEACHING
        held.wanted.groups[group_id] = WantedGroup(group_id, school_id, name, kind)


def _subjects(held: Held, school_class: SchoolClass) -> tuple[str, ...] | None:
    """The class's subjects; None where some are not known, though the roster names them."""
    named, row = school_class.subjects, school_class.row
    if not named and school_class.course and held.tables.courses:
        if school_class.course not in held.tables.courses:
            held.bad(row, "courseSourcedId", "no row in courses.csv has this id")
            return None
        named = held.tables.courses[school_class.course]
    codes = {subject_of(text) for text in named}
    if None in codes:
        held.bad(row, "subjects", "a subject is neither a code nor a name we know")
        return None
    return tuple(sorted(code for code in codes if code))


def _enrollment(held: Held, enrollment: Enrollment) -> None:
    row, user, role = enrollment.row, enrollment.user, enrollment.role
    if not held.in_force(enrollment.since, enrollment.until, row):
        return
    if enrollment.school_class not in held.tables.classes:
        held.bad(row, "classSourcedId", "no row in classes.csv has this id", user)
        return
    if not held.is_group(enrollment.school_class):
        held.tables.protected.add(user)
        return
    person = held.user(user, row, "userSourcedId", user)
    if person is None:
        return
    if role in PUPIL:
        _membership(held, enrollment, person)
    elif role in TEACHERS | MENTORS:
        if "student" in held.roles_of[user]:
            held.bad(row, "role", "a pupil cannot teach a class", user)
        else:
            held.staff[enrollment.school_class].append((enrollment, enrollment.since))
    elif role in CLASS_BYSTANDERS:
        held.leave(row, "role", "the role gives no relation to the pupils of the class")
    else:
        held.bad(row, "role", "the role is not one we know", user)


def _membership(held: Held, enrollment: Enrollment, person: str) -> None:
    if person in held.pupils:
        held.members[enrollment.school_class].append((person, enrollment.since))
        held.pupils[person].groups[held.ids.group(enrollment.school_class)] = enrollment.since
        held.pupils[person].classes.append(enrollment.school_class)
    elif not held.roles_of[enrollment.user] & PUPIL:
        held.bad(enrollment.row, "userSourcedId", "the person is not a pupil", enrollment.user)


def _relations(held: Held, sourced_id: str, school_class: SchoolClass) -> None:
    staff, subjects = held.staff[sourced_id], _subjects(held, school_class)
    if subjects is None:
        held.tables.protected.update(enrollment.user for enrollment, _ in staff)
        subjects = ()
    good = _without_pupils(held, sourced_id, staff)
    is_whole = len(good) == len(staff)
    mentors = mentors_of(good, is_homeroom=school_class.is_homeroom, is_whole=is_whole)
    for enrollment, since in good:
        person = held.tables.person(enrollment.user)
        is_mentor = enrollment.user in mentors
        for pupil_id, joined in held.members[sourced_id]:
            pupil, day = held.pupils[pupil_id], max(filter(None, (since, joined)), default=None)
            if is_mentor:
                pupil.add(Role.MENTOR, person, day)
            if subjects or not is_mentor:
                pupil.add(Role.EDUCATOR if pupil.grade <= 0 else Role.TEACHER, person, day, subjects)


def _without_pupils(held: Held, school_class: str, staff: Staff) -> Staff:
    """The staff of a class but for its own pupils, whose rows are named; nothing of the others ends by that."""
    pupil_ids = held.pupil_ids(school_class)
    own = [e for e, _ in staff if held.person_id(held.tables.person(e.user)) in pupil_ids]
    if not own:
        return staff
    for enrollment in own:
        held.bad(enrollment.row, "userSourcedId", "nobody is one's own teacher or mentor")
    held.tables.protected.update(enrollment.user for enrollment, _ in staff)
    return [(enrollment, since) for enrollment, since in staff if enrollment not in own]
