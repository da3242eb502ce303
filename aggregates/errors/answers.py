"""Answers to the questions of a plan."""

from aggregates.errors import NotFound, Refusal


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
