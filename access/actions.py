"""Everything a person can do, and which roles may do it: the table of `docs/requirements.md` as data."""

from enum import StrEnum

from events.base import Role

E, V, L, M, P, A, R, T, U, K = (
    Role.PUPIL,
    Role.GUARDIAN,
    Role.TEACHER,
    Role.MENTOR,
    Role.EDUCATOR,
    Role.ADMINISTRATOR,
    Role.PRINCIPAL,
    Role.RETENTION_OPERATOR,
    Role.AUDITOR,
    Role.REGISTRAR,
)


class Action(StrEnum):
    """One thing that a person can do with a pupil's file or a school."""

    READ_FILE = "read_file"
    ANSWER_QUESTION = "answer_question"
    REMIND = "remind"
    WRITE_FOR_PUPIL = "write_for_pupil"
    PROPOSE_GOAL = "propose_goal"
    DECIDE_PROPOSAL = "decide_proposal"
    ADVANCE_GOAL = "advance_goal"
    CONFIRM_GOAL = "confirm_goal"
    REOPEN_GOAL = "reopen_goal"
    EVALUATE_GOAL = "evaluate_goal"
    ASSESS_SUBJECT = "assess_subject"
    LINK_PROGRAMME = "link_programme"
    POST_LEARNING_NOTE = "post_learning_note"
    CONFIRM_READING = "confirm_reading"
    GIVE_VIEWPOINT = "give_viewpoint"
    EVALUATE_CONVERSATION = "evaluate_conversation"
    RAISE_CONCERN = "raise_concern"
    CLOSE_CONCERN = "close_concern"
    AGREE = "agree"
    LOCK_PLAN = "lock_plan"
    START_PLAN = "start_plan"
    CORRECT = "correct"
    MANAGE_ROSTER = "manage_roster"
    NAME_PRINCIPAL = "name_principal"
    DRAFT_TEMPLATE = "draft_template"
    APPROVE_TEMPLATE = "approve_template"
    ADOPT_SETTINGS = "adopt_settings"
    PUBLISH_DOCUMENT = "publish_document"
    READ_SCHOOL = "read_school"
    READ_PROFILE = "read_profile"
    READ_CONTACT_LIST = "read_contact_list"
    DELEGATE_READING = "delegate_reading"
    END_DELEGATION = "end_delegation"
    OPEN_IN_EMERGENCY = "open_in_emergency"
    PROTECT_IDENTITY = "protect_identity"
    READ_ACCESS_RECORD = "read_access_record"
    APPOINT_OFFICER = "appoint_officer"
    READ_OFFICERS = "read_officers"
    READ_RETENTION = "read_retention"
    READ_DUE = "read_due"
    ADOPT_SCHEDULE = "adopt_schedule"
    HOLD_FILE = "hold_file"
    REVIEW_FILE = "review_file"
    PLAN_DISPOSAL = "plan_disposal"
    APPROVE_DISPOSAL = "approve_disposal"
    RUN_DISPOSAL = "run_disposal"
    READ_PROTECTED = "read_protected"
    """Whatever else it is, done with a pupil whose identity is protected, by another than the pupil."""


ALLOWED: dict[Action, frozenset[Role]] = {
    Action.READ_FILE: frozenset({E, V, L, M, P, A, R, Role.DELEGATE}),
    Action.ANSWER_QUESTION: frozenset({E, V, L, M, P}),
    Action.REMIND: frozenset({L, M, P}),
    Action.WRITE_FOR_PUPIL: frozenset({V, P}),
    Action.PROPOSE_GOAL: frozenset({E, V, L, M, P}),
    Action.DECIDE_PROPOSAL: frozenset({M}),
    Action.ADVANCE_GOAL: frozenset({E, M}),
    Action.CONFIRM_GOAL: frozenset({L, M}),
    Action.REOPEN_GOAL: frozenset({M}),
    Action.EVALUATE_GOAL: frozenset({E, V, L, M, P}),
    Action.ASSESS_SUBJECT: frozenset({L, M, P}),
    Action.LINK_PROGRAMME: frozenset({M, R}),
    Action.POST_LEARNING_NOTE: frozenset({E}),
    Action.CONFIRM_READING: frozenset({V}),
    Action.GIVE_VIEWPOINT: frozenset({V}),
    Action.EVALUATE_CONVERSATION: frozenset({V}),
    Action.RAISE_CONCERN: frozenset({E, V, L, M, P}),
    Action.CLOSE_CONCERN: frozenset({M}),
    Action.AGREE: frozenset({E, V}),
    Action.LOCK_PLAN: frozenset({M}),
    Action.START_PLAN: frozenset({M}),
    Action.CORRECT: frozenset({E, V, L, M, P}),
    Action.MANAGE_ROSTER: frozenset({A, R, Role.SYSTEM}),
    Action.NAME_PRINCIPAL: frozenset({R, Role.SYSTEM}),
    Action.DRAFT_TEMPLATE: frozenset({A}),
    Action.APPROVE_TEMPLATE: frozenset({R}),
    Action.ADOPT_SETTINGS: frozenset({A, R}),
    Action.PUBLISH_DOCUMENT: frozenset({Role.STAFF, A, R}),
    Action.READ_SCHOOL: frozenset({Role.STAFF, A, R}),
    Action.READ_PROFILE: frozenset({E, V, L, M, P, A, R, Role.STAFF}),
    Action.READ_CONTACT_LIST: frozenset({E, V, L, M, P, A, R}),
    Action.DELEGATE_READING: frozenset({V}),
    Action.END_DELEGATION: frozenset({V, Role.DELEGATE}),
    Action.OPEN_IN_EMERGENCY: frozenset({R}),
    Action.PROTECT_IDENTITY: frozenset({A, R}),
    Action.READ_ACCESS_RECORD: frozenset({V, R}),
    Action.APPOINT_OFFICER: frozenset({Role.SYSTEM}),
    Action.READ_OFFICERS: frozenset({T, U, K}),
    Action.READ_RETENTION: frozenset({T, U}),
    Action.READ_DUE: frozenset({T}),
    Action.ADOPT_SCHEDULE: frozenset({T}),
    Action.HOLD_FILE: frozenset({T, K}),
    Action.REVIEW_FILE: frozenset({T}),
    Action.PLAN_DISPOSAL: frozenset({T}),
    Action.APPROVE_DISPOSAL: frozenset({T}),
    Action.RUN_DISPOSAL: frozenset({T}),
    Action.READ_PROTECTED: frozenset({V, L, M, P, A, R, Role.DELEGATE}),
}
"""Which roles may do it. An administrator and a principal act at their own school; the others by their relation.

An officer acts for the whole municipality, and sees of pupils what the office needs: a retention operator only ids.

A planning document holds nothing about a pupil: any staff of the school publishes one. A principal opens a file in an
emergency at any school.
"""
