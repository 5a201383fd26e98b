"""A very small OpenID Connect provider on loopback, for the tests of signing in with one."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt

CLIENT, SECRET = "calidez", "a-secret-of-thirty-two-characters!"


@dataclass
class Provider:
    """`who` is what it says of whoever signs in next."""

    address: str
    who: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def provider() -> Iterator[Provider]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    known = Provider(f"http://127.0.0.1:{server.server_address[1]}")
    server.known = known  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        known: Provider = self.server.known  # type: ignore[attr-defined]
        if self.path == "/.well-known/openid-configuration":
            self._answer(
                {
                    "issuer": known.address,
                    "authorization_endpoint": f"{known.address}/authorize",
                    "token_endpoint": f"{known.address}/token",
                    "userinfo_endpoint": f"{known.address}/userinfo",
                    "jwks_uri": f"{known.address}/keys",
                }
            )
        elif self.path == "/userinfo":
            self._answer(known.who)
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        known: Provider = self.server.known  # type: ignore[attr-defined]
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        known.asked.append({name: values[0] for name, values in sent.items()})
        now = int(time.time())
        claims = {**known.who, "iss": known.address, "aud": CLIENT, "iat": now, "exp": now + 60}
        self._answer(
            {
                "access_token": "opaque",
                "token_type": "Bearer",
                "expires_in": 60,
                "id_token": jwt.encode(claims, SECRET, algorithm="HS256"),
            }
        )

    def _answer(self, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        """Quiet."""
