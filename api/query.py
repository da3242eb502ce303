"""A query holds what the route knows, each once: a mistyped name is refused and not quietly left out."""

from collections.abc import Callable, Iterator
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.requests import Request

from api.errors import NotValid

_KNOWN: dict[Callable[..., Any], frozenset[str]] = {}


def refuse_unknown_query(request: Request) -> None:
    """Raise NotValid where the query holds a name that the route does not know, or a name twice."""
    if not request.scope["query_string"]:
        return
    names = [name for name, _ in request.query_params.multi_items()]
    if not _known(request.scope["route"]).issuperset(names):
        raise NotValid((("query", "It holds a name that is not known here."),))
    if len(set(names)) != len(names):
        raise NotValid((("query", "Each name comes once."),))


def _known(route: APIRoute) -> frozenset[str]:
    """The names that the route's own parameters have; looked for once a route."""
    endpoint = route.endpoint
    if endpoint not in _KNOWN:
        _KNOWN[endpoint] = frozenset(_names(route.dependant))
    return _KNOWN[endpoint]


def _names(dependant: Dependant) -> Iterator[str]:
    yield from (field.alias for field in dependant.query_params)
    for inner in dependant.dependencies:
        yield from _names(inner)
