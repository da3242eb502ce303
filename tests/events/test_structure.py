"""The shape that every event and every refusal keeps."""

import inspect
import re
import sys
from types import ModuleType
from typing import Any, get_args

import pytest

import events
from aggregates import disposal_run, group, municipality, person, retention_policy, school, student_file, template
from aggregates.errors import Refusal, refusals
from events.base import Event, UnknownEventCode, event_class, event_classes
from events.planning_document import DocumentPublished

EVENTS = [kind for kind in event_classes() if kind.__module__.startswith("events.")]
REFUSALS = [refusal for refusal in refusals() if refusal.__module__.startswith("aggregates.errors")]
each_event = pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
each_refusal = pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.__name__)


def _own_classes(module: ModuleType, base: type) -> list[type[Any]]:
    return [
        kind
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, base) and kind is not base and kind.__module__ == module.__name__
    ]


def test_every_event_is_registered() -> None:
    """Each event class in the package is found by its code, and no class of another package is among them."""
    modules = [module for _, module in inspect.getmembers(events, inspect.ismodule)]
    written = {kind for module in modules for kind in _own_classes(module, Event)}
    assert written == set(EVENTS)
    assert len(written) >= 57


@each_event
def test_an_event_has_a_permanent_code(kind: type[Event]) -> None:
    """The code is the name and a version; it is written in the class, so that a rename of the class leaves it."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()
    assert "code" in kind.__dict__
    assert re.fullmatch(rf"{name}\.v[1-9][0-9]*", kind.code)
    assert event_class(kind.code) is kind


@each_event
def test_an_event_says_in_a_sentence_what_became_true(kind: type[Event]) -> None:
    """Its docstring is its own and begins with a whole sentence."""
    first = (kind.__doc__ or "").strip().splitlines()[0]
    assert first[0].isupper()
    assert first.endswith(".")


@each_event
def test_an_event_is_named_for_what_happened(kind: type[Event]) -> None:
    """Never Updated or Changed: those hide what became true."""
    assert not re.search(r"(Updated|Changed|Modified|Edited|Saved|Set)$", kind.__name__)
    words = re.findall(r"[A-Z][a-z]+", kind.__name__)
    assert any(
        word.endswith("ed") or word in {"Given", "Held", "Left", "Made", "Withdrawn", "Chosen", "Shown"}
        for word in words
    )


def test_a_code_is_taken_once() -> None:
    """A second class under a released code is a mistake that shows at import."""
    with pytest.raises(TypeError, match="is taken by"):
        type("Again", (Event,), {"code": EVENTS[0].code, "__module__": __name__, "__annotations__": {}})
    assert event_class(EVENTS[0].code) is EVENTS[0]


def test_an_unknown_code_is_named_as_such() -> None:
    """An event from a later version is not mistaken for a broken one."""
    with pytest.raises(UnknownEventCode):
        event_class("goal_dreamt.v1")


def test_every_event_belongs_to_one_aggregate() -> None:
    """Each event is in the union of exactly one aggregate, the one that folds it."""
    unions = [
        get_args(student_file.StudentFileEvent),
        get_args(school.SchoolEvent),
        get_args(group.GroupEvent),
        get_args(template.TemplateEvent),
        get_args(person.PersonEvent),
        get_args(municipality.MunicipalityEvent),
        get_args(retention_policy.RetentionPolicyEvent),
        get_args(disposal_run.DisposalRunEvent),
        (DocumentPublished,),
    ]
    folded = [kind for union in unions for kind in union]
    assert len(folded) == len(set(folded))
    assert set(folded) == set(EVENTS)


def test_every_refusal_is_listed_once() -> None:
    """No two rules share a code, and none lacks one."""
    modules = [module for name, module in sys.modules.items() if name.startswith("aggregates.errors")]
    written = [kind for module in modules for kind in _own_classes(module, Refusal) if "code" in kind.__dict__]
    codes = [refusal.code for refusal in refusals()]
    assert set(written) == set(REFUSALS)
    assert len({kind.code for kind in written}) == len(written)
    assert codes == sorted(set(codes))


@each_refusal
def test_a_refusal_has_a_stable_code_and_a_status(refusal: type[Refusal]) -> None:
    """The code is kebab-case and named as the class; the status is one that says "not so" to the caller."""
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", refusal.code)
    assert refusal.code == re.sub(r"(?<!^)(?=[A-Z])", "-", refusal.__name__).lower()
    assert refusal.status in {403, 404, 409, 410, 412, 422}


@each_refusal
def test_a_refusal_says_the_rule_and_what_to_do(refusal: type[Refusal]) -> None:
    """Two whole sentences, made before anybody sent anything: no place for input in them."""
    for text in (refusal.rule, refusal.remedy):
        assert text[0].isupper()
        assert text.endswith(".")
        assert not re.search(r"[{}%]|\n", text)
    assert refusal.rule != refusal.remedy
    assert str(refusal()) == refusal.code
