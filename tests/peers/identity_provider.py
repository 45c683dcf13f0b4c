"""An identity provider on this machine: a discovery document, published keys, and tokens signed with them."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm


@dataclass
class IdentityProvider:
    """Serves its keys over HTTP.

    Attributes:
        keys: Key id to private key.
        asked: Paths that were asked for.
        broken: What it answers instead of its documents: bytes, or None for an honest answer.
        silent: Whether it takes connections and never answers.
    """

    keys: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    broken: bytes | None = None
    silent: bool = False
    port: int = 0

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}/realms/support"

    def add_key(self, key_id: str, kind: str = "RSA") -> None:
        if kind == "RSA":
            self.keys[key_id] = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        else:
            self.keys[key_id] = ec.generate_private_key(ec.SECP256R1())

    def published(self, key_id: str) -> Mapping[str, Any]:
        key = self.keys[key_id]
        to_jwk = RSAAlgorithm.to_jwk if isinstance(key, rsa.RSAPrivateKey) else ECAlgorithm.to_jwk
        return {**to_jwk(key.public_key(), as_dict=True), "kid": key_id, "use": "sig"}

    def token(self, now: datetime, *, key_id: str = "k1", algorithm: str = "RS256", **claims: Any) -> str:
        """A token as it would issue it; a claim that is None is left out."""
        said = {
            "iss": self.issuer,
            "aud": "escalations",
            "sub": "ana",
            "roles": ["agent"],
            "iat": int(now.timestamp()),
            "exp": int((now + timedelta(minutes=5)).timestamp()),
            **claims,
        }
        payload = {name: value for name, value in said.items() if value is not None}
        return jwt.encode(payload, self.keys[key_id], algorithm=algorithm, headers={"kid": key_id})

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            self.asked.append(request.split(b" ")[1].decode())
            if self.silent:
                await reader.read()
                return
            body = self._answer(self.asked[-1]) if self.broken is None else self.broken
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n")
            writer.write(f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _answer(self, path: str) -> bytes:
        if path.endswith("openid-configuration"):
            return json.dumps({"issuer": self.issuer, "jwks_uri": f"{self.issuer}/certs"}).encode()
        return json.dumps({"keys": [self.published(key_id) for key_id in self.keys]}).encode()


@asynccontextmanager
async def identity_provider() -> AsyncIterator[IdentityProvider]:
    """A provider with one RSA key, `k1`, on a free port."""
    provider = IdentityProvider()
    provider.add_key("k1")
    server = await asyncio.start_server(provider._serve, "127.0.0.1", 0)
    provider.port = server.sockets[0].getsockname()[1]
    try:
        yield provider
    finally:
        server.close()
