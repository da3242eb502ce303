"""Read YAML so that every value remembers its line; refuses what a hand-written file should not hold."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

Place = tuple[str | int, ...]
"""The way to a value: field names and list positions from 0."""

MAX_VALUES = 20_000
MAX_DEPTH = 20
_WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)")
_TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong in a file: on which line (from 1), in what, and what to do about it."""

    line: int
    where: str
    advice: str


class MarkedYamlError(ValueError):
    """The text is not YAML that we read; `faults` has at least one."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"line {fault.line}: {fault.where}: {fault.advice}" for fault in faults))
        self.faults = faults


@dataclass(slots=True)
class Marked:
    """The data of a YAML text, and the line (from 1) of each place in it."""

    data: object
    lines: dict[Place, int] = field(default_factory=dict)

    def line_of(self, place: Place) -> int:
        """The line of this place, or of the nearest thing around it that is there."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def spoken(place: Place) -> str:
    """A place as a person reads it, counted from 1: `pages.2.questions.4.text`; the whole file is `file`."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in place) or "file"


def read_marked_yaml(text: str) -> Marked:
    """The plain data of one YAML document: maps with text keys, lists, text, whole numbers, true, false, null.

    Raises MarkedYamlError for broken YAML, a second document, a key written twice, tags, merge keys, and values that
    YAML takes for something else than the writer meant (dates, fractions, `010`, a bare NO).
    """
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise MarkedYamlError([_syntax_fault(error)]) from None
    except RecursionError:
        raise MarkedYamlError([Fault(1, "file", "nest the lists and fields less deeply")]) from None
    if node is None:
        raise MarkedYamlError([Fault(1, "file", "the file is empty: write the template")])
    reader = _Reader()
    data = reader.value(node, ())
    if reader.faults:
        raise MarkedYamlError(sorted(reader.faults))
    return Marked(data, reader.lines)


def _syntax_fault(error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or "a character that YAML does not allow"
    return Fault(mark.line + 1 if mark else 1, "file", f"correct the YAML here: {problem}")


class _Reader:
    """Walks the nodes; gathers lines and faults. Aliases are followed, so values and depth are counted."""

    def __init__(self) -> None:
        self.lines: dict[Place, int] = {}
        self.faults: list[Fault] = []
        self.values = 0

    def value(self, node: yaml.Node, place: Place) -> object:
        self.lines.setdefault(place, node.start_mark.line + 1)
        self.values += 1
        if self.values > MAX_VALUES or len(place) > MAX_DEPTH:
            fault = Fault(node.start_mark.line + 1, "file", "make the file smaller: it has too many or too deep values")
            raise MarkedYamlError([fault])
        if isinstance(node, yaml.MappingNode):
            return dict(self._fields(node, place))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*place, number)) for number, item in enumerate(node.value)]
        return self._scalar(node, place)

    def _fields(self, node: yaml.MappingNode, place: Place) -> Iterator[tuple[str, object]]:
        first_lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if key_node.tag != f"{_TAG}str":
                self.faults.append(Fault(line, spoken(place), "name each field with a plain word"))
                continue
            key = key_node.value
            if key in first_lines:
                advice = f"remove one of the two: the field is already on line {first_lines[key]}"
                self.faults.append(Fault(line, spoken((*place, key)), advice))
                continue
            first_lines[key] = line
            self.lines[*place, key] = line
            yield key, self.value(value_node, (*place, key))

    def _scalar(self, node: yaml.Node, place: Place) -> object:
        kind, text = node.tag.removeprefix(_TAG), node.value
        if kind == "str":
            return text
        if kind == "null":
            return None
        if kind == "bool" and text.lower() in {"true", "false"}:
            return text.lower() == "true"
        if kind == "int" and _WHOLE_NUMBER.fullmatch(text):
            return int(text)
        advice = "put quotes around the value: without them YAML takes it for something else than text"
        self.faults.append(Fault(node.start_mark.line + 1, spoken(place), advice))
        return None
