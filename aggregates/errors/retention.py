"""Schedules, holds and disposal runs: what must be in place before anything is destroyed."""

from aggregates.errors import NotFound, Refusal


class ScheduleNotFound(NotFound):
    """No present schedule has this id."""

    code = "schedule-not-found"
    rule = "There is no such schedule in force."


class ScheduleNotNewer(Refusal):
    """A schedule takes the place of an earlier one for the same; it never stands beside it."""

    code = "schedule-not-newer"
    status = 422
    rule = "A schedule for the same documents holds from a later day than those before it."
    remedy = "Choose a later first day."


class ScheduleNotSound(Refusal):
    """S-RET-1: a schedule must say something that can be carried out."""

    code = "schedule-not-sound"
    status = 422
    rule = (
        "Only a pupil's file has a cause, and only it is handed over or reviewed; a file and the access record are "
        "kept for a month or more; a schedule ends no earlier than it begins."
    )
    remedy = "Correct the schedule."


class HoldNotFound(NotFound):
    """No present hold of the file has this id."""

    code = "hold-not-found"
    rule = "There is no such hold on this pupil's file."


class ReviewNotWanted(Refusal):
    """Only what a schedule lists for review is reviewed."""

    code = "review-not-wanted"
    rule = "No schedule lists this pupil's file for review."
    remedy = "Read what is due; a hold keeps a file from being destroyed."


class ReviewNotSound(Refusal):
    """What is kept is kept until a day."""

    code = "review-not-sound"
    status = 422
    rule = "A file that is kept after review is kept until a day to come; one that may be destroyed has no such day."
    remedy = "Name the day, or leave it out."


class NothingIsDue(Refusal):
    """There is nothing to plan for."""

    code = "nothing-is-due"
    rule = "Nothing is due that may be destroyed."
    remedy = (
        "Read what is due: no plan is made of held files and those for review alone; without a schedule nothing is due."
    )


class RunNotFound(NotFound):
    """No disposal run has this id."""

    code = "run-not-found"
    rule = "There is no such disposal run."


class RunNotOpen(Refusal):
    """A plan is approved once, begun once, and not taken back afterwards."""

    code = "run-not-open"
    rule = "The disposal run does not wait for this any more."
    remedy = "Read the run again."


class RunNotApproved(Refusal):
    """Two persons stand behind what is destroyed."""

    code = "run-not-approved"
    rule = "A plan is carried out when another person than the planner has approved it."
    remedy = "Let another retention operator look at the plan and approve it."


class ApproverPlanned(Refusal):
    """Two persons stand behind what is destroyed."""

    code = "approver-planned"
    status = 403
    rule = "Who planned a disposal run does not approve it."
    remedy = "Let another retention operator look at the plan and approve it."


class PlanDiffers(Refusal):
    """What is approved and carried out is the list that was planned, to the last item."""

    code = "plan-differs"
    rule = "The list is not the one that was planned."
    remedy = "Read the plan again; if its items were changed, take it back and plan anew."


class PlanHasLapsed(Refusal):
    """What was due a month ago may have been held or moved since."""

    code = "plan-has-lapsed"
    rule = "A plan is approved and begun within thirty days."
    remedy = "Take it back and plan anew."


class RunNotStarted(Refusal):
    """Nothing is destroyed before the run is begun, nor after it has ended."""

    code = "run-not-started"
    rule = "The disposal run is not being carried out."
    remedy = "Begin the approved run first."


class ItemIsSettled(Refusal):
    """Each item is destroyed or left once."""

    code = "item-is-settled"
    rule = "It is settled already what became of this item, or the run has no such item."
    remedy = "Nothing needs to be done."


class ItemsNotSettled(Refusal):
    """A run ends when it is known what became of every item."""

    code = "items-not-settled"
    rule = "Some items of the run are neither destroyed nor left for a reason."
    remedy = "Carry out the run to its end."


class ItemNotPurged(NotFound):
    """Only what was destroyed has a certificate."""

    code = "item-not-purged"
    rule = "There is no certificate of this item: it is not destroyed."
