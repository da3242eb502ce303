"""What a notice says has happened, in the middle of a sentence: "Anna Ek, mentor, locked the plan"."""

from collections.abc import Mapping

NOTICES: Mapping[str, str] = {
    "plan_started.v1": "started a plan",
    "preparation_reminded.v1": "reminds you to prepare",
    "question_answered.v1": "answered a question",
    "answer_revised.v1": "changed an answer",
    "goal_proposed.v1": "proposed a goal",
    "goal_revised.v1": "changed a goal",
    "goal_withdrawn.v1": "took a proposal back",
    "goal_accepted.v1": "accepted a goal",
    "goal_declined.v1": "declined a proposal",
    "goal_started.v1": "started a goal",
    "goal_reported_done.v1": "says that a goal is done",
    "goal_achieved.v1": "confirmed that a goal is achieved",
    "goal_reopened.v1": "reopened a goal",
    "goal_abandoned.v1": "broke off a goal",
    "goal_evaluated.v1": "evaluated a goal",
    "assessment_published.v1": "published an assessment",
    "development_area_noted.v1": "noted a development area",
    "action_programme_linked.v1": "linked an action programme",
    "reading_confirmed.v1": "confirmed having read the plan",
    "viewpoint_given.v1": "noted what to talk about",
    "conversation_evaluated.v1": "evaluated the conversation",
    "agreement_given.v1": "agreed to the plan",
    "secrecy_concern_raised.v1": "asked for a text to be looked at",
    "secrecy_concern_closed.v1": "looked at a text and closed the question",
    "plan_locked.v1": "locked the plan as agreed",
    "correction_made.v1": "corrected a text",
    "forecast_corrected.v1": "corrected an assessment",
    "learning_note_posted.v1": "wrote in the learning blog",
    "read_delegated.v1": "let another adult read",
    "emergency_access_opened.v1": "opened the file in an emergency",
}
"""By the code of the event, in English; catalogues have the other languages."""
