"""Believable Swedish texts, names and test personal numbers for the demo school; repeatable by seed."""

from app.demo_texts.composer import DemoTexts, is_taught
from app.demo_texts.names import Household, PersonName, class_name, person_name, school_name
from app.demo_texts.personal_numbers import personal_numbers

__all__ = [
    "DemoTexts",
    "Household",
    "PersonName",
    "class_name",
    "is_taught",
    "person_name",
    "personal_numbers",
    "school_name",
]
