"""The gate of the server: authenticates callers, slows down guessing, and logs every refusal without its secret."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

import structlog
from starlette.requests import Request

from starter.http.access.callers import Caller, CannotTell, Forbidden, Refusal, TooManyFailures, Unauthenticated
from starter.http.access.keys import PREFIX, Keys

FAILURES = 10
"""Failed attempts from one address within `WINDOW` that get a plain answer; later ones get "wait", one after the other."""
WINDOW = timedelta(minutes=1)
MOST_ADDRESSES = 10_000
LONGEST_CREDENTIAL = 8_192  # characters; longer ones are not looked at

_log = structlog.stdlib.get_logger(__name__)


class Guard:
    """Authenticates requests by keys, and by tokens where there is an identity provider."""

    def __init__(
        self, keys: Keys, clock: Callable[[], datetime], tokens: Callable[[str], Awaitable[Caller]] | None = None
    ) -> None:
        self._keys = keys
        self._clock = clock
        self._tokens = tokens
        self._failures: OrderedDict[str, list[datetime]] = OrderedDict()
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def caller(self, authorization: str | None, *, address: str, path: str) -> Caller:
        """Find who sends a request. A good credential always gets in, also from an address that others guess from.

        Args:
            authorization: The header of this name; None without one.
            path: For the log; without a secret.

        Raises:
            Unauthenticated: No credential, or none that works.
            TooManyFailures: The same, and the address has failed often.
            Forbidden: A good token, without a role here.
            CannotTell: The identity provider does not answer.
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        try:
            async with self.turn(address):
                return await self._caller(authorization or "")
        except Unauthenticated as refusal:
            # Without a credential nothing was guessed: a monitor may ask so as often as it likes.
            seconds = self.failed(address) if (authorization or "").strip() else 0
            answer = TooManyFailures(seconds) if seconds else refusal
            self.refused(answer, address=address, path=path)
            raise answer from None
        except (CannotTell, Forbidden) as refusal:
            self.refused(refusal, address=address, path=path)
            raise

    def refused(self, refusal: Refusal, *, address: str, path: str, caller: Caller | None = None) -> None:
        """Log a refusal; also for what is refused after the caller is known."""
        _log.warning(
            "request refused",
            refusal=type(refusal).__name__,
            reason=str(refusal) if isinstance(refusal, (Forbidden, CannotTell, Unauthenticated)) else "",
            # Not `address`: that is a person's, and is never logged.
            peer=address,
            path=path,
            credential=caller.credential if caller else "",
        )

    async def _caller(self, authorization: str) -> Caller:
        scheme, _, credential = authorization.strip().partition(" ")
        credential = credential.strip()
        if not authorization.strip():
            raise Unauthenticated("no credential; send `Authorization: Bearer` with an API key or a token")
        if scheme.lower() != "bearer" or not credential or len(credential) > LONGEST_CREDENTIAL:
            raise Unauthenticated("the header `Authorization` is not `Bearer` and one credential")
        if credential.startswith(PREFIX):
            return await self._keys.caller(credential)
        if self._tokens is None:
            raise Unauthenticated(f"not an API key, which begins with {PREFIX}; tokens are not accepted here")
        return await self._tokens(credential)

    def failed(self, address: str) -> int:
        """Count a failure; seconds to wait where there were too many."""
        now = self._clock()
        recent = self._recent(address, now)
        self._failures.pop(address, None)
        self._failures[address] = [*recent, now]
        if len(self._failures) > MOST_ADDRESSES:
            self._failures.popitem(last=False)
        return max(1, int((recent[-FAILURES] + WINDOW - now).total_seconds())) if len(recent) >= FAILURES else 0

    @asynccontextmanager
    async def turn(self, address: str) -> AsyncIterator[None]:
        """Look at a credential within this block.

        From an address that failed often they are looked at one after the other: guesses take one connection to PostgreSQL
        then, and a good credential of a neighbour behind the same address waits for its turn instead of being refused.
        """
        if len(self._recent(address, self._clock())) < FAILURES:
            yield
            return
        async with self._turns.setdefault(address, asyncio.Lock()):
            yield

    def _recent(self, address: str, now: datetime) -> list[datetime]:
        return [at for at in self._failures.get(address, []) if now - at < WINDOW][-FAILURES:]


def guard_of(request: Request) -> Guard:
    """The gate of the server that got this request."""
    guard: Guard = request.app.state.guard
    return guard


def peer_of(request: Request) -> str:
    """The address that a request came from; empty where the server does not know it."""
    return request.client.host if request.client else ""
