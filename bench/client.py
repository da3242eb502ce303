"""A client that costs little: keep-alive connections on bare sockets, one request after the other on each."""

import socket
from types import TracebackType
from typing import Self

_ANSWER_BYTES = 262_144


class Client:
    """One connection that sends one request again and again. Raises AssertionError when the answer is not 200."""

    def __init__(self, port: int, path: str, session: str = "", *, cookie: str = "") -> None:
        who = f"cookie: {cookie}" if cookie else f"authorization: bearer {session}"
        headers = f"host: 127.0.0.1:{port}\r\n{who}\r\n"
        self._request = f"GET {path} HTTP/1.1\r\n{headers}\r\n".encode()
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._socket.close()

    def get(self) -> bytes:
        """The body of one answer."""
        self._socket.sendall(self._request)
        answer = self._socket.recv(_ANSWER_BYTES)
        while b"\r\n\r\n" not in answer:
            answer += self._more()
        head, _, body = answer.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise AssertionError(head.split(b"\r\n")[0])
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        while len(body) < length:
            body += self._more()
        return body

    def _more(self) -> bytes:
        part = self._socket.recv(_ANSWER_BYTES)
        if not part:
            msg = "the server closed the connection"
            raise AssertionError(msg)
        return part
