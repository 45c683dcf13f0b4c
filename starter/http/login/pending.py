"""A pending login by the identity provider.

Servers keep nothing of it: the browser has one random secret in a cookie, and state, nonce and PKCE verifier follow from it,
from what the login leads to, and from when it began. A person who has seen the state cannot find the others.
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest, digest

LASTS = timedelta(minutes=10)  # how long people may take at the provider
LONGEST_WANTED = 1_500  # bytes of an address that a login leads to; browsers take cookies of 4,096
_SECRET_LENGTH = 43


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """One login."""

    secret: str
    begun_at: int  # seconds since 1970, UTC
    wanted: str
    client: str  # issuer and client that it was begun for; an answer to another one does not fit

    @classmethod
    def begun(cls, now: datetime, wanted: str, client: str) -> "Pending":
        """A new one."""
        return cls(secret=secrets.token_urlsafe(32), begun_at=int(now.timestamp()), wanted=wanted, client=client)

    @classmethod
    def read(cls, cookie: str, client: str) -> "Pending | None":
        """The one of a cookie; None where it is not one of ours."""
        secret, _, rest = cookie.partition(".")
        begun_at, _, wanted = rest.partition(".")
        well_formed = len(secret) == _SECRET_LENGTH and begun_at.isascii() and begun_at.isdigit() and len(begun_at) < 12
        try:
            text = urlsafe_b64decode(wanted).decode()
        except (Error, ValueError):
            return None
        return cls(secret=secret, begun_at=int(begun_at), wanted=text, client=client) if well_formed else None

    @property
    def cookie(self) -> str:
        """The cookie of a pending login."""
        return f"{self.secret}.{self.begun_at}.{urlsafe_b64encode(self.wanted.encode()).decode()}"

    @property
    def state(self) -> str:
        """The state, which comes back with the answer and proves that this browser began the login."""
        return self._derived("state")

    @property
    def nonce(self) -> str:
        """The nonce that the ID token must repeat."""
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """The PKCE verifier, which redeems the code; the provider has seen only its hash."""
        return self._derived("verifier")

    @property
    def challenge(self) -> str:
        """That hash, as PKCE's method S256 makes it."""
        return _text(sha256(self.verifier.encode()).digest())

    def answers(self, state: str, now: datetime) -> bool:
        """Whether an answer with this state is to this login, and in time."""
        is_in_time = timedelta() <= timedelta(seconds=int(now.timestamp()) - self.begun_at) <= LASTS
        return compare_digest(state.encode("utf-8", "surrogatepass"), self.state.encode()) and is_in_time

    def _derived(self, purpose: str) -> str:
        said = "\0".join((purpose, self.client, str(self.begun_at), self.wanted))
        return _text(digest(self.secret.encode("utf-8", "surrogatepass"), said.encode(), "sha256"))


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
