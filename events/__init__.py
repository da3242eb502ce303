"""Facts in the past tense: every event of the ledger, one module per subject."""

from events import (
    assessments,
    enrolment,
    free_text,
    goals,
    municipality,
    person,
    plan,
    planning_document,
    reading,
    retention,
    school,
    syllabus,
    template,
)
from events.base import Actor, Event, Recorded, Role, UnknownEventCode, Value, event_class, event_classes

__all__ = [
    "Actor",
    "Event",
    "Recorded",
    "Role",
    "UnknownEventCode",
    "Value",
    "assessments",
    "enrolment",
    "event_class",
    "event_classes",
    "free_text",
    "goals",
    "municipality",
    "person",
    "plan",
    "planning_document",
    "reading",
    "retention",
    "school",
    "syllabus",
    "template",
]
