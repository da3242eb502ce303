"""The events of a file as JSON: each with its envelope, and with what proves that the ledger held it as it stands here.

One object in UTF-8, each event on a line of its own, keys sorted, no white space in a line: the same events are the
same bytes.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from pydantic.json_schema import JsonSchemaMode, models_json_schema

from events.base import Actor, Event, Recorded, event_class
from exchange.archive_package.content import JSON, PackageFile
from store.sealing import Payload
from transparency.encoding import to_base64
from transparency.proving_streams import ProvenStream

PATH = "data/events.json"
SCHEMA_PATH = "schemas/events.schema.json"
FORMAT = "liggare-events/1"
_MODE: JsonSchemaMode = "serialization"


def events_file(
    tenant: str, stream_id: UUID, events: Sequence[Recorded[Any]], payloads: Sequence[Payload], proven: ProvenStream
) -> PackageFile:
    """Every event of a stream, in order; `payloads` and the proofs are of the same events."""
    head = {
        "format": FORMAT,
        "tenant": tenant,
        "stream": str(stream_id),
        "key": str(proven.key),
        "checkpoint": proven.checkpoint.decode(),
    }
    lines = [
        _spelt(_event(recorded, payload, proof))
        for recorded, payload, proof in zip(events, payloads, proven.proofs, strict=True)
    ]
    text = f'{_spelt(head)[:-1]},"events":[\n' + ",\n".join(lines) + "\n]}\n"
    return PackageFile(PATH, text.encode(), JSON)


def _event(recorded: Recorded[Any], payload: Payload, proof: tuple[int, bytes, Sequence[bytes]]) -> dict[str, Any]:
    leaf, data, path = proof
    return {
        "version": recorded.originator_version,
        "code": recorded.event.code,
        "at": recorded.at.isoformat(timespec="microseconds"),
        "actor": json.loads(payload.actor),
        "event": json.loads(payload.event),
        "command_id": str(recorded.command_id),
        "correlation_id": str(recorded.correlation_id),
        "nonce": to_base64(payload.commitment_nonce),
        "proof": {"leaf": leaf, "data": to_base64(data), "path": [to_base64(one) for one in path]},
    }


def schema_file(codes: Iterable[str]) -> PackageFile:
    """A JSON Schema (2020-12) of the events file, with every kind of event that stands in it."""
    kinds: list[tuple[type[Event | Actor], JsonSchemaMode]] = [(event_class(code), _MODE) for code in codes]
    places, schema = models_json_schema([(Actor, _MODE), *kinds])
    text, number = {"type": "string"}, {"type": "integer"}
    proof = {"leaf": number, "data": text, "path": {"type": "array", "items": text}}
    common = {
        "version": number, "at": text, "actor": places[Actor, _MODE], "command_id": text, "correlation_id": text,
        "nonce": text, "proof": _whole(proof),
    }  # fmt: skip
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": FORMAT,
        **_whole(
            {
                "format": {"const": FORMAT},
                **dict.fromkeys(("tenant", "stream", "key", "checkpoint"), text),
                "events": {
                    "type": "array",
                    "items": {
                        "oneOf": [
                            _whole({"code": {"const": kind.code}, "event": places[kind, _MODE], **common})
                            for kind, _ in kinds
                            if issubclass(kind, Event)
                        ]
                    },
                },
            }
        ),
        "$defs": schema["$defs"],
    }
    made = json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=1)
    return PackageFile(SCHEMA_PATH, f"{made}\n".encode(), JSON)


def _whole(properties: dict[str, Any]) -> dict[str, Any]:
    """An object that has these and nothing else."""
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": False,
    }


def _spelt(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
