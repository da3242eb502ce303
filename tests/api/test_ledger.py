"""What is promised about the ledger's proof of itself over HTTP: for anybody, only what is signed, and checkable."""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from anyio.from_thread import BlockingPortal

from api.application import make_application
from app.postgres_roles import Urls
from commands.rates import Rate, RateClass, Rates
from store.database import open_pool
from tests.api.client import Answer, Api
from tests.api.conftest import Installation, installed
from tests.store.making import append
from transparency.checkpoints import Checkpoint, open_checkpoint
from transparency.notary import Notary
from transparency.notes import SigningKey, VerifierKey
from transparency.publishing import Folder
from transparency.tiles import Tile, root
from transparency.tree import verify_consistency, verify_inclusion

PUPIL = UUID(int=7)
NOW = datetime(2026, 11, 23, tzinfo=UTC)
EVENTS = 300


@dataclass
class Log:
    """A log of 300 signed leaves and two that are not signed, and its routes."""

    place: Installation
    first: Checkpoint
    key: SigningKey

    @property
    def api(self) -> Api:
        return self.place.api

    def hashes(self, **asked: int) -> tuple[int, list[bytes]]:
        """The proof that a route gives."""
        kind = "inclusion" if "leaf" in asked else "consistency"
        body = self.api.request("GET", f"/ledger/proof/{kind}", params=asked).body
        return body["size"], [base64.b64decode(one) for one in body["hashes"]]

    def read(self, tiles: Sequence[Tile]) -> list[bytes]:
        """The tiles as they are served."""
        return [self.api.fetch(f"/ledger/{tile.path}").content for tile in tiles]

    def checkpoint(self) -> Checkpoint:
        """The checkpoint as it is served."""
        served = self.api.request("GET", "/ledger/checkpoint").response.content
        return open_checkpoint(served, self.key.verifier).checkpoint


@pytest.fixture
def log(databases: Urls, tmp_path: Path, portal: BlockingPortal) -> Iterator[Log]:
    """Signed at 40 leaves and at 300."""
    with (
        installed(databases, tmp_path / "ring.json", portal) as place,
        open_pool(databases.app, schema="liggare", size=1, name="notary") as pool,
    ):
        notary, key = Notary(pool, "liggare"), SigningKey.generate("test.example/ledger")
        folder, signed = Folder(tmp_path / "checkpoints"), []
        for after, count in ((0, 40), (40, 60), (100, 100), (200, 100), (300, 2)):
            place.ledger.append(append(PUPIL, after=after, count=count))
            notary.advance()
            if after in {0, 200}:
                note = notary.sign(key, NOW, folder)
                assert note is not None
                signed.append(open_checkpoint(note, key.verifier).checkpoint)
        yield Log(place, signed[0], key)


def test_the_checkpoint_and_the_key_are_there_for_anybody(log: Log) -> None:
    """Without a session; the checkpoint of the last signing, for five seconds, and the key in note form."""
    assert log.checkpoint().size == EVENTS
    answer = log.api.request("GET", "/ledger/checkpoint")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=5"
    key = log.api.request("GET", "/ledger/key").response.text
    assert VerifierKey.parse(key.strip()) == log.key.verifier


def test_the_tiles_lead_to_the_signed_root(log: Log) -> None:
    """At the paths of the specification, as bytes that every cache may keep for ever."""
    assert root(EVENTS, log) == log.checkpoint().root
    for path in ("0/000", "0/001.p/44", "0/001.p/3", "1/000.p/1"):
        answer = log.api.fetch(f"/ledger/tile/{path}")
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_what_is_not_signed_or_no_tile_is_not_there(log: Log) -> None:
    """Also what the tree has and nobody has signed yet."""
    no_tiles = ("0/0", "x", "0/000.p/256", "0/000.p/0", "00/000", "64/000")
    for path in ("0/001.p/45", "0/001", "0/002.p/1", "1/000", "2/000.p/1", *no_tiles):
        answer = Answer(log.api.fetch(f"/ledger/tile/{path}"))
        assert (answer.status, answer.problem) == (404, "address-not-found"), path


def test_proofs_hold_against_what_is_signed(log: Log) -> None:
    """Inclusion in the last tree and in an older one, and that the one begins with the other."""
    newest = log.checkpoint()
    leaves = log.read([Tile(0, 0)])[0]
    for leaf in (0, 17, 255):
        size, proof = log.hashes(leaf=leaf)
        verify_inclusion(leaves[leaf * 32 : leaf * 32 + 32], leaf, size, proof, newest.root)
    size, proof = log.hashes(leaf=39, size=40)
    verify_inclusion(leaves[39 * 32 : 40 * 32], 39, 40, proof, log.first.root)
    size, proof = log.hashes(old=40)
    verify_consistency(40, log.first.root, size, newest.root, proof)
    assert log.hashes(old=40, size=40) == (40, [])


def test_no_proof_goes_beyond_what_is_signed(log: Log) -> None:
    """Refused by name."""
    leaves: tuple[dict[str, int], ...] = ({"leaf": 300}, {"leaf": 40, "size": 40}, {"leaf": 1, "size": 301})
    sizes: tuple[dict[str, int], ...] = ({"old": 301}, {"old": 41, "size": 40})
    for asked in (*leaves, *sizes):
        kind = "inclusion" if "leaf" in asked else "consistency"
        answer = log.api.request("GET", f"/ledger/proof/{kind}", params=asked)
        assert (answer.status, answer.problem) == (404, "tree-not-so-long"), asked


def test_what_no_proof_can_be_of_is_not_valid(log: Log) -> None:
    """As everywhere; a size may be left out, and the leaf may not."""
    wrong: tuple[dict[str, object], ...] = ({"leaf": -1}, {"leaf": "x"}, {}, {"leaf": 2**70}, {"leaf": 1, "lief": 2})
    for asked in wrong:
        answer = log.api.request("GET", "/ledger/proof/inclusion", params=asked)
        assert (answer.status, answer.problem) == (422, "not-valid"), asked


def test_before_anything_is_signed_nothing_is_there(databases: Urls, tmp_path: Path, portal: BlockingPortal) -> None:
    """A ledger that has just begun."""
    with installed(databases, tmp_path / "ring.json", portal) as place:
        for path in ("checkpoint", "key", "tile/0/000"):
            answer = Answer(place.api.fetch(f"/ledger/{path}"))
            assert (answer.status, answer.problem) == (404, "address-not-found")


def test_who_asks_too_often_is_told_to_wait(log: Log, portal: BlockingPortal) -> None:
    """Counted by address, for all of the ledger's routes together."""
    services = log.place.services
    rates = Rates({RateClass.LEDGER: Rate(2, 0.1)})
    few = replace(services, programs=replace(services.programs, rates=rates))
    api = Api(make_application(few), portal)
    assert [api.request("GET", f"/ledger/{path}").status for path in ("checkpoint", "key")] == [200, 200]
    answer = api.request("GET", "/ledger/proof/consistency", params={"old": 1})
    assert (answer.status, answer.problem, answer.headers["retry-after"]) == (429, "too-many-requests", "10")
