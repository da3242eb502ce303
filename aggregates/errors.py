"""The rules a command can break: each refusal has a permanent name, says the rule, and says what to do."""

from typing import ClassVar


class Refusal(Exception):
    """A rule said no. Nothing was stored.

    `code` is the stable problem type, `status` its HTTP status, `rule` what holds, `remedy` what to do. None of them
    ever holds anything that the caller sent.
    """

    code: ClassVar[str]
    status: ClassVar[int] = 409
    rule: ClassVar[str]
    remedy: ClassVar[str]

    def __init__(self) -> None:
        super().__init__(self.code)


def refusals() -> list[type[Refusal]]:
    """Every refusal there is, by code."""
    found: dict[str, type[Refusal]] = {}
    waiting = list(Refusal.__subclasses__())
    while waiting:
        refusal = waiting.pop()
        waiting.extend(refusal.__subclasses__())
        if "code" in refusal.__dict__:
            found[refusal.code] = refusal
    return [found[code] for code in sorted(found)]


class NotFound(Refusal):
    """What the address names is not there, or is not for the caller to know of."""

    status = 404
    remedy = "Check the address; read the list that it belongs to."


class VersionMismatch(Refusal):
    """The resource has changed since the version named in If-Match."""

    code = "version-mismatch"
    status = 412
    rule = "The resource has changed since the version that you named."
    remedy = "Read it again, look at what the other person wrote, and save with the new ETag."


# --- the file, its people and its schooling


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
    rule = "A pupil is not the own guardian, teacher, mentor or educator."
    remedy = "Name the other person; the pupil has a relation to the own file from the first day."


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


# --- plans


class PlanNotFound(NotFound):
    """The file has no plan with this id."""

    code = "plan-not-found"
    rule = "There is no such plan in this pupil's file."


class PlanIsLocked(Refusal):
    """G-6: after the lock a text is corrected, never edited."""

    code = "plan-is-locked"
    rule = "The plan is locked as agreed; what it says is no longer edited."
    remedy = "Make a correction with a reason, or write in the next plan."


class PlanIsArchived(Refusal):
    """S-ARC-1: an archived plan is read, not written."""

    code = "plan-is-archived"
    rule = "The plan is archived; it can be read but not written."
    remedy = "Write in the pupil's current plan."


class PlanIsNotLocked(Refusal):
    """What belongs after the conversation needs the lock."""

    code = "plan-is-not-locked"
    rule = "The plan has not been locked as agreed yet."
    remedy = "Lock the plan at the conversation first; until then, edit the text itself."


class SchoolYearNotConsecutive(Refusal):
    """A school year begins in one year and ends in the next."""

    code = "school-year-not-consecutive"
    status = 422
    rule = "A school year is two years in a row, such as 2026/2027."
    remedy = "Name the year in which it begins and the year after."


class PreviousPlanNotLocked(Refusal):
    """G-15: no new plan over one that was never agreed, unless the mentor says why."""

    code = "previous-plan-not-locked"
    rule = "The current plan was never locked as agreed."
    remedy = "Lock it first, or state a reason for starting over."


class PreviousPlanNotEvaluated(Refusal):
    """G-15, S-AGR-4: the plan is evaluated before it is archived, unless the mentor says why."""

    code = "previous-plan-not-evaluated"
    rule = "A goal of the current plan has not been evaluated."
    remedy = "Evaluate each goal first, or state a reason for starting over."


class TemplateNotApproved(Refusal):
    """G-9: plans are started only from a version that the principal approved."""

    code = "template-not-approved"
    rule = "This version of the template is not approved by the principal."
    remedy = "Choose an approved version, or ask the principal to approve it."


class TemplateNotForGrade(Refusal):
    """S-TPL-7: each template says which school years it is for."""

    code = "template-not-for-grade"
    rule = "The template is not made for the pupil's school year."
    remedy = "Choose a template for the pupil's school year."


class TemplateOfAnotherSchool(Refusal):
    """A plan is started from a template of the pupil's own school."""

    code = "template-of-another-school"
    rule = "The template belongs to another school."
    remedy = "Choose a template of the pupil's school."


# --- answers


class QuestionNotFound(NotFound):
    """The plan's template has no such question."""

    code = "question-not-found"
    rule = "The plan has no such question."


class QuestionNotDirectedToRole(Refusal):
    """S-QUE-1: a question is open to the roles it is directed to."""

    code = "question-not-directed-to-role"
    status = 403
    rule = "The question is not directed to that role."
    remedy = "Answer the questions that are directed to you; they have a yellow frame."


class ProxyWritingNotAllowed(Refusal):
    """S-TPL-10: only where the template says so may others write in the pupil's field."""

    code = "proxy-writing-not-allowed"
    status = 403
    rule = "The template does not let others write in the pupil's field."
    remedy = "Let the pupil write, or answer in your own field."


class AnswerIsEmpty(Refusal):
    """An answer holds text, a choice, or both."""

    code = "answer-is-empty"
    status = 422
    rule = "An answer holds a text, a choice, or both."
    remedy = "Write something, or choose a step of the scale."


class ChoiceNotOnScale(Refusal):
    """S-QUE-3: a choice is one of the steps of the question's scale."""

    code = "choice-not-on-scale"
    status = 422
    rule = "The choice is not a step of the question's scale."
    remedy = "Choose one of the steps that the question names."


# --- goals


class GoalNotFound(NotFound):
    """The plan has no goal with this id."""

    code = "goal-not-found"
    rule = "There is no such goal in this plan."


class GoalNotOpenForDecision(Refusal):
    """G-14: only a proposal waits for a decision."""

    code = "goal-not-open-for-decision"
    rule = "The proposal has been decided on or withdrawn."
    remedy = "Propose a new goal, if there is a need."


class NotOwnProposal(Refusal):
    """A proposal is withdrawn or reworded by the one who made it; the mentor may reword."""

    code = "not-own-proposal"
    status = 403
    rule = "The proposal was made by somebody else."
    remedy = "Ask the one who proposed it, or the mentor."


class GoalNotAgreed(Refusal):
    """G-14: only accepted goals of a locked, not archived plan move on the staircase."""

    code = "goal-not-agreed"
    rule = "Only goals that were accepted in a locked plan move on the staircase."
    remedy = "Accept the goal and lock the plan at the conversation first."


class GoalStepNotAllowed(Refusal):
    """G-4: one step forward at a time; back only by the mentor's reopening."""

    code = "goal-step-not-allowed"
    rule = "A goal moves one step at a time: Nytt, Påbörjat, Klart, Uppnått; only Klart and Uppnått can be reopened."
    remedy = "Take the next step, or let the mentor reopen the goal."


class ReasonRequired(Refusal):
    """G-4: reopening and abandoning are explained."""

    code = "reason-required"
    status = 422
    rule = "This needs a reason."
    remedy = "State why, in a sentence."


class OnlyMentorConfirmsHere(Refusal):
    """G-1: the school narrowed Klart→Uppnått to the mentor."""

    code = "only-mentor-confirms-here"
    status = 403
    rule = "At this school only the mentor confirms that a goal is achieved."
    remedy = "Ask the mentor to confirm it."


class CarriedGoalNotUnfinished(Refusal):
    """G-14: only an unfinished accepted goal of the plan before is carried over."""

    code = "carried-goal-not-unfinished"
    status = 422
    rule = "Only an accepted, unfinished goal of the plan before can be carried over."
    remedy = "Leave the goal out; propose a new one if there is a need."


# --- assessments


class SubjectNotInPlan(NotFound):
    """S-OMD-5: assessments are in the subjects of the plan."""

    code = "subject-not-in-plan"
    rule = "The plan has no such subject."


class HeadingNotInTemplate(Refusal):
    """S-TPL-11: LPP and Kriterier exist only where the template has the heading."""

    code = "heading-not-in-template"
    status = 422
    rule = "The template has no heading for that kind of document in this subject."
    remedy = "Leave the document out, or use a template with the heading."


class DocumentOfAnotherSubject(Refusal):
    """S-LPP: the planning and the matrix under a subject's heading are that subject's."""

    code = "document-of-another-subject"
    status = 422
    rule = "An assessment rests on planning documents of its own subject."
    remedy = "Leave the document out, or link it where its own subject is assessed."


class SyllabusItemNotFound(NotFound):
    """S-DEV-2: a link leads to an item of the imported syllabus, in a wording it has or had."""

    code = "syllabus-item-not-found"
    rule = "The syllabus has no such item in that wording."
    remedy = "Read the subject's items and link one of them."


class NoOpenObligation(Refusal):
    """S-OMD-10: a programme is linked to subjects where a risk was signalled."""

    code = "no-open-obligation"
    rule = "No risk is signalled in one of the subjects, or it has its action programme."
    remedy = "Name only subjects where the assessment signals a risk."


class OnlyPrincipalDecidesNotNeeded(Refusal):
    """Skollagen 3:9: the principal decides not to draw up a programme."""

    code = "only-principal-decides-not-needed"
    status = 403
    rule = "Only the principal decides that no action programme is needed."
    remedy = "Ask the principal to record the decision."


# --- the conversation, agreement and lock


class PlanChangedSince(Refusal):
    """G-5: one agrees to, and confirms having read, the version that is there now."""

    code = "plan-changed-since"
    rule = "The plan has changed since the version that you named."
    remedy = "Read the plan again and name its present version."


class AlreadyAgreed(Refusal):
    """One agreement for each person and version."""

    code = "already-agreed"
    rule = "You have already agreed to, or confirmed having read, this version of the plan."
    remedy = "Nothing needs to be done."


class ConcernNotFound(NotFound):
    """The plan has no open concern with this id."""

    code = "concern-not-found"
    rule = "There is no such open concern in this plan."


class TargetNotFound(NotFound):
    """The text that a concern or correction names is not in the plan."""

    code = "target-not-found"
    rule = "The plan has no such text."


class NotOwnText(Refusal):
    """After the lock each corrects the own text; the mentor any."""

    code = "not-own-text"
    status = 403
    rule = "The text was written by somebody else."
    remedy = "Ask the one who wrote it, or the mentor, to correct it."


class CorrectionOfOneThing(Refusal):
    """G-6: a correction says what is put right: a text, or the forecast of an assessment."""

    code = "correction-of-one-thing"
    status = 422
    rule = "A correction gives either a text or a forecast, and only an assessment has a forecast."
    remedy = "Give one of them; make two corrections where both are wrong."


class ForecastStands(Refusal):
    """A correction says something else than what it corrects."""

    code = "forecast-stands"
    rule = "The forecast is this one already."
    remedy = "Nothing needs to be done."


class ProposalsUndecided(Refusal):
    """G-14: each proposal is accepted or declined before the lock."""

    code = "proposals-undecided"
    rule = "A proposed goal has been neither accepted nor declined."
    remedy = "Accept or decline each proposal, then lock the plan."


class PartyMissing(Refusal):
    """G-5: the pupil and at least one guardian agree, or the mentor says why not."""

    code = "party-missing"
    rule = "The pupil and at least one guardian have not both agreed to the present version of the plan."
    remedy = "Wait for the agreement, or state a reason for locking without it."


class ConcernsOpen(Refusal):
    """G-5: open concerns block the lock, or the mentor says why not."""

    code = "concerns-open"
    rule = "A secrecy concern is open."
    remedy = "Close each concern with a reason, or state a reason for locking in spite of it."


class LockReasonNotNeeded(Refusal):
    """A reason is stated for an obstacle that exists."""

    code = "lock-reason-not-needed"
    status = 422
    rule = "A reason was stated for something that does not hinder the lock."
    remedy = "State reasons only for what hinders the lock."


class LockReasonRepeated(Refusal):
    """G-5: a reason for each, so that it is plain which one was the mentor's."""

    code = "lock-reason-repeated"
    status = 422
    rule = "Two reasons were stated for the same obstacle."
    remedy = "State one reason for each thing that hinders the lock."


# --- persons, schools, templates, documents


class PersonAlreadyRegistered(Refusal):
    """A person is registered once."""

    code = "person-already-registered"
    rule = "The person is already registered."
    remedy = "Use the person that is there."


class SchoolAlreadyFounded(Refusal):
    """A school or group is created once."""

    code = "school-already-founded"
    rule = "The school or group exists already."
    remedy = "Use the one that is there."


class SchoolRoleNotAllowed(Refusal):
    """A school grants only the parts that belong to a school."""

    code = "school-role-not-allowed"
    status = 422
    rule = "A school role is administrator, principal or staff."
    remedy = "Give other roles through the pupil's relations."


class SettingsNotNewer(Refusal):
    """Settings hold from a day on; the past is not rewritten."""

    code = "settings-not-newer"
    status = 422
    rule = "New settings hold from a day that is not before the latest settings' first day."
    remedy = "Choose a later day."


class SettingsInThePast(Refusal):
    """What was decided under the settings of a day is not judged by others afterwards."""

    code = "settings-in-the-past"
    status = 422
    rule = "Settings hold from today or a later day; only the first settings of a school reach back."
    remedy = "Choose today or a later day."


class TemplateVersionNotFound(NotFound):
    """The template has no such version."""

    code = "template-version-not-found"
    rule = "The template has no such version."


class TemplateNotSound(Refusal):
    """S-TPL: a plan of the template could not be filled in as its author means, or would lose a question."""

    code = "template-not-sound"
    status = 422
    rule = (
        "Keys are used once in a template; a question is directed to pupil, guardian, teacher or mentor; only a scale "
        "question has a scale, of two steps or more; only preparation pages have questions; links begin with https."
    )
    remedy = "Correct the template; `./liggare` names each fault by its line when it reads the template from a file."


class TemplateAlreadyApproved(Refusal):
    """A version is approved once."""

    code = "template-already-approved"
    rule = "This version of the template is approved already."
    remedy = "Nothing needs to be done."


class DocumentKindFixed(Refusal):
    """A planning stays a planning, a matrix a matrix; and each has the parts of its kind."""

    code = "document-kind-fixed"
    status = 422
    rule = "A planning has sections; a matrix has levels, and rows with a text for each level; the kind never changes."
    remedy = "Give the parts that belong to the kind."


# --- persons: terms, sign-in, what one shows of oneself


class TermsNotCurrent(Refusal):
    """S-TRM-2: who accepts has read the terms that hold now."""

    code = "terms-not-current"
    rule = "The version named is not that of the terms that hold now."
    remedy = "Read the present terms and name their version."


class IdentifierNotValid(Refusal):
    """A sign-in identifier is an account name with its realm, or a personal identity number in twelve digits."""

    code = "identifier-not-valid"
    status = 422
    rule = "An eppn is name@realm; a personnummer has twelve digits, a day that exists and the right last digit."
    remedy = "Correct the identifier and send it again."


class IdentifierTaken(Refusal):
    """One identifier belongs to at most one person."""

    code = "identifier-taken"
    rule = "Another person signs in by this identifier."
    remedy = "See whose it is with the school's register; remove it from the other person first if it is wrong there."


class IdentifierNotFound(NotFound):
    """The person has no such sign-in identifier."""

    code = "identifier-not-found"
    rule = "The person has no such sign-in identifier."


class NotAClass(NotFound):
    """S-CON-2: a contact list is a class's."""

    code = "not-a-class"
    rule = "Contact lists are kept for classes, not for teaching groups."


class PictureNotFound(NotFound):
    """There is no picture of the person, or none that the caller may see: the answer is the same (G-12)."""

    code = "picture-not-found"
    rule = "There is no picture of this person, or none that you may see."


class PictureNotUsable(Refusal):
    """S-SET-3: what was sent is no whole picture in a form we read, or is too small or too large in pixels."""

    code = "picture-not-usable"
    status = 422
    rule = (
        "A picture is a whole file of at least 32 by 32 pixels: a JPEG of at most 64 million, a PNG, WebP or GIF of at "
        "most 20 million."
    )
    remedy = "Save the photo as JPEG and send it again."
