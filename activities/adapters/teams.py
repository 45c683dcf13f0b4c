"""Microsoft Teams, by the URL of a workflow that posts what it gets: an Adaptive Card with a link.

A workflow takes no buttons and answers with no id, so a card is not changed later, and a repeat after an unclear answer is
shown twice. The words are in text runs, which have no Markdown: nothing in them becomes a link, a mention or markup.
"""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import SecretStr

from activities.adapters.chat_words import words_of
from activities.adapters.http_sending import HttpSender
from activities.errors import RecipientRefused, SentWithoutAnswer
from activities.ports.sending import Envelope
from escalation.plain import cut_bytes, one_line, only_shown

LARGEST = 21_000  # bytes of a request; Teams documents 28 KB, and refuses some above this


class TeamsChannel:
    """Posts into chats and channels by URLs of workflows, by the name that the roster has."""

    def __init__(self, sender: HttpSender, urls: Mapping[str, SecretStr]) -> None:
        self._sender = sender
        self._urls = urls

    async def send(self, envelope: Envelope) -> str:
        """Post it.

        Raises:
            RecipientRefused: There is no such workflow, or it refuses the card.
            ChannelUnavailable: Teams is busy.
            SentWithoutAnswer: It may have been posted.
        """
        url, who = self._url(envelope.address), f"Teams workflow `{envelope.address}`"
        answer = await self._sender.post(url, card(envelope), who=who, headers={"Content-Type": "application/json"})
        if answer.status >= 500:
            raise SentWithoutAnswer(f"{who} answered {answer.status}, and may have posted it")
        self._sender.require_accepted(answer, who)
        return str(answer.status)

    async def check(self, name: str) -> str:
        """Whether the workflow can be reached; what it would answer to a card is known once one is sent.

        Raises:
            RecipientRefused: There is no such workflow, or it may not be reached from here.
            ChannelUnavailable: It cannot be reached.
        """
        await self._sender.reach(self._url(name), f"Teams workflow `{name}`")
        return "can be reached"

    def _url(self, name: str) -> str:
        url = self._urls.get(name)
        if url is None:
            raise RecipientRefused(f"Teams workflow `{name}` is not set; add it to ESCALATIONS_TEAMS_URLS")
        return url.get_secret_value()


def card(envelope: Envelope) -> bytes:
    """The request; a long message is cut to what Teams takes."""
    room = LARGEST
    while len(request := json.dumps(_card(envelope, room)).encode()) > LARGEST:
        room -= min(len(request) - LARGEST + 500, room)
    return request


def _card(envelope: Envelope, room: int) -> dict[str, Any]:
    said = words_of(envelope)
    lines = [line for line in only_shown(cut_bytes(said.text, room)).split("\n") if line.strip()]
    content: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [_text(said.headline, bold=True), _text(envelope.subject, bold=True), *map(_text, lines)],
        "msteams": {"width": "Full"},
    }
    links = [*said.acts.values(), *([(said.ticket, envelope.ticket_url)] if envelope.ticket_url else [])]
    if links:
        content["actions"] = [{"type": "Action.OpenUrl", "title": label, "url": url} for label, url in links]
    return {
        "type": "message",
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": content}],
    }


def _text(line: str, *, bold: bool = False) -> dict[str, Any]:
    run = {"type": "TextRun", "text": cut_bytes(one_line(line), 4_000)} | ({"weight": "Bolder"} if bold else {})
    return {"type": "RichTextBlock", "inlines": [run]}
