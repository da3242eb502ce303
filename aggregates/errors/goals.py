"""Goals, from proposal to achievement."""

from aggregates.errors import NotFound, Refusal


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
