"""Which rules of the domain stand together: what a route on an open, locked or living plan can refuse."""

from access.errors import SchoolNotFound, StudentNotFound
from aggregates.errors import Refusal
from aggregates.errors.enrolment import SchoolingHasEnded
from aggregates.errors.plans import PlanIsArchived, PlanIsLocked, PlanIsNotLocked, PlanNotFound

Rules = tuple[type[Refusal], ...]

FILE: Rules = (StudentNotFound,)
LIVING_PLAN: Rules = (*FILE, PlanNotFound, PlanIsArchived)
OPEN_PLAN: Rules = (*LIVING_PLAN, PlanIsLocked, SchoolingHasEnded)
LOCKED_PLAN: Rules = (*LIVING_PLAN, PlanIsNotLocked)
SCHOOL: Rules = (SchoolNotFound,)
