"""A query holds what the route knows, each once: a mistyped name is refused and not quietly left out."""

from collections.abc import Iterator
from functools import cache

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.requests import Request

from api.errors import NotValid


def refuse_unknown_query(request: Request) -> None:
    """Raise NotValid where the query holds a name that the route does not know, or a name twice."""
    if not request.scope["query_string"]:
        return
    names = [name for name, _ in request.query_params.multi_items()]
    if not _known(request.scope["route"]).issuperset(names):
        raise NotValid((("query", "It holds a name that is not known here."),))
    if len(set(names)) != len(names):
        raise NotValid((("query", "Each name comes once."),))


@cache
def _known(route: APIRoute) -> frozenset[str]:
    return frozenset(_names(route.dependant))


def _names(dependant: Dependant) -> Iterator[str]:
    yield from (field.alias for field in dependant.query_params)
    for inner in dependant.dependencies:
        yield from _names(inner)
