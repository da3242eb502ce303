"""The pupil's file: who the pupil is to whom, the school and group the pupil goes to, and when schooling ends."""

from aggregates.errors import NotFound, Refusal


class StudentAlreadyEnrolled(Refusal):
    """S-GEN-1: each pupil has exactly one file."""

    code = "student-already-enrolled"
    rule = "Each pupil has exactly one file, and this pupil has it already."
    remedy = "Use the file that is there; a move between schools is a transfer, not a new file."


class SchoolingHasEnded(Refusal):
    """Nothing new is planned for a pupil whose schooling has ended."""

    code = "schooling-has-ended"
    rule = "The pupil's compulsory schooling has ended."
    remedy = "Re-enrol the pupil first, if the pupil has come back."


class SchoolingHasNotEnded(Refusal):
    """Only a pupil whose schooling has ended can be re-enrolled."""

    code = "schooling-has-not-ended"
    rule = "The pupil's schooling has not ended."
    remedy = "Nothing needs to be done; the file is open."


class RelationAlreadyExists(Refusal):
    """A person has one relation of a kind to a pupil at a time."""

    code = "relation-already-exists"
    rule = "The person already has this relation to the pupil."
    remedy = "End the present relation first, or leave it as it is."


class RelationNotFound(NotFound):
    """No present relation has this id."""

    code = "relation-not-found"
    rule = "There is no such present relation in this pupil's file."


class RelationEndsBeforeItStarts(Refusal):
    """What ends does so on or after its start: a relation, a membership, schooling."""

    code = "relation-ends-before-it-starts"
    status = 422
    rule = "A relation, a membership or schooling cannot end before it starts, nor start anew before it ended."
    remedy = "Correct the dates."


class DelegationTooLong(Refusal):
    """Consent to another's reading is given for a time, and ends with the relation of the guardian who gave it."""

    code = "delegation-too-long"
    status = 422
    rule = "Another adult reads for a limited time, a year or as set, and no longer than the guardian does."
    remedy = "Name an earlier last day; it can be given again."


class ReasonTooShort(Refusal):
    """A file that is opened out of turn is opened for a reason that others can judge."""

    code = "reason-too-short"
    status = 422
    rule = "Opening a file in an emergency needs a reason of at least 20 characters."
    remedy = "Write what has happened and why the file must be read now."


class IdentityNotProtected(Refusal):
    """There is no protection to lift."""

    code = "identity-not-protected"
    status = 409
    rule = "The pupil's identity is not protected."
    remedy = "Read the file again."


class RelationToOneself(Refusal):
    """Roles are towards somebody else; a pupil who was the own mentor could lock the own plan."""

    code = "relation-to-oneself"
    status = 422
    rule = "A pupil is not their own guardian, teacher, mentor or educator."
    remedy = "Name the other person; the pupil has a relation to their own file from the first day."


class DayNotCome(Refusal):
    """A fact has happened: a conversation that was held, schooling that has ended (S-AGR-2, G-8)."""

    code = "day-not-come"
    status = 422
    rule = "What is recorded here has happened, and the day that you named has not come."
    remedy = "Record it on that day or later."


class GroupAlreadyJoined(Refusal):
    """A pupil is in a group once."""

    code = "group-already-joined"
    rule = "The pupil already belongs to the group."
    remedy = "Nothing needs to be done."


class NotInGroup(NotFound):
    """The pupil is not in the group."""

    code = "not-in-group"
    rule = "The pupil does not belong to the group."


class AlreadyAtSchool(Refusal):
    """A transfer leads to another school."""

    code = "already-at-school"
    rule = "The pupil already goes to this school, or in this school year."
    remedy = "Nothing needs to be done."
