"""A school and its groups, templates and planning documents."""

from aggregates.errors import NotFound, Refusal


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


class NotAClass(NotFound):
    """S-CON-2: a contact list is a class's."""

    code = "not-a-class"
    rule = "Contact lists are kept for classes, not for teaching groups."
