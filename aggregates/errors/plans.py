"""Starting, reading and writing a plan."""

from aggregates.errors import NotFound, Refusal


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


class RemindedToday(Refusal):
    """A reminder that comes again and again is read by nobody."""

    code = "reminded-today"
    rule = "Those at home have been reminded of this plan today already."
    remedy = "Wait until tomorrow, or talk to them."


class NobodyToRemind(Refusal):
    """Only who has something left to answer is reminded."""

    code = "nobody-to-remind"
    rule = "Pupil and guardians have answered everything that is directed to them."
    remedy = "Read their answers; there is nothing to remind of."


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
