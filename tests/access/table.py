"""The table of who may do what as the requirements have it: a row in its words, the letters with a y, the actions."""

from typing import NamedTuple


class Row(NamedTuple):
    """One row. `letters`: E pupil, V guardian, L teacher, M mentor, P educator, A administrator, R principal.

    Beyond the table's columns: S other staff, D another adult whom a guardian lets read, and officers: T retention
    operator, U auditor, K registrar.
    """

    words: str
    letters: str
    actions: tuple[str, ...]


ROWS = (
    Row("Read the pupil's IUP, answers, goals, assessments, history", "E V L M P A R D", ("read_file",)),
    Row("Answer a question directed to one's role", "E V L M P", ("answer_question",)),
    Row("Remind those at home who have not prepared", "L M P", ("remind",)),
    Row("Write in the pupil's field, on the pupil's behalf", "V P", ("write_for_pupil",)),
    Row("Propose a goal; withdraw one's own proposal", "E V L M P", ("propose_goal",)),
    Row("Accept or decline a proposal", "M", ("decide_proposal",)),
    Row("Nytt to Påbörjat, Påbörjat to Klart", "E M", ("advance_goal",)),
    Row("Klart to Uppnått", "L M", ("confirm_goal",)),
    Row("Reopen, abandon (reason)", "M", ("reopen_goal",)),
    Row("Evaluate a goal", "E V L M P", ("evaluate_goal",)),
    Row("Write and publish a subject assessment, development areas", "L M P", ("assess_subject",)),
    Row("Link an action programme", "M R", ("link_programme",)),
    Row("Learning note", "E", ("post_learning_note",)),
    Row(
        "Confirm having read, viewpoints, evaluate the conversation",
        "V",
        ("confirm_reading", "give_viewpoint", "evaluate_conversation"),
    ),
    Row("Raise a concern", "E V L M P", ("raise_concern",)),
    Row("Close a concern (reason)", "M", ("close_concern",)),
    Row("Agree", "E V", ("agree",)),
    Row("Lock the plan; start a new one (archives the old)", "M", ("lock_plan", "start_plan")),
    Row("Correct after the lock (reason)", "E V L M P", ("correct",)),
    Row("Create pupils, persons, relations, end of schooling", "A R", ("manage_roster",)),
    Row("Name a principal: whoever could would reach any file in an emergency", "R", ("name_principal",)),
    Row("Draft a template", "A", ("draft_template",)),
    Row("Approve and publish a template", "R", ("approve_template",)),
    Row("School settings", "A R", ("adopt_settings",)),
    Row("Planning documents, groups and templates of the school", "S A R", ("publish_document", "read_school")),
    Row("See the contact list of the class", "E V L M P A R", ("read_contact_list",)),
    Row("See profile text; picture where chosen", "E V L M P A R S", ("read_profile",)),
    Row("Let another adult read", "V", ("delegate_reading",)),
    Row("End what another adult was let to read", "V D", ("end_delegation",)),
    Row("Open a file out of turn", "R", ("open_in_emergency",)),
    Row("Mark and lift a protected identity", "A R", ("protect_identity",)),
    Row("See who has looked at the pupil's file", "V R", ("read_access_record",)),
    Row("Appoint an officer of the municipality: the operator of Liggare, nobody else", "", ("appoint_officer",)),
    Row("See who the officers are", "T U K", ("read_officers",)),
    Row("Schedules, disposal runs, certificates", "T U", ("read_retention",)),
    Row("List what is due, by id", "T", ("read_due",)),
    Row("Record schedules; what a review came to", "T", ("adopt_schedule", "review_file")),
    Row("Hold a pupil's file, release it", "T K", ("hold_file",)),
    Row("Plan, approve, carry out a disposal run", "T", ("plan_disposal", "approve_disposal", "run_disposal")),
    Row("Anything of a pupil with protected identity, by the named", "V L M P A R D", ("read_protected",)),
)

MAY: dict[str, frozenset[str]] = {action: frozenset(row.letters.split()) for row in ROWS for action in row.actions}
"""The letters with a y, by action."""

AT_SCHOOL = frozenset(
    {"draft_template", "approve_template", "adopt_settings", "publish_document", "read_school", "name_principal"}
)
"""What is done at a school and not with a pupil."""

FOR_OFFICERS = frozenset(action for action, letters in MAY.items() if letters <= frozenset("TUK"))
"""What is done for the whole municipality."""
