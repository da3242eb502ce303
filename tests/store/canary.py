"""A canary text in every text and name field there is, and what is done to a ledger with it.

THINGS is the list of what is done: whoever writes text to the databases in another way adds a function here.
"""

import base64
import types
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any, NamedTuple, TypeVar, Union, get_args, get_origin
from uuid import UUID, uuid4
from zlib import crc32

import psycopg
import pytest
from pydantic import BaseModel, HttpUrl, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from aggregates import person, student_file
from app.postgres_roles import Urls
from events.base import Actor, Event, Recorded, Role, event_classes
from projections.registry import projections
from projections.runner import Runner
from store import packing
from store.attachments import Attachments
from store.calling import call_of
from store.database import open_pool
from store.drafts import Drafts
from store.errors import CommandReused, VersionConflict
from store.ledger import FEEDS, Append, CommandReceipt, Ledger
from store.readers import SeenBy
from tests.aggregates.stories import every_story
from tests.store.conftest import PATH
from tests.store.making import AT

CLOSED = {
    "term": "HT", "school_year": "2026/2027", "years": "4-6", "version": "0f" * 32, "lookup": "0f" * 32,
    "sha256": "0f" * 32, "account": "0f" * 32, "plan_hash": "0f" * 32, "certificate_sha256": "0f" * 32,
}  # fmt: skip
"""The texts that can say nothing of anybody, since their pattern is closed: by field name, with a value that fits."""


class Cage(NamedTuple):
    """A canary text in one field: any event's, any depth."""

    canary: str
    used: set[str]

    def fill(self, model: type[BaseModel], path: str = "") -> dict[str, Any]:
        """A value for every field of the model, the canary in every text."""
        return {
            name: self._value(field.annotation, field, f"{path}.{name}") for name, field in model.model_fields.items()
        }

    def _value(self, annotation: Any, field: FieldInfo, path: str) -> Any:  # noqa: ANN401, PLR0911 - any type of a field
        origin = get_origin(annotation)
        arguments = [argument for argument in get_args(annotation) if argument is not types.NoneType]
        if origin is tuple:
            return [self._value(arguments[0], FieldInfo(annotation=arguments[0]), f"{path}[]")]
        if origin is Annotated:
            inner = FieldInfo(annotation=arguments[0])
            inner.metadata = [*arguments[1:]]
            return self._value(arguments[0], inner, path)
        if origin in {Union, types.UnionType}:
            return self._value(arguments[0], field, path)
        if annotation is str:
            return self._text(field, path)
        if annotation is HttpUrl:
            self.used.add(path)
            return f"https://example.org/{self.canary}"
        if issubclass(annotation, BaseModel):
            return self.fill(annotation, path)
        if issubclass(annotation, Enum):
            return next(iter(annotation))
        plain: dict[type, Any] = {UUID: uuid4(), date: date(2026, 8, 17), datetime: AT, bool: True, int: 3}
        if annotation not in plain:
            pytest.fail(f"a field of a kind that the canary does not know: {path}: {annotation}")
        return plain[annotation]

    def _text(self, field: FieldInfo, path: str) -> str:
        adapter: TypeAdapter[str] = TypeAdapter(Annotated[str, *field.metadata] if field.metadata else str)
        try:
            adapter.validate_python(self.canary)
        except ValidationError:
            closed = CLOSED.get(path.rpartition(".")[2])
            if closed is None:
                pytest.fail(f"the canary does not fit into {path}; is it closed to all text about a person?")
            return closed
        self.used.add(path)
        return self.canary


def text_fields(model: type[BaseModel], path: str = "") -> Iterator[str]:
    """Every text field of a model, found from its JSON schema: a second way, to check the first."""
    schema = model.model_json_schema()
    definitions = schema.get("$defs", {})

    def walk(part: dict[str, Any], at: str) -> Iterator[str]:
        if "$ref" in part:
            part = definitions[part["$ref"].rpartition("/")[2]]
        for one in part.get("anyOf", ()):
            yield from walk(one, at)
        if part.get("type") == "array":
            for one in (part["items"],) if "items" in part else part["prefixItems"]:
                yield from walk(one, f"{at}[]")
        for name, one in part.get("properties", {}).items():
            yield from walk(one, f"{at}.{name}")
        no_text = "enum" in part or "const" in part or part.get("format") in {"uuid", "date", "date-time"}
        if part.get("type") == "string" and not no_text:
            yield at

    yield from walk(schema, path)


def appends(canary: str) -> list[Append]:
    """One append for each event class, each with the canary in all its texts, its actor's name and its answer."""
    made = []
    for kind in event_classes():
        cage = Cage(canary, set())
        event = kind.model_validate(cage.fill(kind))
        texts = {path for path in text_fields(kind) if path.rpartition(".")[2] not in CLOSED}
        assert cage.used == texts, f"{kind.code}: {texts ^ cage.used}"
        made.append(_append(event, canary))
    return made


def _append(event: Event, canary: str) -> Append:
    subject, stream, command = uuid4(), uuid4(), uuid4()
    actor = Actor(person_id=uuid4(), role=Role.MENTOR, name=canary, relation_id=uuid4())
    recorded = Recorded(stream, 1, subject, event, actor, AT, command, uuid4())
    kept = CommandReceipt(command, uuid4(), canary.encode(), f'{{"svar":"{canary}"}}'.encode())
    return Append("student_file", "person", subject, stream, 0, [recorded], kept)


def append_and_retry(ledger: Ledger, _: Urls, made: list[Append]) -> None:
    """Append all, one by one and together; retry; be refused."""
    for one in made:
        ledger.append(one)
        assert ledger.append(one).replayed
        assert one.receipt
        other = CommandReceipt(one.receipt.command_id, one.receipt.caller_id, b"another", one.receipt.answer)
        for refused, why in (
            (Append(**(vars(one) | {"receipt": None})), VersionConflict),
            (Append(**(vars(one) | {"receipt": other})), CommandReused),
        ):
            with pytest.raises(why):
                ledger.append(refused)
    canary = str(made[0].events[0].actor.name)
    ledger.append_many([_append(one.events[0].event, canary) for one in made])


def read_all(ledger: Ledger, _: Urls, made: list[Append]) -> None:
    """Load every stream, read every feed, ask for every answer."""
    for one in made:
        assert list(ledger.events.get(one.stream_id)) == list(one.events)
        assert one.receipt
        assert ledger.answered(one.receipt.command_id, one.receipt.body_hash)
    for feed in range(16):
        ledger.read_feed(feed, 0, 1000)


def keep_in_a_read_model(ledger: Ledger, urls: Urls, made: list[Append]) -> None:
    """Keep texts as a read model does: sealed, and found by keyed hash."""
    with psycopg.connect(urls.owner, autocommit=True, options=PATH) as connection:
        connection.execute("create table canary_model (subject_id uuid primary key, name bytea, found_by bytea)")
        for one in made:
            text = str(one.events[0].actor.name)
            row = (
                one.subject_id,
                ledger.seal(one.subject_id, text.encode(), b"canary_model/name"),
                ledger.keys.lookup_hash("name", text),
            )
            connection.execute("insert into canary_model values (%s, %s, %s)", row)


def keep_as_a_picture(ledger: Ledger, urls: Urls, made: list[Append]) -> None:
    """Keep files, sealed under the keys of those they are of."""
    with open_pool(urls.app, schema=ledger.settings.schema, size=2, name="canary pictures") as pool:
        attachments = Attachments(pool, ledger)
        for one in made[:10]:
            attachments.keep(one.stream_id, one.subject_id, str(one.events[0].actor.name).encode())


def type_and_not_save(ledger: Ledger, urls: Urls, made: list[Append]) -> None:
    """Keep drafts: the field and the text both say something."""
    with open_pool(urls.app, schema=ledger.settings.schema, size=2, name="canary drafts") as pool:
        drafts = Drafts(pool, ledger)
        for one in made[:10]:
            text = str(one.events[0].actor.name)
            drafts.keep(SeenBy(one.subject_id, AT.date()), one.stream_id, one.subject_id, text, text, now=AT)


def fail_in_the_database(ledger: Ledger, urls: Urls, made: list[Append]) -> None:
    """Make the database complain about a row: what it writes into its log is searched too."""
    one = _append(made[0].events[0].event, str(made[0].events[0].actor.name))
    ledger.keys.begin(one.subject_id, one.subject_kind)
    request = ledger.events._seal(one)  # type: ignore[attr-defined]
    call = call_of([request])
    with psycopg.connect(urls.app, autocommit=True, options=PATH) as connection:
        short = [*call.parameters[:14], packing.byteas([b"too short"]), call.parameters[15]]
        nothing = [*call.parameters[:15], packing.byteas([None])]
        no_such_feed = [packing.smallint(99), *call.parameters[1:]]
        for wrong in (short, nothing, no_such_feed):
            result = connection.pgconn.exec_params(call.statement, wrong, None, call.formats, 1)
            assert result.error_message


def live_a_school_year(ledger: Ledger, urls: Urls, made: list[Append]) -> None:
    """Append whole stories, every text and code in them the canary and a number, and let every projection fold them."""
    canary = str(made[0].events[0].actor.name)
    for story in every_story():
        kind = "person" if story.fold in {student_file.fold, person.fold} else "school"
        for past in story.past:
            told = replace(past, event=retold(past.event, canary), actor=retold(past.actor, canary))
            version = past.originator_version - 1
            ledger.append(Append("story", kind, past.subject_id, past.originator_id, version, [told]))
    pool = open_pool(urls.app, schema=ledger.settings.schema, size=4, name="canary")
    try:
        runner, kinds = Runner(pool, ledger), projections()
        assert runner.catch_up(kinds) > len(kinds)
        for projection in kinds:
            at = {feed: runner.position(projection, feed) for feed in range(FEEDS)}
            assert at == ledger.feed_positions(), f"{projection.name} stopped"
    finally:
        pool.close()


M = TypeVar("M", bound=BaseModel)


def retold(model: M, canary: str) -> M:
    """The same with other words: the canary and a number, the same number for the same text."""
    told = {
        name: _other_words(getattr(model, name), canary, closed=name in CLOSED) for name in type(model).model_fields
    }
    return type(model).model_validate(told)


def _other_words(value: object, canary: str, *, closed: bool) -> object:
    if isinstance(value, BaseModel):
        return retold(value, canary)
    if isinstance(value, tuple):
        return tuple(_other_words(part, canary, closed=closed) for part in value)
    if isinstance(value, HttpUrl):
        return f"https://example.org/{canary}"
    return f"{canary}{crc32(value.encode())}" if type(value) is str and not closed else value


THINGS: list[Callable[[Ledger, Urls, list[Append]], None]] = [
    live_a_school_year,
    append_and_retry,
    read_all,
    keep_in_a_read_model,
    keep_as_a_picture,
    type_and_not_save,
    fail_in_the_database,
]


def disguises(canary: str) -> list[bytes]:
    """How the text may stand in a file: as it is, in UTF-16, in hexadecimal, in base64 wherever that begins."""
    plain = canary.encode()
    coded = [base64.b64encode(b"\0" * shift + plain)[4:-4] for shift in range(3)]
    return [plain, canary.encode("utf-16-le"), plain.hex().encode(), plain.hex().upper().encode(), *coded]
