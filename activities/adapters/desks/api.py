"""HTTP calls to a help desk: JSON requests and answers, within limits."""

import json
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from activities.adapters.http_sending import HttpAnswer, HttpSender
from activities.errors import ChannelUnavailable, RecipientRefused
from activities.ports.desks import Desks, Requester
from escalation.intake.delivery import DeskEvent, EventKind

PAGE = 50  # notes that are asked for at once
_MOST_PAGES = 100
LONGEST_ANSWER = 16_000_000  # bytes; one page of notes with pictures in their HTML is long
_FINAL = {
    401: "the help desk refuses our API key; check it in the settings",
    403: "our user may not do that in the help desk; check its rights",
    404: "the help desk has no such ticket",
    409: "the ticket was merged or changed meanwhile",
    410: "the help desk has no such ticket any more",
    422: "the help desk does not take that for this ticket",
}
# Someone can put these right in the settings, and the ticket is still there.
_LATER = frozenset({401})


class DeskApi:
    """Calls one help desk, at an address such as `https://example.zendesk.com`."""

    def __init__(self, sender: HttpSender, base: str, authorization: str, who: str) -> None:
        self._sender, self._base, self._authorization, self._who = sender, base.rstrip("/"), authorization, who

    async def get(self, path: str) -> Any:
        """Return the JSON at an address.

        Raises:
            RecipientRefused: It is not there, or not for us.
            ChannelUnavailable: No answer that can be used, or not now.
        """
        return _document(await self._call("GET", path, None), self._who)

    async def put(self, path: str, body: Mapping[str, object]) -> None:
        """Change what is there; errors as in `get`."""
        await self._call("PUT", path, body)

    async def post(self, path: str, body: Mapping[str, object]) -> None:
        """Add to what is there; errors as in `get`."""
        await self._call("POST", path, body)

    async def _call(self, method: str, path: str, body: Mapping[str, object] | None) -> HttpAnswer:
        answer = await self._sender.request(
            method,
            f"{self._base}{path}",
            b"" if body is None else json.dumps(body).encode(),
            who=self._who,
            headers={
                "Authorization": self._authorization,
                "Accept": "application/json",
                **({} if body is None else {"Content-Type": "application/json"}),
            },
        )
        if answer.status in _FINAL:
            error = ChannelUnavailable if answer.status in _LATER else RecipientRefused
            raise error(f"{self._who}: {_FINAL[answer.status]} (it answered {answer.status})")
        self._sender.require_accepted(answer, self._who)
        return answer


async def found_on_pages(marker: str, page: Callable[[int], Awaitable[Sequence[str]]]) -> bool:
    """Whether a text has the marker, from page 0 until it is found or a page has fewer than `PAGE` texts."""
    for number in range(_MOST_PAGES):
        texts = await page(number)
        if any(marker in text for text in texts):
            return True
        if len(texts) < PAGE:
            break
    return False


def basic(user: str, password: str) -> str:
    """The header for a user and a password or token."""
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


def segment(value: str) -> str:
    """An id from outside as one part of a path."""
    return quote(value, safe="")


def without_markup(note: str, signs: str) -> str:
    """A note in which no words of others become a link, a mention or a picture.

    Its last line, our marker, stays as it is, so that it is found again.

    Args:
        signs: What markup begins with there; a backslash takes its meaning away.
    """
    words, line, mark = note.rpartition("\n")
    meant = words.replace("\\", "\\ ")  # a backslash of theirs must not take away ours
    return "".join(f"\\{sign}" if sign in signs else sign for sign in meant) + line + mark


def at(document: Any, *path: str) -> Any:
    """Return the value at a path of an answer, or None."""
    for name in path:
        document = document.get(name) if isinstance(document, dict) else None
    return document


def text_at(document: Any, *path: str) -> str:
    """The text or number at a path of an answer, as text; empty where there is none."""
    found = at(document, *path)
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""


def list_at(document: Any, *path: str) -> list[Any]:
    """The list at a path of an answer; empty where there is none."""
    found = at(document, *path)
    return found if isinstance(found, list) else []


def _document(answer: HttpAnswer, who: str) -> Any:
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        raise ChannelUnavailable(f"{who} answered with something that is not JSON") from None


class Rereading:
    """The help desks whose API we may use."""

    def __init__(self, desks: Desks) -> None:
        self._desks = desks

    async def reread(self, source: str, event: DeskEvent) -> DeskEvent:
        """See the port; only a status is asked for, since nothing else that an event says can become untrue."""
        desk = self._desks.get(source)
        if desk is None or event.kind is not EventKind.STATUS:
            return event
        try:
            there = await desk.read(event.ticket)
        except RecipientRefused:
            return event  # the ticket was deleted, or is not for us; what the event says is all that is known
        return event if there.status is None else replace(event, status=there.status)

    async def requester(self, source: str, ticket: str) -> Requester | None:
        """See the port."""
        desk = self._desks.get(source)
        if desk is None:
            return None
        with suppress(RecipientRefused):
            return await desk.requester(ticket)
        return None
