"""The refusals of access: what a person may not see or do, named by the rule; `roles` has those of the table."""

from aggregates.errors import NotFound, Refusal


class StudentNotFound(NotFound):
    """No such pupil, or one the caller has no right to: the answer is the same (S-SEC-2)."""

    code = "student-not-found"
    rule = "There is no such pupil, or none that you have a right to see."
    remedy = "Check the address; access follows your relation to the pupil."


class SchoolNotFound(NotFound):
    """No such school, group, template or document, or one at a school where the caller has no part."""

    code = "school-not-found"
    rule = "There is no such school, group, template or document, or you have no part in it."
    remedy = "Check the address; access follows your part at the school."


class PersonNotFound(NotFound):
    """No such person, or one the caller has no right to see."""

    code = "person-not-found"
    rule = "There is no such person, or none that you have a right to see."
    remedy = "Check the address; register the person first if the person is new."


class Forbidden(Refusal):
    """The caller is known to the pupil or school, but this is for others to do."""

    status = 403


class RelationNotHeld(Forbidden):
    """A write names a relation (`as`) that the caller holds today (G-13)."""

    code = "relation-not-held"
    rule = "You do not hold the relation that you name in `as` today."
    remedy = "Name one of your own present relations to the pupil or school."


class RelationNotNamed(Forbidden):
    """Every write says in which relation it is made (G-13)."""

    code = "relation-not-named"
    status = 422
    rule = "A write names the relation it is made in."
    remedy = "Name one of your own present relations in `as`."


class TermsNotAccepted(Forbidden):
    """S-TRM-2: who has not accepted the terms that hold now reaches the own page, the terms and the way out."""

    code = "terms-not-accepted"
    rule = "You have not accepted the terms of use that hold now."
    remedy = "Read the terms and accept their version; without it there is no access, and nothing is stored about that."


class AssuranceTooLow(Forbidden):
    """G-10, G-17: each role and each action has a lowest assurance level."""

    code = "assurance-too-low"
    rule = "Your sign-in is not strong enough for this."
    remedy = "Sign in again in a stronger way, such as e-identification."

    def __init__(self, needed_level: int) -> None:
        super().__init__()
        self.needed_level = needed_level
        """The level that is enough: what to ask the provider for."""


class ScopeNotGranted(Forbidden):
    """A program reaches what the scopes of its token say, and nothing that is for persons alone."""

    code = "scope-not-granted"
    rule = "The scopes of the program's token do not allow this."
    remedy = "Ask for a token with a scope that the description of the address names, if the program was given it."


class OnlyPrograms(Forbidden):
    """What is for programs alone, whoever the person is."""

    code = "only-programs"
    rule = "This is for programs with credentials of their own, not for persons."
    remedy = "Let a program with the scope that the description of the address names ask for it."


class SignInNotYoursToGive(Forbidden):
    """Whoever says by what a person signs in can be that person."""

    code = "sign-in-not-yours-to-give"
    rule = "By what a person signs in is said by those who keep every school that the person has to do with."
    remedy = "Have it come with the roster, which is for all schools."


class NotOwnSubject(Forbidden):
    """S-ROL-3: a teacher assesses the subjects the teacher teaches the pupil."""

    code = "not-own-subject"
    rule = "You do not teach the pupil this subject."
    remedy = "Ask the pupil's teacher in the subject, or have the teaching assignment corrected."


class NotForYourRole(Forbidden):
    """The table of who may do what gives the action to other roles."""

    remedy = "Ask a person in that role, or act in another of your relations."
