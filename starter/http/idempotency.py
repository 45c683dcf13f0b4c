"""Idempotency keys: the same request with the same key is carried out once, and answered as before, for 90 days.

The answer is in PostgreSQL before it goes out. A server that dies in between leaves a request without an answer; its
repeat sends the command under the same id, which is made of the key, so that Temporal and the workflow know it.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from activities.adapters.postgres.http_answers import HttpAnswers, KeptAnswer
from escalation.errors import Refused
from starter.errors import CommandRefused, NoSuchCase
from starter.http.backend import Backend

TWIN_LOOKS, TWIN_PAUSE = 6, 0.05
"""How often it is looked for the answer to the first of two at the same time, and the first pause in seconds; each is twice
as long as the one before, so that a hundred twins leave connections to the first."""
REPLAYED = "Idempotency-Replayed"  # header of an answer that was kept


class KeyReused(Exception):
    """The key was used for another request; nothing was done."""

    def __init__(self) -> None:
        super().__init__(
            "this idempotency key was used for another request in the last 90 days; send a new one with a new request"
        )


def command_id_of(owner: str, key: str) -> str:
    """The id of the command behind a key; two owners may choose the same key."""
    whole = "\0".join((owner, key))
    return f"http-{sha256(whole.encode('utf-8', 'surrogatepass')).hexdigest()[:40]}"


async def once(
    request: Request, backend: Backend, owner: str, key: str, act: Callable[[], Awaitable[Response]]
) -> Response:
    """The answer of the first request with this key; only successes are kept, since a refusal has changed nothing.

    Args:
        key: As the caller chose it; empty for none.
        act: Carries the request out; the commands it sends have the id `command_id_of`.

    Raises:
        KeyReused: The first request was another one.
        DatabaseUnavailable: PostgreSQL does not answer; then nothing was done, or a repeat does it once.
    """
    if not key:
        return await act()
    answers, wanted = HttpAnswers(backend.database), await _hash_of(request)
    kept = await answers.claim(owner, key, wanted, backend.now())
    if kept.request_hash != wanted:
        raise KeyReused
    if not kept.is_first and kept.status is None:
        kept = await _of_twin(answers, owner, key) or kept
    if kept.status is not None:
        return _as_kept(kept.status, kept.body)
    try:
        answer = await act()
    except (CommandRefused, NoSuchCase, Refused):
        await answers.release(owner, key)
        raise
    body = bytes(answer.body).decode()
    kept = await answers.keep(owner, key, status=answer.status_code, body=body, now=backend.now())
    # A twin may have been quicker: both are answered alike.
    return answer if kept.body == body else _as_kept(kept.status or answer.status_code, kept.body)


async def _of_twin(answers: HttpAnswers, owner: str, key: str) -> KeptAnswer | None:
    """The answer to a request that is being carried out; None where it does not come, and a repeat is safe."""
    for look in range(TWIN_LOOKS):
        await asyncio.sleep(TWIN_PAUSE * 2**look)
        kept = await answers.find(owner, key)
        if kept is None or kept.status is not None:
            return kept
    return None


def _as_kept(status: int, body: str) -> Response:
    return Response(body, status, headers={REPLAYED: "true"}, media_type="application/json")


async def _hash_of(request: Request) -> bytes:
    # The SHA-256 of what was asked; the order of names in its JSON does not count.
    body = await request.body()
    with suppress(ValueError, RecursionError):
        body = json.dumps(json.loads(body), sort_keys=True).encode()
    asked = (request.method, request.url.path, request.url.query, request.headers.get("acting-as", ""))
    return sha256("\0".join(asked).encode("utf-8", "surrogatepass") + b"\0" + body).digest()
