"""Assessments in a subject, and the action programmes that some of them call for."""

from aggregates.errors import NotFound, Refusal


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
