"""What the bytes of the ledger promise."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

import psycopg
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st
from psycopg import sql

from store import packing, sealing
from store.errors import NotAuthentic
from store.ledger import Ledger
from store.mapper import SealedEvent
from tests.store.making import AT, append, goal, recorded, texts

PUPIL, OTHER = UUID(int=7), UUID(int=8)
FILE = uuid5(PUPIL, "student_file")


@pytest.mark.parametrize(
    ("column", "elsewhere"),
    [
        ("stream_id", "another file of the same pupil"),
        ("version", "another version of the same file"),
        ("subject_id", "another pupil"),
        ("kind", "another kind"),
        ("recorded_at", "another time"),
        ("command_id", "another command"),
    ],
)
def test_a_ciphertext_moved_to_another_row_does_not_open(
    ledger: Ledger, owner: psycopg.Connection, column: str, elsewhere: str
) -> None:
    """Whoever can write in the database cannot make one event stand for another: row and seal belong together."""
    assert elsewhere
    ledger.append(append(PUPIL))
    ledger.append(append(OTHER))
    assert ledger.load(FILE, texts) == ["Läsa högt"]
    values = {
        "stream_id": uuid4(),
        "version": 2,
        "subject_id": OTHER,
        "kind": "goal_revised.v1",
        "recorded_at": AT + timedelta(microseconds=1),
        "command_id": uuid4(),
    }
    statement = sql.SQL("update events set {} = %s where stream_id = %s").format(sql.Identifier(column))
    owner.execute(statement, (values[column], FILE))
    with pytest.raises(NotAuthentic):
        ledger.load(values["stream_id"] if column == "stream_id" else FILE, texts)  # type: ignore[arg-type]


def test_two_rows_that_change_places_do_not_open(ledger: Ledger, owner: psycopg.Connection) -> None:
    """The same between two events of one file, which one key seals."""
    ledger.append(append(PUPIL, count=2))
    owner.execute(
        "update events e set sealed = o.sealed, commitment = o.commitment from events o"
        " where o.stream_id = e.stream_id and o.version <> e.version"
    )
    with pytest.raises(NotAuthentic):
        ledger.load(FILE, texts)


def test_a_sealed_text_opens_nowhere_else(ledger: Ledger) -> None:
    """Not in another place, not for another subject, not in another tenant, and not as an answer or an event."""
    for subject in (PUPIL, OTHER):
        ledger.append(append(subject))
    sealed = ledger.seal(PUPIL, b"text", b"here")
    assert ledger.open(PUPIL, sealed, b"here") == b"text"
    for subject, place in ((PUPIL, b"there"), (OTHER, b"here")):
        with pytest.raises(NotAuthentic):
            ledger.open(subject, sealed, place)
    purposes = {
        sealing.binding_prefix(purpose, tenant) for purpose in ("event", "place") for tenant in ("a", "b", "ab")
    }
    assert len(purposes) == 6
    assert not any(a != b and a.startswith(b) for a in purposes for b in purposes)


def test_a_commitment_is_proven_by_nonce_and_payload(ledger: Ledger, owner: psycopg.Connection) -> None:
    """HMAC-SHA-256 under the sealed nonce over the canonical JSON of actor and event, and nothing else confirms it."""
    ledger.append(append(PUPIL, text="Räkna"))
    (row,) = ledger.recorder.select_events(FILE)
    assert isinstance(row, SealedEvent)
    payload = ledger._mapper.payload(row)
    event = json.loads(payload.event)
    assert event["content"]["text"] == "Räkna"
    canonical = json.dumps(
        {"event": event, "actor": json.loads(payload.actor)}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    expected = hmac.new(payload.commitment_nonce, canonical.encode(), hashlib.sha256).digest()
    assert row.commitment == expected
    assert owner.execute("select commitment from events").fetchone() == (expected,)
    assert sealing.commitment(payload._replace(commitment_nonce=bytes(32))) != expected


def test_equal_events_look_different() -> None:
    """Nobody sees from the outside that two people said the same: nonces are random, and so are commitments."""
    nonces = [sealing.seal(AESGCM(bytes(32)), b"text", b"") for _ in range(100)]
    assert len({sealed[: sealing.NONCE_BYTES] for sealed in nonces}) == 100


def test_canonical_json_is_one_text() -> None:
    """Every field, keys sorted at every depth, no white space, letters as they are."""
    model = goal("Åäö\n\"'")
    text = sealing.canonical_json(model).decode()
    assert json.loads(text) == model.model_dump(mode="json")
    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert "Åäö" in text


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=65_535), st.binary(max_size=100), st.uuids())
def test_a_frame_holds_what_was_put_in(nonce: bytes, actor: bytes, event: bytes, correlation_id: UUID) -> None:
    """For every length of actor and event."""
    payload = sealing.Payload(nonce, actor, event, correlation_id)
    assert sealing.unframe(sealing.frame(payload)) == payload


@given(st.binary(max_size=200), st.binary(max_size=50), st.integers(min_value=0), st.integers(min_value=0, max_value=7))
def test_one_flipped_bit_is_found(plaintext: bytes, binding: bytes, at: int, bit: int) -> None:
    """Wherever it is."""
    key = AESGCM(bytes(32))
    sealed = bytearray(sealing.seal(key, plaintext, binding))
    assert sealing.unseal(key, bytes(sealed), binding) == plaintext
    sealed[at % len(sealed)] ^= 1 << bit
    with pytest.raises(NotAuthentic):
        sealing.unseal(key, bytes(sealed), binding)


@given(st.binary(max_size=27))
def test_what_is_too_short_is_not_authentic(sealed: bytes) -> None:
    """Never an error of the cipher's own."""
    with pytest.raises(NotAuthentic):
        sealing.unseal(AESGCM(bytes(32)), sealed, b"")


@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis wants naive bounds
def test_a_time_is_bound_to_the_microsecond(at: datetime) -> None:
    """Whole microseconds, none lost in a fraction."""
    assert sealing.EPOCH + timedelta(microseconds=sealing.microseconds(at)) == at


def test_the_loop_binds_as_the_function_does() -> None:
    """What opens a thousand rows is written out for speed; it must stay what `row_binding` says."""
    event = recorded(FILE, 3, PUPIL)
    binding = sealing.row_binding(b"prefix", event)
    assert binding == b"prefix" + b"".join(
        (
            FILE.bytes,
            (3).to_bytes(8, "big"),
            PUPIL.bytes,
            event.command_id.bytes,
            sealing.microseconds(AT).to_bytes(8, "big"),
            b"goal_proposed.v1",
        )
    )


def test_packed_arrays_are_what_the_driver_writes(owner: psycopg.Connection) -> None:
    """The database reads our arrays as it reads the driver's, nulls and empty arrays included."""
    ids = [uuid4(), None, uuid4()]
    moments = [AT, datetime(1969, 7, 20, tzinfo=UTC), datetime(2100, 2, 28, 23, 59, 59, 999_999, tzinfo=UTC)]
    cases: tuple[tuple[str, bytes, list[Any]], ...] = (
        ("smallint[]", packing.smallints([0, 15, -1]), [0, 15, -1]),
        ("integer[]", packing.integers([2**31 - 1]), [2**31 - 1]),
        ("bigint[]", packing.bigints([2**62, -5]), [2**62, -5]),
        ("timestamptz[]", packing.moments(moments), moments),
        ("uuid[]", packing.uuids(ids), ids),
        ("bytea[]", packing.byteas([b"", None, b"\x00\xff"]), [b"", None, b"\x00\xff"]),
        ("text[]", packing.texts(["", "Åsa", "'{\",\\"]), ["", "Åsa", "'{\",\\"]),
        ("text[]", packing.texts([]), []),
    )
    for kind, packed, values in cases:
        query = f"select $1::{kind}".encode()
        result = owner.pgconn.exec_params(query, [packed], None, [1], 1)
        (row,) = owner.execute(f"select %b::{kind}".encode(), (values,), binary=True).fetchall()
        assert row == (values,)
        found = psycopg.adapt.Transformer(owner)
        found.set_pgresult(result)
        found.set_loader_types([result.ftype(0)], psycopg.pq.Format.BINARY)
        assert found.load_row(0, tuple) == (values,)
