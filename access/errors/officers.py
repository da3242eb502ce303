"""What the table gives to the municipality's officers: a refusal for everybody else."""

from access.errors import NotForYourRole


class OnlyOperatorAppointsOfficers(NotForYourRole):
    """Whoever could appoint two retention operators could have everything destroyed."""

    code = "only-operator-appoints-officers"
    rule = "Officers are appointed by the operator of Liggare, on the machine itself."


class OnlyOfficersReadOfficers(NotForYourRole):
    """Who holds an office is for those who work with them."""

    code = "only-officers-read-officers"
    rule = "The list of officers is for the officers of the municipality."


class OnlyOfficersReadRetention(NotForYourRole):
    """S-RET-1."""

    code = "only-officers-read-retention"
    rule = "Schedules, disposal runs and certificates are for the retention operator and the auditor."


class OnlyRetentionOperatorReadsDue(NotForYourRole):
    """S-RET-1."""

    code = "only-retention-operator-reads-due"
    rule = "What is due for disposal is listed for the retention operator."


class OnlyRetentionOperatorAdoptsSchedules(NotForYourRole):
    """S-RET-1, G-8."""

    code = "only-retention-operator-adopts-schedules"
    rule = "The retention operator records the municipality's decisions on schedules."


class OnlyOfficersHoldFiles(NotForYourRole):
    """A hold comes from a case: the registrar's, or one that the retention operator is told of."""

    code = "only-officers-hold-files"
    rule = "The retention operator and the registrar hold a pupil's file, and release it."


class OnlyRetentionOperatorReviews(NotForYourRole):
    """S-RET-1."""

    code = "only-retention-operator-reviews"
    rule = "The retention operator records what a review of a file came to."


class OnlyRetentionOperatorDisposes(NotForYourRole):
    """S-RET-1."""

    code = "only-retention-operator-disposes"
    rule = "Disposal runs are planned, approved and carried out by retention operators."
