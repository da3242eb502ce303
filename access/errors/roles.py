"""What the table of who may do what gives to others: a refusal for each action."""

from access.actions import Action
from access.errors import NotForYourRole
from access.errors.officers import (
    OnlyOfficersHoldFiles,
    OnlyOfficersReadOfficers,
    OnlyOfficersReadRetention,
    OnlyOperatorAppointsOfficers,
    OnlyRetentionOperatorAdoptsSchedules,
    OnlyRetentionOperatorDisposes,
    OnlyRetentionOperatorReadsDue,
    OnlyRetentionOperatorReviews,
)


class OnlyInvolvedRead(NotForYourRole):
    """S-ROL-7, S-ROL-10, S-SEC-2."""

    code = "only-involved-read"
    rule = "Only those involved in the pupil's learning read the pupil's file."


class OnlyPartiesAnswer(NotForYourRole):
    """S-TPL-9."""

    code = "only-parties-answer"
    rule = "Questions are answered by the pupil, guardians, teachers and the mentor."


class OnlyTeachersRemind(NotForYourRole):
    """Whoever prepares the conversation at school asks those at home to."""

    code = "only-teachers-remind"
    rule = "The mentor and the pupil's teachers remind those at home to prepare."


class OnlyHomeAndEducatorsWriteForPupil(NotForYourRole):
    """S-TPL-10."""

    code = "only-home-and-educators-write-for-pupil"
    rule = "Only guardians and educators write in the pupil's field, where the template allows it."


class OnlyPartiesPropose(NotForYourRole):
    """S-GOA-1."""

    code = "only-parties-propose"
    rule = "Goals are proposed by the pupil, guardians, the pupil's teachers and the mentor."


class OnlyMentorDecides(NotForYourRole):
    """G-14."""

    code = "only-mentor-decides"
    rule = "The mentor accepts or declines a proposal, at the conversation."


class OnlyPupilAndMentorAdvance(NotForYourRole):
    """S-GOA-7."""

    code = "only-pupil-and-mentor-advance"
    rule = "The pupil and the mentor move a goal to Påbörjat and Klart."


class OnlyTeachersConfirm(NotForYourRole):
    """S-GOA-6, G-1."""

    code = "only-teachers-confirm"
    rule = "Only the mentor and the pupil's teachers confirm that a goal is Uppnått."


class OnlyMentorReopens(NotForYourRole):
    """G-4."""

    code = "only-mentor-reopens"
    rule = "Only the mentor reopens or abandons a goal."


class OnlyPartiesEvaluateGoals(NotForYourRole):
    """S-GOA-10."""

    code = "only-parties-evaluate-goals"
    rule = "Goals are evaluated by the pupil, guardians, teachers and the mentor."


class OnlyTeachersAssess(NotForYourRole):
    """S-OMD-1, S-OMD-12."""

    code = "only-teachers-assess"
    rule = "Only the pupil's teachers write assessments and development areas."


class OnlyMentorAndPrincipalLinkProgrammes(NotForYourRole):
    """S-OMD-10."""

    code = "only-mentor-and-principal-link-programmes"
    rule = "The mentor links an action programme that the principal has decided on."


class OnlyPupilPostsNotes(NotForYourRole):
    """S-BLG-3."""

    code = "only-pupil-posts-notes"
    rule = "Only the pupil writes in the pupil's own learning blog."


class OnlyGuardiansConfirmReading(NotForYourRole):
    """S-SAM-1."""

    code = "only-guardians-confirm-reading"
    rule = "Guardians confirm that they have read the plan."


class OnlyGuardiansGiveViewpoints(NotForYourRole):
    """S-SAM-2."""

    code = "only-guardians-give-viewpoints"
    rule = "Guardians note what they want to raise at the conversation."


class OnlyGuardiansEvaluateConversation(NotForYourRole):
    """S-SAM-3."""

    code = "only-guardians-evaluate-conversation"
    rule = "Guardians evaluate the conversation."


class OnlyPartiesRaiseConcerns(NotForYourRole):
    """S-FRE-6."""

    code = "only-parties-raise-concerns"
    rule = "Concerns are raised by the pupil, guardians, teachers and the mentor."


class OnlyMentorClosesConcerns(NotForYourRole):
    """S-AGR-3."""

    code = "only-mentor-closes-concerns"
    rule = "The mentor closes a concern."


class OnlyHomeAgrees(NotForYourRole):
    """G-5."""

    code = "only-home-agrees"
    rule = "The pupil and the guardians agree; the mentor agrees by locking the plan."


class OnlyMentorLocks(NotForYourRole):
    """S-AGR-2."""

    code = "only-mentor-locks"
    rule = "Only the mentor locks the plan."


class OnlyMentorStartsPlans(NotForYourRole):
    """S-ARC-1."""

    code = "only-mentor-starts-plans"
    rule = "Only the mentor starts a plan for the pupil."


class OnlyPartiesCorrect(NotForYourRole):
    """G-6."""

    code = "only-parties-correct"
    rule = "A locked plan is corrected by those who wrote in it, and by the mentor."


class OnlyAdministrationManagesRoster(NotForYourRole):
    """Persons, pupils and relations are the administration's."""

    code = "only-administration-manages-roster"
    rule = "Administrators and the principal keep the pupils, persons and relations of their school."


class OnlyAdministratorsDraftTemplates(NotForYourRole):
    """G-9."""

    code = "only-administrators-draft-templates"
    rule = "Administrators draft the templates of their school."


class OnlyPrincipalApprovesTemplates(NotForYourRole):
    """G-9."""

    code = "only-principal-approves-templates"
    rule = "The principal approves and publishes the templates of the school."


class OnlyPrincipalNamesPrincipal(NotForYourRole):
    """G-9: whoever could make a principal could open any file in an emergency."""

    code = "only-principal-names-principal"
    rule = "A principal of the school, or the operator, names a principal."


class OnlyAdministrationAdoptsSettings(NotForYourRole):
    """School settings."""

    code = "only-administration-adopts-settings"
    rule = "Administrators and the principal decide on the settings of their school."


class OnlyStaffPublishDocuments(NotForYourRole):
    """S-LPP-1, S-LPP-2."""

    code = "only-staff-publish-documents"
    rule = "Staff of the school publish its planning documents."


class OnlyStaffReadSchool(NotForYourRole):
    """S-ROL-7."""

    code = "only-staff-read-school"
    rule = "Staff of the school read its groups, templates and settings."


class OnlyGuardiansDelegate(NotForYourRole):
    """A guardian consents to another adult's reading."""

    code = "only-guardians-delegate"
    rule = "Guardians let another adult read their child's file."


class OnlyGuardiansEndDelegations(NotForYourRole):
    """Consent is taken back by those who give it, or given up by whom it was given to."""

    code = "only-guardians-end-delegations"
    rule = "Guardians, and the adult who was let to read, end a delegation."


class OnlyPrincipalsOpenInEmergency(NotForYourRole):
    """Opening a file out of turn is for those who answer for a school."""

    code = "only-principals-open-in-emergency"
    rule = "Only a principal opens a pupil's file in an emergency."


class OnlyAdministrationProtects(NotForYourRole):
    """Protected identity is for those who keep the pupils of a school."""

    code = "only-administration-protects"
    rule = "Administrators and the principal of the pupil's school mark and lift a protected identity."


class OnlyStaffAndClassReadProfiles(NotForYourRole):
    """S-SET-5."""

    code = "only-staff-and-class-read-profiles"
    rule = "Profiles are for the staff of schools, and for pupils and guardians of classes one is connected with."


class OnlyClassReadsContactList(NotForYourRole):
    """S-CON-2, S-CON-3."""

    code = "only-class-reads-contact-list"
    rule = (
        "A class's contact list is for its pupils and their guardians, its teachers, administrators and the principal."
    )


class OnlyGuardiansAndPrincipalReadAccessRecord(NotForYourRole):
    """Who looked at whose file says something of those who looked."""

    code = "only-guardians-and-principal-read-access-record"
    rule = "The record of who has looked at a pupil's file is read by the guardians and the principal."


REFUSAL: dict[Action, type[NotForYourRole]] = {
    Action.READ_FILE: OnlyInvolvedRead,
    Action.ANSWER_QUESTION: OnlyPartiesAnswer,
    Action.REMIND: OnlyTeachersRemind,
    Action.WRITE_FOR_PUPIL: OnlyHomeAndEducatorsWriteForPupil,
    Action.PROPOSE_GOAL: OnlyPartiesPropose,
    Action.DECIDE_PROPOSAL: OnlyMentorDecides,
    Action.ADVANCE_GOAL: OnlyPupilAndMentorAdvance,
    Action.CONFIRM_GOAL: OnlyTeachersConfirm,
    Action.REOPEN_GOAL: OnlyMentorReopens,
    Action.EVALUATE_GOAL: OnlyPartiesEvaluateGoals,
    Action.ASSESS_SUBJECT: OnlyTeachersAssess,
    Action.LINK_PROGRAMME: OnlyMentorAndPrincipalLinkProgrammes,
    Action.POST_LEARNING_NOTE: OnlyPupilPostsNotes,
    Action.CONFIRM_READING: OnlyGuardiansConfirmReading,
    Action.GIVE_VIEWPOINT: OnlyGuardiansGiveViewpoints,
    Action.EVALUATE_CONVERSATION: OnlyGuardiansEvaluateConversation,
    Action.RAISE_CONCERN: OnlyPartiesRaiseConcerns,
    Action.CLOSE_CONCERN: OnlyMentorClosesConcerns,
    Action.AGREE: OnlyHomeAgrees,
    Action.LOCK_PLAN: OnlyMentorLocks,
    Action.START_PLAN: OnlyMentorStartsPlans,
    Action.CORRECT: OnlyPartiesCorrect,
    Action.MANAGE_ROSTER: OnlyAdministrationManagesRoster,
    Action.NAME_PRINCIPAL: OnlyPrincipalNamesPrincipal,
    Action.DRAFT_TEMPLATE: OnlyAdministratorsDraftTemplates,
    Action.APPROVE_TEMPLATE: OnlyPrincipalApprovesTemplates,
    Action.ADOPT_SETTINGS: OnlyAdministrationAdoptsSettings,
    Action.PUBLISH_DOCUMENT: OnlyStaffPublishDocuments,
    Action.READ_SCHOOL: OnlyStaffReadSchool,
    Action.READ_PROFILE: OnlyStaffAndClassReadProfiles,
    Action.READ_CONTACT_LIST: OnlyClassReadsContactList,
    Action.DELEGATE_READING: OnlyGuardiansDelegate,
    Action.END_DELEGATION: OnlyGuardiansEndDelegations,
    Action.OPEN_IN_EMERGENCY: OnlyPrincipalsOpenInEmergency,
    Action.PROTECT_IDENTITY: OnlyAdministrationProtects,
    Action.READ_ACCESS_RECORD: OnlyGuardiansAndPrincipalReadAccessRecord,
    Action.APPOINT_OFFICER: OnlyOperatorAppointsOfficers,
    Action.READ_OFFICERS: OnlyOfficersReadOfficers,
    Action.READ_RETENTION: OnlyOfficersReadRetention,
    Action.READ_DUE: OnlyRetentionOperatorReadsDue,
    Action.ADOPT_SCHEDULE: OnlyRetentionOperatorAdoptsSchedules,
    Action.HOLD_FILE: OnlyOfficersHoldFiles,
    Action.REVIEW_FILE: OnlyRetentionOperatorReviews,
    Action.PLAN_DISPOSAL: OnlyRetentionOperatorDisposes,
    Action.APPROVE_DISPOSAL: OnlyRetentionOperatorDisposes,
    Action.RUN_DISPOSAL: OnlyRetentionOperatorDisposes,
    Action.READ_PROTECTED: OnlyInvolvedRead,
}
"""The refusal that each action is answered with in a role that may not do it."""
