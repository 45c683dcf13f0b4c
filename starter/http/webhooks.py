"""The route to which help desks, chats and pagers send their webhooks.

The answer comes once the delivery is stored; all else happens later. It says nothing about what was in it: after an error,
a sender repeats the delivery, or gives up on the webhook.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated
from urllib.parse import urlsplit

import structlog
from fastapi import APIRouter, Depends
from fastapi import Request as HttpRequest
from starlette.responses import PlainTextResponse, Response

from activities.adapters.new_part import MessageWords
from activities.adapters.postgres.inbox import Inbox
from activities.errors import DatabaseUnavailable
from escalation.intake.delivery import Request, SignatureRefused
from runtime.settings import Settings
from starter.http.access.gate import sends_by_key
from starter.http.backend import Backend
from starter.http.bodies import raw_body
from starter.http.metrics import Metrics
from starter.http.problems import PROBLEM, Told, answer
from starter.webhooks.courier import INTAKE, Courier
from starter.webhooks.file import connections_of
from starter.webhooks.receiving import Received, Receiver, UnknownSource

STORE_SECONDS = 4.0  # how long storing may take; senders wait for 5 s, and repeat what is answered with 503

log = structlog.stdlib.get_logger("http")
router = APIRouter(prefix="/webhooks", tags=["webhooks"])


class Door:
    """Takes webhooks in for one server.

    Args:
        public_url: As senders know this server, without a slash at its end; empty takes it from their requests.
    """

    def __init__(self, receiver: Receiver, courier: Courier, public_url: str) -> None:
        self._receiver, self._courier, self._public_url = receiver, courier, public_url

    async def take(self, source: str, http: HttpRequest, *, is_vouched_for: bool = False) -> Received:
        """Store a delivery, and let it be applied.

        Args:
            is_vouched_for: Whether one of our API keys came with it.

        Raises:
            UnknownSource: There is no such source.
            SignatureRefused: It was not signed by someone who knows the secret.
            DatabaseUnavailable: It could not be stored.
            InvalidBody: The body did not come in time.
        """
        request = self._request(http, await raw_body(http))
        try:
            async with asyncio.timeout(STORE_SECONDS):
                received = await self._receiver.receive(source, request, is_vouched_for=is_vouched_for)
        except TimeoutError as error:
            raise DatabaseUnavailable(f"storing a webhook took more than {STORE_SECONDS:g} s") from error
        stored = received.stored
        log.info("webhook stored", source=source, new=stored.new, repeated=stored.repeated)
        if stored.waiting:
            self._courier.wake()
        return received

    def wake(self) -> None:
        """Something was stored by another way that is to be applied."""
        self._courier.wake()

    def prove(self, source: str, http: HttpRequest) -> str:
        """Our proof that we know the secret; empty where the product asks for none.

        Raises:
            UnknownSource: There is no such source.
            SignatureRefused: It is not asked by someone who knows the secret.
        """
        return self._receiver.prove(source, self._request(http, b""))

    def require_known(self, source: str) -> None:
        """Nothing where it is connected.

        Raises:
            UnknownSource: There is no such source.
        """
        self._receiver.require_known(source)

    def _request(self, http: HttpRequest, body: bytes) -> Request:
        headers = {name.lower(): value for name, value in http.headers.items()}
        return Request(method=http.method, url=self._url(http), headers=headers, body=body)

    def _url(self, http: HttpRequest) -> str:
        url = str(http.url)
        if not self._public_url:
            return url
        parts = urlsplit(url)
        # Mounted in another application, the public address has the path of the mount already.
        path = parts.path.removeprefix(http.scope.get("root_path", ""))
        return f"{self._public_url}{path}{f'?{parts.query}' if parts.query else ''}"


@asynccontextmanager
async def open_door(settings: Settings, backend: Backend) -> AsyncIterator[Door]:
    """The door of a server, with its courier.

    Raises:
        InvalidFile: The webhook file, or a mapping file, cannot be used, or a secret is missing.
    """
    inbox = Inbox(backend.database)
    connections = connections_of(settings, with_secrets=True)
    courier = Courier(inbox, INTAKE, backend.temporal, settings.task_queue, backend.now)
    async with courier.running():
        receiver = Receiver(connections, inbox, MessageWords(), backend.now)
        yield Door(receiver, courier, settings.public_url or "")


def _door(request: HttpRequest) -> Door:
    found: Door = request.app.state.door
    return found


_REFUSALS: dict[int | str, dict[str, object]] = {
    status: {"description": description, "content": PROBLEM}
    for status, description in (
        (401, "The signature is missing, wrong or too old, or the API key does not work."),
        (403, "The API key is not for this source."),
        (404, "There is no such source."),
        (408, "The body did not come in time."),
        (413, "The body is too long."),
        (503, "It could not be stored; send it again."),
    )
}

_NO_PROOF: dict[str, object] = {"description": "The product asks for no proof.", "content": PROBLEM}
_POST_ONLY = Told(
    status=405,
    slug="method-not-allowed",
    title="Method not allowed",
    detail="send webhooks by POST",
    headers={"Allow": "HEAD, POST"},
)
_UNKNOWN = Told(status=404, slug="not-found", title="Not found", detail="there is no such source")


@router.post("/{source}", responses=_REFUSALS, response_class=Response)
async def receive(source: str, request: HttpRequest, door: Annotated[Door, Depends(_door)]) -> Response:
    """Take a delivery of a connected product; 200 once it is stored, whatever it says."""
    counted: Metrics = request.app.state.metrics
    try:
        received = await door.take(source, request, is_vouched_for=await sends_by_key(request, source))
    except UnknownSource:
        return answer(_UNKNOWN)
    except SignatureRefused as error:
        return _refused(source, request, error)
    counted.webhooks.labels(source, "stored" if received.stored.new else "repeated").inc()
    return Response(content=received.reply or None, media_type="application/json" if received.reply else None)


@router.get("/{source}", responses={**_REFUSALS, 405: _NO_PROOF}, response_class=PlainTextResponse)
async def prove(source: str, request: HttpRequest, door: Annotated[Door, Depends(_door)]) -> Response:
    """Prove to a product that we know the secret, where it asks before it sends."""
    try:
        proof = door.prove(source, request)
    except UnknownSource:
        return answer(_UNKNOWN)
    except SignatureRefused as error:
        return _refused(source, request, error)
    if not proof:
        return answer(_POST_ONLY)
    return PlainTextResponse(proof)


@router.head("/{source}", include_in_schema=False)
async def look(source: str, door: Annotated[Door, Depends(_door)]) -> Response:
    """Say that there is such an address: products ask before they save it."""
    try:
        door.require_known(source)
    except UnknownSource:
        return Response(status_code=404)
    return Response()


def _refused(source: str, request: HttpRequest, error: SignatureRefused) -> Response:
    counted: Metrics = request.app.state.metrics
    counted.webhooks.labels(source, "refused").inc()
    log.warning("webhook refused", source=source, why=str(error), client=request.client and request.client.host)
    return answer(Told(status=401, slug="bad-signature", title="Signature refused", detail="the signature was refused"))
