"""A sender that promises a large body and never sends it."""

import http.client
from collections.abc import Mapping
from urllib.parse import urlsplit

PROMISED = 10 * 1024 * 1024


def answer_to_unfinished(base_url: str, path: str, headers: Mapping[str, str]) -> int:
    """The status that is answered to ten promised megabytes of which a few bytes come and the rest never does.

    Raises TimeoutError where the server waits for them.
    """
    connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=10)
    try:
        connection.putrequest("POST", path)
        for name, value in {"Content-Length": str(PROMISED), **headers}.items():
            connection.putheader(name, value)
        connection.endheaders(b"--b\r\n")
        return connection.getresponse().status
    finally:
        connection.close()
