"""A wire between the ledger and its database that can be cut at the worst moment."""

import contextlib
import socket
from pathlib import Path
from threading import Lock, Thread

READY = b"Z\x00\x00\x00\x05I"
"""What the server says when a statement is done and committed."""


class CuttableWire:
    """Listens as a PostgreSQL socket in `folder` and passes everything on to the socket at `server`."""

    def __init__(self, folder: Path, server: Path) -> None:
        self.cuts = 0
        self._server = server
        self._plan: list[str] = []
        self._lock = Lock()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / ".s.PGSQL.5432"))
        self._listener.listen()
        Thread(target=self._accept, daemon=True).start()

    def cut(self, *plan: str) -> None:
        """For each of the next statements: "before" it reaches the server, "after" it was done, or "not"."""
        with self._lock:
            self._plan = list(plan)

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX)
        server.connect(str(self._server))
        ends: list[str] = []
        with client, server:
            back = Thread(target=self._answers, args=(server, client, ends), daemon=True)
            back.start()
            with contextlib.suppress(OSError):
                while data := client.recv(1 << 20):
                    if b"append_request" in data and data[:1] == b"B":
                        with self._lock:
                            end = self._plan.pop(0) if self._plan else "not"
                        if end == "before":
                            self.cuts += 1
                            break
                        ends.append(end)
                    server.sendall(data)
            _hang_up(server)
            back.join()

    def _answers(self, server: socket.socket, client: socket.socket, ends: list[str]) -> None:
        kept = b""
        with contextlib.suppress(OSError):
            while data := server.recv(1 << 20):
                if ends and ends[0] == "after":
                    kept += data
                    if kept.endswith(READY):
                        self.cuts += 1
                        break
                    continue
                if ends and data.endswith(READY):
                    ends.pop(0)
                client.sendall(data)
        _hang_up(client)


def _hang_up(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
