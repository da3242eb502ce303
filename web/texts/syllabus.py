"""What the kinds of item in the national syllabus are called."""

from collections.abc import Mapping

from events.syllabus import SyllabusKind

SYLLABUS_KINDS: Mapping[SyllabusKind, str] = {
    SyllabusKind.CRITERION: "What is required",
    SyllabusKind.AIM: "What the teaching aims at",
    SyllabusKind.CONTENT: "What is taught",
}
"""In English, in the order in which they are shown; catalogues have the other languages."""
