"""The ledger's proof of itself, for anybody: the signed checkpoint, the tiles of its tree, the key, and proofs.

`/ledger` is the prefix of a log as C2SP tlog-tiles has it; the two proofs are for who will not make them of tiles.
"""

import base64
from collections.abc import Mapping
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Depends, FastAPI, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from aggregates.errors import Refusal
from api.declare import public
from api.errors import AddressNotFound, Failed, NotValid, TooManyRequests, TreeNotSoLong, Unavailable
from api.problems import problem_response
from api.query import refuse_unknown_query
from api.services import services_of
from api.shapes import Shape, answer_with
from commands.rates import RateClass
from transparency.encoding import LARGEST
from transparency.errors import Malformed, TransparencyError
from transparency.serving import NotSoLong, NotThere, ProofAnswer, PublicLog
from transparency.tiles import Tile

LEDGER = "/ledger"
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_SHORTLY = {"Cache-Control": "public, max-age=5"}
_TEXT, _BYTES = "text/plain", "application/octet-stream"


class ProofShape(Shape):
    """The hashes of a proof (RFC 6962 §2.1), each in base64, in the tree of `size` leaves."""

    size: int
    hashes: list[str]


def _log(request: Request) -> PublicLog:
    """The log; the request is counted by the caller's address. Raises TooManyRequests, NotValid."""
    services = services_of(request)
    who = request.client.host if request.client else ""
    wait = services.programs.rates.take(RateClass.LEDGER, who, services.now().timestamp())
    if wait:
        raise TooManyRequests(wait)
    refuse_unknown_query(request)
    return services.log


Log = Annotated[PublicLog, Depends(_log)]
Size = Annotated[int, Query(ge=0, le=LARGEST, description="How many leaves that tree has.")]
Leaf = Annotated[int, Query(ge=0, le=LARGEST, description="The number of the leaf, from 0.")]
Newer = Annotated[int | None, Query(ge=0, le=LARGEST, description="Else the size of the last checkpoint.")]

router = APIRouter(prefix=LEDGER, tags=["ledger"])
_COUNTED = (NotValid, TooManyRequests, Unavailable)
_PROOF = (*_COUNTED, TreeNotSoLong)
_REFUSALS: Mapping[type[Exception], type[Refusal]] = {
    NotThere: AddressNotFound,
    Malformed: AddressNotFound,
    NotSoLong: TreeNotSoLong,
}
log_line = structlog.get_logger()


def _given(media_type: str) -> dict[str, Any]:
    """A route that answers with something else than JSON."""
    declared = public(refuses=(*_COUNTED, AddressNotFound))
    declared["responses"] = {200: {"content": {media_type: {}}}} | declared["responses"]
    return declared


@router.get("/checkpoint", response_class=Response, **_given(_TEXT))
def read_checkpoint(log: Log) -> Response:
    """The size and root of the tree as they were signed last, a C2SP checkpoint with the lines of its witnesses."""
    return Response(log.checkpoint(), media_type=_TEXT, headers=_SHORTLY)


@router.get("/key", response_class=Response, **_given(_TEXT))
def read_key(log: Log) -> Response:
    """The verifier key of checkpoints and certificates in note form. Compare it with one that you got elsewhere."""
    return Response(f"{log.key()}\n", media_type=_TEXT, headers=_SHORTLY)


@router.get("/tile/{path:path}", response_class=Response, **_given(_BYTES))
def read_tile(log: Log, path: Annotated[str, Path(max_length=100, description="Level, index and width.")]) -> Response:
    """Hashes of the tree, 32 bytes each, at the paths of C2SP tlog-tiles: `0/x001/234`, `1/000.p/17`; never change."""
    return Response(log.tile(Tile.parse(f"tile/{path}")), media_type=_BYTES, headers=_FOR_EVER)


@router.get("/proof/inclusion", response_model=ProofShape, **public(refuses=_PROOF))
def prove_inclusion(log: Log, leaf: Leaf, size: Newer = None) -> Response:
    """That a leaf is in the signed tree, or in the tree of `size` leaves that it begins with."""
    return _proof(log.inclusion(leaf, size))


@router.get("/proof/consistency", response_model=ProofShape, **public(refuses=_PROOF))
def prove_consistency(log: Log, old: Size, size: Newer = None) -> Response:
    """That the signed tree, or the one of `size` leaves, begins with the very leaves of the tree of `old` leaves."""
    return _proof(log.consistency(old, size))


def _proof(found: ProofAnswer) -> Response:
    hashes = [base64.b64encode(one).decode() for one in found.hashes]
    return answer_with(ProofShape(size=found.size, hashes=hashes))


async def _refused(request: Request, error: Exception) -> Response:
    refusal = _REFUSALS.get(type(error), Failed)()
    request.state.problem = refusal.code
    if isinstance(refusal, Failed):
        log_line.error("ledger_not_proven", error=type(error).__name__)
    return problem_response(refusal)


def add_ledger(app: FastAPI) -> None:
    """Add the routes, and how the tree's errors are answered."""
    app.include_router(router)
    app.add_exception_handler(TransparencyError, _refused)
