"""The page at /docs: reads the description of the API with nothing from anywhere else, under default-src 'self'."""

from collections.abc import Callable
from pathlib import Path

import fastapi_offline
from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse
from starlette.responses import Response

_START = Path(__file__).parent / "static" / "start.js"
_ASSETS = Path(fastapi_offline.__file__).parent / "static"
_FILES = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "favicon.png": "image/png",
}
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Liggare: the API</title>
<link rel="icon" href="/docs/favicon.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="documentation"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""


def add_docs(app: FastAPI) -> None:
    """Add the page and the files it needs."""
    app.add_api_route("/docs", _page, include_in_schema=False)
    app.add_api_route("/docs/start.js", _start, include_in_schema=False)
    for name in _FILES:
        app.add_api_route(f"/docs/{name}", _file(name), include_in_schema=False)


def _page() -> Response:
    return HTMLResponse(_PAGE)


def _start() -> Response:
    return FileResponse(_START, media_type="text/javascript")


def _file(name: str) -> Callable[[], Response]:
    return lambda: FileResponse(_ASSETS / name, media_type=_FILES[name])
