"""The route to which a mail server or a forwarding service posts unchanged mail."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from activities.errors import DatabaseUnavailable
from escalation.mail_in.meaning import MAIL
from runtime.settings import Settings
from starter.http.access.callers import Caller
from starter.http.access.gate import require
from starter.http.access.roles import Role
from starter.http.backend import Backend
from starter.http.bodies import InvalidBody, raw_body
from starter.http.problems import Told, answer
from starter.http.rest.answering import document
from starter.mail.receiving import MailReceiver, MailTooLong, receiver_of

STORE_SECONDS = 8.0  # how long storing may take; callers wait for ten
MOST_TO = 50

_RAW = {"schema": {"type": "string", "format": "binary"}}

router = APIRouter(prefix="/v1/mail", tags=["mail"])

Sender = Annotated[Caller, require(Role.AGENT, of_all_tickets=True, source=MAIL)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The result of accepting a mail.

    Attributes:
        new: False where it was known already.
    """

    new: bool


@dataclass(frozen=True, slots=True)
class MailDoor:
    """Takes mail for one server."""

    receiver: MailReceiver
    wake: Callable[[], None]  # called when something is to be applied


@asynccontextmanager
async def open_mail(settings: Settings, backend: Backend, wake: Callable[[], None]) -> AsyncIterator[MailDoor | None]:
    """The mail of a server: by HTTP, and by SMTP where the settings say so; None where no address for it is set.

    Raises:
        SettingsError: The port for SMTP cannot be used.
    """
    if settings.mail_in_address is None:
        yield None
        return
    from starter.mail.listener import listening  # noqa: PLC0415 (its library is not needed without mail)

    receiver = receiver_of(settings, backend.database, backend.now)
    async with listening(settings, receiver, wake):
        yield MailDoor(receiver, wake)


@router.post(
    "",
    operation_id="take_mail",
    status_code=202,
    response_model=Taken,
    openapi_extra={"requestBody": {"content": {"message/rfc822": _RAW, "application/octet-stream": _RAW}}},
)
async def take(
    request: Request,
    _caller: Sender,
    to: Annotated[list[str], Query(max_length=MOST_TO, description="Address it is for, by its envelope.")] = [],  # noqa: B006 (FastAPI copies it)
) -> Response:
    """Take a mail as it came; 202 once it is stored. The same mail again changes nothing."""
    door: MailDoor | None = request.app.state.mail
    if door is None:
        why = "no mail is taken here; set ESCALATIONS_MAIL_IN_ADDRESS"
        return answer(Told(status=404, slug="not-found", title="Not found", detail=why))
    raw = await raw_body(request)
    try:
        async with asyncio.timeout(STORE_SECONDS):
            stored = await door.receiver.receive(raw, tuple(to))
    except MailTooLong as error:
        raise InvalidBody(413, [str(error)]) from error
    except TimeoutError as error:
        raise DatabaseUnavailable(f"storing a mail took more than {STORE_SECONDS:g} s") from error
    if stored.waiting:
        door.wake()
    return document(Taken(new=stored.new > 0), status=202)
