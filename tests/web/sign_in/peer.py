"""An OpenID provider in the test's own process, over real HTTP, that can be told to say what no honest one would."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

CLIENT, SECRET = "liggare-test", "a secret of the test's own"
Claims = dict[str, Any]
_LOOKS_SECONDS = 0.02
"""How often the server looks whether it is over; every test waits for that, and the library's half a second adds up."""


def new_key(kid: str) -> ECKey:
    """A key that only this provider has."""
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": "ES256"})


@dataclass
class Peer:
    """What the provider knows and how it behaves. Each attribute can be changed in the middle of a flow."""

    issuer: str = ""
    person: Claims = field(default_factory=dict)
    key: RSAKey | ECKey = field(default_factory=lambda: new_key("first"))
    algorithm: str = "ES256"
    published: list[RSAKey | ECKey | OctKey] | None = None
    """What stands at the keys' address; None for the key that signs."""
    change: Callable[[Claims], Claims] = dict
    """What is done to the claims before they are signed."""
    sign: Callable[[Claims], str] | None = None
    """What makes the token, where the provider's own key does not."""
    answer: Claims | None = None
    """What the browser brings back beside the state, where it is not a code."""
    token_status: int = 200
    discovery: Claims = field(default_factory=dict)
    userinfo: Claims | None = None
    delay: float = 0
    asked: list[dict[str, str]] = field(default_factory=list)
    """The parameters of each sign-in that was asked for."""
    fetched: list[str] = field(default_factory=list)
    """Every path that was asked for."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def authorize(self, given: dict[str, str]) -> str:
        """Where the browser goes."""
        self.asked.append(given)
        code = uuid4().hex
        self.codes[code] = given
        answer = {"code": code} if self.answer is None else self.answer
        return f"{given['redirect_uri']}?{urlencode({'state': given['state']} | answer)}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, Claims]:
        """The answer of the token endpoint; a code is taken once, from the client and browser that asked."""
        given = self.codes.pop(form.get("code", ""), None)
        who = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if authorization != f"Basic {who}":
            return 401, {"error": "invalid_client"}
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if given is None or given["code_challenge"] != challenge.rstrip(b"=").decode():
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = self.change(
            {"iss": self.issuer, "sub": "anybody", "aud": CLIENT, "iat": now, "exp": now + 300}
            | {"nonce": given["nonce"]}
            | self.person
        )
        token = self.sign(claims) if self.sign else self.signed(claims)
        return self.token_status, {"access_token": "opaque", "token_type": "Bearer", "id_token": token}

    def signed(self, claims: Claims, **header: Any) -> str:  # noqa: ANN401 - a JOSE header
        """The claims under the provider's own key."""
        full = {"alg": self.algorithm, "kid": self.key.kid} | header
        return jwt.encode(full, claims, self.key, algorithms=[str(full["alg"])])

    def answer_to(self, path: str) -> tuple[int, Claims]:
        """The documents that anybody may read."""
        if path == "/.well-known/openid-configuration":
            ends = {"authorization": "authorize", "token": "token"}
            found = {f"{name}_endpoint": f"{self.issuer}/{end}" for name, end in ends.items()}
            if self.userinfo is not None:
                found["userinfo_endpoint"] = f"{self.issuer}/userinfo"
            return 200, {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/jwks"} | found | self.discovery
        if path == "/jwks":
            keys = [self.key] if self.published is None else self.published
            return 200, {"keys": [key.as_dict(private=isinstance(key, OctKey)) for key in keys]}
        if path == "/userinfo" and self.userinfo is not None:
            return 200, self.userinfo
        return 404, {}


@contextmanager
def running() -> Iterator[Peer]:
    """A provider on a port of this machine."""
    peer = Peer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            peer.fetched.append(url.path)
            time.sleep(peer.delay)
            if url.path != "/authorize":
                self._say(*peer.answer_to(url.path))
                return
            self.send_response(303)
            self.send_header("Location", peer.authorize(dict(parse_qsl(url.query))))
            self.end_headers()

        def do_POST(self) -> None:
            peer.fetched.append(self.path)
            time.sleep(peer.delay)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._say(*peer.token(form, self.headers.get("Authorization", "")))

        def _say(self, status: int, content: Claims) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(_LOOKS_SECONDS,), daemon=True)
    thread.start()
    peer.issuer = f"http://127.0.0.1:{server.server_port}"
    try:
        yield peer
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
