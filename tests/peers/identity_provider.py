"""An identity provider on this machine, as strict as real ones: discovery, keys, codes for one client, PKCE, ID tokens."""

import asyncio
import base64
import json
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

Answer = tuple[int, Mapping[str, str], bytes]


@dataclass
class Client:
    """A client that is registered at the provider.

    Attributes:
        secret: None for a public client.
        auth: How it authenticates; what the discovery document says.
    """

    id: str = "pages"
    secret: str | None = None
    redirect_uri: str = ""
    auth: str = "client_secret_basic"


@dataclass
class IdentityProvider:
    """Serves its documents over HTTP.

    Attributes:
        keys: Key id to private key.
        asked: Paths that were asked for.
        broken: What it answers instead of its documents: bytes, or None for an honest answer.
        silent: Whether it takes connections and never answers.
        document: What its discovery document says otherwise; None leaves a name out.
        client: Who may ask for codes.
        person: Claims of who is logged in at the provider.
        error: What it sends people back with instead of a code.
        forged: Makes the ID token from its honest claims; None for an honest one.
        token_answer: What its token endpoint answers instead.
        now: Its clock.
    """

    keys: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    broken: bytes | None = None
    silent: bool = False
    document: dict[str, Any] = field(default_factory=dict)
    client: Client = field(default_factory=Client)
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "ana", "roles": ["agent"]})
    error: str = ""
    forged: Callable[[dict[str, Any]], str] | None = None
    token_answer: Answer | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: TID251 (a peer has a clock of its own)
    port: int = 0
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

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
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            line, *fields = head.strip().split("\r\n")
            headers = {name.lower(): value for name, _, value in (one.partition(": ") for one in fields)}
            body = (await reader.readexactly(int(headers.get("content-length", 0)))).decode()
            target = line.split(" ")[1]
            self.asked.append(target.partition("?")[0])
            if self.silent:
                await reader.read()
                return
            status, more, content = self._answer(target, headers, body)
            writer.write(f"HTTP/1.1 {status} OK\r\nConnection: close\r\n".encode())
            for name, value in {"Content-Type": "application/json", **more}.items():
                writer.write(f"{name}: {value}\r\n".encode())
            writer.write(f"Content-Length: {len(content)}\r\n\r\n".encode() + content)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _answer(self, target: str, headers: Mapping[str, str], body: str) -> Answer:
        path, _, query = target.partition("?")
        if self.broken is not None:
            return 200, {}, self.broken
        match path.rpartition("/")[2]:
            case "openid-configuration":
                return _json(self._document())
            case "authorize":
                return self._authorize(dict(parse_qsl(query)))
            case "token":
                return self.token_answer or self._redeem(dict(parse_qsl(body)), headers.get("authorization", ""))
            case "logout":
                return 200, {"Content-Type": "text/html"}, b"<h1>Logged out</h1>"
            case _:
                return _json({"keys": [self.published(key_id) for key_id in self.keys]})

    def _document(self) -> dict[str, Any]:
        said = {
            "issuer": self.issuer,
            "jwks_uri": f"{self.issuer}/certs",
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "end_session_endpoint": f"{self.issuer}/logout",
            "token_endpoint_auth_methods_supported": [self.client.auth],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            **self.document,
        }
        return {name: value for name, value in said.items() if value is not None}

    def _authorize(self, asked: Mapping[str, str]) -> Answer:
        client = self.client
        if asked.get("client_id") != client.id or asked.get("redirect_uri") != client.redirect_uri:
            # Never back to an address that is not registered.
            return 400, {"Content-Type": "text/html"}, b"<h1>Invalid parameter: redirect_uri</h1>"
        back = {"state": asked.get("state", ""), "iss": self.issuer}
        well_formed = (
            asked.get("response_type") == "code"
            and "openid" in asked.get("scope", "").split()
            and asked.get("code_challenge_method") == "S256"
            and len(asked.get("code_challenge", "")) == 43
        )
        error = self.error or ("login_required" if asked.get("prompt") == "none" else "")
        if error or not well_formed:
            return self._back(back | {"error": error or "invalid_request"})
        code = secrets.token_urlsafe(24)
        self.codes[code] = dict(asked)
        return self._back(back | {"code": code})

    def _back(self, said: Mapping[str, str]) -> Answer:
        return 302, {"Location": f"{self.client.redirect_uri}?{urlencode(said)}"}, b""

    def _redeem(self, form: Mapping[str, str], authorization: str) -> Answer:
        if not self._is_client(form, authorization):
            return _json({"error": "invalid_client"}, 401)
        asked = self.codes.pop(form.get("code", ""), None)
        verifier = form.get("code_verifier", "")
        challenge = base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        fits = asked is not None and (asked["redirect_uri"], asked["code_challenge"]) == (
            form.get("redirect_uri"),
            challenge,
        )
        if not fits or asked is None or form.get("grant_type") != "authorization_code":
            return _json({"error": "invalid_grant", "error_description": "Code not valid"}, 400)
        now = self.now()
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": self.client.id,
            "nonce": asked.get("nonce"),
            "iat": int(now.timestamp()),
            "exp": int(now.timestamp()) + 300,
            **self.person,
        }
        token = self.forged(claims) if self.forged else self.token(now, **claims)
        access = {"access_token": secrets.token_urlsafe(), "token_type": "Bearer", "expires_in": 300}
        return _json({**access, "id_token": token, "scope": asked["scope"]})

    def _is_client(self, form: Mapping[str, str], authorization: str) -> bool:
        client = self.client
        if client.secret is None:
            return form.get("client_id") == client.id and not authorization and "client_secret" not in form
        if client.auth == "client_secret_post":
            return (form.get("client_id"), form.get("client_secret")) == (
                client.id,
                client.secret,
            ) and not authorization
        kind, _, pair = authorization.partition(" ")
        name, _, secret = base64.b64decode(pair).decode().partition(":")
        return kind == "Basic" and (unquote_plus(name), unquote_plus(secret)) == (client.id, client.secret)


def _json(document: Mapping[str, Any], status: int = 200) -> Answer:
    return status, {}, json.dumps(document).encode()


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
